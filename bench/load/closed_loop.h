#pragma once

#include <functional>
#include <memory>

#include "bench/load/exchange.h"
#include "bench/load/plan.h"
#include "bench/load/report.h"

namespace hornbeam::bench {

/// Makes what the connection of that number says.
using ExchangeMaker = std::function<std::unique_ptr<Exchange>(std::size_t number)>;

/// Keeps `plan.window` requests in flight on every connection until the plan's count or time is
/// over. A connection that waits at the end counts with the age of its oldest request, so that a
/// starved one is seen. Throws: WrongAnswer, std::runtime_error if the server closes or is silent
/// for 10 s.
Report run_closed_loop(const Plan& plan, const ExchangeMaker& make_exchange);

/// Opens `plan.connections`, has each answer one request, then holds them open until standard input
/// ends; prints one line once they stand.
void hold_idle(const Plan& plan, const ExchangeMaker& make_exchange);

}  // namespace hornbeam::bench
