#pragma once

// GameRecord: a game as the fold of its events. The one place that knows what an event means and
// which event may come next; it neither waits nor stores nor sends.
//
//   GameRecord game(100, games);
//   for (Event& event : log) game.apply(std::move(event));
//   auto planned = game.plan(Command{.kind = kMove, .seat = Seat::kFirst, .detail = "1,1"}, now);
//   // ... store *planned, and once it is stored: game.apply(planned->event);

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/live/event.h"
#include "hornbeam/live/game_kind.h"

namespace hornbeam::live {

/// What a client, the computer or the sweeper wants to happen.
struct Command {
  EventKind kind = EventKind::kMove;  ///< The event it would become.
  std::optional<Seat> seat;           ///< Whose it is; nobody's if the sweeper's.
  std::string command_id;             ///< The client's own name for it; empty if it gives none.
  std::string detail;                 ///< As `Event::detail`.
  /// The last event its sender had seen, if it said so; a command on an older one is refused as
  /// "stale".
  std::optional<Seq> seen;
  /// How long its sender's messages are under way, as far as that is known.
  std::chrono::milliseconds lag{0};
};

/// The event that a command becomes if it is stored next.
struct Planned {
  Event event;             ///< To be stored next.
  bool ends_game = false;  ///< Whether the game is over with it.
};

/// A move that the computer has to find: all that it takes, whatever becomes of the game meanwhile.
struct BotTurn {
  std::shared_ptr<const Position> position;  ///< Where it is to move.
  Seat seat = Seat::kFirst;                  ///< The computer's.
  BotLevel level = BotLevel::kEasy;          ///< How hard it plays.
  std::uint64_t seed = 0;                    ///< What decides among equals.
  Seq seen = 0;                              ///< The last event that the position knows of.

  /// The command of its choice: "stale" once the game has gone on. Takes as long as the game's bot
  /// takes, a few milliseconds. Pure. Thread: any.
  Command think() const;
};

/// Thrown by `GameRecord::apply`: the log holds what the rules do not allow, or unknown rules.
class BrokenLog : public std::runtime_error {
  using runtime_error::runtime_error;
};

struct SeatToken;

/// A game as its events tell it: replayed from the log, it is the same in every process.
class GameRecord {
 public:
  /// How far the game has come.
  enum class Phase : std::uint8_t { kWaiting, kPlaying, kOver };
  /// How a game ended: by its rules, by one who gave up, because it was left, in a draw that both
  /// wanted, or by one who ran out of time.
  enum class Ending : std::uint8_t { kPlayed, kResigned, kAborted, kAgreed, kFlagged };

  /// Lifetime: `games` outlives the record.
  GameRecord(GameId id, const GameCatalog& games) : id_(id), games_(&games) {}

  /// Takes the next event of the log. Requires: `event.seq == next_seq()`. Throws: `BrokenLog`.
  void apply(Event event);

  /// The event that would carry `command` out, or why it cannot be: "not_your_turn",
  /// "illegal_move", "game_over", "full" or "stale".
  base::Result<Planned> plan(const Command& command, EventTime now) const;

  /// The computer's answer to an offer, if it is asked: it plays on rather than draw, and lets
  /// every move be taken back.
  std::optional<Command> bot_answer() const;
  /// The computer's move, if it is to move; nothing while it has to answer first.
  std::optional<BotTurn> bot_turn() const;

  /// The game's number.
  GameId id() const noexcept { return id_; }
  /// Its rules.
  const GameKind& kind() const noexcept { return *kind_; }
  /// What was agreed on when it was begun.
  const GameSpec& spec() const noexcept { return spec_; }
  /// Whether it is listed for anyone to join.
  bool is_open() const noexcept { return spec_.is_open; }
  /// Whether only those who are invited may enter.
  bool is_private() const noexcept { return !spec_.invitation_hash.empty(); }
  /// Whether anybody may enter, or `invitation` is one to this game.
  bool is_invited(std::string_view invitation) const;
  /// Whether it counts for ratings: it was to, and two known players have its seats.
  bool is_rated() const noexcept;
  /// The board as it is.
  const Position& position() const noexcept { return *position_; }
  /// How far the game has come.
  Phase phase() const noexcept { return phase_; }
  /// All of them, from the first.
  const std::vector<Event>& events() const noexcept { return events_; }
  /// The number of the event to come.
  Seq next_seq() const noexcept { return static_cast<Seq>(events_.size()); }
  /// The number of the last event. Requires: there is one.
  Seq last_seq() const noexcept { return next_seq() - 1; }

