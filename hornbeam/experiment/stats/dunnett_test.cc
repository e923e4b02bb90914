#include "hornbeam/experiment/stats/dunnett.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/correction.h"
#include "hornbeam/experiment/stats/internal/random.h"

namespace hornbeam::experiment::stats {
namespace {

std::vector<SharedControlEffect> alike(std::size_t arms, double freedom, double share = 0.5,
                                       double statistic = 1) {
  return std::vector<SharedControlEffect>(arms, {.effect = {.value = statistic,
                                                            .standard_error = 1,
                                                            .degrees_of_freedom = freedom,
                                                            .units = 100},
                                                 .control_share = share});
}

// C. W. Dunnett, Biometrics 20 (1964) 482, table 1: two-sided, 95 %, arms of equal size.
TEST(Dunnett, HasThePublishedCriticalValues) {
  struct Row {
    double freedom;
    std::vector<double> by_arms;
  };
  const std::vector<Row> table = {{10, {2.23, 2.57, 2.76, 2.89, 2.99}},
                                  {20, {2.09, 2.38, 2.54, 2.65, 2.73}},
                                  {60, {2.00, 2.27, 2.41, 2.51, 2.58}},
                                  {1e12, {1.96, 2.21, 2.35, 2.44, 2.51}}};
  for (const Row& row : table) {
    for (std::size_t arms = 1; arms <= row.by_arms.size(); ++arms) {
      const auto made = dunnett(alike(arms, row.freedom), 0.05);
      ASSERT_TRUE(made);
      EXPECT_NEAR(made->critical_value, row.by_arms[arms - 1], 0.0051)
          << arms << " arms, " << row.freedom;
    }
  }
}

TEST(Dunnett, OfOneArmIsTheTTest) {
  for (const double freedom : {3.5, 8.0, 100.0, 1e5, 1e12}) {
    for (const double statistic : {0.0, 0.3, 2.0, 5.0, 12.0}) {
      const auto arms = alike(1, freedom, 0.5, statistic);
      const double exact = t_test(arms[0].effect, 0.05)->p_value;
      EXPECT_NEAR(dunnett(arms, 0.05)->p_values[0] / exact, 1, 1e-8) << freedom << " " << statistic;
    }
  }
}

TEST(Dunnett, OfArmsThatShareNothingIsSidaks) {
  const auto arms = alike(4, 1e12, 0, 2.4);
  const std::vector<double> alone(4, z_test(arms[0].effect, 0.05)->p_value);
  EXPECT_NEAR(dunnett(arms, 0.05)->p_values[0], adjusted(alone, Correction::kSidak)->at(0), 1e-9);
}

TEST(Dunnett, IsBetweenOneTestAndBonferronis) {
  for (const double share : {0.05, 0.5, 0.95, 0.999}) {
    for (const double statistic : {0.5, 2.0, 6.0, 15.0}) {
      const auto arms = alike(5, 200, share, statistic);
      const double alone = t_test(arms[0].effect, 0.05)->p_value;
      const double made = dunnett(arms, 0.05)->p_values[0];
      EXPECT_GE(made, alone * (1 - 1e-9));
      EXPECT_LE(made, 5 * alone * (1 + 1e-9));
    }
  }
}

TEST(Dunnett, PValuesAgreeWithIntervals) {
  internal::Random random(31, 0);
  for (int run = 0; run < 10; ++run) {
    std::vector<SharedControlEffect> arms;
    for (int arm = 0; arm < 3; ++arm) {
      arms.push_back({.effect = {.value = 6 * random.next() - 3,
                                 .standard_error = 0.5 + random.next(),
                                 .degrees_of_freedom = 30 + 100 * random.next(),
                                 .units = 100},
                      .control_share = 0.9 * random.next()});
    }
    const auto made = dunnett(arms, 0.1).value();
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      EXPECT_EQ(made.p_values[arm] < 0.1, !made.intervals[arm].contains(0));
    }
  }
}

// Three arms of 40 units and a control of 80, none with an effect: some arm is found in 5 % of the
// experiments, as few as one arm alone would be.
TEST(Dunnett, FindsSomethingInAlphaOfAllExperimentsWithoutAnEffect) {
  constexpr int kRuns = 150;
  internal::Random random(32, 0);
  int found = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Sample> arms;
    for (int arm = 0; arm < 4; ++arm) {
      Summary<1> of;
      for (int i = 0; i < (arm == 0 ? 80 : 40); ++i) of.add({random.next() + random.next()});
      arms.push_back(Mean{of});
    }
    std::vector<SharedControlEffect> effects;
    for (std::size_t arm = 1; arm < arms.size(); ++arm) {
      effects.push_back(shared_control_effect(arms[0], arms[arm], Lift::kAbsolute).value());
      EXPECT_NEAR(effects.back().control_share, 1.0 / 3, 0.25);
    }
    const auto made = dunnett(effects, 0.05).value();
    for (const double p : made.p_values) {
      if (p >= 0.05) continue;
      ++found;
      break;
    }
  }
  fmt::print("some arm found in {} of {} experiments without an effect\n", found, kRuns);
  EXPECT_GT(found, 0);
  EXPECT_LT(found, 19);
}

// Ends, with a number, whatever the effects.
TEST(Dunnett, OfExtremesIsANumber) {
  for (const double share : {0.0, 1 - 1e-16}) {
    for (const double freedom : {1.0, 2.0, 1e8, 1e300}) {
      for (const double statistic : {0.0, 1e3, 1e300}) {
        const auto made = dunnett(alike(2, freedom, share, statistic), 0.05).value();
        EXPECT_TRUE(made.p_values[0] >= 0 && made.p_values[0] <= 1) << made.p_values[0];
      }
    }
  }
}

TEST(Dunnett, RefusesSharesThatAreNone) {
  EXPECT_EQ(dunnett(alike(2, 10, 1), 0.05).error().code, "bad_share");
  EXPECT_EQ(dunnett(alike(2, 10, -0.1), 0.05).error().code, "bad_share");
  EXPECT_EQ(dunnett(alike(2, 10, std::nan("")), 0.05).error().code, "bad_share");
  EXPECT_EQ(dunnett(alike(2, 10), 0).error().code, "bad_alpha");
  EXPECT_EQ(dunnett(alike(2, 0), 0.05).error().code, "bad_effect");
  EXPECT_EQ(dunnett(alike(2, 10, 0.5, std::nan("")), 0.05).error().code, "bad_effect");
  EXPECT_TRUE(dunnett({}, 0.05)->p_values.empty());
}

}  // namespace
}  // namespace hornbeam::experiment::stats
