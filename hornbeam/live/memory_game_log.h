#pragma once

#include <map>
#include <mutex>

#include "hornbeam/live/game_log.h"

namespace hornbeam::live {

/// A log that lives as long as its process, for tests, fuzzing and games nobody needs to keep.
/// Thread: any.
class MemoryGameLog final : public GameLog {
 public:
  base::Task<std::optional<GameId>> create(std::vector<Event> events,
                                           std::optional<RematchOf> rematch_of) override;
  base::Task<bool> append(GameId game, const Event& event, bool ends_game) override;
  base::Task<std::vector<Event>> read(GameId game, Seq first) override;
  base::Task<std::vector<Head>> heads(std::vector<GameId> games) override;
  base::Task<std::vector<OpenGame>> open_games(EventTime before, std::size_t limit) override;
  base::Task<std::vector<ListedGame>> listed_games(std::string kind, std::size_t limit) override;
  base::Task<void> say(GameId game, ChatLine line) override;
  base::Task<std::vector<ChatLine>> chat(GameId game, std::int64_t after) override;

 private:
  struct Game {
    std::vector<Event> events;
    std::vector<ChatLine> chat = {};
    bool is_over = false;
  };

  std::mutex mutex_;
  std::map<GameId, Game> games_;  // Guarded by mutex_.
};

}  // namespace hornbeam::live
