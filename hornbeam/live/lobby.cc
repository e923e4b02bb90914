#include "hornbeam/live/lobby.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "hornbeam/base/check.h"
#include "hornbeam/base/log.h"
#include "hornbeam/base/loop.h"
#include "hornbeam/live/matching.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

/// How often a command is looked at again because other processes wrote first. In a game of turns
/// one time is rare; past this the game is being written to without rest.
constexpr int kMostAttempts = 16;

/// Games that a list shows, and that a quick match looks at.
constexpr std::size_t kMostListed = 50;

/// Rooms whose heads are asked for in one read.
constexpr std::size_t kBatch = 512;

Event join_event(Seq seq, Seat seat, const Occupant& occupant, EventTime at) {
  return Event{.seq = seq,
               .kind = EventKind::kJoin,
               .seat = seat,
               .command_id = {},
               .detail = occupant.encode(),
               .at = at};
}

Event create_event(const GameSpec& spec, EventTime at) {
  return Event{.seq = 0,
               .kind = EventKind::kCreate,
               .seat = std::nullopt,
               .command_id = {},
               .detail = spec.encode(),
               .at = at};
}

}  // namespace

Lobby::Lobby(GameLog& log, const GameCatalog& games, Wakeups& wakeups, LobbyOptions options)
    : log_(log), games_(games), wakeups_(wakeups), options_(std::move(options)) {
  if (options_.bot_threads > 0) bots_ = std::make_unique<base::ThreadPool>(options_.bot_threads);
}

Lobby::~Lobby() {
  is_ending_ = true;
}

base::Task<std::shared_ptr<Room>> Lobby::create(NewGame game) {
  const EventTime at = now();
  const GameSpec spec{.game = std::string(game.kind->name),
                      .version = game.kind->version,
                      .seed = random_seed(),
                      .is_open = game.is_open,
                      .is_rated = game.is_rated,
                      .rating = game.rating,
                      .clock = game.clock,
                      .invitation_hash = game.invitation_hash};
  const Occupant creator{game.token_hash, std::nullopt, game.player};
  std::vector<Event> events;
  events.push_back(create_event(spec, at));
  events.push_back(join_event(1, game.seat, creator, at));
  if (game.bot) events.push_back(join_event(2, other(game.seat), Occupant{{}, game.bot}, at));
  if (const auto id = co_await log_.create(events, std::nullopt, game.is_token_new)) {
    auto room = keep(*id, std::move(events));
    const auto lock = co_await room->mutex.lock();
    co_await introduce(*room, game.seat, creator);
    co_return room;
  }
  const auto begun = co_await log_.seat_of(game.token_hash);
  auto room = begun ? co_await find(*begun) : nullptr;
  if (!room) throw std::runtime_error("the game with this token ended just now");
  co_return room;
}

base::Task<std::optional<GameId>> Lobby::seat_of(std::string token_hash) {
  return log_.seat_of(std::move(token_hash));
}

base::Task<void> Lobby::set_listed(Room& room, bool is_listed) {
  const bool waits = room.record().phase() == GameRecord::Phase::kWaiting;
  if (waits && room.record().is_open()) co_await log_.set_listed(room.record().id(), is_listed);
}

base::Task<std::optional<PlayerId>> Lobby::know(std::string key_hash) {
  if (options_.players == nullptr || key_hash.empty()) co_return std::nullopt;
  co_return co_await options_.players->know(std::move(key_hash), now());
}

base::Task<int> Lobby::rating_of(std::optional<PlayerId> player, std::string_view kind) {
  if (options_.players == nullptr || !player) co_return kFirstRating;
  const auto card = co_await options_.players->card(*player, std::string(kind));
  co_return card ? card->rating : kFirstRating;
}

base::Task<void> Lobby::introduce(Room& room, Seat seat, const Occupant& occupant) {
  if (options_.players == nullptr || !occupant.player) co_return;
  const std::string kind(room.record().kind().name);
  auto card = co_await options_.players->card(*occupant.player, kind);
  if (card) room.introduce(seat, *std::move(card));
}

/// Delivers a stored event, with what others are to see of one who sits down.
base::Task<void> Lobby::deliver(Room& room, Event event) {
  if (event.kind == EventKind::kJoin && event.seat) {
    const auto occupant = Occupant::parse(event.detail);
    if (occupant) co_await introduce(room, *event.seat, *occupant);
  }
  room.deliver(std::move(event));
}

