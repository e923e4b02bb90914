#include "bench/load/report.h"

#include <algorithm>

#include <fmt/format.h>

namespace hornbeam::bench {

namespace {

constexpr double kMicrosecond = 1000;  // in nanoseconds

/// Percentiles over all connections, and of the connection that had to wait most.
struct Spread {
  explicit Spread(const std::vector<Histogram>& connections) {
    for (const Histogram& one : connections) {
      all.add(one);
      slowest_p99 = std::max(slowest_p99, one.percentile(0.99));
    }
  }

  std::string to_json(double unit) const {
    return fmt::format(
        R"({{"p50":{:.1f},"p99":{:.1f},"max":{:.1f},"slowest_connection_p99":{:.1f}}})",
        static_cast<double>(all.percentile(0.5)) / unit,
        static_cast<double>(all.percentile(0.99)) / unit, static_cast<double>(all.largest()) / unit,
        static_cast<double>(slowest_p99) / unit);
  }

  Histogram all;
  std::uint64_t slowest_p99 = 0;
};

}  // namespace

std::string to_json(const Report& report) {
  std::vector<std::uint64_t> counts{0};
  if (!report.latency.empty()) counts.clear();
  for (const Histogram& one : report.latency) counts.push_back(one.count());
  std::ranges::sort(counts);
  const double seconds = std::chrono::duration<double>(report.elapsed).count();
  return fmt::format(R"({{"answers":{},"seconds":{:.6f},"rate":{:.1f},"server_cpu_us":{:.1f},)"
                     R"("latency_us":{},"turns":{},)"
                     R"("answers_per_connection":{{"min":{},"median":{},"max":{}}}}})",
                     report.answers, seconds,
                     seconds > 0 ? static_cast<double>(report.answers) / seconds : 0,
                     static_cast<double>(report.server_cpu.count()) / kMicrosecond,
                     Spread(report.latency).to_json(kMicrosecond), Spread(report.turns).to_json(1),
                     counts.front(), counts[counts.size() / 2], counts.back());
}

}  // namespace hornbeam::bench
