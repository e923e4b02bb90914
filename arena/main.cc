// arena: two people and a board in a browser, on one binary and one database file.

#include <string_view>

#include "arena/arena.h"
#include "arena/commands.h"
#include "hornbeam/web.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "tictactoe") {
    return arena::play_tictactoe(argc - 1, argv + 1);
  }
  // Who keeps the tables by hand says himself when they change.
  const bool is_about_tables = argc > 1 && std::string_view(argv[1]) == "db";
  const bool is_simulation = argc > 2 && std::string_view(argv[1]) == "experiments" &&
                             std::string_view(argv[2]) == "simulate";
  return hornbeam::web::run(
      argc, argv,
      [is_about_tables, is_simulation](const hornbeam::web::Config& config) {
        arena::Options options = arena::Options::read(config);
        if (is_about_tables) options.migrates = false;
        options.trials.simulates = is_simulation;
        return std::make_unique<arena::Arena>(options);
      },
      {.name = "arena",
       .description = "Tic-tac-toe with a friend, or against a computer that never loses."});
}
