#include "hornbeam/experiment/stats/sample_ratio.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/split_check.h"

namespace hornbeam::experiment::stats {
namespace {

SampleRatio check_one(std::vector<double> weights, std::vector<std::uint64_t> units,
                      const SampleRatioOptions& options = {}) {
  const AllocationPhase phase{std::move(weights), std::move(units)};
  return check_sample_ratio({&phase, 1}, options).value();
}

std::vector<std::uint64_t> draw(internal::Random& random, const std::vector<double>& weights,
                                int units) {
  double total = 0;
  for (const double weight : weights) total += weight;
  std::vector<std::uint64_t> made(weights.size());
  for (int i = 0; i < units; ++i) {
    double at = random.next() * total;
    std::size_t arm = 0;
    while (arm + 1 < weights.size() && at >= weights[arm]) at -= weights[arm++];
    ++made[arm];
  }
  return made;
}

TEST(SampleRatio, DoesNotMindUnequalWeightsOrTheirUnit) {
  // An alarm raised by holding 95 to 5 against half and half is a known false one.
  EXPECT_FALSE(check_one({95, 5}, {95120, 4880}).is_mismatch);
  EXPECT_NEAR(check_one({0.95, 0.05}, {95120, 4880}).p_value,
              check_one({190, 10}, {95120, 4880}).p_value, 1e-12);
  EXPECT_TRUE(check_one({1, 1}, {95120, 4880}).is_mismatch);
}

TEST(SampleRatio, ToleratesWhatNoResultSuffersFrom) {
  // Two in a thousand off, with ten million units: certain, and harmless.
  const SampleRatio made = check_one({1, 1}, {5010000, 4990000});
  EXPECT_LT(made.p_value, 1e-9);
  EXPECT_FALSE(made.is_mismatch);
  EXPECT_TRUE(check_one({1, 1}, {5010000, 4990000}, {.smallest_deviation = 0}).is_mismatch);
}

TEST(SampleRatio, SaysNothingOfFewUnits) {
  EXPECT_FALSE(check_one({1, 1}, {0, 9}).has_enough_units);
  EXPECT_FALSE(check_one({1, 1}, {0, 9}).is_mismatch);
  EXPECT_TRUE(check_one({1, 1}, {0, 20}).is_mismatch);
}

TEST(SampleRatio, CountsUnitsThatShouldNotBeThere) {
  const SampleRatio made = check_one({1, 1, 0}, {500, 500, 7});
  EXPECT_EQ(made.astray, 7U);
  EXPECT_EQ(made.degrees_of_freedom, 1);
  EXPECT_FALSE(made.is_mismatch);
}

// A ramp from a tenth to a half: each phase is as it should be, the total is not half and half.
TEST(SampleRatio, ExpectsWhatEachPhaseDoes) {
  const std::vector<AllocationPhase> ramp = {{{9, 1}, {9000, 1000}}, {{1, 1}, {5000, 5000}}};
  const SampleRatio made = check_sample_ratio(ramp).value();
  EXPECT_NEAR(made.p_value, 1, 1e-9);
  EXPECT_EQ(made.expected[1], 6000);
}

TEST(SampleRatio, OfEqualPhasesIsThatOfTheirSum) {
  const std::vector<AllocationPhase> phases = {{{2, 1, 1}, {510, 240, 260}},
                                               {{2, 1, 1}, {480, 270, 240}}};
  const SampleRatio whole = check_one({2, 1, 1}, {990, 510, 500});
  const SampleRatio made = check_sample_ratio(phases).value();
  EXPECT_NEAR(made.chi_squared, whole.chi_squared, 1e-9);
  EXPECT_EQ(made.degrees_of_freedom, 2);
}

// p is even under the null: in one phase, over several with arms that come and go, and where two
// pairs of arms have nothing to do with each other.
TEST(SampleRatio, HasEvenPValues) {
  const std::vector<std::vector<std::vector<double>>> designs = {
      {{1, 1}}, {{5, 1, 2}, {1, 1, 0}, {1, 0, 3}}, {{1, 2, 0, 0}, {0, 0, 1, 1}}};
  for (std::size_t design = 0; design < designs.size(); ++design) {
    internal::Random random(21, design);
    std::vector<double> p_values;
    for (int run = 0; run < 500; ++run) {
      std::vector<AllocationPhase> phases;
      for (const auto& weights : designs[design]) {
        phases.push_back({weights, draw(random, weights, 1000)});
      }
      p_values.push_back(check_sample_ratio(phases).value().p_value);
    }
    EXPECT_GT(p_of_uniform(p_values), 0.001) << design;
  }
}

TEST(SampleRatio, RefusesWeightsAndShapesThatAreNone) {
  const auto code = [](const std::vector<AllocationPhase>& phases,
                       const SampleRatioOptions& options = {}) {
    const auto made = check_sample_ratio(phases, options);
    return made ? "none" : made.error().code;
  };
  EXPECT_EQ(code({}), "no_phases");
  EXPECT_EQ(code({{{1, 1}, {1}}}), "bad_shape");
  EXPECT_EQ(code({{{1, 1}, {1, 1}}, {{1, 1, 1}, {1, 1, 1}}}), "bad_shape");
  EXPECT_EQ(code({{{1, -1}, {1, 1}}}), "bad_weights");
  EXPECT_EQ(code({{{0, 0}, {1, 1}}}), "bad_weights");
  EXPECT_EQ(code({{{1, std::nan("")}, {1, 1}}}), "bad_weights");
  EXPECT_EQ(code({{{1, HUGE_VAL}, {1, 1}}}), "bad_weights");
  EXPECT_EQ(code({{{1, 1}, {1, 1}}}, {.alpha = 1}), "bad_alpha");
  EXPECT_EQ(code({{{1, 1}, {1, 1}}}, {.smallest_deviation = std::nan("")}), "bad_options");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
