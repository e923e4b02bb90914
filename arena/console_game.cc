#include "arena/console_game.h"

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace arena {
namespace {

using hornbeam::live::BotLevel;
using hornbeam::live::choose_tic_tac_toe_move;
using hornbeam::live::Outcome;
using hornbeam::live::Seat;
using hornbeam::live::TicTacToe;

/// Thrown when the player has had enough, or the input ends.
struct Quit {};

class Console {
 public:
  Console(std::istream& in, std::ostream& out, bool is_coloured)
      : in_(in), out_(out), is_coloured_(is_coloured) {}

  /// A line in lower case without surrounding space. Throws `Quit` at the end of input and on "q".
  std::string ask(std::string_view question) {
    out_ << question << std::flush;
    std::string line;
    if (!std::getline(in_, line)) {
      out_ << '\n';
      throw Quit();
    }
    std::string answer;
    for (const char c : line) {
      if (c != '\r') answer += 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const auto first = answer.find_first_not_of(" \t");
    if (first == std::string::npos) return "";
    answer = answer.substr(first, answer.find_last_not_of(" \t") - first + 1);
    if (answer == "q" || answer == "quit") throw Quit();
    return answer;
  }

  void say(std::string_view line) { out_ << line << '\n'; }

  std::string paint(std::string_view text, std::string_view style) const {
    return is_coloured_ ? fmt::format("\x1b[{}m{}\x1b[0m", style, text) : std::string(text);
  }

 private:
  std::istream& in_;
  std::ostream& out_;
  bool is_coloured_;
};

constexpr std::string_view kFirstStyle = "1;32";   // Leaf green.
constexpr std::string_view kSecondStyle = "1;33";  // Wood.
constexpr std::string_view kFaint = "2";

void show(Console& console, const TicTacToe::State& state) {
  const std::string board = TicTacToe::encode(state);
  console.say("");
  console.say(console.paint("      0   1   2", kFaint));
  for (std::size_t row = 0; row < 3; ++row) {
    std::string line = console.paint(fmt::format("  {}  ", row), kFaint);
    for (std::size_t col = 0; col < 3; ++col) {
      const char mark = board[3 * row + col];
      const std::string_view text = mark == 'X' ? "X" : mark == 'O' ? "O" : " ";
      line += ' ' + console.paint(text, mark == 'X' ? kFirstStyle : kSecondStyle) + ' ';
      if (col < 2) line += console.paint("|", kFaint);
    }
    console.say(line);
    if (row < 2) console.say(console.paint("     ---+---+---", kFaint));
  }
  console.say("");
}

BotLevel ask_level(Console& console) {
  while (true) {
    const std::string answer = console.ask("Level: 1 easy, 2 medium, 3 perfect [2]: ");
    if (answer == "1") return BotLevel::kEasy;
    if (answer.empty() || answer == "2") return BotLevel::kMedium;
    if (answer == "3") return BotLevel::kPerfect;
    console.say("Type 1, 2 or 3.");
  }
}

bool ask_again(Console& console) {
  while (true) {
    const std::string answer = console.ask("Play again? [Y/n]: ");
    if (answer.empty() || answer == "y" || answer == "yes") return true;
    if (answer == "n" || answer == "no") return false;
    console.say("Type y or n.");
  }
}

/// The state after the player's move, asked for until it is a legal one.
TicTacToe::State player_turn(Console& console, const TicTacToe::State& state, Seat player,
                             std::uint64_t seed) {
  while (true) {
    const std::string answer = console.ask("Your move (row,col; h for a hint, q to quit): ");
    if (answer == "h" || answer == "hint" || answer == "?") {
      const auto hint = choose_tic_tac_toe_move(state, BotLevel::kPerfect, seed);
      console.say(fmt::format("Try {}.", TicTacToe::encode_move(hint)));
      continue;
    }
    const auto move = TicTacToe::decode_move(answer);
    if (!move) {
      console.say(move.error().message);
      continue;
    }
    const auto next = TicTacToe::play(state, player, *move);
    if (next) return *next;
    console.say(next.error().message);
  }
}

void announce(Console& console, Outcome outcome, Seat player) {
  if (outcome.is_drawn()) {
    console.say("A draw.");
  } else if (outcome.winner() == player) {
    console.say(console.paint("You win!", kFirstStyle));
  } else {
    console.say("The computer wins.");
  }
}

void play_one(Console& console, BotLevel level, Seat player, std::uint64_t seed) {
  console.say(fmt::format("\nYou are {}, the computer is {}.", player == Seat::kFirst ? "X" : "O",
                          player == Seat::kFirst ? "O" : "X"));
  TicTacToe::State state = TicTacToe::start();
  if (player == Seat::kFirst) show(console, state);
  while (const auto seat = TicTacToe::to_move(state)) {
    if (*seat == player) {
      state = player_turn(console, state, player, seed);
      if (TicTacToe::to_move(state)) continue;
    } else {
      const auto move = choose_tic_tac_toe_move(state, level, seed);
      console.say(fmt::format("The computer plays {}.", TicTacToe::encode_move(move)));
      state = *TicTacToe::play(state, *seat, move);
    }
    show(console, state);
  }
  announce(console, TicTacToe::outcome(state), player);
}

}  // namespace

void play_on_console(std::istream& in, std::ostream& out, const ConsoleOptions& options) {
  Console console(in, out, options.is_coloured);
  console.say("Tic-tac-toe: three in a row wins.");
  try {
    const BotLevel level = options.level ? *options.level : ask_level(console);
    const Seat player = options.computer_first ? Seat::kSecond : Seat::kFirst;
    for (std::uint64_t seed = options.seed;; ++seed) {
      play_one(console, level, player, seed);
      if (!ask_again(console)) break;
    }
  } catch (const Quit&) {
  }
  console.say("Goodbye.");
}

}  // namespace arena
