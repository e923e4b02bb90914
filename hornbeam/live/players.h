#pragma once

// Players: who plays here, how well, and how their games ended. Ratings and histories are a view of
// the log: a finished game is counted once, whoever counts it, and all of it can be counted anew.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/base/task.h"
#include "hornbeam/data/database.h"
#include "hornbeam/live/event.h"
#include "hornbeam/live/game_kind.h"
#include "hornbeam/live/player.h"

namespace hornbeam::live {

/// A line of a leaderboard, or of a player's page.
struct Standing {
  std::string kind;            ///< Which game.
  PlayerId player = 0;         ///< Whose.
  std::string name;            ///< Of the player.
  int rating = 0;              ///< Glicko-2.
  int deviation = 0;           ///< The rating is within twice this, 19 times of 20.
  bool is_provisional = true;  ///< Whether it rests on few games.
  std::int64_t wins = 0;       ///< Rated games won.
  std::int64_t draws = 0;      ///< Rated games that nobody won.
  std::int64_t losses = 0;     ///< Rated games lost.
};

/// A player, for their page.
struct PlayerProfile {
  PlayerId id = 0;                  ///< The player's number.
  std::string name;                 ///< As they call themselves.
  EventTime since{};                ///< When they first played.
  std::vector<Standing> standings;  ///< By game.
};

/// A finished game, as one of its players sees it.
struct PlayedGame {
  GameId game = 0;                        ///< The game's number.
  std::string kind;                       ///< What was played.
  Seat seat = Seat::kFirst;               ///< The player's.
  std::optional<PlayerId> opponent = {};  ///< Who sat across, if they are known.
  std::string opponent_name = {};         ///< Their name, if they are known.
  std::optional<Seat> winner = {};        ///< Nobody in a draw.
  std::string ending;                     ///< "played", "resigned", "agreed", ...
  std::int64_t moves = 0;                 ///< Those that stood at the end.
  EventTime ended_at{};                   ///< When it ended.
  std::optional<int> rating = {};         ///< After it, if it was rated.
  std::optional<int> change = {};         ///< What it changed, if it was rated.
};

/// Longest name of a player. Bytes.
inline constexpr std::size_t kMaxPlayerName = 40;

/// Reads and writes the tables that `game_log_migrations` makes. Thread: any.
class Players {
 public:
  /// Lifetime: `database`, migrated, and `games` outlive it.
  Players(data::Database& database, const GameCatalog& games)
      : database_(database), games_(games) {}

  /// The player whose key has that hash; a new one, with a name made up, the first time.
  base::Task<PlayerId> know(std::string key_hash, EventTime now);
  /// The same, but nobody is made.
  base::Task<std::optional<PlayerId>> find(std::string key_hash);
  /// What others see of a player at a game; nothing for an unknown number.
  base::Task<std::optional<PlayerCard>> card(PlayerId player, std::string kind);
  /// Calls a player by another name. Refuses with "bad_name", which says what a name is.
  base::Task<base::Result<void>> rename(PlayerId player, std::string name);

  /// Counts games that have ended and gives their number, at most `limit`. Of several that do this
  /// at once, one counts a game.
  base::Task<std::size_t> follow(std::size_t limit = 100);
  /// Forgets every rating and counts all games anew; gives their number.
  base::Task<std::size_t> rebuild();

  /// The best at a game, best first, without those whose rating rests on few games.
  base::Task<std::vector<Standing>> leaderboard(std::string kind, std::size_t limit);
  /// A player's page; nothing for an unknown number.
  base::Task<std::optional<PlayerProfile>> profile(PlayerId player);
  /// A player's finished games before the game `before`, the latest first; those that were aborted
  /// are left out.
  base::Task<std::vector<PlayedGame>> history(PlayerId player, GameId before, std::size_t limit);
  /// By how much the ratings of a game's players changed, by seat; nothing unless it was rated and
  /// has been counted.
  base::Task<std::array<std::optional<int>, 2>> changes(GameId game);

 private:
  data::Database& database_;
  const GameCatalog& games_;
};

}  // namespace hornbeam::live