base::Task<void> Lobby::count(Room& room) {
  const GameRecord& record = room.record();
  co_await options_.players->follow();
  room.is_counted();
  if (!record.is_rated() || record.ending() == GameRecord::Ending::kAborted) co_return;
  const auto changes = co_await options_.players->changes(record.id());
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    co_await introduce(room, seat, *record.occupant(seat));
    auto card = room.cards()[index_of(seat)];
    if (!card) continue;
    card->change = changes[index_of(seat)];
    room.introduce(seat, *std::move(card));
  }
  room.tell_players();
}

base::Task<std::shared_ptr<Room>> Lobby::find(GameId id) {
  if (auto room = cached(id)) co_return room;
  auto events = co_await log_.read(id, 0);
  if (events.empty()) co_return nullptr;
  auto room = keep(id, std::move(events));
  // What was to happen when an earlier process ended happens now.
  const auto lock = co_await room->mutex.lock();
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    const auto& occupant = room->record().occupant(seat);
    if (occupant) co_await introduce(*room, seat, *occupant);
  }
  co_await read_chat(*room);
  if (room->flag_at() != Room::kNoFlag) co_await excuse(*room);
  co_await settle(*room);
  co_return room;
}

std::shared_ptr<Room> Lobby::cached(GameId id) const {
  const std::lock_guard lock(mutex_);
  const auto found = rooms_.find(id);
  return found == rooms_.end() ? nullptr : found->second;
}

std::shared_ptr<Room> Lobby::keep(GameId id, std::vector<Event> events) {
  GameRecord record(id, games_);
  for (Event& event : events) record.apply(std::move(event));
  auto room = std::make_shared<Room>(std::move(record));
  const std::lock_guard lock(mutex_);
  // Of two that have read the same game at once, the first one's room is everybody's.
  return rooms_.try_emplace(id, std::move(room)).first->second;
}

void Lobby::release(std::shared_ptr<Room> room) {
  if (!room) return;
  const std::lock_guard lock(mutex_);
  const auto found = rooms_.find(room->record().id());
  if (found == rooms_.end() || found->second != room) return;
  room.reset();
  // Copies are made under the mutex only: a count of one means that nobody is in, or on the way in.
  if (found->second.use_count() == 1) rooms_.erase(found);
}

std::size_t Lobby::room_count() const {
  const std::lock_guard lock(mutex_);
  return rooms_.size();
}

base::Task<base::Result<Stored>> Lobby::store(Room& room, const Command& command) {
  const auto attended = EventTime(std::chrono::milliseconds(attended_at_.load()));
  // This process was frozen, or nobody says that it works: what is late may be late for that.
  if (room.flag_at() != Room::kNoFlag && now() - attended > kOutageAfter) co_await excuse(room);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const GameRecord& record = room.record();
    if (command.seat) {
      const Event* done = record.find_command(*command.seat, command.command_id);
      if (done != nullptr) co_return Stored{*done, true};
    }
    auto planned = record.plan(command, now());
    if (!planned) co_return std::unexpected(std::move(planned).error());
    if (co_await log_.append(record.id(), planned->event, planned->ends_game)) {
      co_return Stored{std::move(planned->event)};
    }
    co_await catch_up(room);
  }
  co_return base::error("busy", "The game is being written to without rest: try again.");
}

base::Task<void> Lobby::tell(Room& room, Event event) {
  co_await deliver(room, std::move(event));
  wakeups_.announce(room.record().id(), this);
  co_await settle(room);
}

base::Task<void> Lobby::catch_up(Room& room) {
  auto events = co_await log_.read(room.record().id(), room.record().next_seq());
  for (Event& event : events) co_await deliver(room, std::move(event));
  if (!events.empty()) co_await settle(room);
  co_await read_chat(room);
}

base::Task<void> Lobby::read_chat(Room& room) {
  room.deliver_chat(co_await log_.chat(room.record().id(), room.last_chat()));
}

base::Task<void> Lobby::say(Room& room, Seat seat, std::string text) {
  co_await log_.say(room.record().id(), ChatLine{0, seat, std::move(text), now()});
  co_await read_chat(room);
  wakeups_.announce(room.record().id(), this);
}

