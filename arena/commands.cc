#include "arena/commands.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "arena/arena.h"
#include "arena/assets.h"
#include "arena/console_board.h"
#include "arena/games/game_document.h"
#include "arena/packages/command.h"
#include "arena/packages/package.h"

namespace arena {
namespace {

namespace data = hornbeam::data;
namespace live = hornbeam::live;

bool is_coloured() {
  return wants_colour(::isatty(STDOUT_FILENO) == 1, std::getenv("NO_COLOR"), std::getenv("TERM"));
}

// The search of games needs what step 8 makes.
constexpr int kFollowGames = 12;
constexpr int kFollowNames = 14;

int complain(std::string_view usage) {
  std::cerr << "usage: " << usage << '\n';
  return 2;
}

int sweep_games(Arena& arena, const live::SweepOptions& options) {
  const auto report = hornbeam::base::run(live::sweep(arena.log, options, arena.lobby.now()));
  fmt::print("ended: {} that nobody joined, {} that were left; {} were just moved in\n",
             report.waiting, report.idle, report.overtaken);
  if (options.archive_after.count() > 0) fmt::print("archived: {}\n", report.archived);
  return 0;
}

/// A game move by move, as it looked.
int replay_game(Arena& arena, live::GameId id) {
  live::GameRecord record(id, arena.games);
  std::string before;
  for (live::Event& event : hornbeam::base::run(arena.log.read(id, 0))) {
    const live::Event told = event;
    record.apply(std::move(event));
    const ConsoleGame* const look = find_console_game(record.kind().name);
    if (look == nullptr || told.kind == live::EventKind::kJoin) continue;
    const std::string board = record.position().board();
    fmt::print("{}. {} {} {}\n\n{}\n", told.seq, live::to_string(told.kind),
               told.seat ? record.name_of(*told.seat) : "", told.detail,
               draw_board(*look, board, before, is_coloured()));
    before = board;
  }
  if (record.next_seq() > 0) return 0;
  std::cerr << "there is no game " << id << '\n';
  return 1;
}

int count_anew(Arena& arena) {
  fmt::print("counted {} games\n", hornbeam::base::run(arena.players.rebuild()));
  return 0;
}

int show_game(Arena& arena, live::GameId id) {
  const auto events = hornbeam::base::run(arena.log.read(id, 0));
  if (events.empty()) {
    std::cerr << "there is no game " << id << '\n';
    return 1;
  }
  live::GameRecord record(id, arena.games);
  for (const live::Event& event : events) {
    record.apply(event);
    // A join's detail holds the hash of a token: of no use to a reader.
    const bool is_join = event.kind == live::EventKind::kJoin;
    fmt::print("{:3} {:13} {:2} {}\n", event.seq, live::to_string(event.kind),
               event.seat ? record.name_of(*event.seat) : "",
               is_join ? "" : std::string_view(event.detail));
  }
  fmt::print("{}\n", record.position().board());
  return 0;
}

}  // namespace

data::SchemaOfProgram schema_of_arena(data::Database& database, std::string folder) {
  std::vector<data::MigrationFile> own;
  const auto files = embedded_migrations();
  for (const auto& [name, text] : files) own.push_back({name, text});
  data::SchemaOfProgram schema{database, live::game_log_migrations({1, 3, 4, 9, 10, 11, 13}),
                               live::game_log_tables(), std::move(folder)};
  for (auto& step : hornbeam::experiment::experiment_migrations(2)) {
    schema.migrations.push_back(std::move(step));
  }
  schema.migrations.push_back(hornbeam::site::documentation_migration(5));
  schema.migrations.push_back(packages::packages_migration(6));
  schema.migrations.push_back(hornbeam::site::dashboards_migration(7));
  // Those of experiments and of following have no structs: they are compared with their steps.
  for (auto& tables : {hornbeam::site::documentation_tables(), packages::packages_tables(),
                       hornbeam::site::dashboards_tables()}) {
    schema.tables.insert(schema.tables.end(), tables.begin(), tables.end());
  }
  for (auto& step : data::parse_migrations(own)) schema.migrations.push_back(std::move(step));
  schema.migrations.push_back(games::follow_games_migration(kFollowGames));
  schema.migrations.push_back(games::follow_names_migration(kFollowNames));
  std::ranges::sort(schema.migrations, {}, &data::Migration::number);
  return schema;
}

int run_games(Arena& arena, const live::SweepOptions& sweep,
              const std::vector<std::string>& arguments) {
  if (arguments == std::vector<std::string>{"sweep"}) return sweep_games(arena, sweep);
  if (arguments == std::vector<std::string>{"ratings"}) return count_anew(arena);
  live::GameId id = 0;
  if (arguments.size() == 2 && (arguments[0] == "show" || arguments[0] == "replay")) {
    const std::string& text = arguments[1];
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failure == std::errc() && end == text.data() + text.size()) {
      return arguments[0] == "show" ? show_game(arena, id) : replay_game(arena, id);
    }
  }
  return complain(
      "arena games sweep | arena games show NUMBER | arena games replay NUMBER | arena games "
      "ratings");
}

int run_import(Arena& arena, const DocsOptions& docs, const std::vector<std::string>& arguments) {
  if (arguments == std::vector<std::string>{"docs"}) return import_docs(*arena.database, docs);
  if (!arguments.empty() && arguments.size() <= 2 && arguments[0] == "debian") {
    return packages::import_debian(*arena.database, {arguments.begin() + 1, arguments.end()});
  }
  return complain("arena import docs | arena import debian [FILE]");
}

}  // namespace arena
