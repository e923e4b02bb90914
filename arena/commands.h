#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arena/docs_import.h"
#include "hornbeam/data.h"
#include "hornbeam/live.h"

namespace arena {

struct Arena;

// What `arena` can do besides serving. Each gives the exit code.

/// What `arena db ...` is about: the game log's steps, then arena's own, which the program was
/// built with. `folder` is where the next one is written.
hornbeam::data::SchemaOfProgram schema_of_arena(hornbeam::data::Database& database,
                                                std::string folder);

/// `arena games sweep`, `show NUMBER`, `replay NUMBER` and `ratings`
int run_games(Arena& arena, const hornbeam::live::SweepOptions& sweep,
              const std::vector<std::string>& arguments);

/// `arena import docs` and `arena import debian [FILE]`
int run_import(Arena& arena, const DocsOptions& docs, const std::vector<std::string>& arguments);

/// `arena play [GAME] ...` and `arena tictactoe ...`, from that word on. Needs no database, so
/// `main` goes here first.
int run_play_command(int argc, const char* const* argv);

}  // namespace arena
