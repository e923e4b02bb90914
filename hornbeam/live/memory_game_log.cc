#include "hornbeam/live/memory_game_log.h"

#include <algorithm>

namespace hornbeam::live {

base::Task<std::optional<GameId>> MemoryGameLog::create(std::vector<Event> events,
                                                        std::optional<RematchOf> rematch_of,
                                                        bool is_token_new) {
  const std::lock_guard lock(mutex_);
  const GameId id = games_.empty() ? kFirstGame : games_.rbegin()->first + 1;
  if (!is_token_new && find_seat(creators_token(events))) co_return std::nullopt;
  if (rematch_of) {
    auto& before = games_.at(rematch_of->game).events;
    if (static_cast<Seq>(before.size()) != rematch_of->seq) co_return std::nullopt;
    before.push_back(Event{.seq = rematch_of->seq,
                           .kind = EventKind::kRematch,
                           .seat = std::nullopt,
                           .command_id = {},
                           .detail = std::to_string(id),
                           .at = events.front().at});
  }
  for (const Event& event : events) note_seat(id, event);
  games_[id].events = std::move(events);
  co_return id;
}

void MemoryGameLog::note_seat(GameId game, const Event& event) {
  const auto occupant =
      event.kind == EventKind::kJoin ? Occupant::parse(event.detail) : std::nullopt;
  if (occupant && !occupant->is_bot()) seats_[occupant->token_hash].push_back(game);
}

std::optional<GameId> MemoryGameLog::find_seat(std::string_view token_hash) const {
  const auto found = seats_.find(token_hash);
  if (found == seats_.end()) return std::nullopt;
  const auto& games = found->second;
  const auto open = std::find_if(games.rbegin(), games.rend(),
                                 [this](GameId game) { return !games_.at(game).is_over; });
  return open == games.rend() ? std::nullopt : std::optional(*open);
}

base::Task<std::optional<GameId>> MemoryGameLog::seat_of(std::string token_hash) {
  const std::lock_guard lock(mutex_);
  co_return find_seat(token_hash);
}

base::Task<bool> MemoryGameLog::append(GameId game, const Event& event, bool ends_game) {
  const std::lock_guard lock(mutex_);
  Game& kept = games_.at(game);
  if (static_cast<Seq>(kept.events.size()) != event.seq) co_return false;
  kept.events.push_back(event);
  note_seat(game, event);
  kept.is_over = kept.is_over || ends_game;
  co_return true;
}

base::Task<std::vector<Event>> MemoryGameLog::read(GameId game, Seq first) {
  const std::lock_guard lock(mutex_);
  const auto found = games_.find(game);
  if (found == games_.end()) co_return std::vector<Event>{};
  const auto& events = found->second.events;
  const auto from = std::min(static_cast<std::size_t>(std::max<Seq>(first, 0)), events.size());
  co_return std::vector<Event>(events.begin() + static_cast<std::ptrdiff_t>(from), events.end());
}

base::Task<std::vector<Head>> MemoryGameLog::heads(std::vector<GameId> games) {
  const std::lock_guard lock(mutex_);
  std::vector<Head> heads;
  for (const GameId game : games) {
    const auto found = games_.find(game);
    if (found == games_.end()) continue;
    heads.push_back({game, static_cast<Seq>(found->second.events.size()) - 1});
  }
  co_return heads;
}

base::Task<std::vector<OpenGame>> MemoryGameLog::open_games(EventTime before, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<OpenGame> open;
  for (const auto& [id, game] : games_) {
    const Event& last = game.events.back();
    if (game.is_over || last.at >= before || open.size() == limit) continue;
    const auto joins = std::ranges::count(game.events, EventKind::kJoin, &Event::kind);
    open.push_back({id, last.seq, last.at, joins < 2});
  }
  co_return open;
}

base::Task<std::vector<ListedGame>> MemoryGameLog::listed_games(std::string kind,
                                                                std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<ListedGame> listed;
  for (const auto& [id, game] : games_) {
    const auto spec = GameSpec::parse(game.events.front().detail);
    const bool waits =
        !game.is_over && std::ranges::count(game.events, EventKind::kJoin, &Event::kind) == 1;
    if (!spec || !spec->is_open || !waits || game.is_hidden) continue;
    if (!kind.empty() && spec->game != kind) continue;
    if (listed.size() == limit) break;
    const Event& join = game.events[1];
    listed.push_back({id, *spec, other(join.seat.value_or(Seat::kFirst)), join.at});
  }
  co_return listed;
}

base::Task<void> MemoryGameLog::set_listed(GameId game, bool is_listed) {
  const std::lock_guard lock(mutex_);
  games_.at(game).is_hidden = !is_listed;
  co_return;
}

base::Task<void> MemoryGameLog::say(GameId game, ChatLine line) {
  const std::lock_guard lock(mutex_);
  auto& chat = games_.at(game).chat;
  line.number = static_cast<std::int64_t>(chat.size()) + 1;
  chat.push_back(std::move(line));
  co_return;
}

base::Task<std::vector<ChatLine>> MemoryGameLog::chat(GameId game, std::int64_t after) {
  const std::lock_guard lock(mutex_);
  const auto found = games_.find(game);
  if (found == games_.end()) co_return std::vector<ChatLine>{};
  const auto& chat = found->second.chat;
  const auto seen =
      std::min(static_cast<std::size_t>(std::max<std::int64_t>(after, 0)), chat.size());
  const auto first = std::max(seen, chat.size() - std::min(chat.size(), kMostChatLines));
  co_return std::vector<ChatLine>(chat.begin() + static_cast<std::ptrdiff_t>(first), chat.end());
}

}  // namespace hornbeam::live
