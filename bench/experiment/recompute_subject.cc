// Computes the results of twenty experiments from random rows: bench/experiment_recompute.
//
//   recompute_subject ROWS PASSES          prints CPU seconds of the best pass, and the results, as
//   JSON recompute_subject ROWS write FOLDER    writes the same rows as CSV

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/os.h>

#include "hornbeam/experiment/stats/recompute.h"

namespace {

namespace stats = hornbeam::experiment::stats;

constexpr std::uint16_t kExperiments = 20;
constexpr std::uint8_t kArms = 2;
constexpr std::uint16_t kMetrics = 3;
constexpr std::int64_t kTimes = 1'000'000;

// A linear congruential generator (D. E. Knuth's MMIX) is random enough for rows.
class Draw {
 public:
  std::uint64_t below(std::uint64_t limit) {
    state_ = state_ * 6364136223846793005 + 1442695040888963407;
    return ((state_ >> 32) * limit) >> 32;
  }

 private:
  std::uint64_t state_ = 1;
};

struct Rows {
  stats::ColumnShape shape;
  std::vector<std::uint32_t> exposed;
  std::vector<std::uint16_t> experiment;
  std::vector<std::uint8_t> arm;
  std::vector<std::int64_t> exposed_at;
  std::vector<std::uint32_t> acted;
  std::vector<std::uint16_t> metric;
  std::vector<std::int64_t> acted_at;
  std::vector<double> value;
};

Rows draw(std::size_t count) {
  Draw random;
  const auto units = static_cast<std::uint32_t>(count * 3 / 10 + 1);
  Rows made{.shape = {units, kExperiments, kArms, kMetrics}};
  for (std::size_t i = 0; i < count; ++i) {
    const auto unit = static_cast<std::uint32_t>(random.below(units));
    const auto experiment = static_cast<std::uint16_t>(random.below(kExperiments));
    const std::uint64_t arm = (unit * 2654435761U >> (experiment + 3)) & 1;
    made.exposed.push_back(unit);
    made.experiment.push_back(experiment);
    made.arm.push_back(static_cast<std::uint8_t>(random.below(50) == 0 ? 1 - arm : arm));
    made.exposed_at.push_back(static_cast<std::int64_t>(random.below(kTimes)));
    made.acted.push_back(static_cast<std::uint32_t>(random.below(units)));
    made.metric.push_back(static_cast<std::uint16_t>(random.below(kMetrics)));
    made.acted_at.push_back(static_cast<std::int64_t>(random.below(kTimes)));
    made.value.push_back(static_cast<double>(random.below(10000)) / 100);
  }
  return made;
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void write(const Rows& rows, const std::string& folder) {
  auto exposures = fmt::output_file(folder + "/exposures.csv");
  auto events = fmt::output_file(folder + "/events.csv");
  for (std::size_t i = 0; i < rows.exposed.size(); ++i) {
    exposures.print("{},{},{},{}\n", rows.exposed[i], rows.experiment[i], rows.arm[i],
                    rows.exposed_at[i]);
    events.print("{},{},{},{}\n", rows.acted[i], rows.metric[i], rows.acted_at[i], rows.value[i]);
  }
}

void print(const stats::Recomputed& made, std::uint32_t units, double seconds) {
  std::string results;
  for (std::size_t experiment = 0; experiment < kExperiments; ++experiment) {
    for (std::size_t arm = 0; arm < kArms; ++arm) {
      for (std::size_t metric = 0; metric < kMetrics; ++metric) {
        const stats::MeasuredMetric& of = made.metric(experiment, arm, metric);
        results += fmt::format("{}[{},{},{},{},{},{},{}]", results.empty() ? "" : ",", experiment,
                               arm, metric, of.totals.units(), of.converted, of.totals.sum(0),
                               of.totals.product(0, 0));
      }
    }
  }
  fmt::print("{{\"seconds\":{},\"units\":{},\"results\":[{}]}}\n", seconds, units, results);
}

std::size_t number(std::string_view text) {
  std::size_t made = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), made);
  if (problem != std::errc{} || end != text.data() + text.size()) {
    fmt::print(stderr, "recompute_subject: {} is no number\n", text);
    std::exit(2);
  }
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: recompute_subject ROWS PASSES | ROWS write FOLDER\n");
    return 2;
  }
  const Rows rows = draw(number(argv[1]));
  if (argc == 4) {
    write(rows, argv[3]);
    return 0;
  }
  double best = 1e300;
  for (std::size_t pass = std::max<std::size_t>(1, number(argv[2])); pass > 0; --pass) {
    const double begin = cpu_seconds();
    const auto made =
        stats::recompute({rows.exposed, rows.experiment, rows.arm, rows.exposed_at},
                         {rows.acted, rows.metric, rows.acted_at, rows.value}, rows.shape);
    best = std::min(best, cpu_seconds() - begin);
    if (!made) {
      fmt::print(stderr, "recompute_subject: {}\n", made.error().message);
      return 1;
    }
    if (pass == 1) print(*made, rows.shape.units, best);
  }
}
