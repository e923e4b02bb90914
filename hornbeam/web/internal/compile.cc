// How registered routes, hooks and providers become what the dispatcher runs.

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/web/internal/dispatcher.h"

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
                       const Settings& settings)
    : settings_(settings), guard_(settings), providers_(providers) {
  for (auto& provider : providers_) {
    std::vector<Provider*> open;
    order_providers(*provider, open);
  }
  compile(root, {}, "");
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

void Dispatcher::compile(Routes::Registry& registry, const std::vector<Routes::Registry*>& outer,
                         const std::string& prefix) {
  registry.is_frozen = true;
  std::vector<Routes::Registry*> levels = outer;
  levels.push_back(&registry);
  const std::string whole = prefix + registry.prefix;
  const Scope& scope = add_scope(levels);
  for (const auto& route : registry.routes) {
    CompiledRoute& compiled = routes_.emplace_back();
    compiled.route = route.get();
    compiled.endpoint = route->endpoint.get();
    compiled.socket = route->socket.get();
    compiled.scope = &scope;
    compiled.pattern = whole + route->pattern;
    compiled.is_csrf_exempt =
        route->is_csrf_exempt ||
        std::ranges::any_of(levels, [](const auto* level) { return level->is_csrf_exempt; });
    const CallableTraits& traits =
        compiled.socket != nullptr ? compiled.socket->traits() : compiled.endpoint->traits();
    compiled.needs = needs_of(traits, described(*route, compiled.pattern));
    compiled.waits = scope.waits || traits.is_later || any_waits(compiled.needs);
    compiled.is_simple = compiled.endpoint != nullptr && !compiled.waits && scope.is_bare() &&
                         compiled.needs.empty();
    router_.add(compiled.pattern, route->types, route->methods, compiled.socket != nullptr,
                static_cast<std::uint32_t>(routes_.size() - 1));
  }
  for (const auto& child : registry.children) compile(*child, levels, whole);
}

}  // namespace hornbeam::web
