#include "arena/load/load_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace arena {
namespace {

constexpr std::chrono::milliseconds kBusyPause{250};
constexpr std::chrono::milliseconds kRatePause{1000};
constexpr std::chrono::milliseconds kResyncPause{50};

}  // namespace

LoadTable::LoadTable(LoadTally& tally, LoadManners manners, std::uint64_t seed)
    : tally_(tally), manners_(manners), random_(seed) {}

void LoadTable::connected(std::size_t index, Time now) {
  Seat& seat = seats_[index];
  seat.is_connected = true;
  seat.due = now;
}

void LoadTable::disconnected(std::size_t index, Time now) {
  Seat& seat = seats_[index];
  // Without a token nobody can come back: whether the game began is not known, and it is given up.
  const bool may_have_begun = seat.awaits && seat.token.empty();
  seat.is_connected = seat.is_greeted = seat.awaits = false;
  if (!may_have_begun || stage_ == Stage::kDone) return;
  ++tally_.abandoned;
  begin_again(now);
}

std::optional<LoadTable::Time> LoadTable::sent_at(const Move& move) const {
  const auto found = sent_.find(move);
  return found == sent_.end() ? std::nullopt : std::optional(found->second);
}

bool LoadTable::has_waited_too_long(std::size_t index, Time now) const {
  const Seat& seat = seats_[index];
  return seat.is_connected && seat.awaits && now - seat.asked_at >= manners_.patience;
}

void LoadTable::finish(Time now) {
  is_last_ = true;
  stage_ =
      stage_ == Stage::kPlaying || stage_ == Stage::kComparing ? Stage::kComparing : Stage::kDone;
  seats_[0].due = std::min(seats_[0].due, now);
}

std::string LoadTable::ask(Seat& seat, std::string text, Time now) {
  seat.awaits = true;
  seat.asked_at = now;
  seat.due = now + manners_.patience;
  return text;
}

std::optional<std::string> LoadTable::next_to_say(std::size_t index, Time now) {
  Seat& seat = seats_[index];
  if (!seat.is_connected || seat.awaits || now < seat.due || stage_ == Stage::kDone) return {};
  if (stage_ == Stage::kComparing) {
    if (index != 0) return {};
    return ask(seat,
               fmt::format(R"({{"action":"hello","v":1,"game_id":{},"token":"{}","last_seq":-1}})",
                           game_, seat.token),
               now);
  }
  return seat.is_greeted ? say_move(seat, now) : say_on_arrival(index, now);
}

std::optional<std::string> LoadTable::say_on_arrival(std::size_t index, Time now) {
  Seat& seat = seats_[index];
  if (!seat.token.empty()) {
    return ask(seat,
               fmt::format(R"({{"action":"hello","v":1,"game_id":{},"token":"{}","last_seq":{}}})",
                           game_, seat.token, seat.seq),
               now);
  }
  if (index == 0 && stage_ == Stage::kBeginning) {
    return ask(seat, R"({"action":"new","v":1,"kind":"tic-tac-toe"})", now);
  }
  if (index == 1 && stage_ == Stage::kJoining) {
    return ask(seat, fmt::format(R"({{"action":"join","v":1,"game_id":{}}})", game_), now);
  }
  return {};
}

std::optional<std::string> LoadTable::say_move(Seat& seat, Time now) {
  if (!seat.pending) {
    const bool is_our_turn = stage_ == Stage::kPlaying && turn_ == seat.name && seat.seq == head_;
    if (is_our_turn) think(seat, now);
    if (!seat.pending || now < seat.due) return {};
  }
  Pending& pending = *seat.pending;
  if (!pending.is_sent) {
    pending.first_sent = now;
    sent_.emplace(Move{seat.name, pending.cell}, now);
  }
  pending.is_sent = true;
  return ask(seat,
             fmt::format(R"({{"action":"move","v":1,"player_move":"{}","cid":"{}"}})", pending.cell,
                         pending.command_id),
             now);
}

/// Chooses a move, to be made after a while.
void LoadTable::think(Seat& seat, Time now) {
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < board_.size(); ++i) {
    if (board_[i] == '.') free.push_back(i);
  }
  if (free.empty()) return;
  const std::size_t cell = free[random_() % free.size()];
  seat.pending = Pending{.command_id = fmt::format("{:016x}", random_()),
                         .cell = fmt::format("{},{}", cell / 3, cell % 3)};
  const auto longest = static_cast<std::uint64_t>(manners_.pause.count());
  seat.due = now + std::chrono::milliseconds(longest == 0 ? 0 : random_() % (longest + 1));
}

