#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/live/game_log.h"

namespace hornbeam::live {

/// How many steps `game_log_migrations` has.
inline constexpr std::size_t kGameLogSteps = 7;
/// The tables that `DatabaseGameLog` and `Players` need, as steps of an application's own
/// migrations, which give them their numbers.
std::vector<data::Migration> game_log_migrations(const std::array<int, kGameLogSteps>& numbers = {
                                                     1, 2, 3, 4, 5, 6, 7});
/// What they look like, to be compared with a database by `db check`.
std::vector<data::TableShape> game_log_tables();

/// A log in a relational database, for any number of processes at once. Thread: any.
class DatabaseGameLog final : public GameLog {
 public:
  /// Lifetime: `database`, migrated, outlives the log.
  explicit DatabaseGameLog(data::Database& database) : database_(database) {}

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
  base::Task<std::vector<Outage>> attend(EventTime now, EventTime since) override;
  base::Task<std::vector<GameId>> clocked_games(std::size_t limit) override;
  base::Task<void> say(GameId game, ChatLine line) override;
  base::Task<std::vector<ChatLine>> chat(GameId game, std::int64_t after) override;
  base::Task<std::size_t> archive(EventTime before, std::size_t limit, EventTime now) override;

 private:
  data::Database& database_;
};

}  // namespace hornbeam::live
