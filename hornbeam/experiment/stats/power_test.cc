#include "hornbeam/experiment/stats/power.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/post_stratification.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {
namespace {

// R. Kohavi et al.'s rule of thumb, and the figure that a planning page shows: 10 % conversion, a
// tenth more, 80 % power.
TEST(Power, HasTheFigureThatEverybodyKnows) {
  EXPECT_EQ(std::ceil(units_per_arm_of_share(0.1, 0.11, ShareMethod::kUnpooled, {}).value()),
            14749);
  EXPECT_NEAR(units_per_arm(1, 1, {}).value(), 16, 0.4);
}

TEST(Power, SizePowerAndSmallestEffectAgree) {
  const Baseline baseline{.mean = 7, .variance = 30};
  for (const double units : {200.0, 3000.0, 1e6}) {
    for (const Lift lift : {Lift::kAbsolute, Lift::kRelative}) {
      for (const double tuned_for : {0.0, 5000.0}) {
        const PowerOptions options{.power = 0.9, .tuned_for = tuned_for, .lift = lift};
        const double smallest = smallest_detectable(baseline, units, options).value();
        EXPECT_NEAR(power_of(smallest, baseline, units, options).value(), 0.9, 1e-6);
        EXPECT_GT(power_of(smallest, baseline, units * 2, options).value(), 0.9);
      }
    }
  }
  const PowerOptions absolute{.lift = Lift::kAbsolute};
  EXPECT_NEAR(
      smallest_detectable(baseline, units_per_arm(0.4, 30, absolute).value(), absolute).value(),
      0.4, 1e-6);
}

TEST(Power, OfASequenceIsLess) {
  const Baseline baseline = Baseline::of_share(0.1);
  EXPECT_LT(power_of(0.1, baseline, 15000, {.tuned_for = 5000}).value(),
            power_of(0.1, baseline, 15000, {}).value());
}

TEST(Power, OfALargerSharedControlIsMore) {
  const Baseline baseline = Baseline::of_share(0.1);
  EXPECT_GT(power_of(0.1, baseline, 10000, {.control_per_treated = 2}).value(),
            power_of(0.1, baseline, 10000, {}).value());
}

// Power is how often an effect that is there is found.
TEST(Power, IsHowOftenAnEffectIsFound) {
  internal::Random random(51, 0);
  constexpr int kRuns = 1000;
  int found = 0;
  for (int run = 0; run < kRuns; ++run) {
    Proportion arms[2] = {{.units = 400}, {.units = 400}};
    for (int i = 0; i < 400; ++i) {
      arms[0].successes += random.next() < 0.3 ? 1 : 0;
      arms[1].successes += random.next() < 0.4 ? 1 : 0;
    }
    const auto effect = effect_between(arms[0], arms[1], Lift::kAbsolute);
    found += t_test(*effect, 0.05)->p_value < 0.05 ? 1 : 0;
  }
  const Baseline between{.mean = 0.35, .variance = (0.21 + 0.24) / 2};
  const double planned = power_of(0.1, between, 400, {.lift = Lift::kAbsolute}).value();
  EXPECT_NEAR(found / double{kRuns}, planned, 0.05);
}

TEST(Power, CountsWholeWeeks) {
  const Baseline baseline = Baseline::of_share(0.1);
  const int weeks = weeks_needed(0.1, baseline, 5000, {}).value();
  EXPECT_GE(power_of(0.1, baseline, 5000.0 * weeks, {}).value(), 0.8);
  EXPECT_LT(power_of(0.1, baseline, 5000.0 * (weeks - 1), {}).value(), 0.8);
  EXPECT_EQ(weeks_needed(0.1, baseline, 1e9, {}).value(), 1);
  EXPECT_EQ(weeks_needed(0.001, baseline, 10, {}).error().code, "unreachable");
}

TEST(Power, SaysWhatIsWrong) {
  const Baseline baseline = Baseline::of_share(0.1);
  const auto code = [](const auto& made) { return made ? "none" : made.error().code; };
  EXPECT_EQ(code(power_of(0.1, baseline, 100, {.alpha = 0})), "bad_alpha");
  EXPECT_EQ(code(power_of(0.1, baseline, 100, {.power = 1})), "bad_alpha");
  EXPECT_EQ(code(power_of(0.1, baseline, 100, {.power = 0.05})), "bad_alpha");
  EXPECT_EQ(code(power_of(0.1, baseline, 0, {})), "bad_count");
  EXPECT_EQ(code(power_of(std::nan(""), baseline, 100, {})), "bad_effect");
  EXPECT_EQ(code(power_of(0.1, {.mean = 1, .variance = 0}, 100, {})), "bad_baseline");
  EXPECT_EQ(code(power_of(0.1, {.mean = 0, .variance = 1}, 100, {})), "bad_baseline");
  EXPECT_EQ(code(power_of(0.1, baseline, 100, {.tuned_for = -1})), "bad_tuning");
  EXPECT_EQ(code(smallest_detectable(baseline, 2, {})), "unreachable");
  EXPECT_EQ(code(units_per_arm(0, 1, {})), "bad_effect");
  EXPECT_EQ(code(units_per_arm(1, -1, {})), "bad_baseline");
  EXPECT_EQ(code(units_per_arm_of_share(0.1, 0.1, ShareMethod::kPooled, {})), "bad_effect");
  EXPECT_EQ(code(units_per_arm_of_share(0, 0.1, ShareMethod::kPooled, {})), "bad_baseline");
  EXPECT_EQ(code(units_per_arm_student(0, {})), "bad_effect");
  EXPECT_EQ(code(power_of(1e200, baseline, 100, {})), "bad_effect");
  const Effect seen{.value = 0.1, .standard_error = 0.1, .degrees_of_freedom = 98, .units = 100};
  EXPECT_EQ(code(power_with_more(seen, -1, {})), "bad_count");
  EXPECT_EQ(code(power_with_more(seen, 0, {.goals = 0})), "bad_count");
  EXPECT_EQ(code(power_with_more({}, 0, {})), "bad_effect");
  EXPECT_EQ(code(more_units_needed(seen, {.smallest_effect = 1e-9})), "unreachable");
  EXPECT_EQ(more_units_needed(seen, {.smallest_effect = 10}).value(), 0);
}

// Strata whose levels are far apart: within them the effect is plain, over all it is not.
TEST(PostStratification, TakesOutWhatIsBetweenStrata) {
  internal::Random random(52, 0);
  constexpr int kRuns = 300;
  int covered = 0;
  double narrower = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Summary<1>> cells(6);
    for (int unit = 0; unit < 600; ++unit) {
      const auto stratum = static_cast<std::size_t>(random.next() * 3);
      const std::size_t arm = random.next() < 0.5 ? 0 : 1;
      const double level = 1 + 10 * static_cast<double>(stratum) + 0.5 * static_cast<double>(arm);
      cells[stratum * 2 + arm].add({level + 2 * random.next()});
    }
    std::vector<Stratum> strata;
    Summary<1> whole[2];
    for (std::size_t stratum = 0; stratum < 3; ++stratum) {
      strata.push_back({Mean{cells[stratum * 2]}, Mean{cells[stratum * 2 + 1]}});
      for (std::size_t arm = 0; arm < 2; ++arm) whole[arm].merge(cells[stratum * 2 + arm]);
    }
    const Effect made = post_stratified(strata, Lift::kAbsolute).value();
    const Effect plain = effect_between(Mean{whole[0]}, Mean{whole[1]}, Lift::kAbsolute).value();
    covered += t_test(made, 0.05)->interval.contains(0.5) ? 1 : 0;
    narrower += made.standard_error / plain.standard_error / kRuns;
  }
  EXPECT_GT(covered, 270);
  EXPECT_LT(narrower, 0.12);
}

