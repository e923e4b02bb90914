#include "arena/console_game.h"

#include <algorithm>
#include <istream>
#include <memory>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "arena/console_board.h"

namespace arena {
namespace {

namespace live = hornbeam::live;
using live::BotLevel;
using live::Position;
using live::Seat;

constexpr std::string_view kGood = "1;32";
constexpr std::string_view kFaint = "2";

constexpr std::string_view kHelp =
    "  {:<12} make a move\n"
    "  hint, h      what the computer would do\n"
    "  undo, u      take your last move back, and its answer\n"
    "  replay, r    the game so far, move by move\n"
    "  board, b     the board again\n"
    "  new, n       give up, and begin another game\n"
    "  quit, q      good-bye\n";

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
    return painted(text, style, is_coloured_);
  }
  bool is_coloured() const noexcept { return is_coloured_; }

 private:
  std::istream& in_;
  std::ostream& out_;
  bool is_coloured_;
};

bool is_one_of(std::string_view answer, std::string_view word, std::string_view letter) {
  return answer == word || answer == letter;
}

/// "1 2" is as good as "1,2".
std::string with_comma(std::string answer) {
  const auto space = answer.find(' ');
  const bool is_numbers = answer.find_first_not_of("0123456789 ") == std::string::npos;
  if (space != std::string::npos && is_numbers) answer[space] = ',';
  return answer;
}

/// One game against the computer.
class Match {
 public:
  Match(Console& console, const ConsoleGame& game, const live::GameKind& kind, BotLevel level,
        Seat player, std::uint64_t seed)
      : console_(console),
        game_(game),
        start_(kind.start()),
        names_(kind.seat_names),
        level_(level),
        player_(player),
        seed_(seed) {}

  /// Plays to the end. True if the player wants another game. Throws: `Quit`.
  bool play() {
    console_.say(fmt::format("\nYou are {}, the computer is {}.", name_of(player_),
                             name_of(other(player_))));
    if (player_ == Seat::kFirst) show();
    while (true) {
      const auto seat = now().to_move();
      if (!seat) {
        announce();
        const auto wants_more = ask_what_next();
        if (wants_more) return *wants_more;
      } else if (*seat != player_) {
        computer_turn();
      } else if (!player_turn()) {
        return true;
      }
    }
  }

 private:
  struct Turn {
    std::unique_ptr<const Position> position;  // Where the move led.
    std::string move;
    Seat seat;
  };

  std::string_view name_of(Seat seat) const { return names_[index_of(seat)]; }
  const Position& now() const { return after(turns_.size()); }
  const Position& after(std::size_t count) const {
    return count == 0 ? *start_ : *turns_[count - 1].position;
  }

  void show() const { show_after(turns_.size()); }
  void show_after(std::size_t count) const {
    const std::string before = count == 0 ? "" : after(count - 1).board();
    console_.say("");
    console_.say(draw_board(game_, after(count).board(), before, console_.is_coloured()));
  }

  void make(live::Step step, Seat seat) {
    turns_.push_back({std::move(step.position), std::move(step.move), seat});
    show();
  }

  void computer_turn() {
    const Seat seat = other(player_);
    const std::string move = now().choose_move(level_, seed_ + turns_.size());
    console_.say(fmt::format("The computer plays {}.", move));
    make(now().play(seat, move).value(), seat);
  }

  /// Asks until a move is made or taken back; false if the player gives the game up.
  bool player_turn() {
    const std::string question = fmt::format("Your move ({}; ? for help): ", game_.move);
    while (true) {
      const std::string answer = console_.ask(question);
      if (is_one_of(answer, "new", "n")) return false;
      if (is_one_of(answer, "undo", "u")) {
        if (undo()) return true;
      } else if (!obey(answer)) {
        auto step = now().play(player_, with_comma(answer));
        if (step) {
          make(*std::move(step), player_);
          return true;
        }
        console_.say(step.error().message);
      }
    }
  }

  /// Does what changes nothing; false if `answer` asks for nothing of the kind.
  bool obey(std::string_view answer) {
    if (is_one_of(answer, "hint", "h")) {
      console_.say(fmt::format("Try {}.", now().choose_move(BotLevel::kPerfect, seed_)));
    } else if (is_one_of(answer, "help", "?")) {
      console_.say(fmt::format(fmt::runtime(kHelp), game_.move));
    } else if (is_one_of(answer, "replay", "r")) {
      replay();
    } else if (is_one_of(answer, "board", "b")) {
      show();
    } else {
      return false;
    }
    return true;
  }

