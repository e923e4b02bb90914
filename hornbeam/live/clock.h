#pragma once

// Clock: how much time the players of a game have left. A fold of the log's times like the rest of
// a game: whoever reads the same events knows the same times, and who has run out of them.
//
//   Clock clock(ClockSpec::fischer(180s, 2s));
//   clock.begin(Seat::kFirst, at);                  // both seats are taken
//   clock.press(Seat::kFirst, at, credit);          // a move
//   clock.left(Seat::kSecond, now);                 // runs from the second move of each on

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/live/rules.h"

namespace hornbeam::live {

/// Wall time as clocks count it.
using ClockTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// How much time a game gives.
struct ClockSpec {
  /// For the whole game, or for each move.
  enum class Kind : std::uint8_t { kPerMove, kFischer };
  Kind kind = Kind::kFischer;         ///< What `base` is for.
  std::chrono::seconds base{180};     ///< At the beginning, or for each move.
  std::chrono::seconds increment{0};  ///< Added with each move. Fischer's only.

  /// "180+2" of Fischer's, "30/move" of the other.
  std::string encode() const;
  /// Reads what `encode` wrote. Nothing for another text, and for times that nobody could keep: 5
  /// seconds to 7 days a move; to 3 hours for the game, 3 minutes more a move.
  static std::optional<ClockSpec> parse(std::string_view text);

  friend bool operator==(const ClockSpec&, const ClockSpec&) = default;
};

/// The clock of one game. Pure: time comes in with every call.
class Clock {
 public:
  /// As much lag as a player may be given back in a row; it refills with each move.
  static constexpr std::chrono::milliseconds kMostCredit{1000};
  /// What the refill gives with each move.
  static constexpr std::chrono::milliseconds kCreditPerMove{100};

  /// A clock that stands.
  explicit Clock(ClockSpec spec);

  /// What it was begun with.
  const ClockSpec& spec() const noexcept { return spec_; }
  /// Both are there: the game begins, and `seat` is to move. The first move of each is free.
  void begin(Seat seat, ClockTime at) noexcept;
  /// `seat` has moved at `at`; `credit` of the time since the other's move does not count. Then the
  /// clock of `next` runs, if it is somebody's turn.
  void press(Seat seat, ClockTime at, std::chrono::milliseconds credit, std::optional<Seat> next);
  /// It is another's turn than before, and nobody has moved: moves were taken back.
  void turn_to(std::optional<Seat> next, ClockTime at) noexcept;
  /// That much of the running turn does not count: the server was away.
  void excuse(std::chrono::milliseconds away) noexcept;
  /// The game is over.
  void stop(ClockTime at) noexcept;

  /// Whose time runs down; nobody's before their first move is made, and in the end.
  std::optional<Seat> running() const noexcept;
  /// What `seat` has left at `now`; never less than nothing.
  std::chrono::milliseconds left(Seat seat, ClockTime now) const noexcept;
  /// How much lag `seat` may still be given back.
  std::chrono::milliseconds credit_left(Seat seat) const noexcept {
    return credit_[index_of(seat)];
  }
  /// When the player to move has lost on time: after all of it, and all the lag that they might
  /// still be given back. Nothing if no clock runs.
  std::optional<ClockTime> flag_at() const noexcept;
  /// Since when it is the present player's turn, less what was excused.
  ClockTime turn_began() const noexcept { return since_; }

 private:
  ClockSpec spec_;
  std::array<std::chrono::milliseconds, 2> left_;
  std::array<std::chrono::milliseconds, 2> credit_{kMostCredit, kMostCredit};
  std::array<bool, 2> has_moved_{};
  std::optional<Seat> turn_;
  ClockTime since_{};
};

}  // namespace hornbeam::live
