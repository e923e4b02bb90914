#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "arena/load/load.h"

namespace arena {

int run_load_command(int argc, char** argv) {
  CLI::App cli("Plays many games against a server, and compares what it promised with its log.",
               "arena games load");
  LoadPlan plan;
  double seconds = 10;
  std::int64_t pause = plan.manners.pause.count();
  bool is_json = false;
  bool is_quiet = false;
  cli.add_option("--url", plan.url, "The game's socket")->capture_default_str();
  cli.add_option("--games", plan.games, "Games at once, two sockets each")->capture_default_str();
  cli.add_option("--idle", plan.idle, "Sockets besides that say nothing")->capture_default_str();
  cli.add_option("--watchers", plan.watchers, "Sockets besides that watch the games, in turn")
      ->capture_default_str();
  cli.add_option("--seconds", seconds, "How long")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  cli.add_option("--pause", pause,
                 "Longest thinking time, in milliseconds; 0 needs a server without limits "
                 "(live.credits=0)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  cli.add_option("--seed", plan.seed, "Of the players' choices")->capture_default_str();
  cli.add_option("--server", plan.server, "The server's process, whose memory is measured");
  cli.add_flag("--json", is_json, "The outcome as one line of JSON");
  cli.add_flag(
      "--quiet", is_quiet,
      "No progress on stderr: on a terminal a line that is written over, elsewhere one every "
      "ten seconds");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error);
  }
  plan.duration = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  plan.manners.pause = std::chrono::milliseconds(pause);
  const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
  plan.display = is_quiet      ? LoadDisplay::kNone
                 : is_terminal ? LoadDisplay::kLine
                               : LoadDisplay::kLines;
  try {
    const LoadOutcome outcome = run_load(plan);
    const auto& [tally, elapsed] = outcome;
    std::cout << (is_json ? to_json(tally, elapsed) + "\n" : to_table(tally, elapsed));
    return tally.is_good() ? 0 : 1;
  } catch (const std::exception& failure) {
    std::cerr << "arena games load: " << failure.what() << '\n';
    return 2;
  }
}

}  // namespace arena
