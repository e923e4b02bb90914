#include "hornbeam/live/game_record.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "hornbeam/base/check.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

/// A game with fewer moves has not begun in earnest: one of its players may not even be there.
constexpr std::size_t kMovesToBegin = 2;
/// Room for the events of a short game.
constexpr std::size_t kFewEvents = 8;

}  // namespace

void GameRecord::fail(const Event& event, std::string_view why) const {
  throw BrokenLog(
      fmt::format("game {}, event {} ({}): {}", id_, event.seq, to_string(event.kind), why));
}

void GameRecord::apply(Event event) {
  base::check(event.seq == next_seq(), "events are applied in order, without gaps");
  if ((event.kind == EventKind::kCreate) != (event.seq == 0)) {
    fail(event, "a log begins with its one create event");
  }
  switch (event.kind) {
    case EventKind::kCreate:
      apply_create(event);
      break;
    case EventKind::kJoin:
      apply_join(event);
      break;
    case EventKind::kMove:
      apply_move(event);
      break;
    case EventKind::kResign:
      if (!event.seat) fail(event, "it names no seat");
      finish(Ending::kResigned, other(*event.seat), event.at);
      break;
    case EventKind::kFlag:
      if (!event.seat || phase_ != Phase::kPlaying) fail(event, "nobody's time can be up now");
      finish(Ending::kFlagged, other(*event.seat), event.at);
      break;
    case EventKind::kExcuse:
      apply_excuse(event);
      break;
    case EventKind::kAbort:
      finish(Ending::kAborted, std::nullopt, event.at);
      break;
    case EventKind::kOfferRematch:
      if (!event.seat) fail(event, "it names no seat");
      offers_[index_of(*event.seat)] = true;
      break;
    case EventKind::kRematch:
      apply_rematch(event);
      break;
    case EventKind::kDraw:
      finish(Ending::kAgreed, std::nullopt, event.at);
      break;
    case EventKind::kUndo:
      apply_undo(event);
      break;
    case EventKind::kOfferDraw:
    case EventKind::kOfferUndo:
    case EventKind::kDeclineDraw:
    case EventKind::kDeclineUndo:
      apply_offer(event);
      break;
  }
  events_.push_back(std::move(event));
}

void GameRecord::apply_create(const Event& event) {
  const auto spec = GameSpec::parse(event.detail);
  if (!spec) fail(event, "its detail is not \"game version seed\"");
  kind_ = games_->find(spec->game, spec->version);
  if (kind_ == nullptr) {
    fail(event,
         fmt::format("this program has no rules for {} version {}", spec->game, spec->version));
  }
  spec_ = *spec;
  position_ = kind_->start();
  events_.reserve(kFewEvents);
  if (spec_.clock) clock_.emplace(*spec_.clock);
}

void GameRecord::apply_join(const Event& event) {
  auto occupant = Occupant::parse(event.detail);
  if (!event.seat || !occupant) fail(event, "it names no seat, or nobody to sit there");
  if (occupants_[index_of(*event.seat)]) fail(event, "the seat is taken");
  occupants_[index_of(*event.seat)] = std::move(occupant);
  if (free_seat() || phase_ != Phase::kWaiting) return;
  phase_ = Phase::kPlaying;
  if (clock_) clock_->begin(position_->to_move().value_or(Seat::kFirst), event.at);
}

void GameRecord::apply_move(const Event& event) {
  if (!event.seat || phase_ != Phase::kPlaying) fail(event, "nobody can move now");
  auto step = position_->play(*event.seat, event.detail);
  if (!step) fail(event, step.error().message);
  position_ = std::move(step->position);
  moves_.push_back(event.seq);
  draw_ = undo_ = {};
  if (clock_) clock_->press(*event.seat, event.at, event.credit, position_->to_move());
  const Outcome outcome = position_->outcome();
  if (outcome.is_over()) finish(Ending::kPlayed, outcome.winner(), event.at);
}

void GameRecord::apply_rematch(const Event& event) {
  GameId next = 0;
  const char* const end = event.detail.data() + event.detail.size();
  if (std::from_chars(event.detail.data(), end, next).ptr != end)
    fail(event, "its detail is no game");
  rematch_ = next;
}

