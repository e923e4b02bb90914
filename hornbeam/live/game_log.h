#pragma once

// GameLog: where games are kept. The primary key (game, seq) is the fence that lets any process
// serve any game: of two that would write the same event number, one is told to read on first.

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/live/event.h"

namespace hornbeam::live {

/// The game that a new one follows, and the number of its event that will say so.
struct RematchOf {
  GameId game;  ///< The former game.
  Seq seq;      ///< Of the event in the former game that names the new one.
};

/// A game without an ending.
struct OpenGame {
  GameId game = 0;          ///< The game's number.
  Seq last_seq = 0;         ///< Of its last event.
  EventTime last_at{};      ///< When that event was stored.
  bool is_waiting = false;  ///< For its second player.
};

/// The last event of a game.
struct Head {
  GameId game = 0;   ///< The game's number.
  Seq last_seq = 0;  ///< Of its last event.
};

/// A game that waits for anyone to join.
struct ListedGame {
  GameId game = 0;                 ///< The game's number.
  GameSpec spec;                   ///< What is played, and how.
  Seat free_seat = Seat::kSecond;  ///< The seat to be had.
  EventTime at{};                  ///< Since when it waits.
};

/// A time in which nobody served games: every process was down, or frozen.
struct Outage {
  EventTime began{};  ///< When somebody was last seen serving.
  EventTime ended{};  ///< When somebody was again.
};

/// Nobody has served for longer than this: that is an outage.
inline constexpr std::chrono::seconds kOutageAfter{10};

/// Something that a player said. Kept beside the log: no move depends on it.
struct ChatLine {
  std::int64_t number = 0;   ///< Its place in the game's talk, from 1 without gaps.
  Seat seat = Seat::kFirst;  ///< Who said it.
  std::string text;          ///< In UTF-8.
  EventTime at{};            ///< When it was stored.
};

/// The first game of an empty log.
inline constexpr GameId kFirstGame = 100;
/// As much talk as one who comes in is told.
inline constexpr std::size_t kMostChatLines = 50;

/// A durable log of every game. What a task has returned survives the process; what throws has left
/// nothing behind. Thread: any.
class GameLog {
 public:
  GameLog() = default;
  GameLog(const GameLog&) = delete;
  GameLog& operator=(const GameLog&) = delete;
  virtual ~GameLog() = default;

  /// Stores a new game with its first events and gives its number: the highest so far plus one,
  /// from `kFirstGame`. With `rematch_of`, the link is written into the older game in the same
  /// step; nothing is stored and nothing returned if that event number is taken. Unless
  /// `is_token_new`, nothing is stored and nothing returned if the first token sits in a game that
  /// goes on.
  virtual base::Task<std::optional<GameId>> create(std::vector<Event> events,
                                                   std::optional<RematchOf> rematch_of,
                                                   bool is_token_new) = 0;

  /// Stores one event; false if the game has an event of that number. `ends_game` marks the last
  /// event of play. Lifetime: `event` until the task ends.
  virtual base::Task<bool> append(GameId game, const Event& event, bool ends_game) = 0;

  /// The events of a game from `first` on, in order; none for an unknown game.
  virtual base::Task<std::vector<Event>> read(GameId game, Seq first) = 0;

  /// The latest game that goes on in which the token with that hash opens a seat. A log that cannot
  /// tell finds none.
  virtual base::Task<std::optional<GameId>> seat_of(std::string token_hash) {
    static_cast<void>(token_hash);
    co_return std::nullopt;
  }

  /// The last event of each of `games` that is known.
  virtual base::Task<std::vector<Head>> heads(std::vector<GameId> games) = 0;

  /// Up to `limit` games that are not over and whose last event is older than `before`.
  virtual base::Task<std::vector<OpenGame>> open_games(EventTime before, std::size_t limit) = 0;

  /// Up to `limit` games of that kind that were begun to be listed and that nobody has joined, the
  /// oldest first; of any kind if `kind` is empty.
  virtual base::Task<std::vector<ListedGame>> listed_games(std::string kind, std::size_t limit) = 0;

  /// Keeps a game that was begun to be listed off the list while its creator is away, or puts it
  /// back; without effect once it is joined or over. A log may leave this out.
  virtual base::Task<void> set_listed(GameId game, bool is_listed) {
    static_cast<void>(game), static_cast<void>(is_listed);
    co_return;
  }

  /// Stores what a player said, under the next number. Requires: the game is there.
  virtual base::Task<void> say(GameId game, ChatLine line) = 0;

  /// What was said after the line `after`, in order: of a long talk the last `kMostChatLines`.
  virtual base::Task<std::vector<ChatLine>> chat(GameId game, std::int64_t after) = 0;

  /// Notes that this process serves games at `now`, so that the times in which none does can be
  /// told from those of a player who thinks; to be said every few seconds. Gives the outages that
  /// ended after `since`. A log that outlives no process knows of none.
  virtual base::Task<std::vector<Outage>> attend(EventTime now, EventTime since) {
    static_cast<void>(now), static_cast<void>(since);
    co_return std::vector<Outage>{};
  }

  /// Up to `limit` games with a clock that are not over, the oldest first. A log that outlives no
  /// process has none that nobody is in.
  virtual base::Task<std::vector<GameId>> clocked_games(std::size_t limit) {
    static_cast<void>(limit);
    co_return std::vector<GameId>{};
  }

  /// Puts up to `limit` games that ended before `before` where they take less room, and gives how
  /// many it put there itself. They are read as before; nothing is appended to them any more. A log
  /// that has no such place leaves them.
  virtual base::Task<std::size_t> archive(EventTime before, std::size_t limit, EventTime now) {
    static_cast<void>(before), static_cast<void>(limit), static_cast<void>(now);
    co_return 0;
  }
};

}  // namespace hornbeam::live
