#include <cstdlib>
#include <iostream>
#include <random>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "arena/commands.h"
#include "arena/console_board.h"
#include "arena/console_game.h"

namespace arena {
namespace {

CLI::Validator is_a_game() {
  return CLI::Validator(
      [](std::string& name) {
        if (find_console_game(name) != nullptr) return std::string();
        std::string known;
        for (const ConsoleGame& game : console_games()) {
          known += fmt::format("{}{}", known.empty() ? "" : ", ", game.kind);
        }
        return fmt::format("there is no game \"{}\" here: there are {}", name, known);
      },
      "");
}

}  // namespace

int run_play_command(int argc, const char* const* argv) {
  CLI::App cli("A game against the computer, on a terminal or through pipes.", "arena play");
  ConsoleOptions options;
  options.seed = std::random_device{}();
  int level = 0;
  bool no_colour = false;
  const bool is_any = argc == 0 || std::string_view(argv[0]) != "tictactoe";
  if (is_any) {
    options.game.clear();
    cli.add_option("game", options.game, "tic-tac-toe, connect-four or gomoku; asked for if absent")
        ->check(is_a_game());
  }
  cli.add_option("--level", level, "1 easy, 2 medium, 3 hard (perfect at tic-tac-toe); asked for")
      ->check(CLI::Range(1, 3));
  cli.add_option("--seed", options.seed, "Decides among equally good moves of the computer");
  cli.add_flag("--second", options.computer_first, "The computer begins");
  cli.add_flag("--no-color", no_colour, "No colours, as without a terminal or with NO_COLOR set");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error);
  }
  if (level > 0) options.level = static_cast<hornbeam::live::BotLevel>(level - 1);
  options.is_coloured = !no_colour && wants_colour(::isatty(STDOUT_FILENO) == 1,
                                                   std::getenv("NO_COLOR"), std::getenv("TERM"));
  play_on_console(std::cin, std::cout, options);
  return 0;
}

}  // namespace arena
