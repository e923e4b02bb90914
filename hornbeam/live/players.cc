#include "hornbeam/live/players.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/base/log.h"
#include "hornbeam/data/error.h"
#include "hornbeam/live/game_record.h"
#include "hornbeam/live/glicko2.h"
#include "hornbeam/live/internal/player_tables.h"
#include "hornbeam/live/internal/stored_events.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

using internal::StoredPlayer;
using internal::StoredRating;
using internal::StoredResult;

constexpr std::array<std::string_view, 16> kManners = {
    "Quiet",  "Early", "Silver", "Tall",  "Green", "Amber", "Swift", "Gentle",
    "Hollow", "Late",  "Bright", "Young", "Windy", "Mossy", "Sunny", "Shady"};
constexpr std::array<std::string_view, 16> kTrees = {
    "Alder", "Ash",   "Aspen",  "Beech", "Birch", "Cedar", "Elm",    "Hazel",
    "Holly", "Larch", "Linden", "Maple", "Oak",   "Rowan", "Willow", "Yew"};

/// A name for one who has not chosen one. They are not unique: the number is.
std::string made_up_name() {
  const std::uint64_t random = random_seed();
  return fmt::format("{} {}", kManners[random % kManners.size()],
                     kTrees[(random >> 8) % kTrees.size()]);
}

int whole(double value) {
  return static_cast<int>(std::lround(value));
}

std::string_view to_string(GameRecord::Ending ending) {
  switch (ending) {
    case GameRecord::Ending::kPlayed:
      return "played";
    case GameRecord::Ending::kResigned:
      return "resigned";
    case GameRecord::Ending::kAborted:
      return "aborted";
    case GameRecord::Ending::kFlagged:
      return "flagged";
    case GameRecord::Ending::kAgreed:
      break;
  }
  return "agreed";
}

/// How a game ended by its log; ratings are left for later.
StoredResult read_result(GameId id, std::vector<Event> events, const GameCatalog& games,
                         EventTime ended_at) {
  StoredResult result{.game_id = id, .game = {}, .ending = "unknown", .ended_at = ended_at};
  try {
    GameRecord record(id, games);
    for (Event& event : events) record.apply(std::move(event));
    const auto player_in = [&](Seat seat) {
      return record.occupant(seat) ? record.occupant(seat)->player : std::nullopt;
    };
    result.game = record.kind().name;
    result.first_player = player_in(Seat::kFirst);
    result.second_player = player_in(Seat::kSecond);
    if (record.phase() != GameRecord::Phase::kOver) return result;
    result.winner = record.winner();
    result.ending = to_string(record.ending());
    result.moves = static_cast<std::int64_t>(record.move_count());
    result.is_rated = record.is_rated() && record.ending() != GameRecord::Ending::kAborted;
  } catch (const BrokenLog& problem) {
    base::log_error("a finished game is not counted: {}", problem.what());
  }
  return result;
}

StoredRating rating_of(data::Snapshot& db, const std::string& game, PlayerId player) {
  if (auto found = db.find<StoredRating>(game, player)) return *std::move(found);
  const Rating first;
  return {.game = game,
          .player = player,
          .rating = first.rating,
          .deviation = first.deviation,
          .volatility = first.volatility,
          .last_at = {}};
}

/// As it is when the next game begins: less sure, the longer the last one is ago.
Rating rested(const StoredRating& stored, EventTime now) {
  const Rating rating{stored.rating, stored.deviation, stored.volatility};
  return stored.last_at == EventTime{} ? rating : rest(rating, now - stored.last_at);
}

/// Enters a game into the row of one of its players, and gives by how much it changed.
double enter(StoredRating& row, const Rating& before, const Rating& opponent, double score,
             EventTime at) {
  const RatedGame game{opponent, score};
  const Rating after = rate(before, std::span(&game, 1));
  const double change = after.rating - row.rating;
  row.rating = after.rating;
  row.deviation = after.deviation;
  row.volatility = after.volatility;
  ++(score > 0.75 ? row.wins : score < 0.25 ? row.losses : row.draws);
  row.last_at = std::max(row.last_at, at);
  return change;
}