  bool undo() {
    const auto last = std::ranges::find(turns_.rbegin(), turns_.rend(), player_, &Turn::seat);
    if (last == turns_.rend()) {
      console_.say("You have made no move yet.");
      return false;
    }
    console_.say(fmt::format("{} is taken back.", last->move));
    turns_.erase(std::prev(last.base()), turns_.end());
    show();
    return true;
  }

  void replay() const {
    show_after(0);
    for (std::size_t i = 0; i < turns_.size(); ++i) {
      console_.say(fmt::format("{}. {} plays {}.", i + 1, name_of(turns_[i].seat), turns_[i].move));
      show_after(i + 1);
    }
  }

  void announce() const {
    const live::Outcome outcome = now().outcome();
    const std::size_t moves = turns_.size();
    if (outcome.is_drawn()) {
      console_.say(fmt::format("A draw. {}", console_.paint(of_moves(moves), kFaint)));
    } else if (outcome.winner() == player_) {
      console_.say(fmt::format("{} {}", console_.paint("You win!", kGood),
                               console_.paint(of_moves(moves), kFaint)));
    } else {
      console_.say(fmt::format("The computer wins. {}", console_.paint(of_moves(moves), kFaint)));
    }
  }
  static std::string of_moves(std::size_t count) { return fmt::format("({} moves)", count); }

  /// Whether to play another game; nothing if this one goes on after all.
  std::optional<bool> ask_what_next() {
    while (true) {
      const std::string answer =
          console_.ask("Play again? [Y/n; u to take a move back, r to replay]: ");
      if (answer.empty() || answer == "y" || answer == "yes") return true;
      if (answer == "n" || answer == "no") return false;
      if (is_one_of(answer, "undo", "u")) {
        if (undo()) return std::nullopt;
      } else if (!obey_after_the_end(answer)) {
        console_.say("Type y, n, u or r.");
      }
    }
  }
  bool obey_after_the_end(std::string_view answer) {
    return !is_one_of(answer, "hint", "h") && obey(answer);
  }

  Console& console_;
  const ConsoleGame& game_;
  const std::unique_ptr<const Position> start_;
  const std::array<std::string_view, 2> names_;
  const BotLevel level_;
  const Seat player_;
  const std::uint64_t seed_;
  std::vector<Turn> turns_;
};

const ConsoleGame& ask_game(Console& console) {
  std::string question = "Game:";
  int number = 0;
  for (const ConsoleGame& game : console_games()) {
    question += fmt::format("{} {} {}", number == 0 ? "" : ",", number + 1, game.kind);
    ++number;
  }
  question += " [1]: ";
  while (true) {
    const std::string answer = console.ask(question);
    if (answer.empty()) return console_games().front();
    if (const ConsoleGame* const game = find_console_game(answer)) return *game;
    console.say("Type the number of a game, or its name.");
  }
}

BotLevel ask_level(Console& console, const ConsoleGame& game) {
  const std::string question = fmt::format("Level: 1 easy, 2 medium, 3 {} [2]: ", game.hardest);
  while (true) {
    const std::string answer = console.ask(question);
    if (answer == "1") return BotLevel::kEasy;
    if (answer.empty() || answer == "2") return BotLevel::kMedium;
    if (answer == "3") return BotLevel::kPerfect;
    console.say("Type 1, 2 or 3.");
  }
}

}  // namespace

void play_on_console(std::istream& in, std::ostream& out, const ConsoleOptions& options) {
  Console console(in, out, options.is_coloured);
  try {
    const ConsoleGame* const named = find_console_game(options.game);
    const ConsoleGame& game = named != nullptr ? *named : ask_game(console);
    console.say(fmt::format("{}: {}", game.title, game.aim));
    const BotLevel level = options.level ? *options.level : ask_level(console, game);
    const Seat player = options.computer_first ? Seat::kSecond : Seat::kFirst;
    const live::GameCatalog games = live::standard_games();
    const live::GameKind& kind = *games.find(game.kind);
    for (std::uint64_t seed = options.seed;; ++seed) {
      if (!Match(console, game, kind, level, player, seed).play()) break;
    }
  } catch (const Quit&) {
  }
  console.say("Goodbye.");
}

}  // namespace arena
