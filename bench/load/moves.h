#pragma once

#include "bench/load/plan.h"
#include "bench/load/report.h"

namespace hornbeam::bench {

/// Plays whole games of tic-tac-toe by the classic protocol at `plan.connections` tables, two
/// sockets each: create, join, nine moves to a draw, and again. The report counts acknowledged
/// moves, and times each from being sent to being acknowledged; processor time includes what
/// creating and joining cost. Throws: WrongAnswer, std::runtime_error if the server closes or is
/// silent for 10 s.
Report run_moves(const Plan& plan);

}  // namespace hornbeam::bench