void count_rated(data::Transaction& tx, StoredResult& result) {
  StoredRating first = rating_of(tx, result.game, *result.first_player);
  StoredRating second = rating_of(tx, result.game, *result.second_player);
  const Rating first_before = rested(first, result.ended_at);
  const Rating second_before = rested(second, result.ended_at);
  const double score = !result.winner ? 0.5 : result.winner == Seat::kFirst ? 1 : 0;
  result.first_change = enter(first, first_before, second_before, score, result.ended_at);
  result.second_change = enter(second, second_before, first_before, 1 - score, result.ended_at);
  result.first_rating = first.rating;
  result.second_rating = second.rating;
  tx.upsert(first);
  tx.upsert(second);
}

using Ended = std::tuple<GameId, EventTime>;

/// Games to be counted, in the order of their ends. The view's cursor is the last end that it has;
/// clocks of machines differ, so that it looks ten minutes behind it.
std::vector<Ended> games_to_count(data::Snapshot& db, std::size_t limit) {
  return db
      .query<Ended>(
          "SELECT g.id, g.ended_at FROM games g WHERE g.counts = 1 AND g.ended_at IS NOT NULL"
          " AND g.ended_at >= coalesce((SELECT max(ended_at) FROM game_results), 0) - 600000"
          " AND NOT EXISTS (SELECT 1 FROM game_results r WHERE r.game_id = g.id)"
          " ORDER BY g.ended_at, g.id LIMIT ?",
          static_cast<std::int64_t>(limit))
      .all();
}

std::size_t count_games(data::Transaction& tx, const GameCatalog& games, std::size_t limit) {
  const auto ended = games_to_count(tx, limit);
  for (const auto& [id, ended_at] : ended) {
    StoredResult result = read_result(id, internal::stored_events(tx, id, 0), games, ended_at);
    if (result.is_rated) count_rated(tx, result);
    tx.insert(result);
  }
  return ended.size();
}

using StandingRow = std::tuple<std::string, PlayerId, std::string, double, double, std::int64_t,
                               std::int64_t, std::int64_t>;

Standing standing_from(StandingRow row) {
  auto& [kind, player, name, rating, deviation, wins, draws, losses] = row;
  return {.kind = std::move(kind),
          .player = player,
          .name = std::move(name),
          .rating = whole(rating),
          .deviation = whole(deviation),
          .is_provisional = is_provisional({rating, deviation}),
          .wins = wins,
          .draws = draws,
          .losses = losses};
}

/// Whether people can read it as a name, in one line.
bool is_name(std::string_view name) {
  const auto is_shown = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F;
  };
  return !name.empty() && name.size() <= kMaxPlayerName && name.front() != ' ' &&
         name.back() != ' ' && std::ranges::all_of(name, is_shown);
}

}  // namespace

base::Task<std::optional<PlayerId>> Players::find(std::string key_hash) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    return db
        .query<PlayerId>("SELECT id FROM players WHERE key_hash = ?", std::string_view(key_hash))
        .optional();
  });
}

base::Task<PlayerId> Players::know(std::string key_hash, EventTime now) {
  constexpr int kMostAttempts = 20;
  // Ends: the number of attempts is bounded. Two who come at once want the same number.
  for (int attempt = 1;; ++attempt) {
    if (const auto known = co_await find(key_hash)) co_return *known;
    try {
      co_return co_await database_.write([&](data::Transaction& tx) {
        const auto id = tx.query<PlayerId>("SELECT coalesce(max(id), 0) + 1 FROM players").one();
        tx.insert(StoredPlayer{id, key_hash, made_up_name(), now});
        return id;
      });
    } catch (const data::UniqueViolation&) {
      if (attempt == kMostAttempts) throw;
    }
  }
}

base::Task<std::optional<PlayerCard>> Players::card(PlayerId player, std::string kind) {
  co_return co_await database_.read([&](data::Snapshot& db) -> std::optional<PlayerCard> {
    auto found = db.find<StoredPlayer>(player);
    if (!found) return std::nullopt;
    const StoredRating rating = rating_of(db, kind, player);
    return PlayerCard{.id = player,
                      .name = std::move(found->name),
                      .rating = whole(rating.rating),
                      .is_provisional = is_provisional({rating.rating, rating.deviation})};
  });
}

base::Task<base::Result<void>> Players::rename(PlayerId player, std::string name) {
  if (!is_name(name)) {
    co_return base::error("bad_name",
                          fmt::format("A name is one line of 1 to {} bytes.", kMaxPlayerName));
  }
  co_await database_.write([&](data::Transaction& tx) {
    tx.execute("UPDATE players SET name = ? WHERE id = ?", std::string_view(name), player);
  });
  co_return base::Result<void>();
}

