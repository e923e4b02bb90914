#pragma once

// The tables of players, their ratings, and how games ended: the last two are a view of the log.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/live/event.h"

namespace hornbeam::live::internal {

/// A known player.
struct StoredPlayer {
  PlayerId id = 0;
  std::string key_hash;  ///< Of the key that their browser keeps.
  std::string name;
  EventTime created_at{};
};
constexpr auto describe(base::Type<StoredPlayer>) {
  using base::field;
  return base::fields(field("id", &StoredPlayer::id, data::primary_key),
                      field("key_hash", &StoredPlayer::key_hash, data::unique),
                      field("name", &StoredPlayer::name),
                      field("created_at", &StoredPlayer::created_at));
}
constexpr std::string_view table_name(base::Type<StoredPlayer>) {
  return "players";
}

/// A player's rating at a game.
struct StoredRating {
  std::string game;
  PlayerId player = 0;
  double rating = 0;
  double deviation = 0;
  double volatility = 0;
  std::int64_t wins = 0;
  std::int64_t draws = 0;
  std::int64_t losses = 0;
  EventTime last_at{};  ///< When the last game that counts ended.
};
constexpr auto describe(base::Type<StoredRating>) {
  using base::field;
  return base::fields(
      field("game", &StoredRating::game, data::primary_key),
      field("player", &StoredRating::player, data::primary_key),
      field("rating", &StoredRating::rating), field("deviation", &StoredRating::deviation),
      field("volatility", &StoredRating::volatility), field("wins", &StoredRating::wins),
      field("draws", &StoredRating::draws), field("losses", &StoredRating::losses),
      field("last_at", &StoredRating::last_at));
}
constexpr std::string_view table_name(base::Type<StoredRating>) {
  return "ratings";
}

/// How a game with a known player ended; the row is also the mark that it has been counted.
struct StoredResult {
  GameId game_id = 0;
  std::string game;
  std::optional<PlayerId> first_player = {};
  std::optional<PlayerId> second_player = {};
  std::optional<Seat> winner = {};
  std::string ending;  ///< "played", "resigned", ...; "unknown" if the rules are not known here.
  std::int64_t moves = 0;
  EventTime ended_at{};
  bool is_rated = false;
  double first_rating = 0;  ///< After the game; 0 unless it is rated.
  double first_change = 0;
  double second_rating = 0;
  double second_change = 0;
};
constexpr auto describe(base::Type<StoredResult>) {
  using base::field;
  return base::fields(
      field("game_id", &StoredResult::game_id, data::primary_key),
      field("game", &StoredResult::game), field("first_player", &StoredResult::first_player),
      field("second_player", &StoredResult::second_player), field("winner", &StoredResult::winner),
      field("ending", &StoredResult::ending), field("moves", &StoredResult::moves),
      field("ended_at", &StoredResult::ended_at), field("is_rated", &StoredResult::is_rated),
      field("first_rating", &StoredResult::first_rating),
      field("first_change", &StoredResult::first_change),
      field("second_rating", &StoredResult::second_rating),
      field("second_change", &StoredResult::second_change));
}
constexpr std::string_view table_name(base::Type<StoredResult>) {
  return "game_results";
}

/// The step of the schema that makes them, as step `number`.
data::Migration players_migration(int number);
/// What they look like.
std::vector<data::TableShape> player_tables();

}  // namespace hornbeam::live::internal
