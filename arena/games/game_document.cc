#include "arena/games/game_document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace arena::games {
namespace {

namespace data = hornbeam::data;
namespace denorm = hornbeam::denorm;
namespace live = hornbeam::live;

// One change for each game, at its end: a game that begins, is joined or is moved in leaves no
// trace here; one that comes in finished, from another database, does. The triggers are called as
// those of every followed table, which whoever makes them anew replaces.
constexpr std::string_view kUp = R"(
CREATE TRIGGER "hornbeam_games_insert" AFTER INSERT ON "games" WHEN NEW.ended_at IS NOT NULL BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    VALUES ('games.id', CAST(NEW."id" AS TEXT),
      CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;
CREATE TRIGGER "hornbeam_games_update" AFTER UPDATE OF ended_at ON "games"
WHEN NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    VALUES ('games.id', CAST(NEW."id" AS TEXT),
      CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;
CREATE TRIGGER "hornbeam_games_delete" AFTER DELETE ON "games" BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    VALUES ('games.id', CAST(OLD."id" AS TEXT),
      CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;
)";

constexpr std::string_view kDown = R"(
DROP TRIGGER "hornbeam_games_insert";
DROP TRIGGER "hornbeam_games_update";
DROP TRIGGER "hornbeam_games_delete";
)";

constexpr std::string_view kPostgresqlUp = R"(
CREATE FUNCTION "hornbeam_log_games"() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    VALUES ('games.id', CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END::text,
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint);
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER "hornbeam_games_insert" AFTER INSERT ON "games" FOR EACH ROW
WHEN (NEW.ended_at IS NOT NULL)
EXECUTE FUNCTION "hornbeam_log_games"();
CREATE TRIGGER "hornbeam_games_update" AFTER UPDATE OF ended_at ON "games" FOR EACH ROW
WHEN (NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL)
EXECUTE FUNCTION "hornbeam_log_games"();
CREATE TRIGGER "hornbeam_games_delete" AFTER DELETE ON "games" FOR EACH ROW
EXECUTE FUNCTION "hornbeam_log_games"();
)";

constexpr std::string_view kPostgresqlDown = R"(
DROP TRIGGER "hornbeam_games_insert" ON "games";
DROP TRIGGER "hornbeam_games_update" ON "games";
DROP TRIGGER "hornbeam_games_delete" ON "games";
DROP FUNCTION "hornbeam_log_games"();
)";

// Documents have their players' names, so that one who takes another changes all their games.
constexpr std::string_view kNamesUp = R"(
CREATE TRIGGER games_follow_names AFTER UPDATE OF name ON players WHEN NEW.name <> OLD.name BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT 'games.id', CAST(r.game_id AS TEXT),
      CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)
    FROM game_results r WHERE r.first_player = NEW.id OR r.second_player = NEW.id;
END;
)";

constexpr std::string_view kPostgresqlNamesUp = R"(
CREATE FUNCTION games_follow_names() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $hornbeam$
BEGIN
  INSERT INTO hornbeam_changes (place, key, at)
    SELECT 'games.id', r.game_id::text, (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    FROM game_results r WHERE r.first_player = NEW.id OR r.second_player = NEW.id;
  PERFORM pg_notify('hornbeam_changes', '');
  RETURN NULL;
END $hornbeam$;
CREATE TRIGGER games_follow_names AFTER UPDATE OF name ON players FOR EACH ROW
WHEN (NEW.name <> OLD.name)
EXECUTE FUNCTION games_follow_names();
)";

constexpr std::string_view kPostgresqlNamesDown = R"(
DROP TRIGGER games_follow_names ON players;
DROP FUNCTION games_follow_names();
)";

struct Cell {
  int row = 0;
  int col = 0;
};

/// "row,col"; a column alone is a cell of row 0.
Cell read_cell(std::string_view text) {
  Cell cell;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, cell.col);
  if (first.ptr == end || *first.ptr != ',') return cell;
  cell.row = cell.col;
  std::from_chars(first.ptr + 1, end, cell.col);
  return cell;
}

std::string tic_tac_toe_place(Cell cell) {
  if (cell.row == 1 && cell.col == 1) return "centre";
  return cell.row == 1 || cell.col == 1 ? "edge" : "corner";
}

std::string connect_four_place(Cell cell) {
  constexpr std::array<std::string_view, 4> kNames = {"middle column", "next to the middle",
                                                      "next to the edge", "edge column"};
  return std::string(kNames[static_cast<std::size_t>(std::min(std::abs(cell.col - 3), 3))]);
}