  /// How much time the players have left; nothing where time does not matter.
  const std::optional<Clock>& clock() const noexcept { return clock_; }
  /// Until when the server's being away has been made up for.
  EventTime excused_until() const noexcept { return excused_until_; }

  /// Who is to move; nobody unless both seats are taken and the game goes on.
  std::optional<Seat> to_move() const;
  /// How it ended. Requires: it is over.
  Ending ending() const noexcept { return ending_; }
  /// Who has won; nobody in a draw, an aborted game and one that goes on.
  std::optional<Seat> winner() const noexcept { return winner_; }

  /// Who sits there; nothing if the seat is free.
  const std::optional<Occupant>& occupant(Seat seat) const noexcept {
    return occupants_[index_of(seat)];
  }
  /// A seat that can be taken; nothing if there is none.
  std::optional<Seat> free_seat() const noexcept;
  /// The seat that `token` opens.
  std::optional<Seat> find_seat(std::string_view token) const;
  /// The same, of a token whose hash is known.
  std::optional<Seat> find_seat(const SeatToken& token) const;
  /// What the game calls the seat.
  std::string_view name_of(Seat seat) const noexcept { return kind_->seat_names[index_of(seat)]; }

  /// The event that this command of this seat became, when it came before.
  const Event* find_command(Seat seat, std::string_view command_id) const noexcept;
  /// Whether the seat has asked for another game.
  bool has_offered_rematch(Seat seat) const noexcept { return offers_[index_of(seat)]; }
  /// True once everyone who has to has offered a rematch, until it is linked; the computer never
  /// minds.
  bool wants_rematch() const noexcept;
  /// The game that follows this one.
  std::optional<GameId> rematch() const noexcept { return rematch_; }
  /// The moves that stand, in order: those taken back are left out. Lifetime: this record's, until
  /// the next event.
  std::vector<const Event*> standing_moves() const;
  /// How many moves stand: those taken back do not count.
  std::size_t move_count() const noexcept { return moves_.size(); }
  /// Who has offered a draw that waits for its answer.
  std::optional<Seat> draw_offer() const noexcept { return draw_.by; }
  /// Who has asked to take a move back, and waits for the answer.
  std::optional<Seat> undo_offer() const noexcept { return undo_.by; }

 private:
  /// An offer of one kind, until it is answered or the next move is made. Who was refused asks
  /// again only after that move.
  struct Offer {
    std::optional<Seat> by;
    std::array<bool, 2> has_asked{};
  };

  void apply_create(const Event& event);
  void apply_join(const Event& event);
  void apply_move(const Event& event);
  void apply_rematch(const Event& event);
  void apply_offer(const Event& event);
  void apply_undo(const Event& event);
  void apply_excuse(const Event& event);
  void finish(Ending ending, std::optional<Seat> winner, EventTime at);

  base::Result<Planned> plan_move(const Command& command, Event event) const;
  base::Result<Planned> plan_join(const Command& command, Event event) const;
  base::Result<Planned> plan_end(const Command& command, Event event) const;
  base::Result<Planned> plan_rematch(const Command& command, Event event) const;
  base::Result<Planned> plan_offer(const Command& command, Event event) const;
  base::Result<Planned> plan_answer(const Command& command, Event event) const;
  base::Result<Planned> plan_flag(Event event) const;
  bool is_flagged(Seat seat, const Event& move) const;
  base::Result<Planned> accept(Event event) const;
  std::optional<Seat> find_seat_of(std::string_view hash) const;
  const Offer& offer_of(EventKind kind) const noexcept;
  std::size_t moves_to_take_back(Seat seat) const noexcept;

  [[noreturn]] void fail(const Event& event, std::string_view why) const;

  GameId id_;
  const GameCatalog* games_;
  const GameKind* kind_ = nullptr;
  GameSpec spec_;
  std::shared_ptr<const Position> position_;  // Shared with who thinks about it.
  std::array<std::optional<Occupant>, 2> occupants_;
  std::array<bool, 2> offers_{};
  Phase phase_ = Phase::kWaiting;
  Ending ending_ = Ending::kPlayed;
  std::optional<Seat> winner_;
  std::optional<GameId> rematch_;
  std::optional<Clock> clock_;
  EventTime excused_until_{};
  Offer draw_;
  Offer undo_;
  std::vector<Event> events_;
  std::vector<Seq> moves_;  // The events of the moves that stand.
};

}  // namespace hornbeam::live
