#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/live.h"

namespace arena {

struct Arena;

// What `arena` can do besides serving. Each gives the exit code.

/// `arena db migrate|status`
int run_db(hornbeam::data::Database& database, std::string_view what);

/// `arena games sweep` and `arena games show NUMBER`
int run_games(Arena& arena, const hornbeam::live::SweepOptions& sweep,
              const std::vector<std::string>& arguments);

/// `arena tictactoe ...`, from that word on. Needs no database, so `main` goes here first.
int play_tictactoe(int argc, char** argv);

}  // namespace arena
