#include "hornbeam/experiment/stats/effect.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {
namespace {

double normal(internal::Random& random) {
  return std::sqrt(-2 * std::log1p(-random.next())) * std::cos(6.283185307179586 * random.next());
}

// Units of an arm: what they did (m of d), and the same before; scaled by `scale`.
struct Arm {
  Summary<1> mean;
  Summary<2> ratio;
  Summary<2> adjusted;
  Summary<4> adjusted_ratio;
};

Arm draw(internal::Random& random, int units, double lift, double scale = 1) {
  Arm made;
  for (int i = 0; i < units; ++i) {
    const double kind = normal(random);
    const double d = 5 + kind + 0.5 * normal(random);
    const double m = (10 + 4 * kind + 2 * normal(random)) * lift * scale;
    const double d_before = 5 + kind + 0.5 * normal(random);
    const double m_before = (10 + 4 * kind + 2 * normal(random)) * scale;
    made.mean.add({m});
    made.ratio.add({m, d});
    made.adjusted.add({m, m_before});
    made.adjusted_ratio.add({m, d, m_before, d_before});
  }
  return made;
}

std::vector<Sample> samples(const Arm& arm) {
  return {Mean{arm.mean}, Ratio{arm.ratio}, AdjustedMean{arm.adjusted},
          AdjustedRatio{arm.adjusted_ratio}};
}

TEST(Effect, IsSymmetricInItsArms) {
  internal::Random random(1, 0);
  const auto a = samples(draw(random, 300, 1));
  const auto b = samples(draw(random, 200, 1.1));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Effect there = effect_between(a[i], b[i], Lift::kAbsolute).value();
    const Effect back = effect_between(b[i], a[i], Lift::kAbsolute).value();
    EXPECT_NEAR(there.value, -back.value, 1e-12);
    EXPECT_NEAR(there.standard_error, back.standard_error, 1e-12);
    EXPECT_NEAR(there.degrees_of_freedom, back.degrees_of_freedom, 1e-8);
  }
}

TEST(Effect, DoesNotDependOnTheUnitOfMeasurement) {
  for (const double scale : {1e-6, 100.0, 1e9}) {
    internal::Random one(2, 0);
    internal::Random other(2, 0);
    const auto a = samples(draw(one, 300, 1));
    const auto b = samples(draw(one, 200, 1.1));
    const auto scaled_a = samples(draw(other, 300, 1, scale));
    const auto scaled_b = samples(draw(other, 200, 1.1, scale));
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (const Lift lift : {Lift::kAbsolute, Lift::kRelative}) {
        const Effect plain = effect_between(a[i], b[i], lift).value();
        const Effect scaled = effect_between(scaled_a[i], scaled_b[i], lift).value();
        const double by = lift == Lift::kAbsolute ? scale : 1;
        EXPECT_NEAR(scaled.value / by, plain.value, 1e-9);
        EXPECT_NEAR(scaled.standard_error / by, plain.standard_error, 1e-9);
        EXPECT_NEAR(t_test(scaled, 0.05)->p_value, t_test(plain, 0.05)->p_value, 1e-7);
      }
    }
  }
}

// Each kind of metric, absolute and relative: of 1000 experiments with a known effect the 90 %
// interval covers it in 900 or so.
TEST(Effect, IsCoveredByItsInterval) {
  constexpr int kRuns = 1000;
  internal::Random random(3, 0);
  std::vector<int> covered(8);
  for (int run = 0; run < kRuns; ++run) {
    const auto a = samples(draw(random, 150, 1));
    const auto b = samples(draw(random, 250, 1.2));
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double level = i % 2 == 0 ? 10 : 2;
      const Effect absolute = effect_between(a[i], b[i], Lift::kAbsolute).value();
      const Effect relative = effect_between(a[i], b[i], Lift::kRelative).value();
      covered[i] += t_test(absolute, 0.1)->interval.contains(0.2 * level) ? 1 : 0;
      covered[4 + i] += t_test(relative, 0.1)->interval.contains(0.2) ? 1 : 0;
    }
  }
  for (const int each : covered) {
    // Four standard deviations of a binomial.
    EXPECT_GT(each, 862);
    EXPECT_LT(each, 938);
  }
}

