#include "hornbeam/web/openapi.h"

#include <algorithm>
#include <memory>
#include <set>

#include "hornbeam/http/status.h"
#include "hornbeam/http/token.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/conditional.h"
#include "hornbeam/web/internal/openapi_objects.h"
#include "hornbeam/web/internal/openapi_page.h"
#include "hornbeam/web/internal/operation_facts.h"
#include "hornbeam/web/internal/pattern.h"

namespace hornbeam::web {

namespace {

/// What errors are answered with (RFC 9457), as internal/error_page.cc writes it.
struct ProblemError {
  std::string detail;
  std::string pointer;
};
constexpr auto describe(base::Type<ProblemError>) {
  return base::fields(
      base::field("detail", &ProblemError::detail, base::about("What is wrong")),
      base::field("pointer", &ProblemError::pointer,
                  base::about("Where in the input, as a JSON pointer such as #/items/0/name")));
}

struct Problem {
  std::string type = "about:blank";
  std::string title;
  int status = 0;
  std::string detail;
  std::vector<ProblemError> errors;
};
constexpr auto describe(base::Type<Problem>) {
  using base::about;
  using base::field;
  return base::fields(field("type", &Problem::type, base::or_default),
                      field("title", &Problem::title, about("The status in words")),
                      field("status", &Problem::status),
                      field("detail", &Problem::detail, about("What is wrong, and the mend")),
                      field("errors", &Problem::errors, base::or_default,
                            about("Every single thing that is wrong with the input")))
      .extra_keys(base::ExtraKeys::kIgnore);
}

openapi::Text text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : openapi::Text(text);
}

/// "/files/{name:path}" as "/files/{name}".
std::string path_template(std::string_view pattern) {
  std::string path(pattern);
  for (std::size_t at = 0; (at = path.find(":path}", at)) != std::string::npos;) path.erase(at, 5);
  return path;
}

/// Collects the operations of an application.
class DocumentMaker {
 public:
  explicit DocumentMaker(const OpenApi& options);
  void add(const App::PlacedRoute& placed);
  openapi::Document finish() &&;

 private:
  void examine(const Route& route, Operation& operation);
  openapi::Operation operation_of(const App::PlacedRoute& placed, const Operation::Facts& facts,
                                  http::Method method);
  static std::vector<openapi::Parameter> parameters_of(const App::PlacedRoute& placed,
                                                       const Operation::Facts& facts);
  void add_path(const std::string& pattern, const std::string& method,
                openapi::Operation operation);
  std::string unique_id(std::string id);

