#include "bench/load/report.h"

#include <algorithm>

#include <fmt/format.h>

namespace hornbeam::bench {

namespace {

double microseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

}  // namespace

std::string to_json(const Report& report) {
  Histogram all;
  std::vector<std::uint64_t> counts;
  std::chrono::nanoseconds slowest_p99{0};
  for (const Histogram& one : report.latency) {
    all.add(one);
    counts.push_back(one.count());
    slowest_p99 = std::max(slowest_p99, one.percentile(0.99));
  }
  std::ranges::sort(counts);
  if (counts.empty()) counts.push_back(0);
  const double seconds = std::chrono::duration<double>(report.elapsed).count();
  return fmt::format(
      R"({{"answers":{},"seconds":{:.6f},"rate":{:.1f},"server_cpu_us":{:.1f},)"
      R"("latency_us":{{"p50":{:.1f},"p99":{:.1f},"max":{:.1f},"slowest_connection_p99":{:.1f}}},)"
      R"("answers_per_connection":{{"min":{},"median":{},"max":{}}}}})",
      report.answers, seconds, seconds > 0 ? static_cast<double>(report.answers) / seconds : 0,
      microseconds(report.server_cpu), microseconds(all.percentile(0.5)),
      microseconds(all.percentile(0.99)), microseconds(all.longest()), microseconds(slowest_p99),
      counts.front(), counts[counts.size() / 2], counts.back());
}

}  // namespace hornbeam::bench
