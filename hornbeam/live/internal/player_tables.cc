#include "hornbeam/live/internal/player_tables.h"

namespace hornbeam::live::internal {
namespace {

// `games.counts` is 1 where somebody known sits, so that the games of nobody need not be looked at.
constexpr std::string_view kPlayersUp = R"(
CREATE TABLE players (
  id INTEGER PRIMARY KEY,
  key_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE ratings (
  game TEXT NOT NULL,
  player INTEGER NOT NULL,
  rating REAL NOT NULL,
  deviation REAL NOT NULL,
  volatility REAL NOT NULL,
  wins INTEGER NOT NULL,
  draws INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (game, player)
) WITHOUT ROWID;
CREATE INDEX ratings_by_rating ON ratings (game, rating);
CREATE INDEX ratings_of_player ON ratings (player);
CREATE TABLE game_results (
  game_id INTEGER PRIMARY KEY,
  game TEXT NOT NULL,
  first_player INTEGER,
  second_player INTEGER,
  winner INTEGER,
  ending TEXT NOT NULL,
  moves INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  is_rated INTEGER NOT NULL,
  first_rating REAL NOT NULL,
  first_change REAL NOT NULL,
  second_rating REAL NOT NULL,
  second_change REAL NOT NULL
);
CREATE INDEX results_by_end ON game_results (ended_at);
CREATE INDEX results_of_first ON game_results (first_player, game_id);
CREATE INDEX results_of_second ON game_results (second_player, game_id);
ALTER TABLE games ADD COLUMN counts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX counting_games_by_end ON games (ended_at) WHERE counts = 1 AND ended_at IS NOT NULL;
)";

constexpr std::string_view kPostgresqlPlayersUp = R"(
CREATE TABLE players (
  id BIGINT PRIMARY KEY,
  key_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE ratings (
  game TEXT NOT NULL,
  player BIGINT NOT NULL,
  rating DOUBLE PRECISION NOT NULL,
  deviation DOUBLE PRECISION NOT NULL,
  volatility DOUBLE PRECISION NOT NULL,
  wins BIGINT NOT NULL,
  draws BIGINT NOT NULL,
  losses BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (game, player)
);
CREATE INDEX ratings_by_rating ON ratings (game, rating);
CREATE INDEX ratings_of_player ON ratings (player);
CREATE TABLE game_results (
  game_id BIGINT PRIMARY KEY,
  game TEXT NOT NULL,
  first_player BIGINT,
  second_player BIGINT,
  winner INTEGER,
  ending TEXT NOT NULL,
  moves BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  is_rated BOOLEAN NOT NULL,
  first_rating DOUBLE PRECISION NOT NULL,
  first_change DOUBLE PRECISION NOT NULL,
  second_rating DOUBLE PRECISION NOT NULL,
  second_change DOUBLE PRECISION NOT NULL
);
CREATE INDEX results_by_end ON game_results (ended_at);
CREATE INDEX results_of_first ON game_results (first_player, game_id);
CREATE INDEX results_of_second ON game_results (second_player, game_id);
ALTER TABLE games ADD COLUMN counts BIGINT NOT NULL DEFAULT 0;
CREATE INDEX counting_games_by_end ON games (ended_at) WHERE counts = 1 AND ended_at IS NOT NULL;
)";

constexpr std::string_view kPlayersDown = R"(
DROP INDEX counting_games_by_end;
ALTER TABLE games DROP COLUMN counts;
DROP TABLE game_results;
DROP TABLE ratings;
DROP TABLE players;
)";

}  // namespace

data::Migration players_migration(int number) {
  return {.number = number,
          .name = "know_players",
          .up = std::string(kPlayersUp),
          .down = std::string(kPlayersDown),
          .postgresql_up = std::string(kPostgresqlPlayersUp)};
}

std::vector<data::TableShape> player_tables() {
  return data::schema_of<StoredPlayer, StoredRating, StoredResult>();
}

}  // namespace hornbeam::live::internal
