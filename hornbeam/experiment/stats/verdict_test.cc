#include "hornbeam/experiment/stats/verdict.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace hornbeam::experiment::stats {
namespace {

// Two weeks, a control and one arm, half the units each; conversion is the goal, money a guardrail.
Plan two_weeks() {
  return {.arms = {"control", "green"},
          .phases = {{.first_day = 0, .last_day = 13, .weights = {1, 1}}},
          .metrics = {{.name = "conversion", .role = Role::kGoal, .smallest_effect = 0.1},
                      {.name = "money", .role = Role::kGuardrail, .smallest_effect = 0.05}}};
}

// Units of a day of which `share` convert, and who spend 10 on average with a deviation of 5.
DayAggregate day(int number, std::size_t arm, std::uint64_t units, double share,
                 double money = 10) {
  const double n = static_cast<double>(units);
  return {.day = number,
          .arm = arm,
          .units = units,
          .metrics = {
              Proportion{units, static_cast<std::uint64_t>(std::llround(n * share))},
              Mean{Summary<1>::from_sums(units, {n * money}, {n * (money * money + 25)}).value()}}};
}

Aggregates run(int days, double control, double green, std::uint64_t units = 1000,
               double money = 10) {
  Aggregates made{.last_complete_day = days - 1};
  for (int number = 0; number < days; ++number) {
    made.days.push_back(day(number, 0, units, control));
    made.days.push_back(day(number, 1, units, green, money));
  }
  return made;
}

Verdict read(const Plan& plan, const Aggregates& aggregates) {
  auto made = read_experiment(plan, aggregates);
  EXPECT_TRUE(made) << made.error().message;
  return made.value_or(Verdict{});
}

const Finding* find(const Verdict& verdict, Doubt doubt) {
  const auto at = std::ranges::find(verdict.findings, doubt, &Finding::doubt);
  return at == verdict.findings.end() ? nullptr : &*at;
}

TEST(Verdict, ShipsWhatIsBetterAndBreaksNothing) {
  const Verdict verdict = read(two_weeks(), run(14, 0.10, 0.13));
  EXPECT_TRUE(verdict.is_believable);
  ASSERT_EQ(verdict.arms.size(), 1U);
  EXPECT_EQ(verdict.arms[0].decision, Decision::kShip) << verdict.arms[0].reason;
  EXPECT_EQ(verdict.arms[0].days, 14);
  EXPECT_EQ(verdict.arms[0].units, 14000U);
  ASSERT_EQ(verdict.results.size(), 2U);
  EXPECT_NEAR(verdict.results[0].effect.value, 0.3, 1e-9);
  EXPECT_TRUE(verdict.results[0].is_better);
  EXPECT_GT(verdict.results[0].test.interval.lower, 0);
}

TEST(Verdict, RefusesArmsOfTheWrongSize) {
  Aggregates lost = run(14, 0.10, 0.13);
  for (DayAggregate& each : lost.days) {
    if (each.arm == 1) each = day(each.day, 1, 930, 0.13);
  }
  const Verdict verdict = read(two_weeks(), lost);
  EXPECT_FALSE(verdict.is_believable);
  EXPECT_EQ(verdict.arms[0].decision, Decision::kDoNotBelieve);
  EXPECT_EQ(name_of(verdict.arms[0].decision), "do_not_believe");
  EXPECT_EQ(name_of(verdict.findings.front().doubt), "sample_ratio");
  ASSERT_TRUE(find(verdict, Doubt::kSampleRatio));
  EXPECT_TRUE(find(verdict, Doubt::kSampleRatio)->message.contains("lost exposures"));
  EXPECT_EQ(&verdict.findings.front(), find(verdict, Doubt::kSampleRatio));
}

TEST(Verdict, RefusesUnitsThatHadSeveralArms) {
  Aggregates mixed = run(14, 0.10, 0.13);
  mixed.mixed_units = 200;  // 0.7 %
  EXPECT_TRUE(read(two_weeks(), mixed).is_believable);
  mixed.mixed_units = 600;
  EXPECT_EQ(read(two_weeks(), mixed).arms[0].decision, Decision::kDoNotBelieve);
}

TEST(Verdict, RefusesUnitsOnDaysOnWhichTheirArmHadNoShare) {
  Plan plan = two_weeks();
  plan.phases = {{.first_day = 0, .last_day = 6, .weights = {1, 0}},
                 {.first_day = 7, .last_day = 20, .weights = {1, 1}}};
  const Verdict verdict = read(plan, run(21, 0.10, 0.13));
  EXPECT_TRUE(find(verdict, Doubt::kStrayUnits));
  EXPECT_FALSE(verdict.is_believable);
}

TEST(Verdict, WaitsForAWholeWeekAndSaysWhenWeeksAreNotWhole) {
  EXPECT_EQ(read(two_weeks(), run(6, 0.10, 0.13)).arms[0].decision, Decision::kWait);
  EXPECT_TRUE(find(read(two_weeks(), run(6, 0.10, 0.13)), Doubt::kTooShort));
  const Verdict ten = read(two_weeks(), run(10, 0.10, 0.13));
  EXPECT_TRUE(ten.is_believable);
  EXPECT_TRUE(find(ten, Doubt::kPartialWeek));
}

TEST(Verdict, ReadsAFixedPlanAtItsEndOnly) {
  Plan plan = two_weeks();
  plan.reading = Reading::kFixed;
  EXPECT_EQ(read(plan, run(7, 0.10, 0.13)).arms[0].decision, Decision::kWait);
  EXPECT_TRUE(find(read(plan, run(7, 0.10, 0.13)), Doubt::kTooEarly));
  EXPECT_EQ(read(plan, run(14, 0.10, 0.13)).arms[0].decision, Decision::kShip);
}

TEST(Verdict, StopsForWorseGoalsAndGuardrails) {
  const Verdict goal = read(two_weeks(), run(14, 0.13, 0.10));
  EXPECT_EQ(goal.arms[0].decision, Decision::kStop);
  EXPECT_TRUE(goal.arms[0].reason.contains("conversion"));
  const Verdict guardrail = read(two_weeks(), run(14, 0.10, 0.13, 1000, 9));
  EXPECT_EQ(guardrail.arms[0].decision, Decision::kStop);
  EXPECT_TRUE(find(guardrail, Doubt::kGuardrailWorse));
}

TEST(Verdict, LowerIsBetterWhereThePlanSaysSo) {
  Plan plan = two_weeks();
  plan.metrics[0].better = Better::kLower;
  EXPECT_EQ(read(plan, run(14, 0.13, 0.10)).arms[0].decision, Decision::kShip);
  EXPECT_EQ(read(plan, run(14, 0.10, 0.13)).arms[0].decision, Decision::kStop);
}

TEST(Verdict, DoesNotShipWhileALossIsNotRuledOut) {
  Plan plan = two_weeks();
  plan.metrics[1].smallest_effect = 0.001;
  const Verdict verdict = read(plan, run(7, 0.10, 0.16));
  EXPECT_EQ(verdict.arms[0].decision, Decision::kWait) << verdict.arms[0].reason;
  EXPECT_TRUE(find(verdict, Doubt::kGuardrailUncertain));
}

TEST(Verdict, TellsNoDifferenceFromTooFewUnits) {
  const Verdict enough = read(two_weeks(), run(14, 0.10, 0.10, 10000));
  EXPECT_EQ(enough.arms[0].decision, Decision::kNoDifference) << enough.arms[0].reason;
  const Verdict few = read(two_weeks(), run(14, 0.10, 0.10, 100));
  EXPECT_EQ(few.arms[0].decision, Decision::kInconclusive);
  EXPECT_TRUE(find(few, Doubt::kUnderpowered));
  EXPECT_EQ(read(two_weeks(), run(7, 0.10, 0.10, 10000)).arms[0].decision, Decision::kWait);
}

// In the second week everybody buys twice as much. An arm that joined then is no better for it.
TEST(Verdict, ComparesWithTheControlOfTheSameDays) {
  Plan plan = two_weeks();
  plan.phases = {{.first_day = 0, .last_day = 6, .weights = {1, 0}},
                 {.first_day = 7, .last_day = 13, .weights = {1, 1}}};
  Aggregates season{.last_complete_day = 13};
  for (int number = 0; number < 14; ++number) {
    season.days.push_back(day(number, 0, 1000, number < 7 ? 0.10 : 0.20));
    if (number >= 7) season.days.push_back(day(number, 1, 1000, 0.20));
  }
  const Verdict verdict = read(plan, season);
  EXPECT_TRUE(verdict.is_believable);
  EXPECT_NEAR(verdict.results[0].effect.value, 0, 1e-9);
  EXPECT_EQ(verdict.arms[0].control, 7000U);
  EXPECT_EQ(verdict.arms[0].days, 7);
}

// The share of the arm grows from a tenth to a half when everybody buys twice as much: summed over
// both weeks the arm looks better, within each it is not (Simpson's paradox).
TEST(Verdict, ComparesWithinPhasesWhereSharesChanged) {
  Plan plan = two_weeks();
  plan.phases = {{.first_day = 0, .last_day = 6, .weights = {9, 1}},
                 {.first_day = 7, .last_day = 13, .weights = {1, 1}}};
  Aggregates ramp{.last_complete_day = 13};
  for (int number = 0; number < 14; ++number) {
    const bool late = number >= 7;
    ramp.days.push_back(day(number, 0, late ? 1000 : 1800, late ? 0.20 : 0.10));
    ramp.days.push_back(day(number, 1, late ? 1000 : 200, late ? 0.20 : 0.10));
  }
  const Verdict verdict = read(plan, ramp);
  EXPECT_TRUE(verdict.is_believable);
  EXPECT_NEAR(verdict.results[0].effect.value, 0, 1e-9);
  EXPECT_FALSE(verdict.results[0].is_better);
}

TEST(Verdict, DoesNotReadDaysThatAreNotComplete) {
  Aggregates early = run(14, 0.10, 0.13);
  early.last_complete_day = 6;
  EXPECT_EQ(read(two_weeks(), early).arms[0].units, 7000U);
}

TEST(Verdict, IsTheSameWhateverTheOrderAndPortionsOfAggregates) {
  Aggregates whole = run(14, 0.10, 0.12);
  Aggregates parts{.last_complete_day = 13};
  for (const DayAggregate& each : whole.days) {
    parts.days.push_back(day(each.day, each.arm, 500, each.arm == 0 ? 0.10 : 0.12));
    parts.days.push_back(day(each.day, each.arm, 500, each.arm == 0 ? 0.10 : 0.12));
  }
  std::ranges::reverse(parts.days);
  const Verdict one = read(two_weeks(), whole);
  const Verdict other = read(two_weeks(), parts);
  for (std::size_t i = 0; i < one.results.size(); ++i) {
    EXPECT_NEAR(one.results[i].test.p_value, other.results[i].test.p_value, 1e-9);
  }
}

Plan three_arms() {
  Plan plan = two_weeks();
  plan.arms = {"control", "green", "blue", "red"};
  plan.phases[0].weights = {1, 1, 1, 1};
  return plan;
}

Aggregates run_three(double green, double blue, double red) {
  Aggregates made = run(14, 0.10, green);
  for (int number = 0; number < 14; ++number) {
    made.days.push_back(day(number, 2, 1000, blue));
    made.days.push_back(day(number, 3, 1000, red));
  }
  return made;
}

TEST(Verdict, CorrectsForSeveralArms) {
  const auto p_of_green = [](const Plan& plan) {
    return read(plan, run_three(0.1085, 0.10, 0.101)).results[0].test.p_value;
  };
  Plan plan = three_arms();
  plan.reading = Reading::kFixed;
  plan.correction = Correction::kNone;
  const double alone = p_of_green(plan);
  EXPECT_LT(alone, 0.05);
  plan.correction = Correction::kHolm;
  const double holm = p_of_green(plan);
  EXPECT_NEAR(holm, 3 * alone, 1e-12);
  plan.comparison = ArmComparison::kDunnett;
  const double dunnett = p_of_green(plan);
  EXPECT_GT(dunnett, alone);
  EXPECT_LT(dunnett, holm);
}

TEST(Verdict, IntervalsAgreeWithCorrectedPValues) {
  for (const Reading reading : {Reading::kFixed, Reading::kSequential}) {
    for (const double green : {0.104, 0.1085, 0.112, 0.118, 0.125}) {
      Plan plan = three_arms();
      plan.reading = reading;
      for (const MetricResult& result : read(plan, run_three(green, 0.11, 0.101)).results) {
        EXPECT_EQ(result.test.p_value < plan.alpha, !result.test.interval.contains(0))
            << result.test.p_value << " " << result.test.interval.lower;
      }
    }
  }
}

TEST(Verdict, ReadsSlicesTogether) {
  Plan plan = two_weeks();
  const auto made =
      read_by_slices(plan, {{"Austria", run(14, 0.10, 0.10)}, {"Belgium", run(14, 0.10, 0.13)}});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->size(), 2U);
  EXPECT_EQ(made->at(0).name, "Austria");
  ASSERT_EQ(made->at(1).results.size(), 2U);
  EXPECT_FALSE(made->at(0).results[0].is_better);
  EXPECT_TRUE(made->at(1).results[0].is_better);
  EXPECT_GT(made->at(1).results[0].test.p_value, made->at(1).results[0].uncorrected_p);
}