TEST(Effect, IsSurerWithWhatWasBefore) {
  internal::Random random(4, 0);
  const Arm a = draw(random, 2000, 1);
  const Arm b = draw(random, 2000, 1);
  const Effect plain = effect_between(Mean{a.mean}, Mean{b.mean}, Lift::kAbsolute).value();
  const Effect adjusted =
      effect_between(AdjustedMean{a.adjusted}, AdjustedMean{b.adjusted}, Lift::kAbsolute).value();
  // The correlation is 16 / 20, so that 1 - 0.64 of the variance is left.
  const double left = adjusted.standard_error / plain.standard_error;
  EXPECT_NEAR(left * left, 0.36, 0.05);
  EXPECT_NEAR(adjusted.adjustment_weight, 0.8, 0.05);
}

TEST(Effect, OfARatioIsThatOfAMeanWhereTheDenominatorIsOne) {
  internal::Random random(5, 0);
  Summary<1> mean_a;
  Summary<1> mean_b;
  Summary<2> ratio_a;
  Summary<2> ratio_b;
  for (int i = 0; i < 100; ++i) {
    const double x = random.next();
    const double y = 2 * random.next();
    mean_a.add({x});
    ratio_a.add({x, 1});
    mean_b.add({y});
    ratio_b.add({y, 1});
  }
  for (const Lift lift : {Lift::kAbsolute, Lift::kRelative}) {
    const Effect mean = effect_between(Mean{mean_a}, Mean{mean_b}, lift).value();
    const Effect ratio = effect_between(Ratio{ratio_a}, Ratio{ratio_b}, lift).value();
    EXPECT_NEAR(mean.value, ratio.value, 1e-14);
    EXPECT_NEAR(mean.standard_error, ratio.standard_error, 1e-14);
  }
}

// Upstream had the sign of the lift wrong until 2026 where the baseline is below 0.
TEST(Effect, HasTheSignOfTheMoveWhereTheBaselineIsNegative) {
  const auto level = [](double mean) {
    return Mean{Summary<1>::from_sums(100, {100 * mean}, {100 * (mean * mean + 1)}).value()};
  };
  const Effect up = effect_between(level(-2), level(-1), Lift::kRelative).value();
  EXPECT_NEAR(up.value, 0.5, 1e-12);
  EXPECT_GT(up.standard_error, 0);
  EXPECT_NEAR(effect_between(level(-2), level(-3), Lift::kRelative)->value, -0.5, 1e-12);
  EXPECT_NEAR(effect_between(level(2), level(1), Lift::kRelative)->value, -0.5, 1e-12);
}

// A quantile's interval as sorted values give it, of values that units have several of: all of a
// unit's values are alike, so that ten of them are no more than one.
TEST(Effect, OfAQuantileKnowsThatEventsCluster) {
  internal::Random random(6, 0);
  int covered_plain = 0;
  int covered_clustered = 0;
  constexpr int kRuns = 400;
  constexpr int kUnits = 200;
  constexpr int kEach = 10;
  const auto draw_arm = [&](bool clustered) {
    std::vector<double> values;
    for (int unit = 0; unit < kUnits; ++unit) {
      const double of_unit = normal(random);
      for (int i = 0; i < kEach; ++i) values.push_back(of_unit);
    }
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    const double n = kUnits * kEach;
    const double half = 1.959964 * std::sqrt(n * 0.25);
    Quantile made{.values = kUnits * kEach,
                  .level = 0.5,
                  .value = sorted[static_cast<std::size_t>(n / 2)],
                  .lower = sorted[static_cast<std::size_t>(n / 2 - half)],
                  .upper = sorted[static_cast<std::size_t>(n / 2 + half)]};
    if (clustered) {
      EventClusters clusters;
      for (int unit = 0; unit < kUnits; ++unit) {
        const bool is_below = values[static_cast<std::size_t>(unit * kEach)] <= made.value;
        clusters.below_and_all.add({is_below ? double{kEach} : 0, double{kEach}});
      }
      made.clusters = clusters;
    }
    return made;
  };
  for (int run = 0; run < kRuns; ++run) {
    const auto covers = [&](bool clustered) {
      const Quantile a = draw_arm(clustered);
      const Quantile b = draw_arm(clustered);
      const Effect effect = effect_between(a, b, Lift::kAbsolute).value();
      return t_test(effect, 0.05)->interval.contains(0) ? 1 : 0;
    };
    covered_plain += covers(false);
    covered_clustered += covers(true);
  }
  EXPECT_LT(covered_plain, kRuns / 2 + 60);
  EXPECT_GT(covered_clustered, 360);
}

