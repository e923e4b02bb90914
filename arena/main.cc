// arena: two people and a board in a browser, on one binary and one database file.

#include <algorithm>
#include <string_view>

#include "arena/arena.h"
#include "arena/commands.h"
#include "arena/load/load.h"
#include "hornbeam/web.h"

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "play" || command == "tictactoe") {
    return arena::run_play_command(argc - 1, argv + 1);
  }
  if (argc > 2 && std::string_view(argv[1]) == "games" && std::string_view(argv[2]) == "load") {
    return arena::run_load_command(argc - 2, argv + 2);
  }
  // Who keeps the tables by hand says himself when they change.
  const bool is_about_tables = argc > 1 && std::string_view(argv[1]) == "db";
  const bool is_simulation = argc > 2 && std::string_view(argv[1]) == "experiments" &&
                             std::string_view(argv[2]) == "simulate";
  // An index belongs to one process: a command beside a server leaves it alone.
  const auto has_word = [argc, argv](std::string_view word) {
    return std::find(argv + 1, argv + argc, word) != argv + argc;
  };
  const bool is_server = !is_about_tables && has_word("run");
  const bool searches = is_server || has_word("index");
  return hornbeam::web::run(
      argc, argv,
      [=](const hornbeam::web::Config& config) {
        arena::Options options = arena::Options::read(config);
        if (is_about_tables) options.migrates = false;
        options.trials.simulates = is_simulation;
        if (!searches) options.search = {};
        options.search.follows = is_server;
        if (!is_server) options.docs.imports = false;
        return std::make_unique<arena::Arena>(options);
      },
      {.name = "arena",
       .description = "Tic-tac-toe with a friend, or against a computer that never loses."});
}