int distance(Cell a, Cell b) {
  return std::max(std::abs(a.row - b.row), std::abs(a.col - b.col));
}

std::string gomoku_place(Cell cell) {
  const int away = distance(cell, {7, 7});
  return away == 0 ? "centre" : away <= 3 ? "near the centre" : away <= 6 ? "outside" : "edge";
}

/// As players of the game call them: a direct opening has the second mark beside the first one, an
/// indirect one across its corner.
std::string gomoku_answer(Cell first, Cell second) {
  if (distance(first, second) > 1) return "distant";
  return first.row == second.row || first.col == second.col ? "direct" : "indirect";
}

std::string_view result_of(const live::GameRecord& game) {
  if (game.ending() == live::GameRecord::Ending::kAborted) return "aborted";
  return game.winner() ? "won" : "draw";
}

std::string ending_of(live::GameRecord::Ending ending) {
  using Ending = live::GameRecord::Ending;
  if (ending == Ending::kPlayed) return "played to the end";
  if (ending == Ending::kResigned) return "resigned";
  if (ending == Ending::kAborted) return "aborted";
  if (ending == Ending::kAgreed) return "agreed";
  return "time";
}

/// The moves that stood at the end, as the rules spell them.
std::vector<std::string> standing_moves(const live::GameRecord& game) {
  std::vector<std::string> moves;
  for (const live::Event& event : game.events()) {
    if (event.kind == live::EventKind::kMove) moves.push_back(event.detail);
    if (event.kind != live::EventKind::kUndo) continue;
    std::size_t count = 0;
    std::from_chars(event.detail.data(), event.detail.data() + event.detail.size(), count);
    moves.resize(moves.size() - std::min(count, moves.size()));
  }
  return moves;
}

/// The number of a known player, whom a join names at its end: "token HASH player 12".
std::optional<std::int64_t> known_player(const live::Event& join) {
  constexpr std::string_view kWord = " player ";
  const auto at = join.detail.find(kWord);
  std::int64_t player = 0;
  if (at == std::string::npos) return std::nullopt;
  const char* const end = join.detail.data() + join.detail.size();
  const auto read = std::from_chars(join.detail.data() + at + kWord.size(), end, player);
  return read.ec == std::errc() ? std::optional(player) : std::nullopt;
}

std::vector<std::int64_t> known_players(
    const std::map<live::GameId, std::vector<live::Event>>& logs) {
  std::vector<std::int64_t> players;
  for (const auto& [id, events] : logs) {
    for (const live::Event& event : events) {
      if (event.kind != live::EventKind::kJoin) continue;
      if (const auto player = known_player(event)) players.push_back(*player);
    }
  }
  std::ranges::sort(players);
  players.erase(std::ranges::unique(players).begin(), players.end());
  return players;
}

/// The names of known players, by their numbers.
std::map<std::int64_t, std::string> names_of(data::Snapshot& db,
                                             const std::vector<std::int64_t>& players) {
  std::map<std::int64_t, std::string> names;
  if (players.empty()) return names;
  const std::string wanted = fmt::format("[{}]", fmt::join(players, ","));
  using Row = std::tuple<std::int64_t, std::string>;
  const auto take = [&names](auto rows) {
    while (auto row = rows.next()) names.insert({std::get<0>(*row), std::get<1>(*row)});
  };
  if (db.dialect() == data::Dialect::kSqlite) {
    take(db.query<Row>("SELECT p.id, p.name FROM json_each(?) w JOIN players p ON p.id = w.value",
                       std::string_view(wanted)));
  } else {
    take(db.query<Row>(
        "SELECT p.id, p.name FROM (SELECT CAST(jsonb_array_elements_text(CAST(? AS jsonb)) AS "
        "bigint) AS id) w JOIN players p ON p.id = w.id",
        std::string_view(wanted)));
  }
  return names;
}

std::vector<std::string> players_of(const live::GameRecord& game,
                                    const std::map<std::int64_t, std::string>& names) {
  std::array<std::string, 2> known;
  for (const live::Event& event : game.events()) {
    if (event.kind != live::EventKind::kJoin || !event.seat) continue;
    const auto player = known_player(event);
    const auto name = player ? names.find(*player) : names.end();
    if (name != names.end()) known[index_of(*event.seat)] = name->second;
  }
  std::vector<std::string> players;
  for (const live::Seat seat : {live::Seat::kFirst, live::Seat::kSecond}) {
    const auto& occupant = game.occupant(seat);
    if (occupant) players.push_back(player_label(*occupant, known[index_of(seat)]));
  }
  return players;
}

