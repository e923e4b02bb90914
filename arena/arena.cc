#include "arena/arena.h"

#include <algorithm>
#include <iostream>

#include "arena/assets.h"
#include "arena/commands.h"
#include "arena/console_pages.h"
#include "arena/docs_pages.h"
#include "arena/game_socket.h"
#include "arena/games/game_browser.h"
#include "arena/packages/browser.h"
#include "arena/players/identity.h"
#include "arena/players/player_pages.h"
#include "hornbeam/operations.h"

namespace arena {
namespace {

namespace data = hornbeam::data;
namespace live = hornbeam::live;
namespace web = hornbeam::web;

/// The answer to "are you well?".
struct Health {
  std::string status;
  std::int64_t open_games = 0;
};
constexpr auto describe(hornbeam::Type<Health>) {
  return hornbeam::fields(hornbeam::field("status", &Health::status),
                          hornbeam::field("open_games", &Health::open_games));
}

constexpr std::string_view kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::unique_ptr<data::Database> open_database(const Options& options) {
  auto database =
      data::Database::open(options.database, {.group_commit_window = options.commit_window});
  if (options.migrates) data::migrate(*database, schema_of_arena(*database, {}).migrations);
  return database;
}

live::LobbyOptions with_players(live::LobbyOptions options, live::Players& players) {
  options.players = &players;
  return options;
}

std::unique_ptr<hornbeam::feed::Wakeups> open_hints(const Options& options) {
  if (options.wakeups == "in-process") return nullptr;
  if (!options.wakeups.empty()) return hornbeam::feed::open_wakeups(options.wakeups);
  if (!options.database.starts_with("postgres")) return nullptr;
  return std::make_unique<hornbeam::feed::PostgresWakeups>(options.database);
}

std::unique_ptr<live::Wakeups> open_wakeups(hornbeam::feed::Wakeups* hints) {
  if (hints == nullptr) return std::make_unique<live::InProcessWakeups>();
  return std::make_unique<live::FeedWakeups>(*hints);
}

web::Templates open_pages(const Options& options) {
  if (options.assets.empty()) return web::Templates(embedded_templates());
  return web::Templates(options.assets + "/templates");
}

/// What is imported in the background. Where there is no index there is nothing to be found either.
std::vector<hornbeam::site::Manual> manuals_at_start(const Options& options) {
  if (!options.docs.imports || !options.search.is_on()) return {};
  return manuals_of(options.docs);
}

}  // namespace

Options Options::read(const web::Config& config) {
  Options options;
  options.database = config.value("database.url", options.database);
  options.commit_window = std::chrono::microseconds(std::max<std::int64_t>(
      0, config.value("database.commit_window_microseconds", options.commit_window.count())));
  options.migrates = config.value("database.migrate", options.migrates);
  options.migrations = config.value("database.migrations", options.migrations);
  options.assets = config.value("assets", options.assets);
  options.wakeups = config.value("live.wakeups", options.wakeups);
  auto& credits = options.lobby.credits;
  credits.capacity = config.value("live.credits", credits.capacity);
  credits.per_second = config.value("live.credits_per_second", credits.per_second);
  options.lobby.bot_threads = static_cast<std::size_t>(
      std::max<std::int64_t>(0, config.value("live.bot_threads", std::int64_t{2})));
  auto& poll = options.caretaker.poll_interval;
  poll = std::chrono::milliseconds(config.value("live.poll_milliseconds", poll.count()));
  auto& sweeps = options.caretaker.sweep_interval;
  sweeps = std::chrono::seconds(config.value(
      "live.sweep_seconds", std::chrono::duration_cast<std::chrono::seconds>(sweeps).count()));
  auto& sweep = options.caretaker.sweep;
  sweep.waiting = std::chrono::minutes(config.value("live.waiting_minutes", sweep.waiting.count()));
  sweep.idle = std::chrono::minutes(config.value("live.idle_minutes", sweep.idle.count()));
  sweep.archive_after = std::chrono::days(config.value("live.archive_days", std::int64_t{0}));
  auto& trials = options.trials;
  trials.client_key = config.value("experiments.client_key", trials.client_key);
  trials.operator_tokens = config.value("experiments.operator_tokens", trials.operator_tokens);
  auto& search = options.search;
  search.url = config.value("search.url", search.url);
  search.prefix = config.value("search.prefix", search.prefix);
  search.certificates = config.value("search.certificates", search.certificates);
  search.folder = config.value("search.folder", std::string("var/search"));
  search.longest_lag = std::chrono::seconds(
      config.value("search.alarm_seconds", std::int64_t{search.longest_lag.count()}));
  // Of a cluster, visitors would see what its user sees, which may be more than what is arena's.
  const std::string rights = search.url.empty() ? options.console_rights : "none";
  options.console_rights = config.value("console.rights", rights);
  options.metrics_token = config.value("metrics.token", options.metrics_token);
  options.docs.imports = config.value("docs.import", options.docs.imports);
  options.docs.django = config.value("docs.django", options.docs.django);
  options.docs.own = config.value("docs.own", options.docs.own);
  return options;
}

Arena::Arena(const Options& options)
    : database(open_database(options)),
      trials(*database, options.trials),
      log(*database),
      games(live::standard_games()),
      players(*database, games),
      hints(open_hints(options)),
      wakeups(open_wakeups(hints.get())),
      lobby(log, games, *wakeups, with_players(options.lobby, players)),
      caretaker(lobby, log, *wakeups, options.caretaker),
      search(open_search(*database, options.search)),
      metrics(std::make_shared<web::MetricRegistry>()),
      docs_import(*database, manuals_at_start(options)),
      pages(open_pages(options)) {
  if (options.migrates) trials.begin();
  add_pages(options);
  trials.add_to(app);
  add_player_pages(*this);
  add_replay_pages(*this);
  add_docs_pages(*this);
  add_search(options);
  add_sockets();
  add_health(options);
  add_commands(options);
  // The address /docs is the documentation search.
  app.use(web::OpenApi{
      .title = "Arena", .description = "Games to play with others.", .docs_path = "/api/docs"});
  app.after_request([](web::Response& response) {
    response.set_field("Content-Security-Policy", std::string(kContentPolicy));
    response.set_field("X-Content-Type-Options", "nosniff");
    response.set_field("Referrer-Policy", "same-origin");
  });
}

void Arena::add_pages(const Options& options) {
  app.use(pages);
  const auto page = [this](const web::Request& request) {
    const Look look = trials.look_for(request);
    give_player_key(request);
    web::Response response = pages.render(request, "index.html", {{"look", look}});
    response.set_field("Vary", "Cookie");
    return web::make_conditional(request, std::move(response));
  };
  app.get("/", page);
  app.get("/g/{id}", [page](const web::Request& request, std::int64_t) { return page(request); });
  app.get("/tic-tac-toe", [] { return web::redirect("/"); });
  if (options.assets.empty()) {
    app.static_files("/static", embedded_static());
  } else {
    app.static_files("/static", options.assets + "/static");
  }
}

void Arena::add_search(const Options& options) {
  if (!search) {
    const auto refuse = []() -> web::Response {
      throw web::HttpError(503, "searches are off in this process: see search.folder");
    };
    app.get("/packages", refuse);
    app.get("/games/search", refuse);
    app.command("index", std::string(hornbeam::denorm::kIndexCommands), [] {
      std::cerr << "the folder of indices is not open: another process, such as a server, may have "
                   "it. Mend: end it meanwhile; indices of a cluster (search.url) are for all\n";
      return 1;
    });
    return;
  }
  packages::add_package_pages(app, pages, search->packages(), *database);
  games::add_game_pages(app, pages, search->games());
  if (options.console_rights == "none") {
    const auto refuse = []() -> web::Response {
      throw web::HttpError(
          403, "The console and the dashboards are off: console.rights says who may do what.");
    };
    app.get("/console/", refuse);
    app.get("/dashboards/", refuse);
  } else {
    add_console_pages(app, pages, search->rest(), console_threads, *database,
                      console_rights(options.console_rights));
  }
  const auto steps = schema_of_arena(*database, options.migrations).migrations.size();
  indices = std::make_unique<hornbeam::site::IndexOperations>(
      hornbeam::denorm::IndicesOfProgram{.database = *database,
                                         .target = search->target(),
                                         .types = document_types(),
                                         .migrations = options.migrations,
                                         .steps = static_cast<int>(steps),
                                         .replica = search->replica()},
      hornbeam::site::IndexOperationsOptions{.longest_lag = options.search.longest_lag});
  indices->add_to(app, *metrics);
  if (options.search.follows) indices->watch();
}

void Arena::add_sockets() {
  app.provide([](const web::Request& request) {
    return Visitor{.id = Trials::visitor_of(request), .player_key_hash = player_key_hash(request)};
  });
  const auto converse = [this](web::Socket<std::string> socket,
                               Visitor visitor) -> hornbeam::Task<void> {
    HearsOfPlay hears;
    if (!visitor.id.empty()) {
      hears = [this, id = std::move(visitor.id)](std::string_view metric,
                                                 std::string_view occasion) {
        trials.happened(id, std::string(metric), occasion);
      };
    }
    return play_over(lobby, std::move(socket), std::move(hears),
                     std::move(visitor.player_key_hash));
  };
  web::WebSocketOptions options;
  // Longer than a message may be, so that one that is too long is answered, not cut off.
  options.max_message_bytes = std::size_t{16} << 10;
  options.max_queued_bytes = std::size_t{256} << 10;
  app.socket("/ws", converse).socket_options(options);
  app.socket("/tic-tac-toe/ws", converse).socket_options(options);
}

void Arena::add_health(const Options& options) {
  // By way of a write that changes nothing: after a disk has failed, reading goes on and writing
  // does not, and players are better sent to a process that can.
  const auto ask_database = [this]() -> hornbeam::Task<void> {
    co_await database->write(
        [](data::Transaction& tx) { tx.execute("DELETE FROM games WHERE id < 0"); });
  };
  std::vector<web::HealthCheck> checks = {{"database", ask_database}};
  if (indices) {
    // Games go on while searches lag, or their cluster is away: no reason to send players
    // elsewhere.
    checks.push_back(indices->check());
    checks.back().is_essential = false;
  }
  app.use(web::Health{.checks = checks});
  app.use(web::Metrics{.token = options.metrics_token, .registry = metrics});
  app.get("/healthz", [this]() -> hornbeam::Task<Health> {
    co_await database->read([](data::Snapshot& db) { return db.query<int>("SELECT 1").one(); });
    co_return Health{"ok", static_cast<std::int64_t>(lobby.room_count())};
  });
}

void Arena::add_commands(const Options& options) {
  app.command("db", std::string(data::kSchemaCommands),
              [this, folder = options.migrations](const std::vector<std::string>& arguments) {
                return data::run_schema_command(schema_of_arena(*database, folder), arguments,
                                                std::cout, std::cerr);
              });
  app.command("import",
              "docs: the manuals; debian [FILE]: the packages that apt knows: into tables that "
              "searches follow",
              [this, docs = options.docs](const std::vector<std::string>& arguments) {
                return run_import(*this, docs, arguments);
              });
  app.command(
      "games",
      "sweep: end the games that were left; show NUMBER: a game's log; replay NUMBER: its boards; "
      "ratings: count them anew",
      [this, sweep = options.caretaker.sweep](const std::vector<std::string>& arguments) {
        return run_games(*this, sweep, arguments);
      });
  app.command("experiments",
              "simulate [VISITORS]: synthetic visitors of the last three weeks; forget-simulated: "
              "removes them; token NAME: the right to change experiments",
              [this](const std::vector<std::string>& arguments) {
                return run_experiments(*this, arguments);
              });
  app.shell_word("sql", "Read from the database: sql SELECT ...",
                 [this](std::string query) { return data::look(*database, std::move(query)); });
  // Only for the list of commands: `main` has gone to them before.
  const auto play = [] { return run_play_command(0, nullptr); };
  app.command("play", "Play against the computer on this terminal (see its own --help)", play);
  app.command("tictactoe", "The same, of tic-tac-toe", play);
}

}  // namespace arena