void GameRecord::apply_excuse(const Event& event) {
  std::int64_t until = 0;
  std::int64_t away = 0;
  const char* const end = event.detail.data() + event.detail.size();
  const auto first = std::from_chars(event.detail.data(), end, until);
  if (first.ptr == end || std::from_chars(first.ptr + 1, end, away).ptr != end || !clock_) {
    fail(event, "its detail is not \"until length\", or no clock is in the game");
  }
  clock_->excuse(std::chrono::milliseconds(away));
  excused_until_ = EventTime(std::chrono::milliseconds(until));
}

void GameRecord::finish(Ending ending, std::optional<Seat> winner, EventTime at) {
  if (clock_) clock_->stop(at);
  phase_ = Phase::kOver;
  ending_ = ending;
  winner_ = winner;
  draw_ = undo_ = {};
}

void GameRecord::apply_offer(const Event& event) {
  if (!event.seat || phase_ != Phase::kPlaying) fail(event, "nobody can offer or decline now");
  const bool is_draw = event.kind == EventKind::kOfferDraw || event.kind == EventKind::kDeclineDraw;
  const bool is_made = event.kind == EventKind::kOfferDraw || event.kind == EventKind::kOfferUndo;
  Offer& offer = is_draw ? draw_ : undo_;
  offer.by = is_made ? event.seat : std::nullopt;
  if (is_made) offer.has_asked[index_of(*event.seat)] = true;
}

void GameRecord::apply_undo(const Event& event) {
  std::size_t count = 0;
  const char* const end = event.detail.data() + event.detail.size();
  const bool is_number = std::from_chars(event.detail.data(), end, count).ptr == end;
  if (!is_number || count == 0 || count > moves_.size() || phase_ != Phase::kPlaying) {
    fail(event, "that many moves cannot be taken back");
  }
  moves_.resize(moves_.size() - count);
  // Rules know no way back: the moves that stand are played again.
  position_ = kind_->start();
  for (const Seq seq : moves_) {
    const Event& move = events_[static_cast<std::size_t>(seq)];
    position_ = position_->play(*move.seat, move.detail).value().position;
  }
  draw_ = undo_ = {};
  if (clock_) clock_->turn_to(position_->to_move(), event.at);
}

base::Result<Planned> GameRecord::plan(const Command& command, EventTime now) const {
  Event event{next_seq(), command.kind, command.seat, command.command_id, command.detail, now};
  switch (command.kind) {
    case EventKind::kMove:
      return plan_move(command, std::move(event));
    case EventKind::kJoin:
      return plan_join(command, std::move(event));
    case EventKind::kResign:
    case EventKind::kAbort:
      return plan_end(command, std::move(event));
    case EventKind::kOfferRematch:
      return plan_rematch(command, std::move(event));
    case EventKind::kOfferDraw:
    case EventKind::kOfferUndo:
      return plan_offer(command, std::move(event));
    case EventKind::kDraw:
    case EventKind::kUndo:
    case EventKind::kDeclineDraw:
    case EventKind::kDeclineUndo:
      return plan_answer(command, std::move(event));
    case EventKind::kFlag:
      return plan_flag(std::move(event));
    case EventKind::kExcuse:
      if (phase_ != Phase::kPlaying) return base::error("game_over", "The game is over.");
      return Planned{std::move(event)};
    case EventKind::kCreate:
    case EventKind::kRematch:
      break;
  }
  base::check(false, "a game is created, and linked to the next one, by the lobby");
  return {};
}

base::Result<Planned> GameRecord::plan_move(const Command& command, Event event) const {
  if (phase_ == Phase::kWaiting) {
    return base::error("not_your_turn", "Nobody has joined yet: share the number of the game.");
  }
  if (phase_ == Phase::kOver) {
    return base::error("game_over", "The game is over: start a new one.");
  }
  if (command.seen && *command.seen != last_seq()) {
    return base::error("stale", "The game has gone on since: look at the board again.");
  }
  if (clock_ && clock_->running() == command.seat) {
    event.credit =
        std::clamp(command.lag, std::chrono::milliseconds(0), clock_->credit_left(*command.seat));
    if (is_flagged(*command.seat, event)) {
      // It came too late: that is what is stored.
      event.kind = EventKind::kFlag;
      event.detail.clear();
      return Planned{std::move(event), true};
    }
  }
  auto step = position_->play(*command.seat, command.detail);
  if (!step) return std::unexpected(std::move(step).error());
  event.detail = std::move(step->move);
  return Planned{std::move(event), step->position->outcome().is_over()};
}

