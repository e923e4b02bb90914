#include "hornbeam/web/app.h"

#include <stdexcept>

#include "hornbeam/web/internal/dispatcher.h"

namespace hornbeam::web {

struct App::State {
  struct Background {
    std::string name;
    std::move_only_function<base::Task<void>()> task;
  };

  Settings settings;
  std::vector<std::unique_ptr<Provider>> providers;
  std::vector<Background> background;
  std::unique_ptr<Dispatcher> dispatcher;
};

App::App() : App(Settings()) {}
App::App(Settings settings) : state_(std::make_unique<State>()) {
  state_->settings = std::move(settings);
}
App::App(App&&) noexcept = default;
App& App::operator=(App&&) noexcept = default;
App::~App() = default;

void App::add_provider(ProvidedType type, std::unique_ptr<Hook> provider) {
  registry().check_open("a provider");
  for (const auto& other : state_->providers) {
    if (other->type.key != type.key) continue;
    throw std::invalid_argument(std::string(type.name) +
                                " is provided twice. Mend: remove one, or wrap one in a type of "
                                "its own");
  }
  auto added = std::make_unique<Provider>();
  added->type = type;
  added->hook = std::move(provider);
  state_->providers.push_back(std::move(added));
}

void App::background(std::string name, std::move_only_function<base::Task<void>()> task) {
  registry().check_open("the background task '" + name + "'");
  state_->background.push_back({std::move(name), std::move(task)});
}

Settings& App::settings() noexcept {
  return state_->settings;
}
const Settings& App::settings() const noexcept {
  return state_->settings;
}

http::Handler& App::handler() {
  if (state_->dispatcher == nullptr) {
    state_->dispatcher =
        std::make_unique<Dispatcher>(registry(), state_->providers, state_->settings);
  }
  return *state_->dispatcher;
}

void App::start_background(base::Executor& executor) {
  for (State::Background& each : state_->background) {
    base::spawn_on(executor, each.task(), each.name);
  }
}

std::vector<App::RouteRow> App::route_rows() const {
  std::vector<RouteRow> rows;
  auto visit = [&rows](auto& self, const Registry& level, const std::string& prefix,
                       const std::string& names) -> void {
    const std::string path = prefix + level.prefix;
    const std::string owner = level.name.empty() ? names : names + level.name + ".";
    for (const auto& route : level.routes) {
      Methods methods = route->methods;
      if (methods.contains(http::Method::kGet)) methods.add(http::Method::kHead);
      if (!methods.empty()) methods.add(http::Method::kOptions);
      rows.push_back({route->socket != nullptr ? "socket" : methods.to_string(),
                      path + route->pattern, route->name.empty() ? "" : owner + route->name});
    }
    for (const auto& child : level.children) self(self, *child, path, owner);
  };
  visit(visit, registry(), "", "");
  return rows;
}

}  // namespace hornbeam::web