std::vector<GameDocument> make_documents(data::Snapshot& db, const std::vector<GameRow>& rows,
                                         const live::GameCatalog& games) {
  std::vector<live::GameId> ids;
  for (const GameRow& row : rows) {
    if (row.ended_at) ids.push_back(row.id);
  }
  auto logs = live::read_games(db, ids);
  const auto known = names_of(db, known_players(logs));
  std::vector<GameDocument> documents;
  for (const GameRow& row : rows) {
    const auto log = logs.find(row.id);
    if (log == logs.end()) continue;
    live::GameRecord game(row.id, games);
    for (live::Event& event : log->second) game.apply(std::move(event));
    // What nobody joined is no game that anybody looks for, and a private one nobody else's.
    if (game.free_seat() || game.is_private()) continue;
    documents.push_back(document_of(game, *row.ended_at, players_of(game, known)));
  }
  return documents;
}

}  // namespace

std::string opening_of(std::string_view kind, const std::vector<std::string>& moves) {
  if (moves.empty()) return "no moves";
  const Cell first = read_cell(moves[0]);
  const bool is_gomoku = kind == "gomoku";
  const auto place = kind == "connect-four" ? &connect_four_place
                     : is_gomoku            ? &gomoku_place
                                            : &tic_tac_toe_place;
  if (moves.size() == 1) return place(first);
  const Cell second = read_cell(moves[1]);
  return fmt::format("{}, {}", place(first),
                     is_gomoku ? gomoku_answer(first, second) : place(second));
}

std::string_view length_of(std::size_t moves) noexcept {
  if (moves < 5) return "under 5 moves";
  if (moves < 10) return "5 to 9 moves";
  if (moves < 20) return "10 to 19 moves";
  return moves < 40 ? "20 to 39 moves" : "40 moves or more";
}

std::string player_label(const live::Occupant& occupant, const std::string& name) {
  if (!occupant.is_bot()) return name.empty() ? "Guest" : name;
  return fmt::format("Computer, {}", live::to_string(*occupant.level));
}

GameDocument document_of(const live::GameRecord& game, std::int64_t ended_at,
                         std::vector<std::string> players) {
  const auto moves = standing_moves(game);
  const std::chrono::sys_time<std::chrono::milliseconds> end{std::chrono::milliseconds(ended_at)};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(end)};
  std::string result(result_of(game));
  if (game.winner()) result = fmt::format("{} won", game.name_of(*game.winner()));
  return {.id = game.id(),
          .kind = std::string(game.kind().name),
          .players = std::move(players),
          .result = std::move(result),
          .ending = ending_of(game.ending()),
          .opening = opening_of(game.kind().name, moves),
          .length = std::string(length_of(moves.size())),
          .moves = static_cast<std::int64_t>(moves.size()),
          .month = fmt::format("{:04}-{:02}", static_cast<int>(day.year()),
                               static_cast<unsigned>(day.month())),
          .ended_at = ended_at,
          .board = game.position().board()};
}

denorm::DocumentType game_documents() {
  auto games = std::make_shared<const live::GameCatalog>(live::standard_games());
  auto make = [games = std::move(games)](data::Snapshot& db, const std::vector<GameRow>& rows) {
    return make_documents(db, rows, *games);
  };
  denorm::DocumentType type =
      denorm::document_type<GameRow, GameDocument>("games", &GameRow::id, std::move(make));
  // A game's row is written to only by its players.
  type.touch = hornbeam::feed::Touch::kNothing;
  return type;
}

data::Migration follow_games_migration(int number) {
  return {.number = number,
          .name = "follow_games",
          .up = std::string(kUp),
          .down = std::string(kDown),
          .postgresql_up = std::string(kPostgresqlUp),
          .postgresql_down = std::string(kPostgresqlDown)};
}

data::Migration follow_names_migration(int number) {
  return {.number = number,
          .name = "follow_names",
          .up = std::string(kNamesUp),
          .down = "DROP TRIGGER games_follow_names;",
          .postgresql_up = std::string(kPostgresqlNamesUp),
          .postgresql_down = std::string(kPostgresqlNamesDown)};
}

}  // namespace arena::games