TEST(PostStratification, OfOneStratumIsThePlainEffect) {
  const Stratum only{Proportion{.units = 500, .successes = 50},
                     Proportion{.units = 600, .successes = 90}};
  for (const Lift lift : {Lift::kAbsolute, Lift::kRelative}) {
    const Effect made = post_stratified({&only, 1}, lift).value();
    const Effect plain = effect_between(only.control, only.treated, lift).value();
    EXPECT_NEAR(made.value, plain.value, 1e-12);
    EXPECT_NEAR(made.standard_error, plain.standard_error, 1e-12);
  }
}

TEST(PostStratification, SaysWhatIsWrong) {
  const Stratum good{Proportion{.units = 500, .successes = 50},
                     Proportion{.units = 600, .successes = 90}};
  EXPECT_EQ(post_stratified({}, Lift::kAbsolute).error().code, "no_strata");
  const std::vector<Stratum> empty{good, {Proportion{}, good.treated}};
  EXPECT_EQ(post_stratified(empty, Lift::kAbsolute).error().code, "no_units");
  EXPECT_TRUE(post_stratified(empty, Lift::kAbsolute).error().message.starts_with("stratum 1"));
  const Stratum ratio{Ratio{}, Ratio{}};
  EXPECT_EQ(post_stratified({&ratio, 1}, Lift::kAbsolute).error().code, "not_stratified");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