base::Task<std::vector<ListedGame>> Lobby::listed(std::string kind) {
  return log_.listed_games(std::move(kind), kMostListed);
}

base::Task<void> Lobby::settle(Room& room) {
  room.owe_settling(false);
  try {
    co_await play_bot(room);
    if (room.owes_counting()) co_await count(room);
    if (room.record().wants_rematch()) co_await begin_rematch(room);
  } catch (const std::exception& failure) {
    // The player's own command is stored and told; what it leads to follows with the next poll.
    room.owe_settling(true);
    base::log_error("game {} could not go on by itself: {}", room.record().id(), failure.what());
  }
}

// Terminates: each round adds a move or leaves, and no game goes on for ever.
base::Task<void> Lobby::play_bot(Room& room) {
  while (true) {
    auto command = room.record().bot_answer();
    if (!command) {
      auto turn = room.record().bot_turn();
      if (!turn) co_return;
      auto kept = bots_ ? cached(room.record().id()) : nullptr;
      if (kept.get() == &room) co_return think(std::move(kept), *std::move(turn));
      command = turn->think();
    }
    if (!co_await store_for_bot(room, *command)) co_return;
  }
}

/// False if another process has moved for the computer: a wake-up or poll will read its event.
base::Task<bool> Lobby::store_for_bot(Room& room, const Command& command) {
  const auto planned = room.record().plan(command, now());
  base::check(planned.has_value(), "the computer plays by the rules");
  if (!co_await log_.append(room.record().id(), planned->event, planned->ends_game)) {
    co_return false;
  }
  room.deliver(planned->event);
  wakeups_.announce(room.record().id(), this);
  co_return true;
}

/// Has the computer think elsewhere: games wait for their turn there, and nothing else waits for
/// them. Requires: the room's lock is held.
void Lobby::think(std::shared_ptr<Room> room, BotTurn turn) {
  if (!room->begin_thinking(turn.seen)) return;
  bots_->post([this, room = std::move(room), turn = std::move(turn)]() mutable {
    if (is_ending_) return;
    try {
      // Meanwhile the player may have resigned, or gone to another process.
      if (room->last_seq() != turn.seen) return release(std::move(room));
      base::run(carry_out(room, turn.think()));
    } catch (const std::exception& failure) {
      room->begin_thinking(kNoThought);
      room->owe_settling(true);
      base::log_error("the computer did not move in game {}: {}", room->record().id(),
                      failure.what());
    }
    release(std::move(room));
  });
}

/// What the computer has thought of, unless the game has gone on without it.
base::Task<void> Lobby::carry_out(std::shared_ptr<Room> room, Command thought) {
  const auto lock = co_await room->mutex.lock();
  const GameRecord& record = room->record();
  if (record.phase() != GameRecord::Phase::kPlaying || record.last_seq() != *thought.seen) {
    co_return;
  }
  if (co_await store_for_bot(*room, thought)) co_await settle(*room);
}

base::Task<void> Lobby::begin_rematch(Room& room) {
  const GameRecord& record = room.record();
  const EventTime at = now();
  std::vector<Event> events;
  GameSpec spec = record.spec();
  spec.version = games_.find(record.kind().name)->version;
  spec.seed = random_seed();
  spec.is_open = false;
  spec.rating = std::nullopt;
  events.push_back(create_event(spec, at));
  // Seats are swapped, so that the other player begins; tokens stay good.
  events.push_back(join_event(1, Seat::kFirst, *record.occupant(Seat::kSecond), at));
  events.push_back(join_event(2, Seat::kSecond, *record.occupant(Seat::kFirst), at));
  co_await log_.create(std::move(events), RematchOf{record.id(), record.next_seq()}, true);
  co_await catch_up(room);
  wakeups_.announce(record.id(), this);
}

base::Task<void> Lobby::follow(GameId game) {
  auto room = cached(game);
  if (room) co_await look_after(std::move(room));
}

base::Task<void> Lobby::look_after(std::shared_ptr<Room> room) {
  {
    const auto lock = co_await room->mutex.lock();
    co_await catch_up(*room);
    co_await settle(*room);
    room->flush_presence();
  }
  release(std::move(room));
}

