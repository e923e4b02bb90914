// How registered routes, hooks and providers become what the dispatcher runs.

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/pattern.h"

namespace hornbeam::web {

namespace {

bool any_waits(const std::vector<const Provider*>& needs) {
  return std::any_of(needs.begin(), needs.end(),
                     [](const Provider* each) { return each->hook->traits().is_later; });
}

std::string described(const Route& route, const std::string& pattern) {
  return (route.socket != nullptr ? "socket" : route.methods.to_string()) + " '" + pattern + "'";
}

}  // namespace

Dispatcher::Dispatcher(Routes::Registry& root, std::vector<std::unique_ptr<Provider>>& providers,
                       const Observation::Observers& observers, const Signals& signals,
                       const Settings& settings)
    : settings_(settings),
      guard_(settings),
      providers_(providers),
      observers_(observers),
      signals_(signals) {
  for (auto& provider : providers_) {
    std::vector<Provider*> open;
    order_providers(*provider, open);
  }
  compile(root, {}, Place());
}

Provider* Dispatcher::find_provider(TypeKey key) const {
  for (const auto& provider : providers_) {
    if (provider->type.key == key) return provider.get();
  }
  return nullptr;
}

void Dispatcher::order_providers(Provider& provider, std::vector<Provider*>& open) {
  if (std::find(open.begin(), open.end(), &provider) != open.end()) {
    throw std::logic_error("the provider of " + std::string(provider.type.name) +
                           " needs, in the end, itself. Mend: break the circle");
  }
  open.push_back(&provider);
  provider.needs.clear();
  for (const ProvidedType& type : provider.hook->traits().needs) {
    if (Provider* needed = find_provider(type.key)) order_providers(*needed, open);
  }
  open.pop_back();
  provider.needs =
      needs_of(provider.hook->traits(), "the provider of " + std::string(provider.type.name));
}

std::vector<const Provider*> Dispatcher::needs_of(const CallableTraits& traits,
                                                  std::string_view what) {
  std::vector<const Provider*> needs;
  auto add = [&needs](const Provider* provider) {
    if (std::find(needs.begin(), needs.end(), provider) == needs.end()) needs.push_back(provider);
  };
  for (const ProvidedType& type : traits.needs) {
    const Provider* provider = find_provider(type.key);
    if (provider == nullptr) {
      throw std::logic_error(fmt::format(
          "{} takes a {}, which nothing provides. Mend: app.provide([](const Request&) -> {} "
          "{{...}}), or take Body<{}> or Query<{}> if it comes from the request",
          what, type.name, type.name, type.name, type.name));
    }
    for (const Provider* needed : provider->needs) add(needed);
    add(provider);
  }
  return needs;
}

Step Dispatcher::step(Hook& hook, std::string_view what) {
  Step step{&hook, needs_of(hook.traits(), what)};
  step.waits = hook.traits().is_later || any_waits(step.needs);
  return step;
}

Scope& Dispatcher::add_scope(const std::vector<Routes::Registry*>& levels) {
  Scope& scope = scopes_.emplace_back();
  for (const Routes::Registry* level : levels) {
    for (const auto& hook : level->before) scope.before.push_back(step(*hook, "a before hook"));
  }
  for (const Routes::Registry* level : std::views::reverse(levels)) {
    for (const auto& hook : std::views::reverse(level->after)) {
      scope.after.push_back(step(*hook, "an after hook"));
    }
    for (const auto& hook : std::views::reverse(level->teardown)) {
      scope.teardown.push_back(step(*hook, "a teardown hook"));
    }
    Scope::ErrorLevel& errors = scope.errors.emplace_back();
    for (const auto& entry : level->errors.by_status) {
      errors.by_status.push_back({entry.status, step(*entry.hook, "an error handler")});
    }
    for (const auto& entry : level->errors.by_class) {
      errors.by_class.push_back({&entry, step(*entry.hook, "an error handler")});
    }
  }
  for (const auto* steps : {&scope.before, &scope.after, &scope.teardown}) {
    for (const Step& each : *steps) scope.waits |= each.waits;
  }
  return scope;
}

namespace {

/// The types of the parameters of `pattern`: the handler's own, those it takes by name, or text.
void append_types(std::vector<SegmentType>& types, const std::string& pattern, const Route& route,
                  const std::vector<std::string>& own, const CallableTraits& traits) {
  for (const std::string& name : parameters_of(pattern)) {
    SegmentType& type = types.emplace_back();
    const auto place = std::find(own.begin(), own.end(), name);
    if (place != own.end()) {
      type = route.types[static_cast<std::size_t>(place - own.begin())];
      continue;
    }
    for (const NamedParameter& named : traits.named) {
      if (named.name == name) type = named.type;
    }
  }
}

/// Where each of the route's parameters is found when `rule` matched.
std::vector<CompiledRoute::Source> sources_of(const Rule& rule,
                                              const std::vector<std::string>& names) {
  using Source = CompiledRoute::Source;
  const std::vector<std::string> in_host = parameters_of(rule.host);
  const std::vector<std::string> in_path = parameters_of(rule.pattern);
  if (in_path == names) return {};
  std::vector<Source> sources;
  for (const std::string& name : names) {
    Source& source = sources.emplace_back();
    for (const auto* list : {&in_path, &in_host}) {
      const auto place = std::find(list->begin(), list->end(), name);
      if (place == list->end()) continue;
      source.kind = list == &in_path ? Source::Kind::kPath : Source::Kind::kHost;
      source.index = static_cast<std::size_t>(place - list->begin());
    }
    for (const auto& [each, text] : rule.defaults) {
      if (each == name) source = {Source::Kind::kDefault, 0, text};
    }
  }
  return sources;
}

void check_names(const std::vector<NamedParameter>& named, const std::vector<std::string>& names,
                 const std::string& what) {
  for (const NamedParameter& each : named) {
    if (std::find(names.begin(), names.end(), each.name) != names.end()) continue;
    throw std::logic_error(what + " takes the PathValue '" + std::string(each.name) +
                           "', which its path does not have. Mend: put {" + std::string(each.name) +
                           "} into the prefix of its blueprint");
  }
}

/// Throws unless the parameters of another path and the defaults are the handler's.
void check_other(const Route::Other& other, const Route& route, const std::vector<std::string>& own,
                 const std::vector<std::string>& all) {
  const std::string what = "the other path '" + other.pattern + "' of '" + route.pattern + "' ";
  std::vector<std::string> given = parameters_of(other.pattern);
  for (const auto& [name, value] : other.defaults) {
    const auto place = std::find(own.begin(), own.end(), name);
    if (value.texts().size() != 1 || place == own.end()) {
      throw std::invalid_argument(what + "has a default for '" + name +
                                  "', which is no parameter of the handler. Mend: name one of its "
                                  "own path's");
    }
    const SegmentType& type = route.types[static_cast<std::size_t>(place - own.begin())];
    if (type.accepts != nullptr && !type.accepts(value.texts()[0])) {
      throw std::invalid_argument(
          what + "has the default '" + value.texts()[0] + "' for '" + name +
          "', which is of another type. Mend: give one that the path takes");
    }
    given.push_back(name);
  }
  std::vector<std::string> wanted = own;
  std::sort(given.begin(), given.end());
  std::sort(wanted.begin(), wanted.end());
  if (given != wanted) {
    throw std::invalid_argument(what +
                                "has other parameters. Mend: name the same, or give those "
                                "that it lacks as defaults");
  }
  if (all.size() > kMaxPathParameters) {
    throw std::invalid_argument(what + "has, with its prefix, more than 8 parameters");
  }
}

}  // namespace

void Dispatcher::add_rule(Route& route, const CompiledRoute& model, const Route::Other& path,
                          const std::vector<std::string>& own, const Place& place) {
  Rule rule{.endpoint = route.key, .host = place.host, .pattern = place.prefix + path.pattern};
  const CallableTraits& traits =
      route.socket != nullptr ? route.socket->traits() : route.endpoint->traits();
  append_types(rule.types, rule.host, route, own, traits);
  append_types(rule.types, rule.pattern, route, own, traits);
  rule.methods = route.methods;
  rule.is_socket = route.socket != nullptr;
  rule.is_alias = path.is_alias;
  rule.takes_any_slash = route.takes_any_slash;
  for (const auto& [name, value] : path.defaults)
    rule.defaults.emplace_back(name, value.texts()[0]);
  rule.own = own;
  rule.inherited = {model.names.begin() + static_cast<std::ptrdiff_t>(own.size()),
                    model.names.end()};
  router_.add(rule, static_cast<std::uint32_t>(routes_.size()));
  CompiledRoute& compiled = routes_.emplace_back(model);
  compiled.pattern = rule.pattern;
  compiled.sources = sources_of(rule, compiled.names);
  compiled.may_redirect = path.is_alias || !route.others.empty();
  compiled.rule = &urls_.add(std::move(rule));
}

void Dispatcher::compile(Route& route, const std::vector<Routes::Registry*>& levels,
                         const Scope& scope, const Place& place) {
  CompiledRoute model;
  model.route = &route;
  model.is_csrf_exempt = route.is_csrf_exempt || std::ranges::any_of(levels, [](const auto* level) {
                           return level->is_csrf_exempt;
                         });
  model.endpoint = route.endpoint.get();
  model.socket = route.socket.get();
  model.scope = &scope;
  model.blueprint = place.blueprint;
  const std::string whole = place.host + place.prefix + route.pattern;
  const std::vector<std::string> own = parameters_of(route.pattern);
  model.names = own;
  for (const std::string* outside : {&place.prefix, &place.host}) {
    for (std::string& name : parameters_of(*outside)) {
      if (std::find(model.names.begin(), model.names.end(), name) != model.names.end()) {
        throw std::invalid_argument("the path '" + whole + "' names two parameters '" + name +
                                    "'. Mend: rename one");
      }
      model.names.push_back(std::move(name));
    }
  }
  if (model.names.size() > kMaxPathParameters) {
    throw std::invalid_argument("the path '" + whole +
                                "' has more than 8 parameters. Mend: take a "
                                "{rest:path} apart");
  }
  const CallableTraits& traits =
      model.socket != nullptr ? model.socket->traits() : model.endpoint->traits();
  check_names(traits.named, model.names, described(route, whole));
  model.needs = needs_of(traits, described(route, whole));
  model.waits = scope.waits || traits.is_later || any_waits(model.needs);
  model.is_simple = model.endpoint != nullptr && !model.waits && scope.is_bare() &&
                    model.needs.empty() && !signals_.any();

  const std::string dotted = place.blueprint.empty() ? "" : place.blueprint + ".";
  route.key =
      route.name.empty() ? "#" + std::to_string(routes_.size()) + " " + whole : dotted + route.name;
  if (!route.claimed_name.empty() && route.claimed_name != route.key) {
    throw std::logic_error("the route '" + whole + "' is named by the Endpoint '" +
                           route.claimed_name + "', and its blueprints make it '" + route.key +
                           "'. Mend: write the whole name in the Endpoint");
  }
  add_rule(route, model, {route.pattern, {}, false}, own, place);
  for (const Route::Other& other : route.others) {
    const PathShape shape = examine_path(other.pattern);
    if (shape.trouble != PathTrouble::kNone) {
      throw std::invalid_argument(explain_path(shape.trouble, other.pattern));
    }
    check_other(other, route, own, model.names);
    add_rule(route, model, other, own, place);
  }
}

void Dispatcher::compile(Routes::Registry& registry, const std::vector<Routes::Registry*>& outer,
                         const Place& outside) {
  registry.is_frozen = true;
  std::vector<Routes::Registry*> levels = outer;
  levels.push_back(&registry);
  Place place = outside;
  if (!registry.host.empty()) place.host = registry.host;
  place.prefix += registry.prefix;
  if (!registry.name.empty()) {
    place.blueprint += (place.blueprint.empty() ? "" : ".") + registry.name;
  }
  const Scope& scope = add_scope(levels);
  std::vector<std::string> around = parameters_of(place.prefix);
  for (std::string& name : parameters_of(place.host)) around.push_back(std::move(name));
  for (const auto* hooks : {&registry.before, &registry.after, &registry.teardown}) {
    for (const auto& hook : *hooks) {
      check_names(hook->traits().named, around,
                  "a hook of " + (place.blueprint.empty() ? "the application"
                                                          : "the blueprint " + place.blueprint));
    }
  }
  for (const auto& route : registry.routes) compile(*route, levels, scope, place);
  for (const auto& child : registry.children) compile(*child, levels, place);
}

}  // namespace hornbeam::web
