#include "hornbeam/experiment/stats/recompute.h"

#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/split_check.h"

namespace hornbeam::experiment::stats {
namespace {

// Rows that own their columns.
struct Rows {
  ColumnShape shape;
  std::vector<std::uint32_t> exposed;
  std::vector<std::uint16_t> experiment;
  std::vector<std::uint8_t> arm;
  std::vector<std::int64_t> exposed_at;
  std::vector<std::uint32_t> acted;
  std::vector<std::uint16_t> metric;
  std::vector<std::int64_t> acted_at;
  std::vector<double> value;

  void expose(std::uint32_t unit, std::uint16_t to, std::uint8_t given, std::int64_t at) {
    exposed.push_back(unit);
    experiment.push_back(to);
    arm.push_back(given);
    exposed_at.push_back(at);
  }
  void act(std::uint32_t unit, std::uint16_t what, std::int64_t at, double how_much) {
    acted.push_back(unit);
    metric.push_back(what);
    acted_at.push_back(at);
    value.push_back(how_much);
  }
  ExposureColumns exposures() const { return {exposed, experiment, arm, exposed_at}; }
  EventColumns events() const { return {acted, metric, acted_at, value}; }
};

std::size_t below(internal::Random& random, std::size_t limit) {
  return static_cast<std::size_t>(random.next() * static_cast<double>(limit));
}

Rows random_rows(std::uint64_t seed, const ColumnShape& shape, std::size_t count) {
  internal::Random random(seed, 0);
  Rows made{.shape = shape};
  for (std::size_t i = 0; i < count; ++i) {
    const auto unit = static_cast<std::uint32_t>(below(random, shape.units));
    const auto to = static_cast<std::uint16_t>(below(random, shape.experiments));
    // Mostly the same arm, as a split gives it; now and then another.
    const std::size_t arm = (unit * 7 + to) % shape.arms;
    const bool strays = random.next() < 0.02;
    made.expose(unit, to, static_cast<std::uint8_t>(strays ? below(random, shape.arms) : arm),
                static_cast<std::int64_t>(below(random, 1000)));
    made.act(static_cast<std::uint32_t>(below(random, shape.units)),
             static_cast<std::uint16_t>(below(random, shape.metrics)),
             static_cast<std::int64_t>(below(random, 1000)), 10 * random.next() - 2);
  }
  return made;
}

// The same by the definition: maps, unit by unit.
struct Expected {
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> units;
  std::map<std::size_t, std::uint64_t> mixed;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, Summary<1>> totals;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, std::uint64_t> converted;
};

Expected by_definition(const Rows& rows) {
  std::map<std::pair<std::size_t, std::size_t>, std::set<std::size_t>> arms;
  std::map<std::pair<std::size_t, std::size_t>, std::int64_t> first;
  for (std::size_t i = 0; i < rows.exposed.size(); ++i) {
    const std::pair<std::size_t, std::size_t> key{rows.experiment[i], rows.exposed[i]};
    arms[key].insert(rows.arm[i]);
    const auto [at, is_new] = first.try_emplace(key, rows.exposed_at[i]);
    at->second = std::min(at->second, rows.exposed_at[i]);
  }
  Expected made;
  for (const auto& [key, given] : arms) {
    const auto [experiment, unit] = key;
    if (given.size() > 1) {
      ++made.mixed[experiment];
      continue;
    }
    const std::size_t arm = *given.begin();
    ++made.units[{experiment, arm}];
    std::vector<double> total(rows.shape.metrics);
    std::vector<bool> acted(rows.shape.metrics);
    for (std::size_t i = 0; i < rows.acted.size(); ++i) {
      if (rows.acted[i] != unit || rows.acted_at[i] <= first[key]) continue;
      total[rows.metric[i]] += rows.value[i];
      acted[rows.metric[i]] = true;
    }
    for (std::size_t metric = 0; metric < rows.shape.metrics; ++metric) {
      made.totals[{experiment, arm, metric}].add({total[metric]});
      made.converted[{experiment, arm, metric}] += acted[metric] ? 1 : 0;
    }
  }
  return made;
}

void expect_as_defined(const Rows& rows) {
  const auto ours = recompute(rows.exposures(), rows.events(), rows.shape);
  ASSERT_TRUE(ours) << ours.error().message;
  Expected expected = by_definition(rows);
  for (std::size_t experiment = 0; experiment < rows.shape.experiments; ++experiment) {
    EXPECT_EQ(ours->mixed_units(experiment), expected.mixed[experiment]);
    for (std::size_t arm = 0; arm < rows.shape.arms; ++arm) {
      EXPECT_EQ(ours->units(experiment, arm), (expected.units[{experiment, arm}]));
      for (std::size_t metric = 0; metric < rows.shape.metrics; ++metric) {
        const MeasuredMetric& of = ours->metric(experiment, arm, metric);
        const Summary<1>& theirs = expected.totals[{experiment, arm, metric}];
        EXPECT_EQ(of.totals.units(), theirs.units());
        EXPECT_EQ(of.converted, (expected.converted[{experiment, arm, metric}]));
        EXPECT_NEAR(of.totals.mean(0), theirs.mean(0), 1e-10);
        EXPECT_NEAR(of.totals.covariance(0, 0), theirs.covariance(0, 0), 1e-9);
      }
    }
  }
}

TEST(Recompute, IsWhatTheDefinitionSays) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    expect_as_defined(
        random_rows(seed, {.units = 60, .experiments = 3, .arms = 3, .metrics = 2}, 400));
  }
}

