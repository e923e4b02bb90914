#include "hornbeam/live/sweep.h"

#include <algorithm>

namespace hornbeam::live {

base::Task<SweepReport> sweep(GameLog& log, SweepOptions options, EventTime now) {
  SweepReport report;
  const EventTime youngest = now - std::min(options.waiting, options.idle);
  for (const OpenGame& open : co_await log.open_games(youngest, options.limit)) {
    const auto patience = open.is_waiting ? options.waiting : options.idle;
    if (open.last_at >= now - patience) continue;
    const Event abort{.seq = open.last_seq + 1,
                      .kind = EventKind::kAbort,
                      .seat = std::nullopt,
                      .command_id = {},
                      .detail = {},
                      .at = now};
    const bool is_first = co_await log.append(open.game, abort, true);
    ++(!is_first ? report.overtaken : open.is_waiting ? report.waiting : report.idle);
  }
  if (options.archive_after.count() > 0) {
    report.archived = co_await log.archive(now - options.archive_after, options.limit, now);
  }
  co_return report;
}

}  // namespace hornbeam::live