/// Whether the time of `seat` is up with `move`, less its credit.
bool GameRecord::is_flagged(Seat seat, const Event& move) const {
  return clock_->left(seat, move.at - move.credit).count() == 0;
}

base::Result<Planned> GameRecord::plan_flag(Event event) const {
  if (phase_ == Phase::kOver) return base::error("game_over", "The game is over already.");
  const auto due = clock_ ? clock_->flag_at() : std::nullopt;
  if (!due) return base::error("not_your_turn", "No clock is running.");
  if (event.at < *due) {
    return base::error("not_your_turn",
                       fmt::format("There are {} ms left.", (*due - event.at).count()));
  }
  event.seat = clock_->running();
  event.command_id.clear();
  event.detail.clear();
  return Planned{std::move(event), true};
}

base::Result<Planned> GameRecord::plan_join(const Command& command, Event event) const {
  if (phase_ == Phase::kOver) return base::error("game_over", "The game is over: start a new one.");
  const auto seat = command.seat ? command.seat : free_seat();
  if (!seat || occupants_[index_of(*seat)]) {
    return base::error("full", fmt::format("Game {} has its two players: you may watch it.", id_));
  }
  event.seat = seat;
  return Planned{std::move(event)};
}

base::Result<Planned> GameRecord::plan_end(const Command& command, Event event) const {
  if (phase_ == Phase::kOver) return base::error("game_over", "The game is over already.");
  if (command.kind == EventKind::kResign && phase_ == Phase::kWaiting) {
    return base::error("not_your_turn", "Nobody has joined yet: abort the game instead.");
  }
  const bool is_begun = moves_.size() >= kMovesToBegin;
  if (command.kind == EventKind::kAbort && command.seat && is_rated() && is_begun) {
    return base::error("not_your_turn", "A rated game that has begun is resigned, not aborted.");
  }
  return Planned{std::move(event), true};
}

base::Result<Planned> GameRecord::plan_rematch(const Command& command, Event event) const {
  if (phase_ != Phase::kOver) {
    return base::error("not_your_turn",
                       "The game goes on: a rematch can be offered when it is over.");
  }
  if (rematch_) return base::error("game_over", fmt::format("Game {} is the rematch.", *rematch_));
  if (free_seat()) return base::error("game_over", "Nobody has played this game: start a new one.");
  if (offers_[index_of(*command.seat)]) {
    return base::error("not_your_turn", "You have offered a rematch: wait for the other player.");
  }
  return Planned{std::move(event)};
}

const GameRecord::Offer& GameRecord::offer_of(EventKind kind) const noexcept {
  const bool is_undo =
      kind == EventKind::kOfferUndo || kind == EventKind::kDeclineUndo || kind == EventKind::kUndo;
  return is_undo ? undo_ : draw_;
}

base::Result<Planned> GameRecord::plan_offer(const Command& command, Event event) const {
  if (phase_ == Phase::kOver) return base::error("game_over", "The game is over: start a new one.");
  if (phase_ == Phase::kWaiting) {
    return base::error("not_your_turn", "Nobody has joined yet: there is nobody to ask.");
  }
  const bool is_undo = command.kind == EventKind::kOfferUndo;
  const Offer& offer = offer_of(command.kind);
  event.detail.clear();
  // Both have asked for the same: that is an agreement.
  if (!is_undo && offer.by == other(*command.seat)) {
    event.kind = EventKind::kDraw;
    return accept(std::move(event));
  }
  if (offer.has_asked[index_of(*command.seat)] || offer.by) {
    return base::error("not_your_turn",
                       "That was asked already: it can be asked again after the next move.");
  }
  if (is_undo && kind_->has_secrets) {
    return base::error("illegal_move", "What was seen stays seen: no move is taken back here.");
  }
  if (is_undo && moves_to_take_back(*command.seat) == 0) {
    return base::error("not_your_turn", "You have made no move that could be taken back.");
  }
  return Planned{std::move(event)};
}

base::Result<Planned> GameRecord::plan_answer(const Command& command, Event event) const {
  if (phase_ == Phase::kOver) return base::error("game_over", "The game is over: start a new one.");
  if (offer_of(command.kind).by != other(*command.seat)) {
    return base::error("not_your_turn", "There is no offer to answer: a move makes offers lapse.");
  }
  event.detail.clear();
  const bool declines =
      command.kind == EventKind::kDeclineDraw || command.kind == EventKind::kDeclineUndo;
  return declines ? Planned{std::move(event)} : accept(std::move(event));
}

