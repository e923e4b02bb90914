// How long does it take to know what a user gets? GrowthBook's payloads as Hornbeam evaluates them,
// lanes, and a split; one JSON object a line, for `bench/experiment/run`, which has the client from
// npm beside it.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "hornbeam/experiment.h"

namespace {

std::atomic<std::uint64_t> allocations = 0;

}  // namespace

// Counted, since what is asked is whether there are any.
void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);
}

namespace {

using namespace hornbeam;
using namespace hornbeam::experiment;
using growthbook::Value;

constexpr std::size_t kIds = 1'024;
constexpr int kPasses = 7;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// What is measured: all, or what begins with this.
std::string wanted;

// Asks `work` for each of the ids, over and over; the best pass counts. Prints nanoseconds of CPU
// and allocations for each call.
template <class Work>
void measure(const std::string& what, Work work) {
  constexpr int kRounds = 200;
  if (!what.starts_with(wanted)) return;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kIds; ++i) sum += work(i);
  double best = 1e9;
  const std::uint64_t before = allocations;
  for (int pass = 0; pass < kPasses; ++pass) {
    const double start = cpu_seconds();
    for (int round = 0; round < kRounds; ++round) {
      for (std::size_t i = 0; i < kIds; ++i) sum += work(i);
    }
    best = std::min(best, cpu_seconds() - start);
  }
  const auto calls = static_cast<double>(kRounds * kIds);
  fmt::print("{{\"what\":\"{}\",\"ns\":{:.1f},\"allocations\":{:.3f},\"sum\":{}}}\n", what,
             best * 1e9 / calls, static_cast<double>(allocations - before) / (calls * kPasses),
             sum);
}

std::vector<std::string> ids_of(std::size_t size) {
  std::vector<std::string> ids;
  std::uint64_t state = 88172645463325252ULL;
  for (std::size_t i = 0; i < kIds; ++i) {
    std::string id;
    while (id.size() < size) {
      state ^= state << 13U;
      state ^= state >> 7U;
      state ^= state << 17U;
      id += fmt::format("{:016x}", state);
    }
    ids.push_back(id.substr(0, size));
  }
  return ids;
}

Configuration configuration_of(int lanes, LaneMode mode) {
  Configuration configuration;
  Domain domain;
  domain.key = "web";
  for (int i = 0; i < lanes; ++i) {
    Lane lane;
    lane.key = fmt::format("lane{}", i);
    lane.mode = mode;
    lane.share = 100 / lanes;
    lane.parameters = {{lane.key + ".p", base::RawJson{"\"grey\""}}};
    Experiment experiment;
    experiment.key = fmt::format("experiment{}", i);
    experiment.hypothesis = "To be measured.";
    experiment.arms = {{"red", 50, {{lane.key + ".p", base::RawJson{"\"red\""}}}},
                       {"blue", 50, {{lane.key + ".p", base::RawJson{"\"blue\""}}}}};
    experiment.primary_metric = "orders";
    experiment.ends_at = Time(std::chrono::hours(100));
    lane.experiments.push_back(experiment);
    domain.lanes.push_back(lane);
  }
  configuration.domains.push_back(domain);
  return configuration;
}

std::vector<growthbook::User> users_of(const std::vector<std::string>& ids) {
  std::vector<growthbook::User> users(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    users[i].attributes = Value::object({{"id", ids[i]}, {"country", "DE"}, {"premium", true}});
  }
  return users;
}

void measure_growthbook(const std::string& name, const std::string& json,
                        const std::string& feature) {
  const auto payload = growthbook::Payload::parse(json).value();
  const auto users = users_of(ids_of(32));
  measure(name, [&](std::size_t i) {
    return static_cast<std::uint64_t>(
        growthbook::Evaluation(*payload, users[i]).feature(feature).on);
  });
}

void measure_lanes(int lanes, LaneMode mode, std::size_t id_size) {
  const auto snapshot = Snapshot::make(configuration_of(lanes, mode), 1).value();
  const auto ids = ids_of(id_size);
  Assignments assignments;
  const Time now{std::chrono::hours(1)};
  measure(fmt::format("all of {} {} lanes, id of {} bytes", lanes, to_string(mode), id_size),
          [&](std::size_t i) {
            snapshot->assign({.units = {.user = ids[i]}}, now, assignments);
            return static_cast<std::uint64_t>(assignments.all()[0].arm + 1);
          });
}

// What a program pays that keeps its users: a session, or a socket.
void measure_kept_units(int lanes, LaneMode mode) {
  const auto snapshot = Snapshot::make(configuration_of(lanes, mode), 1).value();
  std::vector<KeptUnit> units;
  for (const std::string& id : ids_of(36)) units.emplace_back(id);
  Assignments assignments;
  const Time now{std::chrono::hours(1)};
  measure(fmt::format("all of {} {} lanes, user kept", lanes, to_string(mode)), [&](std::size_t i) {
    snapshot->assign({.units = {.user = units[i]}}, now, assignments);
    return static_cast<std::uint64_t>(assignments.all()[0].arm + 1);
  });
}

constexpr auto kSplit = split<int>("size", {{1, 50}, {2, 50}});

}  // namespace

int main(int argc, char** argv) {
  const Time now{std::chrono::hours(1)};
  const std::string one_rule = R"({"features":{"f":{"defaultValue":false,"rules":[{"key":"e",
    "seed":"e","hashVersion":2,"condition":{"country":{"$in":["DE","AT"]}},
    "variations":[false,true],"weights":[0.5,0.5]}]}}})";
  const std::string lane =
      growthbook_payload(*Snapshot::make(configuration_of(2, LaneMode::kExclusive), 1).value(), now)
          .json();
  if (argc > 1 && std::string_view(argv[1]) == "payloads") {
    fmt::print("{}\n{}\n", Value::parse(one_rule)->json(), lane);
    return 0;
  }
  if (argc > 1) wanted = argv[1];
  measure_growthbook("GrowthBook, one rule with a condition", one_rule, "f");
  measure_growthbook("GrowthBook, a lane as exported", lane, "lane0.p");
  measure_kept_units(2, LaneMode::kExclusive);
  measure_kept_units(8, LaneMode::kExclusive);
  measure_kept_units(8, LaneMode::kOrthogonal);
  for (const std::size_t size : {8U, 16U, 32U, 36U}) {
    measure_lanes(2, LaneMode::kExclusive, size);
    measure_lanes(8, LaneMode::kExclusive, size);
    measure_lanes(8, LaneMode::kOrthogonal, size);
  }
  const auto ids = ids_of(16);
  measure("split of 2, id of 16 bytes",
          [&](std::size_t i) { return static_cast<std::uint64_t>(assign(kSplit, ids[i])); });
}
