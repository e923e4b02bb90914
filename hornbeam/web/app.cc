#include "hornbeam/web/app.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "hornbeam/base/log.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/match_order.h"
#include "hornbeam/web/server_status.h"

namespace hornbeam::web {

struct App::State {
  struct BackgroundTask {
    std::string name;
    std::move_only_function<base::Task<void>(Background)> run;
  };
  /// How many background tasks have not ended. Shared with them, as they may outlive the wait.
  struct Running {
    std::mutex mutex;
    std::condition_variable ended;
    std::size_t count = 0;
  };

  Settings settings;
  std::vector<std::unique_ptr<Provider>> providers;
  std::vector<std::shared_ptr<RequestObserver>> observers;
  Signals signals;
  ServerStatus server_status;
  std::vector<BackgroundTask> background_tasks;
  Background background;
  std::shared_ptr<Running> running = std::make_shared<Running>();
  std::vector<Command> commands;
  std::vector<ShellWord> shell_words;
  std::vector<std::move_only_function<void(App&)>> checks;
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

void App::keep(std::shared_ptr<void> thing) {
  registry().check_open("an extension");
  registry().kept.push_back(std::move(thing));
}

void App::add_background(std::string name,
                         std::move_only_function<base::Task<void>(Background)> task) {
  registry().check_open("the background task '" + name + "'");
  state_->background_tasks.push_back({std::move(name), std::move(task)});
}

void App::add_command(Command command) {
  state_->commands.push_back(std::move(command));
}

std::vector<Command>& App::commands() noexcept {
  return state_->commands;
}

void App::add_shell_word(ShellWord word) {
  state_->shell_words.push_back(std::move(word));
}

std::vector<ShellWord>& App::shell_words() noexcept {
  return state_->shell_words;
}

Settings& App::settings() noexcept {
  return state_->settings;
}
const Settings& App::settings() const noexcept {
  return state_->settings;
}

http::Handler& App::handler() {
  if (state_->dispatcher == nullptr) {
    state_->dispatcher = std::make_unique<Dispatcher>(
        registry(), state_->providers, state_->observers, state_->signals, state_->settings);
    // The checks ask for the URLs, and with them for the handler. Whoever asks again after one has
    // failed is refused again.
    try {
      for (auto& check : state_->checks) check(*this);
    } catch (...) {
      state_->dispatcher.reset();
      throw;
    }
  }
  return *state_->dispatcher;
}

const UrlMap& App::urls() {
  handler();
  return state_->dispatcher->urls();
}

void App::at_start(std::move_only_function<void(App&)> check) {
  registry().check_open("a check at the start");
  state_->checks.push_back(std::move(check));
}

Signals& App::signals() {
  registry().check_open("a receiver of signals");
  return state_->signals;
}

void App::observe(std::shared_ptr<RequestObserver> observer) {
  registry().check_open("an observer");
  state_->observers.push_back(std::move(observer));
}

const ServerStatus& App::server_status() const noexcept {
  return state_->server_status;
}

void App::start_background(base::Executor& executor) {
  using Running = State::Running;
  auto follow = [](base::Task<void> task, std::string name,
                   std::shared_ptr<Running> running) -> base::Task<void> {
    try {
      co_await std::move(task);
    } catch (const std::exception& failure) {
      base::log_error("background task '{}' ended: {}", name, failure.what());
    }
    const std::lock_guard lock(running->mutex);
    --running->count;
    running->ended.notify_all();
  };
  for (State::BackgroundTask& each : state_->background_tasks) {
    {
      const std::lock_guard lock(state_->running->mutex);
      ++state_->running->count;
    }
    base::spawn_on(executor, follow(each.run(state_->background), each.name, state_->running),
                   each.name);
  }
}

bool App::stop_background(std::chrono::milliseconds patience) {
  state_->background.stop();
  std::unique_lock lock(state_->running->mutex);
  return state_->running->ended.wait_for(lock, patience,
                                         [this] { return state_->running->count == 0; });
}

void App::for_each_route(const std::function<void(const PlacedRoute&)>& visit) const {
  auto walk = [&visit](auto& self, const Registry& level, const std::string& outer_host,
                       const std::string& outer_prefix, const std::string& outer) -> void {
    const std::string& host = level.host.empty() ? outer_host : level.host;
    const std::string prefix = outer_prefix + level.prefix;
    const std::string dot = outer.empty() || level.name.empty() ? "" : ".";
    const std::string blueprint = outer + dot + level.name;
    for (const auto& route : level.routes) visit({*route, host, prefix, blueprint});
    for (const auto& child : level.children) self(self, *child, host, prefix, blueprint);
  };
  walk(walk, registry(), "", "", "");
}

std::vector<App::RouteRow> App::route_rows() const {
  std::vector<RouteRow> rows;
  for_each_route([&rows](const PlacedRoute& placed) {
    const Route& route = placed.route;
    Methods methods = route.methods;
    if (methods.contains(http::Method::kGet)) methods.add(http::Method::kHead);
    if (!methods.empty()) methods.add(http::Method::kOptions);
    const std::string owner = placed.blueprint.empty() ? "" : placed.blueprint + ".";
    const std::string name = route.name.empty() ? "" : owner + route.name;
    const std::string kind = route.socket != nullptr ? "socket" : methods.to_string();
    const std::string before = placed.host + placed.prefix;
    rows.push_back({kind, before + route.pattern, name});
    for (const Route::Other& other : route.others) {
      rows.push_back({kind, before + other.pattern, name});
    }
  });
  return rows;
}

std::vector<App::RouteRow> App::route_rows_as_tried() {
  handler();
  // The dispatcher has compiled them in the order in which they are listed.
  const std::vector<RouteRow> rows = route_rows();
  std::vector<const Rule*> rules;
  for (const CompiledRoute& route : state_->dispatcher->routes()) rules.push_back(route.rule);
  std::vector<RouteRow> tried;
  for (const std::size_t index : match_order(rules)) tried.push_back(rows.at(index));
  return tried;
}

}  // namespace hornbeam::web
