#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hornbeam/live/clock.h"
#include "hornbeam/live/player.h"
#include "hornbeam/live/rules.h"

namespace hornbeam::live {

/// The number of a game, from 100 upward.
using GameId = std::int64_t;
/// The number of an event within its game, from 0, without gaps.
using Seq = std::int64_t;
/// Wall time as events keep it.
using EventTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// What can happen in a game. The names in the log are those of `to_string`; they never change.
enum class EventKind : std::uint8_t {
  kCreate,        ///< Always event 0. Detail: `GameSpec`.
  kJoin,          ///< A seat is taken. Detail: `Occupant`.
  kMove,          ///< Detail: the move, in the spelling of the rules.
  kResign,        ///< `seat` gives up; the other wins.
  kAbort,         ///< Over without a result; `seat` is who asked, none if the server did.
  kOfferRematch,  ///< `seat` would play again.
  kRematch,       ///< Both would. Detail: the number of the new game.
  kOfferDraw,     ///< `seat` would call it a draw.
  kDeclineDraw,   ///< `seat` would rather not.
  kDraw,          ///< `seat` has accepted: the game ends and nobody wins.
  kOfferUndo,     ///< `seat` would take its last move back.
  kDeclineUndo,   ///< `seat` lets it stand.
  kUndo,          ///< `seat` has accepted. Detail: how many moves are taken back.
  kFlag,          ///< `seat` has run out of time; the other wins.
  kExcuse,        ///< The server was away. Detail: until when, and how long does not count.
};

/// The name in the database, such as "move".
std::string_view to_string(EventKind kind) noexcept;
/// The kind of that name; nothing for another.
std::optional<EventKind> event_kind_from(std::string_view name) noexcept;

/// One line of a game's log: a fact, once stored, for good.
struct Event {
  Seq seq = 0;                          ///< Its place in the game's log, from 0 without gaps.
  EventKind kind = EventKind::kCreate;  ///< What happened.
  std::optional<Seat> seat;             ///< Whose doing it was.
  std::string
      command_id;  ///< The client's own name for the command, to recognise it when it comes twice.
  std::string detail;  ///< See `EventKind`.
  EventTime at{};      ///< When it was stored.
  /// Of a move: how much of its time the mover's clock does not count, for the lag of their
  /// network.
  std::chrono::milliseconds credit{0};

  friend bool operator==(const Event&, const Event&) = default;
};

/// The detail of `kCreate`: "<game> <version> <seed>" and what else was agreed on, a word each,
/// such as "tic-tac-toe 1 8172 open rated rating=1512".
struct GameSpec {
  std::string game;  ///< The name of the game's kind.
  int version = 0;   ///< Of the rules, so that old games are replayed by the rules they began with.
  std::uint64_t seed = 0;          ///< What the computer's choices come from.
  bool is_open = false;            ///< Listed for anyone to join, until somebody has.
  bool is_rated = false;           ///< Counts for the ratings of its players, if both are known.
  std::optional<int> rating = {};  ///< Of its creator when it was listed.
  std::optional<ClockSpec> clock = {};  ///< Nothing where time does not matter.
  /// Of the invitation that a private game is entered with; empty for one that anybody may enter.
  std::string invitation_hash = {};

  /// As the detail of an event.
  std::string encode() const;
  /// Reads what `encode` wrote; nothing for another text.
  static std::optional<GameSpec> parse(std::string_view text);
};

/// The detail of `kJoin`: "token <hash>" for a person, with " player <number>" if they are known;
/// "bot <level>" for the computer.
struct Occupant {
  std::string token_hash;         ///< Of a person's seat token; the token itself is never stored.
  std::optional<BotLevel> level;  ///< Of the computer.
  std::optional<PlayerId> player = {};  ///< Who they are beyond this game.

  /// Whether the computer sits there.
  bool is_bot() const noexcept { return level.has_value(); }
  /// As the detail of an event.
  std::string encode() const;
  /// Reads what `encode` wrote; nothing for another text.
  static std::optional<Occupant> parse(std::string_view text);
};

/// The hash of the token of whoever began a game with these events; empty if nobody did.
std::string creators_token(std::span<const Event> events);

/// The name in the protocol, such as "perfect".
std::string_view to_string(BotLevel level) noexcept;
/// The level of that name; nothing for another.
std::optional<BotLevel> bot_level_from(std::string_view name) noexcept;

}  // namespace hornbeam::live