TEST(Recompute, IsWhatTheDefinitionSaysAcrossParts) {
  expect_as_defined(
      random_rows(9, {.units = 5000, .experiments = 2, .arms = 2, .metrics = 1}, 1500));
}

TEST(Recompute, CountsOnlyWhatComesAfterTheFirstExposure) {
  Rows rows{.shape = {.units = 2, .experiments = 2, .arms = 2, .metrics = 1}};
  rows.expose(0, 0, 1, 20);
  rows.expose(0, 0, 1, 10);  // Logged late: it was first.
  rows.expose(0, 1, 0, 30);
  rows.act(0, 0, 5, 100);   // Before both.
  rows.act(0, 0, 10, 200);  // At the very time.
  rows.act(0, 0, 15, 1);    // After one.
  rows.act(0, 0, 31, 2);    // After both.
  rows.act(1, 0, 99, 7);    // Of a unit that was never exposed.
  const auto made = recompute(rows.exposures(), rows.events(), rows.shape);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->metric(0, 1, 0).totals.sum(0), 3);
  EXPECT_EQ(made->metric(1, 0, 0).totals.sum(0), 2);
  EXPECT_EQ(made->metric(0, 1, 0).proportion().successes, 1U);
  EXPECT_EQ(made->units(0, 0), 0U);
}

TEST(Recompute, LeavesOutUnitsWithSeveralArms) {
  Rows rows{.shape = {.units = 1, .experiments = 1, .arms = 2, .metrics = 1}};
  rows.expose(0, 0, 0, 1);
  rows.expose(0, 0, 1, 2);
  rows.act(0, 0, 3, 5);
  const auto made = recompute(rows.exposures(), rows.events(), rows.shape);
  EXPECT_EQ(made->mixed_units(0), 1U);
  EXPECT_EQ(made->units(0, 0) + made->units(0, 1), 0U);
  EXPECT_EQ(made->metric(0, 0, 0).totals.units(), 0U);
}

TEST(Recompute, OrdersTotalsByFirstExposure) {
  Rows rows{.shape = {.units = 4, .experiments = 1, .arms = 2, .metrics = 1}};
  rows.expose(2, 0, 0, 30);
  rows.expose(0, 0, 1, 20);
  rows.expose(3, 0, 1, 10);
  rows.act(0, 0, 40, 1);
  rows.act(2, 0, 40, 2);
  rows.act(2, 0, 41, 2);
  rows.act(1, 0, 41, 9);
  EXPECT_EQ(totals_by_exposure(rows.exposures(), rows.events(), rows.shape, 0, 0).value(),
            (std::vector<double>{0, 1, 4}));
}

TEST(Recompute, FeedsTheCheckBySplits) {
  const Rows rows = random_rows(4, {.units = 900, .experiments = 1, .arms = 2, .metrics = 1}, 3000);
  const auto totals = totals_by_exposure(rows.exposures(), rows.events(), rows.shape, 0, 0);
  ASSERT_TRUE(totals);
  const auto check = check_by_splits(*totals, {}, {.splits = 200});
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_GT(check->p_of_p_values, 1e-4);
  EXPECT_LE(check->sequential_findings, 0.05);
}

TEST(Recompute, SaysWhatIsWrongWithColumns) {
  const Rows good = random_rows(1, {.units = 10, .experiments = 2, .arms = 2, .metrics = 2}, 20);
  const auto code = [](const Rows& rows) {
    const auto made = recompute(rows.exposures(), rows.events(), rows.shape);
    return made ? "none" : made.error().code;
  };
  EXPECT_EQ(code(good), "none");
  for (int broken = 0; broken < 9; ++broken) {
    Rows rows = good;
    if (broken == 0) rows.exposed[3] = 10;
    if (broken == 1) rows.experiment[3] = 2;
    if (broken == 2) rows.arm[3] = 2;
    if (broken == 3) rows.acted[3] = 10;
    if (broken == 4) rows.metric[3] = 2;
    if (broken == 5) rows.arm.pop_back();
    if (broken == 6) rows.acted_at.pop_back();
    if (broken == 7) rows.value.pop_back();
    if (broken == 8) rows.exposed_at.clear();
    EXPECT_EQ(code(rows), "bad_shape") << broken;
  }
  Rows infinite{.shape = good.shape};
  infinite.expose(0, 0, 0, 1);
  infinite.act(0, 0, 2, std::numeric_limits<double>::infinity());
  EXPECT_EQ(code(infinite), "not_finite");
  EXPECT_EQ(code(Rows{}), "none");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