TEST(Verdict, SaysWhichMetricCannotBeRead) {
  const Verdict verdict = read(two_weeks(), run(14, 0, 0.01));
  ASSERT_TRUE(find(verdict, Doubt::kUnmeasured));
  EXPECT_EQ(find(verdict, Doubt::kUnmeasured)->metric, 0U);
  EXPECT_NE(verdict.arms[0].decision, Decision::kShip);
  EXPECT_NE(verdict.arms[0].decision, Decision::kNoDifference);
}

TEST(Verdict, OfNothingIsToWait) {
  const Verdict verdict = read(two_weeks(), {.last_complete_day = -1});
  EXPECT_FALSE(verdict.is_believable);
  EXPECT_EQ(verdict.arms[0].decision, Decision::kWait);
}

TEST(Plan, SaysWhatIsWrongWithIt) {
  const auto broken = [](const std::function<void(Plan&)>& change) {
    Plan plan = two_weeks();
    change(plan);
    const auto checked = check_plan(plan);
    return checked ? "none" : checked.error().code;
  };
  EXPECT_EQ(broken([](Plan&) {}), "none");
  EXPECT_EQ(broken([](Plan& plan) { plan.alpha = 0; }), "bad_alpha");
  EXPECT_EQ(broken([](Plan& plan) { plan.power = 1; }), "bad_alpha");
  EXPECT_EQ(broken([](Plan& plan) { plan.arms.pop_back(); }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.phases.clear(); }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.phases[0].weights = {1}; }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.phases[0].weights[1] = -1; }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.phases.push_back(plan.phases[0]); }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.phases[0].last_day = -1; }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.metrics.erase(plan.metrics.begin()); }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.metrics[0].smallest_effect = 0; }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.metrics[1].smallest_effect = std::nan(""); }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.planned_days = 10; }), "bad_plan");
  EXPECT_EQ(broken([](Plan& plan) { plan.comparison = ArmComparison::kDunnett; }), "bad_plan");
}

TEST(Plan, SaysWhatIsWrongWithAggregates) {
  Aggregates of_other_units = run(1, 0.1, 0.1);
  of_other_units.days[0].units = 999;
  EXPECT_EQ(check_aggregates(two_weeks(), of_other_units).error().code, "bad_aggregates");
  Aggregates of_no_arm = run(1, 0.1, 0.1);
  of_no_arm.days[0].arm = 2;
  EXPECT_EQ(check_aggregates(two_weeks(), of_no_arm).error().code, "bad_aggregates");
  Aggregates of_one_metric = run(1, 0.1, 0.1);
  of_one_metric.days[0].metrics.pop_back();
  EXPECT_EQ(read_experiment(two_weeks(), of_one_metric).error().code, "bad_aggregates");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
