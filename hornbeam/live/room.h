#pragma once

// Room: one game in memory, and who is there. A view of the game's log: its cursor is the last
// event it has applied, it can be dropped at any time, and two processes may each have one.
//
// Every member but `mutex` and `last_seq` is used with the lock held.

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/live/client.h"
#include "hornbeam/live/credits.h"
#include "hornbeam/live/game_log.h"
#include "hornbeam/live/game_record.h"
#include "hornbeam/live/internal/async_mutex.h"
#include "hornbeam/live/server_message.h"

namespace hornbeam::live {

/// Someone connected to a game.
struct Member {
  std::shared_ptr<Client> client;  ///< Where its messages go.
  Audience audience;               ///< Whom it is here as.
  /// Given out with the next "paired": set for one who sits down with the event to come.
  std::string new_token;
};

/// The number of no event: the computer thinks about nothing.
inline constexpr Seq kNoThought = -1;

/// A game in memory and everyone connected to it. Lock `mutex` before anything else but the cursor.
class Room {
 public:
  /// A room without members, for a game replayed from its log.
  explicit Room(GameRecord record) : record_(std::move(record)), last_seq_(record_.last_seq()) {
    note_flag();
  }

  /// Held for a whole command: from looking at the record to telling everyone what came of it.
  internal::AsyncMutex mutex;

  /// The game as it stands.
  const GameRecord& record() const noexcept { return record_; }

  /// Applies a stored event and tells everyone who is there. Requires: it is the next one.
  void deliver(Event event);

  /// Keeps what others see of the player in a seat.
  void introduce(Seat seat, PlayerCard card) { cards_[index_of(seat)] = std::move(card); }
  /// Who plays, as far as they are known.
  const PlayerCards& cards() const noexcept { return cards_; }
  /// Tells everyone who plays, and what the game has done to their ratings.
  void tell_players();
  /// Whether the game of a known player has ended here and is still to be counted.
  bool owes_counting() const noexcept { return owes_counting_; }
  /// It has been counted.
  void is_counted() noexcept { owes_counting_ = false; }

  /// Tells everyone what was said. Requires: `lines` follow `last_chat()`.
  void deliver_chat(const std::vector<ChatLine>& lines);
  /// What was said last, for one who comes in.
  const std::vector<ChatLine>& chat() const noexcept { return chat_; }
  /// The number of the last line that the room knows.
  std::int64_t last_chat() const noexcept { return chat_.empty() ? 0 : chat_.back().number; }

  /// Lets someone in. Who held the same seat on another connection is closed with `kSeatTakenOver`.
  void enter(Member member);
  /// Lets someone out; false if they were not in.
  bool leave(const Client& client);
  /// What the client is here as, or null.
  Member* find(const Client& client) noexcept;
  /// Who is connected now.
  Presence presence() const;
  /// Tells everyone who is there, unless there are so many that it has to wait for
  /// `flush_presence`.
  void announce_presence();
  /// Tells everyone of those who came and went, if that is still owed.
  void flush_presence();
  /// Notes whether an event of the game still has to be settled.
  void owe_settling(bool owes) noexcept { owes_settling_ = owes; }

  /// Notes that the computer thinks about the position after that event; false if it does already.
  /// Thread: any, without the lock.
  bool begin_thinking(Seq after) noexcept { return thinks_after_.exchange(after) != after; }

  /// Takes `cost` from what the player of `seat` may still ask for, on whichever connection: false
  /// if there is not enough. Nothing is taken from anybody where `options` set no limit.
  bool spend(Seat seat, int cost, CreditOptions options, EventTime now);

  /// The cursor. Thread: any, without the lock.
  Seq last_seq() const noexcept { return last_seq_.load(std::memory_order_relaxed); }
  /// When the time of the player to move is up; `kNoFlag` if no clock runs. Thread: any, without
  /// the lock.
  EventTime flag_at() const noexcept {
    return EventTime(std::chrono::milliseconds(flag_at_.load(std::memory_order_relaxed)));
  }
  /// What `flag_at` gives where no clock runs.
  static constexpr EventTime kNoFlag = EventTime::max();
  /// True if something is left to do that a poll makes up for: presence to be told, or a settling
  /// that failed. Thread: any, without the lock.
  bool needs_care() const noexcept { return owes_presence_ || owes_settling_; }

 private:
  void note_flag();
  void tell_turn(const Event& move);
  void tell_end();
  void tell_start();
  void tell_extended(const std::string& text);

  GameRecord record_;
  std::vector<Member> members_;
  std::vector<ChatLine> chat_;
  PlayerCards cards_;
  bool owes_counting_ = false;
  std::atomic<bool> owes_presence_{false};
  std::atomic<bool> owes_settling_{false};
  std::atomic<Seq> last_seq_;
  std::atomic<Seq> thinks_after_{kNoThought};
  std::array<std::optional<Credits>, 2> credits_;  // By seat, from its first message on.
  std::atomic<std::int64_t> flag_at_{kNoFlag.time_since_epoch().count()};
};

}  // namespace hornbeam::live