base::Task<std::size_t> Players::follow(std::size_t limit) {
  try {
    co_return co_await database_.write(
        [&](data::Transaction& tx) { return count_games(tx, games_, limit); });
  } catch (const data::UniqueViolation&) {
    co_return 0;  // Another process counted them.
  }
}

base::Task<std::size_t> Players::rebuild() {
  constexpr std::size_t kAtOnce = 1000;
  co_return co_await database_.write([&](data::Transaction& tx) {
    tx.execute("DELETE FROM game_results");
    tx.execute("DELETE FROM ratings");
    std::size_t counted = 0;
    // Terminates: each round counts games that are then counted.
    while (const std::size_t more = count_games(tx, games_, kAtOnce)) counted += more;
    return counted;
  });
}

base::Task<std::vector<Standing>> Players::leaderboard(std::string kind, std::size_t limit) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<Standing> standings;
    auto rows = db.query<StandingRow>(
        "SELECT r.game, r.player, p.name, r.rating, r.deviation, r.wins, r.draws, r.losses"
        " FROM ratings r JOIN players p ON p.id = r.player"
        " WHERE r.game = ? AND r.deviation <= 110 ORDER BY r.rating DESC, r.player LIMIT ?",
        std::string_view(kind), static_cast<std::int64_t>(limit));
    while (auto row = rows.next()) standings.push_back(standing_from(*std::move(row)));
    return standings;
  });
}

base::Task<std::optional<PlayerProfile>> Players::profile(PlayerId player) {
  co_return co_await database_.read([&](data::Snapshot& db) -> std::optional<PlayerProfile> {
    auto found = db.find<StoredPlayer>(player);
    if (!found) return std::nullopt;
    PlayerProfile profile{
        .id = player, .name = std::move(found->name), .since = found->created_at, .standings = {}};
    auto rows = db.query<StandingRow>(
        "SELECT r.game, r.player, p.name, r.rating, r.deviation, r.wins, r.draws, r.losses"
        " FROM ratings r JOIN players p ON p.id = r.player WHERE r.player = ? ORDER BY r.game",
        player);
    while (auto row = rows.next()) profile.standings.push_back(standing_from(*std::move(row)));
    return profile;
  });
}

base::Task<std::vector<PlayedGame>> Players::history(PlayerId player, GameId before,
                                                     std::size_t limit) {
  using Row =
      std::tuple<GameId, std::string, std::int64_t, std::optional<PlayerId>, std::string,
                 std::optional<Seat>, std::string, std::int64_t, EventTime, bool, double, double>;
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::vector<PlayedGame> games;
    auto rows = db.query<Row>(
        "SELECT s.game_id, s.game, s.seat, s.opponent, coalesce(p.name, ''), s.winner, s.ending,"
        " s.moves, s.ended_at, s.is_rated, s.rating, s.change FROM ("
        "SELECT game_id, game, 0 AS seat, second_player AS opponent, winner, ending, moves,"
        " ended_at, is_rated, first_rating AS rating, first_change AS change FROM game_results"
        " WHERE first_player = ? UNION ALL "
        "SELECT game_id, game, 1, first_player, winner, ending, moves, ended_at, is_rated,"
        " second_rating, second_change FROM game_results WHERE second_player = ?"
        ") s LEFT JOIN players p ON p.id = s.opponent"
        " WHERE s.game_id < ? AND s.ending NOT IN ('aborted', 'unknown')"
        " ORDER BY s.game_id DESC LIMIT ?",
        player, player, before, static_cast<std::int64_t>(limit));
    while (auto row = rows.next()) {
      auto& [id, kind, seat, opponent, name, winner, ending, moves, at, is_rated, rating, change] =
          *row;
      PlayedGame game{.game = id,
                      .kind = std::move(kind),
                      .seat = seat == 0 ? Seat::kFirst : Seat::kSecond,
                      .opponent = opponent,
                      .opponent_name = std::move(name),
                      .winner = winner,
                      .ending = std::move(ending),
                      .moves = moves,
                      .ended_at = at};
      if (is_rated) {
        game.rating = whole(rating);
        game.change = whole(change);
      }
      games.push_back(std::move(game));
    }
    return games;
  });
}

base::Task<std::array<std::optional<int>, 2>> Players::changes(GameId game) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    std::array<std::optional<int>, 2> changes;
    if (const auto result = db.find<StoredResult>(game); result && result->is_rated) {
      changes = {whole(result->first_change), whole(result->second_change)};
    }
    return changes;
  });
}

}  // namespace hornbeam::live