  openapi::Document document_;
  base::SchemaBook book_;
  Operation::Facts::Content problem_;
  std::set<std::string> ids_;
  /// Of "/users/{}" the path that has it: OpenAPI takes paths for the same that differ by names.
  std::map<std::string, std::string> shapes_;
};

DocumentMaker::DocumentMaker(const OpenApi& options) {
  document_.info = {options.title, text_or_none(options.description), options.version};
  for (const std::string& url : options.servers) {
    if (!document_.servers) document_.servers.emplace();
    document_.servers->push_back({url, {}});
  }
  problem_ = {"application/problem+json", book_.schema_of<Problem>()};
}

void DocumentMaker::examine(const Route& route, Operation& operation) {
  operation.facts().problem = problem_;
  // What the route says goes before what its types do.
  for (const RouteNotes::Answer& answer : route.notes.answers) {
    answer.document(operation, answer.status);
    operation.describe_answer(answer.status, answer.description);
  }
  route.endpoint->document(operation);
  // A handler that returns a Response decides; what the route says it decides between is enough.
  const bool is_told = std::ranges::any_of(
      route.notes.answers, [](const RouteNotes::Answer& each) { return each.status < 400; });
  if (!is_told) return;
  std::erase_if(operation.facts().answers, [](const Operation::Facts::Answer& each) {
    return each.status == 0 && !each.content;
  });
}

std::vector<openapi::Parameter> DocumentMaker::parameters_of(const App::PlacedRoute& placed,
                                                             const Operation::Facts& facts) {
  const std::vector<std::string> own = web::parameters_of(placed.route.pattern);
  std::vector<openapi::Parameter> all;
  const auto add = [&all](openapi::Parameter parameter) {
    const bool is_known = std::ranges::any_of(all, [&](const openapi::Parameter& other) {
      return other.name == parameter.name && other.in == parameter.in;
    });
    if (!is_known) all.push_back(std::move(parameter));
  };
  std::size_t next = 0;
  for (const Operation::Facts::Parameter& each : facts.parameters) {
    const std::string name = each.name.empty() && next < own.size() ? own[next++] : each.name;
    add({name, each.place, {}, each.is_required, each.schema});
  }
  for (const std::string& name : web::parameters_of(placed.prefix + placed.route.pattern)) {
    add({name, "path", {}, true, base::Schema::of_type("string")});
  }
  for (openapi::Parameter& parameter : all) {
    const std::string pattern = placed.prefix + placed.route.pattern;
    if (parameter.in != "path" ||
        pattern.find('{' + parameter.name + ":path}") == std::string::npos) {
      continue;
    }
    parameter.description = "May have slashes";
  }
  return all;
}

std::string DocumentMaker::unique_id(std::string id) {
  const std::string base = id;
  for (int i = 2; !ids_.insert(id).second; ++i) id = base + "-" + std::to_string(i);
  return id;
}

openapi::Operation DocumentMaker::operation_of(const App::PlacedRoute& placed,
                                               const Operation::Facts& facts, http::Method method) {
  const Route& route = placed.route;
  openapi::Operation operation;
  const std::string owner = placed.blueprint.empty() ? "" : placed.blueprint + ".";
  operation.id = route.name.empty() ? std::string(http::to_string(method)) + " " +
                                          path_template(placed.prefix + route.pattern)
                                    : owner + route.name;
  operation.summary = text_or_none(route.notes.summary);
  operation.description = text_or_none(route.notes.description);
  if (route.notes.is_deprecated) operation.deprecated = true;
  if (!route.notes.tags.empty()) {
    operation.tags = route.notes.tags;
  } else if (!placed.blueprint.empty()) {
    operation.tags = {placed.blueprint};
  }
  operation.parameters = parameters_of(placed, facts);
  const std::vector<Operation::Facts::Content> bodies = facts.all_bodies();
  if (!bodies.empty() && method != http::Method::kGet && method != http::Method::kHead) {
    operation.body.emplace();
    for (const auto& body : bodies) operation.body->content[body.media_type].schema = body.schema;
  }
  for (const Operation::Facts::Answer& answer : facts.answers) {
    openapi::Answer& written =
        operation.responses[answer.status == 0 ? "default" : std::to_string(answer.status)];
    written.description = answer.description;
    if (written.description.empty()) {
      written.description =
          answer.status == 0 ? "As the handler decides" : http::reason_phrase(answer.status);
    }
    if (answer.content) {
      written.content = {{answer.content->media_type, {answer.content->schema}}};
    }
  }
  if (!placed.host.empty()) {
    openapi::Server server{"https://" + placed.host, {}};
    for (const std::string& name : web::parameters_of(placed.host)) {
      if (!server.variables) server.variables.emplace();
      (*server.variables)[name] = {name};
    }
    operation.servers = {std::move(server)};
  }
  return operation;
}

void DocumentMaker::add_path(const std::string& pattern, const std::string& method,
                             openapi::Operation operation) {
  const std::vector<std::string> names = web::parameters_of(pattern);
  // A path's other rule may lack parameters, and one that looks the same name them otherwise.
  std::erase_if(*operation.parameters, [&names](const openapi::Parameter& each) {
    return each.in == "path" && std::ranges::find(names, each.name) == names.end();
  });
  const std::string path = path_template(pattern);
  std::string shape = path;
  for (const std::string& name : names)
    shape.replace(shape.find('{' + name + '}'), name.size() + 2, "{}");
  const std::string& known = shapes_.emplace(shape, path).first->second;
  const std::vector<std::string> known_names = web::parameters_of(known);
  for (openapi::Parameter& parameter : *operation.parameters) {
    const auto place = std::ranges::find(names, parameter.name);
    if (parameter.in != "path" || place == names.end()) continue;
    parameter.name = known_names[static_cast<std::size_t>(place - names.begin())];
  }
  if (operation.parameters->empty()) operation.parameters.reset();
  // Of those that differ by the types of their parameters only one can be told: the first.
  openapi::PathItem& item = document_.paths[known];
  if (item.contains(method)) return;
  operation.id = unique_id(std::move(operation.id));
  item.emplace(method, std::move(operation));
}

void DocumentMaker::add(const App::PlacedRoute& placed) {
  const Route& route = placed.route;
  if (route.endpoint == nullptr || route.notes.is_hidden) return;
  Operation examined(book_);
  examine(route, examined);
  const Operation::Facts& facts = examined.facts();
  for (const http::Method method :
       {http::Method::kGet, http::Method::kHead, http::Method::kPost, http::Method::kPut,
        http::Method::kPatch, http::Method::kDelete, http::Method::kOptions}) {
    if (!route.methods.contains(method)) continue;
    const std::string name = http::lower_case(http::to_string(method));
    const openapi::Operation operation = operation_of(placed, facts, method);
    add_path(placed.prefix + route.pattern, name, operation);
    for (const Route::Other& other : route.others) {
      if (!other.is_alias) add_path(placed.prefix + other.pattern, name, operation);
    }
  }
}

openapi::Document DocumentMaker::finish() && {
  for (const base::SchemaBook::Entry& entry : book_.entries()) {
    document_.components.schemas[entry.name] = entry.schema;
  }
  return std::move(document_);
}

/// What is served: made when the application begins to.
struct Served {
  std::string document;
  std::string page;
};

}  // namespace

std::string openapi_document(const App& app, const OpenApi& options) {
  DocumentMaker maker(options);
  app.for_each_route([&maker](const App::PlacedRoute& placed) { maker.add(placed); });
  return base::to_json(std::move(maker).finish());
}

void OpenApi::init_app(App& app) const {
  const auto served = std::make_shared<Served>();
  app.at_start([served, options = *this](App& started) {
    served->document = openapi_document(started, options);
    if (!options.docs_path.empty()) served->page = openapi_page(served->document, options);
  });
  if (!path.empty()) {
    app.get(runtime_path(path),
            [served](const Request& request) {
              return make_conditional(request, Response(200, kJson, served->document));
            })
        .undocumented();
  }
  if (docs_path.empty()) return;
  app.get(
         runtime_path(docs_path),
         [served](const Request& request) { return make_conditional(request, html(served->page)); })
      .undocumented();
  const auto add_file = [&app, this](std::string_view name, std::string_view type,
                                     std::string_view bytes) {
    app.get(runtime_path(docs_path + std::string(name)),
            [type, bytes](const Request& request) {
              return make_conditional(request, Response(200, type, std::string(bytes)));
            })
        .undocumented();
  };
  add_file("/docs.css", "text/css; charset=utf-8", openapi_style());
  add_file("/docs.svg", "image/svg+xml", openapi_icon());
}

}  // namespace hornbeam::web
