#pragma once

// Lobby: every game of a process, and the one way in which a game changes:
//
//   a command -> has it been carried out before? -> the rules -> an event -> stored -> told to
//   everyone
//
// Nobody is told of an event before it is stored. An event whose number is taken in the log was
// overtaken by another process: the room reads on and the command is looked at again.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/base/thread_pool.h"
#include "hornbeam/live/credits.h"
#include "hornbeam/live/game_log.h"
#include "hornbeam/live/players.h"
#include "hornbeam/live/room.h"
#include "hornbeam/live/wakeups.h"

namespace hornbeam::live {

/// How a lobby treats its clients.
struct LobbyOptions {
  /// How many messages a connection may send, and a seat over all of its connections.
  CreditOptions credits;
  /// Threads on which the computer thinks. None: it thinks where its opponent's command is carried
  /// out, which holds up everything else there for a few milliseconds.
  std::size_t bot_threads = 0;
  /// Who is known and how well they play; null where everyone is a guest. Lifetime: outlives the
  /// lobby.
  Players* players = nullptr;
  /// The wall clock; tests set their own.
  std::function<EventTime()> now = [] {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  };
};

/// Who begins a new game.
struct NewGame {
  const GameKind* kind = nullptr;  ///< Which game. Requires: not null. Lifetime: the catalog's.
  Seat seat = Seat::kFirst;        ///< Of its creator.
  std::string token_hash;          ///< Of its creator's token.
  bool is_token_new = false;       ///< Nobody can have begun a game with it before.
  std::optional<BotLevel> bot;     ///< The computer's level, if it is the opponent.
  bool is_open = false;            ///< Listed for anyone to join.
  bool is_rated = false;           ///< Counts for ratings, if the other is known too.
  std::optional<PlayerId> player = {};  ///< Who its creator is.
  std::optional<int> rating = {};       ///< Its creator's, for those who see it listed.
  std::optional<ClockSpec> clock = {};  ///< Nothing where time does not matter.
  std::string invitation_hash = {};     ///< Of a private game.
};

/// What became of a command.
struct Stored {
  Event event;             ///< What it became.
  bool is_repeat = false;  ///< It was carried out before: `event` is what it became then.
};

/// Thread: any; work for a room is done one command at a time.
class Lobby {
 public:
  /// Lifetime: `log`, `games` and `wakeups` outlive the lobby.
  Lobby(GameLog& log, const GameCatalog& games, Wakeups& wakeups, LobbyOptions options = {});
  /// Waits for the computer to end the thought at hand; what else it was to think of is left to
  /// whoever opens the games next.
  ~Lobby();
  Lobby(const Lobby&) = delete;
  Lobby& operator=(const Lobby&) = delete;

  /// The games on offer.
  const GameCatalog& games() const noexcept { return games_; }
  /// As they were given.
  const LobbyOptions& options() const noexcept { return options_; }
  /// The time by the lobby's clock.
  EventTime now() const { return options_.now(); }

  /// Stores a new game and opens its room; opens that of the game that goes on with its token, if
  /// there is one.
  base::Task<std::shared_ptr<Room>> create(NewGame game);
  /// The room of a game; null if there is no such game.
  base::Task<std::shared_ptr<Room>> find(GameId id);
  /// The latest game that goes on in which the token with that hash opens a seat.
  base::Task<std::optional<GameId>> seat_of(std::string token_hash);
  /// Keeps a listed game off the list while its creator is away, or puts it back. Requires: the
  /// room's lock is held.
  base::Task<void> set_listed(Room& room, bool is_listed);
  /// The player whose key has that hash, made known if need be; nobody where everyone is a guest.
  base::Task<std::optional<PlayerId>> know(std::string key_hash);
  /// A player's rating at a game, or what a stranger is taken for.
  base::Task<int> rating_of(std::optional<PlayerId> player, std::string_view kind);
  /// Gives a room back: it is forgotten if nobody else uses it.
  void release(std::shared_ptr<Room> room);

  /// Stores what `command` asks for. Nobody is told yet: `tell` does that.
  /// Requires: the room's lock is held.
  base::Task<base::Result<Stored>> store(Room& room, const Command& command);
  /// Delivers a stored event, wakes the other processes, and settles what follows from it.
  /// Requires: the room's lock is held.
  base::Task<void> tell(Room& room, Event event);
  /// Does what a game now asks of the server: the computer's move, the rematch that both want.
  /// Requires: the room's lock is held.
  base::Task<void> settle(Room& room);
  /// Delivers what the log has beyond the room's cursor. Requires: the room's lock is held.
  base::Task<void> catch_up(Room& room);

  /// Stores what the player in `seat` says, and tells everyone. Requires: the room's lock is held.
  base::Task<void> say(Room& room, Seat seat, std::string text);
  /// The oldest listed games that wait for anyone, of that kind; of any kind if `kind` is empty.
  base::Task<std::vector<ListedGame>> listed(std::string kind);

  /// Brings one room forward, if it is in memory: what a wake-up asks for.
  base::Task<void> follow(GameId game);
  /// Brings every room forward that the log is ahead of: what makes up for lost wake-ups.
  base::Task<void> follow_all();

  /// Says that games are served, so that no clock counts the times in which they are not. To be
  /// called every few seconds.
  base::Task<void> attend();
  /// Gives back to the player to move what the server was away for, unless it has been. Requires:
  /// the room's lock is held.
  base::Task<void> excuse(Room& room);
  /// When the next of the clocks in memory runs out; nothing if none runs.
  std::optional<EventTime> next_flag() const;
  /// Ends the games in memory whose time is up.
  base::Task<void> flag_due();
  /// Ends the games that nobody is in and whose time is up.
  base::Task<void> flag_left();

  /// Rooms in memory.
  std::size_t room_count() const;

 private:
  base::Task<void> deliver(Room& room, Event event);
  base::Task<void> introduce(Room& room, Seat seat, const Occupant& occupant);
  base::Task<void> count(Room& room);
  base::Task<void> flag(std::shared_ptr<Room> room);
  base::Task<void> read_chat(Room& room);
  base::Task<void> play_bot(Room& room);
  base::Task<bool> store_for_bot(Room& room, const Command& command);
  void think(std::shared_ptr<Room> room, BotTurn turn);
  base::Task<void> carry_out(std::shared_ptr<Room> room, Command thought);
  base::Task<void> begin_rematch(Room& room);
  base::Task<void> look_after(std::shared_ptr<Room> room);
  base::Task<void> follow_batch(std::span<std::shared_ptr<Room>> rooms);
  std::shared_ptr<Room> cached(GameId id) const;
  std::shared_ptr<Room> keep(GameId id, std::vector<Event> events);
  std::vector<std::shared_ptr<Room>> all_rooms() const;

  GameLog& log_;
  const GameCatalog& games_;
  Wakeups& wakeups_;
  const LobbyOptions options_;
  std::atomic<std::int64_t> attended_at_{0};  // Milliseconds.
  mutable std::mutex mutex_;
  std::unordered_map<GameId, std::shared_ptr<Room>> rooms_;  // Guarded by mutex_.
  std::atomic<bool> is_ending_{false};
  std::unique_ptr<base::ThreadPool> bots_;  // Last: its threads use the others. May be null.
};

}  // namespace hornbeam::live
