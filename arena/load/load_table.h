#pragma once

// LoadTable: two players of one game after another, as messages in and messages out. It remembers
// everything the server promised, and at the end of each game compares it with the log.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "arena/load/load_message.h"
#include "arena/load/load_tally.h"
#include "hornbeam/web.h"

namespace arena {

/// How the players of a load behave.
struct LoadManners {
  std::chrono::milliseconds pause{500};      ///< Longest thinking time before a move.
  std::chrono::milliseconds patience{5000};  ///< Without an answer for so long, come back anew.
};

/// A table of a load. Seat 0 begins each game, seat 1 joins. No I/O; time is told.
class LoadTable {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  using Move = LoadMessage::Move;

  /// Lifetime: `tally` outlives the table.
  LoadTable(LoadTally& tally, LoadManners manners, std::uint64_t seed);

  /// The seat's connection stands.
  void connected(std::size_t seat, Time now);
  /// The seat's connection is gone: it comes back with its token, or the game is given up.
  void disconnected(std::size_t seat, Time now);
  /// A message came for `seat`.
  void take(std::size_t seat, std::string_view text, Time now);
  /// What `seat` has to say now; empty if nothing.
  std::optional<std::string> next_to_say(std::size_t seat, Time now);
  /// When `seat` next wants to be looked at.
  Time due(std::size_t seat) const { return seats_[seat].due; }
  /// True if `seat` has waited for an answer for too long: its connection is to be given up.
  bool has_waited_too_long(std::size_t seat, Time now) const;
  /// No new games: the one at hand is compared with the log as far as it got.
  void finish(Time now);
  /// The game that is being played, from its second player on; -1 between games.
  std::int64_t game() const noexcept { return stage_ == Stage::kPlaying ? game_ : -1; }
  /// When a move of the game at hand was first sent.
  std::optional<Time> sent_at(const Move& move) const;
  /// Finished, and compared.
  bool is_done() const noexcept { return stage_ == Stage::kDone; }

 private:
  enum class Stage : unsigned char { kBeginning, kJoining, kPlaying, kComparing, kDone };

  struct Pending {
    std::string command_id;
    std::string cell;
    Time first_sent{};  // None while it was never sent.
    bool is_sent = false;
  };
  struct Seat {
    bool is_connected = false;
    bool is_greeted = false;  // In the game on this connection.
    bool awaits = false;      // An answer.
    Time asked_at{};
    Time due{};
    std::string token;
    char name = ' ';
    std::int64_t seq = -1;
    std::map<std::int64_t, Move> acknowledged;
    std::optional<Pending> pending;
  };

  std::string ask(Seat& seat, std::string text, Time now);
  std::optional<std::string> say_on_arrival(std::size_t index, Time now);
  std::optional<std::string> say_move(Seat& seat, Time now);
  void take_error(std::size_t index, const LoadMessage& message, Time now);
  void take_position(std::size_t index, const LoadMessage& message, Time now);
  void note(Seat& seat, std::int64_t seq, Move move);
  void note_events(Seat& seat, const LoadMessage& message);
  void settle_pending(Seat& seat, Time now);
  void compare(const LoadMessage& message, Time now);
  void begin_again(Time now);
  void think(Seat& seat, Time now);

  LoadTally& tally_;
  const LoadManners manners_;
  std::mt19937_64 random_;
  Stage stage_ = Stage::kBeginning;
  bool is_last_ = false;
  std::int64_t game_ = 0;
  std::string board_;
  char turn_ = ' ';
  std::int64_t head_ = -1;  // The newest event that either seat knows of.
  std::array<Seat, 2> seats_;
  std::map<Move, Time> sent_;  // The moves of the game at hand.
};

}  // namespace arena
