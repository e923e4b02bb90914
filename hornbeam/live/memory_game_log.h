#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/live/game_log.h"

namespace hornbeam::live {

/// A log that lives as long as its process, for tests, fuzzing and games nobody needs to keep.
/// Thread: any.
class MemoryGameLog final : public GameLog {
 public:
  base::Task<std::optional<GameId>> create(std::vector<Event> events,
                                           std::optional<RematchOf> rematch_of,
                                           bool is_token_new) override;
  base::Task<bool> append(GameId game, const Event& event, bool ends_game) override;
  base::Task<std::vector<Event>> read(GameId game, Seq first) override;
  base::Task<std::optional<GameId>> seat_of(std::string token_hash) override;
  base::Task<std::vector<Head>> heads(std::vector<GameId> games) override;
  base::Task<std::vector<OpenGame>> open_games(EventTime before, std::size_t limit) override;
  base::Task<std::vector<ListedGame>> listed_games(std::string kind, std::size_t limit) override;
  base::Task<void> set_listed(GameId game, bool is_listed) override;
  base::Task<void> say(GameId game, ChatLine line) override;
  base::Task<std::vector<ChatLine>> chat(GameId game, std::int64_t after) override;

 private:
  struct Game {
    std::vector<Event> events;
    std::vector<ChatLine> chat = {};
    bool is_over = false;
    bool is_hidden = false;  // From the list, while its creator is away.
  };

  std::optional<GameId> find_seat(std::string_view token_hash) const;
  void note_seat(GameId game, const Event& event);

  std::mutex mutex_;
  std::map<GameId, Game> games_;                                   // Guarded by mutex_.
  std::map<std::string, std::vector<GameId>, std::less<>> seats_;  // By token. Guarded by mutex_.
};

}  // namespace hornbeam::live
