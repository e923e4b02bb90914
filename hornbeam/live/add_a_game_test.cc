// The game of docs/guide/add_a_game.md, whose snippets are the regions of this file.

#include <algorithm>
#include <charconv>

#include <gmock/gmock.h>

#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

// [types]
/// Nim with one heap: take one, two or three sticks; who takes the last one wins.
struct Nim {
  struct State {
    int sticks = 0;
    Seat next = Seat::kFirst;
    friend bool operator==(const State&, const State&) = default;
  };
  struct Move {
    int take = 0;
  };
  static constexpr std::string_view kName = "nim";
  static constexpr int kVersion = 1;
  static constexpr std::array<std::string_view, 2> kSeatNames = {"first", "second"};
  // [/types]

  // [play]
  static State start() { return {.sticks = 15}; }

  static base::Result<State> play(const State& state, Seat seat, Move move) {
    if (outcome(state).is_over()) return base::error("game_over", "The heap is empty.");
    if (seat != state.next) return base::error("not_your_turn", "Wait for the other player.");
    if (move.take < 1 || move.take > std::min(3, state.sticks)) {
      return base::error("illegal_move", "Take one, two or three sticks that are there.");
    }
    return State{state.sticks - move.take, other(seat)};
  }

  static Outcome outcome(const State& state) {
    return state.sticks > 0 ? Outcome::open() : Outcome::won(other(state.next));
  }
  static std::optional<Seat> to_move(const State& state) {
    return outcome(state).is_over() ? std::nullopt : std::optional(state.next);
  }
  static std::vector<Move> legal_moves(const State& state) {
    std::vector<Move> moves;
    for (int take = 1; take <= std::min(3, state.sticks); ++take) moves.push_back({take});
    return moves;
  }
  // [/play]

  // [text]
  static std::string encode(const State& state) {
    return fmt::format("{} {}", state.sticks, kSeatNames[index_of(state.next)]);
  }
  static std::optional<State> decode(std::string_view text) {
    State state;
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), state.sticks);
    state.next = text.ends_with(" first") ? Seat::kFirst : Seat::kSecond;
    const bool is_read = failure == std::errc() && encode(state) == text;
    return is_read && 0 <= state.sticks && state.sticks <= 15 ? std::optional(state) : std::nullopt;
  }
  static std::string encode_move(Move move) { return std::to_string(move.take); }
  static base::Result<Move> decode_move(std::string_view text) {
    if (text.size() == 1 && '1' <= text[0] && text[0] <= '3') return Move{text[0] - '0'};
    return base::error("illegal_move", "A move is 1, 2 or 3.");
  }
};
static_assert(Rules<Nim>);
// [/text]

// [bot]
/// Leaves a multiple of four whenever it can: then the other player cannot win.
Nim::Move choose_nim_move(const Nim::State& state, BotLevel level, std::uint64_t seed) {
  const int best = state.sticks % 4;
  if (level == BotLevel::kPerfect && best != 0) return {best};
  const auto moves = Nim::legal_moves(state);
  return moves[seed % moves.size()];
}
// [/bot]

TEST(Nim, WhoTakesTheLastStickWins) {
  Nim::State state{.sticks = 1};
  EXPECT_EQ(Nim::outcome(*Nim::play(state, Seat::kFirst, {1})), Outcome::won(Seat::kFirst));
  EXPECT_EQ(Nim::play(state, Seat::kFirst, {2}).error().code, "illegal_move");
  EXPECT_EQ(Nim::play(state, Seat::kSecond, {1}).error().code, "not_your_turn");
}

// [proof]
TEST(Nim, EveryPositionOfAGameIsReadBackAsItWasWritten) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Nim::State state = Nim::start();
    while (const auto seat = Nim::to_move(state)) {
      state = *Nim::play(state, *seat, choose_nim_move(state, BotLevel::kEasy, seed));
      EXPECT_EQ(Nim::decode(Nim::encode(state)), state);
    }
  }
}
// [/proof]

using testing::LobbyTest;
using testing::Player;
using testing::value_of;

TEST_F(LobbyTest, AGameOfOnesOwnIsPlayedLikeAnyOther) {
  // [catalog]
  GameCatalog games = standard_games();
  games.add<Nim>(&choose_nim_move);
  // [/catalog]
  Lobby lobby(log_, games, wakeups_, options_);
  Player player(lobby);
  const auto begun = player.say(R"({"action": "new", "v": 1, "kind": "nim", "opponent": "bot"})");
  EXPECT_EQ(value_of(begun.at(0), "board"), "15 first");
  player.say(R"({"action": "move", "player_move": "1"})");
  EXPECT_EQ(value_of(player.say(R"({"action": "move", "player_move": "4"})").at(0), "code"),
            "illegal_move");
}

}  // namespace
}  // namespace hornbeam::live
