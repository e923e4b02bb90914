#pragma once

// A finished game as searches find it. What it is made of is the game's log; it becomes a document
// once, with the event that ends it, so that a move costs a search nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/denorm.h"
#include "hornbeam/live.h"

namespace arena::games {

/// A row of the game log's table, as far as a document needs it.
struct GameRow {
  std::int64_t id = 0;
  std::string game;
  std::optional<std::int64_t> ended_at = {};  ///< Milliseconds since 1970.
};
constexpr auto describe(hornbeam::base::Type<GameRow>) {
  using hornbeam::base::field;
  return hornbeam::base::fields(field("id", &GameRow::id, hornbeam::data::primary_key),
                                field("game", &GameRow::game),
                                field("ended_at", &GameRow::ended_at));
}
constexpr std::string_view table_name(hornbeam::base::Type<GameRow>) {
  return "games";
}

/// What searches find.
struct GameDocument {
  std::int64_t id = 0;
  std::string kind;                  ///< "connect-four".
  std::vector<std::string> players;  ///< By seat: a name, "Guest" or "Computer, easy".
  std::string result;                ///< "X won", "O won", "draw" or "aborted".
  std::string ending;                ///< "played", "resigned", "agreed", "aborted", ...
  std::string opening;               ///< As `opening_of` calls it.
  std::string length;                ///< As `length_of` calls it.
  std::int64_t moves = 0;            ///< That stood at the end.
  std::string month;                 ///< Of its end, "2026-11".
  std::int64_t ended_at = 0;         ///< Milliseconds since 1970.
  std::string board;                 ///< As the rules spell it, at the end.
};
constexpr auto describe(hornbeam::base::Type<GameDocument>) {
  using hornbeam::base::field;
  namespace search = hornbeam::search;
  return hornbeam::base::fields(
      field("id", &GameDocument::id, search::document_id),
      field("kind", &GameDocument::kind, search::keyword), field("players", &GameDocument::players),
      field("result", &GameDocument::result, search::keyword),
      field("ending", &GameDocument::ending, search::keyword),
      field("opening", &GameDocument::opening, search::keyword),
      field("length", &GameDocument::length, search::keyword), field("moves", &GameDocument::moves),
      field("month", &GameDocument::month, search::keyword),
      field("ended_at", &GameDocument::ended_at),
      field("board", &GameDocument::board, search::keyword));
}

/// How a game began, by its first two moves, in words that are few enough to choose from: where the
/// first one went, and where the answer. "no moves" if there is none.
std::string opening_of(std::string_view kind, const std::vector<std::string>& moves);
/// How long a game was, in words that are few enough to choose from.
std::string_view length_of(std::size_t moves) noexcept;
/// Who sits there, in a few words. `name` is that of a known player, or empty.
std::string player_label(const hornbeam::live::Occupant& occupant, const std::string& name);
/// The document of a finished game.
GameDocument document_of(const hornbeam::live::GameRecord& game, std::int64_t ended_at,
                         std::vector<std::string> players);

/// How rows become documents: those of finished games. Of people, those who are known have the name
/// that they have now, and others are "Guest".
hornbeam::denorm::DocumentType game_documents();

/// The step of the schema that has the end of a game noticed, and nothing else that happens in it.
/// Requires: the tables of the feed are there.
hornbeam::data::Migration follow_games_migration(int number);
/// The step that has a player's games noticed when the player takes another name. Requires: the
/// tables of the feed and of players are there.
hornbeam::data::Migration follow_names_migration(int number);

}  // namespace arena::games
