#pragma once

namespace arena {

struct Arena;

/// Adds the leaderboards at /players, each player's page below it, and the form that renames one.
void add_player_pages(Arena& arena);
/// Adds the replay of every finished game, at /games/NUMBER?at=MOVE.
void add_replay_pages(Arena& arena);

}  // namespace arena
