#include "hornbeam/web/routes.h"

#include <stdexcept>

#include "hornbeam/web/internal/registry.h"

namespace hornbeam::web {

namespace {

std::string checked_prefix(std::string prefix) {
  if (prefix == "/") prefix.clear();
  if (prefix.empty()) return prefix;
  const PathShape shape = examine_path(prefix);
  if (shape.trouble != PathTrouble::kNone) {
    throw std::invalid_argument("a blueprint's prefix: " + explain_path(shape.trouble, prefix));
  }
  if (prefix.ends_with('/')) {
    throw std::invalid_argument("the blueprint prefix '" + prefix +
                                "' ends with '/'. Mend: leave it out; every path begins with one");
  }
  return prefix;
}

}  // namespace

std::string Methods::to_string() const {
  std::string text;
  for (int i = 0; i < static_cast<int>(http::Method::kOther); ++i) {
    const auto method = static_cast<http::Method>(i);
    if (contains(method)) text += (text.empty() ? "" : ", ") + std::string(http::to_string(method));
  }
  return text;
}

void Routes::Registry::check_open(std::string_view what) const {
  if (!is_frozen) return;
  throw std::logic_error(std::string(what) +
                         " was registered after the application began to serve, and would not be "
                         "seen. Mend: register everything before the first request");
}

Routes::Routes() : registry_(std::make_unique<Registry>()) {}
Routes::Routes(Routes&&) noexcept = default;
Routes& Routes::operator=(Routes&&) noexcept = default;
Routes::~Routes() = default;

Route& Routes::add_route(Methods methods, std::string_view pattern,
                         std::vector<SegmentType> types) {
  registry_->check_open("the route '" + std::string(pattern) + "'");
  auto route = std::make_unique<Route>();
  route->methods = methods;
  route->pattern = pattern;
  route->types = std::move(types);
  return *registry_->routes.emplace_back(std::move(route));
}

RouteHandle<std::string_view> Routes::add_static(const std::string& prefix, StaticFiles files) {
  const auto shared = std::make_shared<StaticFiles>(std::move(files));
  if (shared->has_index()) {
    get(runtime_path(checked_prefix(prefix) + "/"), [shared](const Request& request) {
      return shared->answer(request, "");
    }).undocumented();
  }
  return get(runtime_path(checked_prefix(prefix) + "/{filename:path}"),
             [shared](const Request& request, std::string_view name) {
               return shared->answer(request, name);
             })
      .name("static")
      .undocumented();
}

RouteHandle<std::string_view> Routes::static_files(const std::string& prefix,
                                                   const std::string& folder,
                                                   StaticOptions options) {
  return add_static(prefix, StaticFiles(folder, options));
}

RouteHandle<std::string_view> Routes::static_files(const std::string& prefix, EmbeddedFiles files,
                                                   StaticOptions options) {
  return add_static(prefix, StaticFiles(std::move(files), options));
}

void Routes::add_hook(Role role, std::unique_ptr<Hook> hook) {
  registry_->check_open("a hook");
  auto& hooks = role == Role::kBefore  ? registry_->before
                : role == Role::kAfter ? registry_->after
                                       : registry_->teardown;
  hooks.push_back(std::move(hook));
}

void Routes::add_error_handler(int status, std::unique_ptr<Hook> hook) {
  registry_->check_open("an error handler");
  if (status < 400 || status > 599) {
    throw std::invalid_argument("an error handler for status " + std::to_string(status) +
                                ", which is no error. Mend: use 400 to 599");
  }
  registry_->errors.by_status.push_back({status, std::move(hook)});
}

void Routes::add_error_handler(ErrorHandlers::ByClass entry) {
  registry_->check_open("an error handler");
  // The most derived class first: a class goes before the first that catches it.
  auto& entries = registry_->errors.by_class;
  auto place = entries.begin();
  while (place != entries.end() && !place->catches_pointer(entry.throw_pointer)) ++place;
  entries.insert(place, std::move(entry));
}

void Routes::exempt_from_csrf() {
  registry_->check_open("an exemption from CSRF checks");
  registry_->is_csrf_exempt = true;
}

void Routes::host(std::string pattern, Blueprint blueprint) {
  std::string lower = std::move(pattern);
  bool is_name = false;  // Names keep their case; hosts have none.
  for (char& each : lower) {
    is_name = each == '{' || (is_name && each != '}');
    if (!is_name && each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  const PathShape shape = examine_path("/" + lower);
  const bool has_slash = lower.find('/') != std::string::npos;
  if (lower.empty() || has_slash || shape.trouble != PathTrouble::kNone ||
      lower.find(":path") != std::string::npos) {
    throw std::invalid_argument("'" + lower +
                                "' is no host pattern. Mend: write a host without scheme and port, "
                                "such as {org}.example.org");
  }
  static_cast<Routes&>(blueprint).registry_->host = std::move(lower);
  mount(std::move(blueprint));
}

void Routes::mount(Blueprint blueprint) {
  registry_->check_open("the blueprint '" + blueprint.name() + "'");
  registry_->children.push_back(std::move(static_cast<Routes&>(blueprint).registry_));
}

void Routes::mount(std::string prefix, Blueprint blueprint) {
  static_cast<Routes&>(blueprint).registry_->prefix = checked_prefix(std::move(prefix));
  mount(std::move(blueprint));
}

Blueprint::Blueprint(std::string name, std::string prefix) {
  if (name.empty()) throw std::invalid_argument("a blueprint needs a name. Mend: give it one");
  registry().name = std::move(name);
  registry().prefix = checked_prefix(std::move(prefix));
}

const std::string& Blueprint::name() const noexcept {
  return registry().name;
}

}  // namespace hornbeam::web