std::vector<std::shared_ptr<Room>> Lobby::all_rooms() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Room>> rooms;
  rooms.reserve(rooms_.size());
  for (const auto& [id, room] : rooms_) rooms.push_back(room);
  return rooms;
}

base::Task<void> Lobby::follow_all() {
  auto rooms = all_rooms();
  for (std::size_t begin = 0; begin < rooms.size(); begin += kBatch) {
    co_await follow_batch(std::span(rooms).subspan(begin, std::min(kBatch, rooms.size() - begin)));
  }
}

base::Task<void> Lobby::follow_batch(std::span<std::shared_ptr<Room>> rooms) {
  std::unordered_map<GameId, std::shared_ptr<Room>> by_id;
  std::vector<GameId> ids;
  for (auto& room : rooms) {
    const GameId id = room->record().id();
    ids.push_back(id);
    by_id.emplace(id, std::move(room));
  }
  for (const Head& head : co_await log_.heads(std::move(ids))) {
    auto& room = by_id.at(head.game);
    if (room->last_seq() < head.last_seq || room->needs_care())
      co_await look_after(std::move(room));
  }
  for (auto& [id, room] : by_id) release(std::move(room));
}

base::Task<void> Lobby::attend() {
  const EventTime at = now();
  const EventTime before(std::chrono::milliseconds(attended_at_.load()));
  if (!(co_await log_.attend(at, before)).empty()) {
    for (auto& room : all_rooms()) {
      if (room->flag_at() != Room::kNoFlag) {
        const auto lock = co_await room->mutex.lock();
        co_await excuse(*room);
      }
      release(std::move(room));
    }
  }
  // Until here whoever moves sees to it that nothing is counted that ought not to be: see `store`.
  attended_at_ = at.time_since_epoch().count();
}

base::Task<void> Lobby::excuse(Room& room) {
  const EventTime at = now();
  const GameRecord& record = room.record();
  const auto since = std::max(record.clock()->turn_began(), record.excused_until());
  const auto outages = co_await log_.attend(at, since);
  const Seq before = record.last_seq();
  for (const Outage& outage : outages) {
    // What was before this turn, or has been made up for, is left out.
    if (!record.clock()->running() || outage.ended <= record.excused_until()) continue;
    const auto away = outage.ended - std::max(outage.began, record.clock()->turn_began());
    if (away.count() <= 0) continue;
    Event event{
        .seq = record.next_seq(),
        .kind = EventKind::kExcuse,
        .seat = std::nullopt,
        .command_id = {},
        .detail = fmt::format("{} {}", outage.ended.time_since_epoch().count(), away.count()),
        .at = at};
    if (!co_await log_.append(record.id(), event, false)) co_return co_await catch_up(room);
    room.deliver(std::move(event));
    wakeups_.announce(record.id(), this);
  }
  // The computer, too, thinks about the game as it is now.
  if (record.last_seq() != before) co_await settle(room);
}

std::optional<EventTime> Lobby::next_flag() const {
  EventTime next = Room::kNoFlag;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, room] : rooms_) next = std::min(next, room->flag_at());
  return next == Room::kNoFlag ? std::nullopt : std::optional(next);
}

base::Task<void> Lobby::flag_due() {
  const EventTime at = now();
  std::vector<std::shared_ptr<Room>> due;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, room] : rooms_) {
      if (room->flag_at() <= at) due.push_back(room);
    }
  }
  for (auto& room : due) co_await flag(std::move(room));
}

base::Task<void> Lobby::flag_left() {
  constexpr std::size_t kMost = 1000;
  for (const GameId game : co_await log_.clocked_games(kMost)) {
    auto room = co_await find(game);
    if (room) co_await flag(std::move(room));
  }
}

/// Ends a game if its time is up.
base::Task<void> Lobby::flag(std::shared_ptr<Room> room) {
  {
    const auto lock = co_await room->mutex.lock();
    if (room->flag_at() <= now()) co_await excuse(*room);
    if (room->flag_at() <= now()) {
      auto stored = co_await store(*room, Command{.kind = EventKind::kFlag,
                                                  .seat = std::nullopt,
                                                  .command_id = {},
                                                  .detail = {},
                                                  .seen = std::nullopt});
      if (stored) co_await tell(*room, std::move(stored->event));
    }
  }
  release(std::move(room));
}

}  // namespace hornbeam::live