void LoadTable::take(std::size_t index, std::string_view text, Time now) {
  const LoadMessage message(text);
  Seat& seat = seats_[index];
  if (message.action == "error") return take_error(index, message, now);
  if (message.action == "wait-pair" && stage_ == Stage::kBeginning && index == 0) {
    game_ = message.game;
    stage_ = Stage::kJoining;
    seats_[1].due = now;
  } else if (message.game != game_ || stage_ == Stage::kDone) {
    return;  // Of a game that is behind us.
  }
  const bool is_welcome = message.action == "wait-pair" || message.action == "paired";
  if (is_welcome || message.action == "state") {
    // Another's joining is no answer to what this seat has asked.
    if (!seat.is_greeted) seat.awaits = false;
    if (message.action == "state") seat.awaits = false;
    seat.is_greeted = true;
    seat.due = std::min(seat.due, now);
    if (!message.token.empty()) seat.token = message.token;
    if (message.you != ' ') seat.name = message.you;
    if (message.action == "paired" && stage_ == Stage::kJoining) stage_ = Stage::kPlaying;
  }
  if (message.action == "state") {
    if (stage_ == Stage::kComparing && index == 0) return compare(message, now);
    note_events(seat, message);
  }
  take_position(index, message, now);
}

void LoadTable::take_position(std::size_t index, const LoadMessage& message, Time now) {
  Seat& seat = seats_[index];
  if (!message.move.empty() && message.seq >= 0) {
    note(seat, message.seq, {message.by, message.move});
  }
  if (seat.pending && seat.pending->is_sent && message.command_id == seat.pending->command_id) {
    settle_pending(seat, now);
  }
  if (message.board.empty()) return;
  const bool is_told_all = message.action == "state";
  // Each message is of the event after the last one, or of the same; anything else is out of order.
  const bool is_in_order = message.seq == seat.seq || message.seq == seat.seq + 1;
  if (!is_told_all && seat.seq >= 0 && !is_in_order) ++tally_.reordered;
  seat.seq = std::max(seat.seq, message.seq);
  if (message.seq > head_) {
    head_ = message.seq;
    board_ = message.board;
    turn_ = message.turn;
  }
  for (Seat& each : seats_) {
    if (!each.awaits && !each.pending) each.due = std::min(each.due, now);
  }
  if (message.is_over && stage_ == Stage::kPlaying) {
    stage_ = Stage::kComparing;
    if (!seats_[0].awaits) seats_[0].due = now;
  }
}

void LoadTable::note_events(Seat& seat, const LoadMessage& message) {
  if (message.first_event > seat.seq + 1) ++tally_.reordered;
  for (const auto& [seq, move] : message.moves) note(seat, seq, move);
}

void LoadTable::note(Seat& seat, std::int64_t seq, Move move) {
  const auto [at, is_new] = seat.acknowledged.try_emplace(seq, move);
  if (!is_new && at->second != move) ++tally_.reordered;
}

void LoadTable::settle_pending(Seat& seat, Time now) {
  tally_.latency.record(std::chrono::nanoseconds(now - seat.pending->first_sent));
  ++tally_.moves;
  seat.pending.reset();
  seat.awaits = false;
  seat.due = now;
}

void LoadTable::take_error(std::size_t index, const LoadMessage& message, Time now) {
  Seat& seat = seats_[index];
  tally_.count_error(message.code.empty() ? "without code" : message.code);
  seat.awaits = false;
  if (message.code == "busy" || message.code == "rate_limited") {
    seat.due = now + (message.code == "busy" ? kBusyPause : kRatePause);
    return;  // The same again, later.
  }
  const bool is_about_move = seat.pending && message.command_id == seat.pending->command_id;
  if (is_about_move || seat.is_greeted) {
    // Refused: the position was another than this seat believes.
    seat.pending.reset();
    seat.is_greeted = false;
    seat.due = now + kResyncPause;
    return;
  }
  // The game cannot be come to. If it had begun, everything that was promised in it is lost.
  for (const Seat& each : seats_) tally_.lost += each.acknowledged.size();
  ++tally_.abandoned;
  begin_again(now);
}

void LoadTable::compare(const LoadMessage& message, Time now) {
  if (message.first_event != 0) return;  // Of an earlier question: the whole log is still to come.
  std::map<std::int64_t, Move> log;
  for (const auto& [seq, move] : message.moves) log.emplace(seq, move);
  for (const Seat& seat : seats_) {
    for (const auto& [seq, move] : seat.acknowledged) {
      const auto found = log.find(seq);
      if (found != log.end() && found->second == move) continue;
      const bool is_elsewhere =
          std::ranges::any_of(log, [&](const auto& entry) { return entry.second == move; });
      ++(is_elsewhere ? tally_.reordered : tally_.lost);
    }
  }
  ++tally_.games;
  begin_again(now);
}

void LoadTable::begin_again(Time now) {
  stage_ = is_last_ ? Stage::kDone : Stage::kBeginning;
  game_ = head_ = -1;
  sent_.clear();
  turn_ = ' ';
  for (Seat& seat : seats_) {
    const bool is_connected = seat.is_connected;
    seat = Seat{};
    seat.is_connected = is_connected;
    seat.due = now;
  }
}

}  // namespace arena
