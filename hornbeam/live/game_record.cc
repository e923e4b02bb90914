#include "hornbeam/live/game_record.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "hornbeam/base/check.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {

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
      finish(Ending::kResigned, other(*event.seat));
      break;
    case EventKind::kAbort:
      finish(Ending::kAborted, std::nullopt);
      break;
    case EventKind::kOfferRematch:
      if (!event.seat) fail(event, "it names no seat");
      offers_[index_of(*event.seat)] = true;
      break;
    case EventKind::kRematch:
      apply_rematch(event);
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
  seed_ = spec->seed;
  position_ = kind_->start();
}

void GameRecord::apply_join(const Event& event) {
  auto occupant = Occupant::parse(event.detail);
  if (!event.seat || !occupant) fail(event, "it names no seat, or nobody to sit there");
  if (occupants_[index_of(*event.seat)]) fail(event, "the seat is taken");
  occupants_[index_of(*event.seat)] = std::move(occupant);
  if (!free_seat() && phase_ == Phase::kWaiting) phase_ = Phase::kPlaying;
}

void GameRecord::apply_move(const Event& event) {
  if (!event.seat || phase_ != Phase::kPlaying) fail(event, "nobody can move now");
  auto step = position_->play(*event.seat, event.detail);
  if (!step) fail(event, step.error().message);
  position_ = std::move(step->position);
  const Outcome outcome = position_->outcome();
  if (outcome.is_over()) finish(Ending::kPlayed, outcome.winner());
}

void GameRecord::apply_rematch(const Event& event) {
  GameId next = 0;
  const char* const end = event.detail.data() + event.detail.size();
  if (std::from_chars(event.detail.data(), end, next).ptr != end)
    fail(event, "its detail is no game");
  rematch_ = next;
}

void GameRecord::finish(Ending ending, std::optional<Seat> winner) {
  phase_ = Phase::kOver;
  ending_ = ending;
  winner_ = winner;
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
  auto step = position_->play(*command.seat, command.detail);
  if (!step) return std::unexpected(std::move(step).error());
  event.detail = std::move(step->move);
  return Planned{std::move(event), step->position->outcome().is_over()};
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

std::optional<Command> GameRecord::bot_command() const {
  const auto seat = to_move();
  if (!seat || !occupants_[index_of(*seat)]->is_bot()) return std::nullopt;
  const BotLevel level = *occupants_[index_of(*seat)]->level;
  return Command{.kind = EventKind::kMove,
                 .seat = seat,
                 .command_id = {},
                 .detail = position_->choose_move(level, seed_ + events_.size()),
                 .seen = std::nullopt};
}

std::optional<Seat> GameRecord::to_move() const {
  return phase_ == Phase::kPlaying ? position_->to_move() : std::nullopt;
}

std::optional<Seat> GameRecord::free_seat() const noexcept {
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (!occupants_[index_of(seat)]) return seat;
  }
  return std::nullopt;
}

std::optional<Seat> GameRecord::find_seat(std::string_view token) const {
  const std::string hash = hash_seat_token(token);
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

std::size_t GameRecord::move_count() const noexcept {
  return static_cast<std::size_t>(std::ranges::count(events_, EventKind::kMove, &Event::kind));
}

}  // namespace hornbeam::live