/// What an accepted offer becomes.
base::Result<Planned> GameRecord::accept(Event event) const {
  if (event.kind == EventKind::kDraw) return Planned{std::move(event), true};
  event.detail = std::to_string(moves_to_take_back(*undo_.by));
  return Planned{std::move(event)};
}

/// The last move of `seat` and those made since; none if it has made no move.
std::size_t GameRecord::moves_to_take_back(Seat seat) const noexcept {
  for (std::size_t count = 1; count <= moves_.size(); ++count) {
    const auto seq = static_cast<std::size_t>(moves_[moves_.size() - count]);
    if (events_[seq].seat == seat) return count;
  }
  return 0;
}

std::optional<Command> GameRecord::bot_answer() const {
  const auto is_asked = [&](const Offer& offer) {
    return offer.by && occupants_[index_of(other(*offer.by))]->is_bot();
  };
  Command answer{.kind = EventKind::kDeclineDraw,
                 .seat = std::nullopt,
                 .command_id = {},
                 .detail = {},
                 .seen = std::nullopt};
  if (is_asked(draw_)) {
    answer.seat = other(*draw_.by);
    return answer;
  }
  if (!is_asked(undo_)) return std::nullopt;
  answer.kind = EventKind::kUndo;
  answer.seat = other(*undo_.by);
  return answer;
}

std::optional<BotTurn> GameRecord::bot_turn() const {
  const auto seat = to_move();
  if (!seat || !occupants_[index_of(*seat)]->is_bot() || bot_answer()) return std::nullopt;
  return BotTurn{.position = position_,
                 .seat = *seat,
                 .level = *occupants_[index_of(*seat)]->level,
                 .seed = spec_.seed + events_.size(),
                 .seen = last_seq()};
}

Command BotTurn::think() const {
  return Command{.kind = EventKind::kMove,
                 .seat = seat,
                 .command_id = {},
                 .detail = position->choose_move(level, seed),
                 .seen = seen};
}

std::optional<Seat> GameRecord::to_move() const {
  return phase_ == Phase::kPlaying ? position_->to_move() : std::nullopt;
}

bool GameRecord::is_invited(std::string_view invitation) const {
  return !is_private() || equal_hashes(spec_.invitation_hash, hash_seat_token(invitation));
}

bool GameRecord::is_rated() const noexcept {
  if (!spec_.is_rated || is_private() || free_seat()) return false;
  const auto& first = occupants_[0]->player;
  const auto& second = occupants_[1]->player;
  return first && second && *first != *second;
}

std::vector<const Event*> GameRecord::standing_moves() const {
  std::vector<const Event*> moves;
  for (const Seq seq : moves_) moves.push_back(&events_[static_cast<std::size_t>(seq)]);
  return moves;
}

std::optional<Seat> GameRecord::free_seat() const noexcept {
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (!occupants_[index_of(seat)]) return seat;
  }
  return std::nullopt;
}

std::optional<Seat> GameRecord::find_seat(std::string_view token) const {
  return find_seat_of(hash_seat_token(token));
}

std::optional<Seat> GameRecord::find_seat(const SeatToken& token) const {
  return find_seat_of(token.hash);
}

std::optional<Seat> GameRecord::find_seat_of(std::string_view hash) const {
  std::optional<Seat> found;
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    const auto& occupant = occupants_[index_of(seat)];
    if (occupant && !occupant->is_bot() && equal_hashes(occupant->token_hash, hash)) found = seat;
  }
  return found;
}

const Event* GameRecord::find_command(Seat seat, std::string_view command_id) const noexcept {
  if (command_id.empty()) return nullptr;
  const auto found = std::ranges::find_if(events_, [&](const Event& event) {
    return event.seat == seat && event.command_id == command_id;
  });
  return found == events_.end() ? nullptr : &*found;
}

bool GameRecord::wants_rematch() const noexcept {
  if (phase_ != Phase::kOver || rematch_ || free_seat()) return false;
  const auto agrees = [&](Seat seat) {
    return has_offered_rematch(seat) || occupants_[index_of(seat)]->is_bot();
  };
  return agrees(Seat::kFirst) && agrees(Seat::kSecond) && (offers_[0] || offers_[1]);
}

}  // namespace hornbeam::live