TEST(Effect, SaysWhyThereIsNone) {
  const auto code = [](const Sample& a, const Sample& b, Lift lift = Lift::kAbsolute) {
    const auto made = effect_between(a, b, lift);
    return made ? "none" : made.error().code;
  };
  const Proportion good{.units = 100, .successes = 10};
  const Mean mean{summarize(std::vector<double>{1, 2, 3})};
  EXPECT_EQ(code(good, good), "none");
  EXPECT_EQ(code(good, Proportion{.units = 0, .successes = 0}), "no_units");
  EXPECT_EQ(code(Proportion{.units = 1, .successes = 0}, good), "no_units");
  EXPECT_EQ(code(good, Proportion{.units = 10, .successes = 11}), "bad_count");
  EXPECT_EQ(code(good, Proportion{.units = 10, .successes = 0}), "no_variance");
  EXPECT_EQ(code(good, mean), "different_metrics");
  EXPECT_EQ(code(Mean{}, mean), "no_units");
  EXPECT_EQ(code(Mean{summarize(std::vector<double>{2, 2, 2})}, mean), "no_variance");
  EXPECT_EQ(code(Mean{summarize(std::vector<double>{1, std::nan("")})}, mean), "not_finite");
  EXPECT_EQ(code(Mean{summarize(std::vector<double>{1e300, -1e300})}, mean), "not_finite");
  const Mean zero{summarize(std::vector<double>{-1, 0, 1})};
  EXPECT_EQ(code(zero, mean), "none");
  EXPECT_EQ(code(zero, mean, Lift::kRelative), "zero_baseline");
  Summary<2> of_nothing;
  of_nothing.add({1, 0});
  of_nothing.add({2, 0});
  EXPECT_EQ(code(Ratio{of_nothing}, Ratio{of_nothing}), "zero_denominator");
  Quantile quantile{.values = 1000, .level = 0.9, .value = 2, .lower = 1, .upper = 3};
  EXPECT_EQ(code(quantile, quantile), "none");
  for (int broken = 0; broken < 4; ++broken) {
    Quantile bad = quantile;
    if (broken == 0) bad.level = 1;
    if (broken == 1) bad.lower = 4;
    if (broken == 2) bad.values = 30;
    if (broken == 3) bad.upper = std::numeric_limits<double>::infinity();
    EXPECT_NE(code(quantile, bad), "none") << broken;
  }
  EXPECT_EQ(merged(quantile, quantile).error().code, "not_additive");
  EXPECT_EQ(merged(good, mean).error().code, "different_metrics");
}

// What before and after agree on entirely leaves no chance to be told from effect.
TEST(Effect, OfAPerfectlyForeknownMetricIsRefused) {
  Summary<2> a;
  Summary<2> b;
  for (int i = 0; i < 50; ++i) {
    const double x = i * 0.37;
    a.add({3 * x, x});
    b.add({3 * x, x});
  }
  EXPECT_EQ(effect_between(AdjustedMean{a}, AdjustedMean{b}, Lift::kAbsolute).error().code,
            "no_variance");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
