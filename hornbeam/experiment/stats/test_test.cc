#include "hornbeam/experiment/stats/test.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/bayesian.h"
#include "hornbeam/experiment/stats/correction.h"
#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/sequential.h"

namespace hornbeam::experiment::stats {
namespace {

Effect effect_of(double value, double error = 1, double freedom = 50) {
  return {.value = value,
          .standard_error = error,
          .degrees_of_freedom = freedom,
          .control = 10,
          .treated = 10 + value,
          .units = 2000};
}

TEST(Test, IsExactFarOutInTheTails) {
  // 2 (1 - cdf) is 0 from 8.3 standard errors on.
  const Effect far = effect_of(30, 1, 1e6);
  EXPECT_GT(t_test(far, 0.05)->p_value, 0);
  EXPECT_LT(t_test(far, 0.05)->p_value, 1e-180);
  EXPECT_GT(z_test(far, 0.05)->p_value, 0);
  EXPECT_NEAR(z_test(effect_of(20), 0.05)->p_value / 5.507248237212467e-89, 1, 1e-9);
}

TEST(Test, SidesAddUp) {
  for (const double value : {-3.0, -0.5, 0.0, 0.1, 2.0}) {
    const double greater = t_test(effect_of(value), 0.05, Side::kGreater)->p_value;
    const double lesser = t_test(effect_of(value), 0.05, Side::kLesser)->p_value;
    EXPECT_NEAR(greater + lesser, 1, 1e-12);
    EXPECT_NEAR(t_test(effect_of(value), 0.05)->p_value, 2 * std::min(greater, lesser), 1e-12);
    EXPECT_NEAR(t_test(effect_of(-value), 0.05, Side::kLesser)->p_value, greater, 1e-12);
  }
}

// What p and interval say of 0 is the same, for every test and side.
TEST(Test, PValuesAgreeWithIntervals) {
  internal::Random random(11, 0);
  for (int i = 0; i < 300; ++i) {
    const Effect effect = effect_of(10 * random.next() - 5, 0.2 + random.next());
    const double alpha = 0.005 + 0.4 * random.next();
    for (const Side side : {Side::kTwoSided, Side::kGreater, Side::kLesser}) {
      const auto agrees = [&](const TestResult& test) {
        EXPECT_EQ(test.p_value < alpha, !test.interval.contains(0));
      };
      agrees(t_test(effect, alpha, side).value());
      agrees(z_test(effect, alpha, side).value());
      agrees(confidence_sequence(effect, {.alpha = alpha, .side = side}).value());
    }
    const auto mixture = mixture_test(effect, alpha, 0.3).value();
    EXPECT_EQ(mixture.test.p_value < alpha, !mixture.test.interval.contains(0));
  }
}

TEST(Test, ASequenceIsWiderThanAFixedTestAndNarrowestWhereItIsTuned) {
  const auto width = [](double units, double tuned_for) {
    Effect effect = effect_of(0);
    effect.units = units;
    return confidence_sequence(effect, {.tuned_for = tuned_for})->interval.upper;
  };
  for (const double units : {100.0, 5000.0, 1e6}) {
    EXPECT_GT(width(units, 5000), z_test(effect_of(0), 0.05)->interval.upper);
    EXPECT_LE(width(units, units), width(units, units * 10));
    EXPECT_LE(width(units, units), width(units, units / 10));
  }
}

TEST(Test, RefusesAlphasThatAreNone) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const double alpha : {0.0, 1.0, -0.1, 2.0, kNan}) {
    EXPECT_EQ(t_test(effect_of(1), alpha).error().code, "bad_alpha");
    EXPECT_EQ(z_test(effect_of(1), alpha).error().code, "bad_alpha");
    EXPECT_EQ(confidence_sequence(effect_of(1), {.alpha = alpha}).error().code, "bad_alpha");
    EXPECT_EQ(mixture_test(effect_of(1), alpha, 1).error().code, "bad_alpha");
    EXPECT_EQ(posterior_of(effect_of(1), {}, alpha).error().code, "bad_alpha");
  }
  EXPECT_EQ(confidence_sequence(effect_of(1), {.alpha = 0.5, .side = Side::kGreater}).error().code,
            "bad_alpha");
  for (const double bad : {0.0, -1.0, kNan, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(confidence_sequence(effect_of(1), {.tuned_for = bad}).error().code, "bad_tuning");
    EXPECT_EQ(mixture_test(effect_of(1), 0.05, bad).error().code, "bad_tuning");
  }
}

TEST(Test, RefusesEffectsThatAreNone) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<Effect> bad(5, effect_of(1));
  bad[0].value = nan;
  bad[1].standard_error = 0;
  bad[2].degrees_of_freedom = nan;
  bad[3].units = 0;
  bad[4].standard_error = std::numeric_limits<double>::infinity();
  for (const Effect& each : bad) {
    EXPECT_EQ(t_test(each, 0.05).error().code, "bad_effect");
    EXPECT_EQ(z_test(each, 0.05).error().code, "bad_effect");
    EXPECT_EQ(confidence_sequence(each, {}).error().code, "bad_effect");
    EXPECT_EQ(mixture_test(each, 0.05, 1).error().code, "bad_effect");
    EXPECT_EQ(posterior_of(each, {}, 0.05).error().code, "bad_effect");
  }
}

TEST(Test, OfEnormousEffectsIsStillANumber) {
  for (const double value : {1e10, -1e10, 1e150}) {
    const Effect effect = effect_of(value);
    for (const Side side : {Side::kTwoSided, Side::kGreater, Side::kLesser}) {
      const double t = t_test(effect, 0.05, side)->p_value;
      const double sequence = confidence_sequence(effect, {.side = side})->p_value;
      EXPECT_TRUE(t >= 0 && t <= 1) << t;
      EXPECT_TRUE(sequence >= 0 && sequence <= 1) << sequence;
    }
    EXPECT_TRUE(std::isfinite(mixture_test(effect, 0.05, 1)->likelihood_ratio));
  }
}

TEST(Posterior, OfAFlatPriorIsTheData) {
  const Posterior made = posterior_of(effect_of(2), {}, 0.05).value();
  EXPECT_EQ(made.mean, 2);
  EXPECT_EQ(made.deviation, 1);
  EXPECT_NEAR(made.chance_to_win, 1 - z_test(effect_of(2), 0.05)->p_value / 2, 1e-12);
}

TEST(Posterior, SwapsArmsWhereLowerIsBetter) {
  const Prior prior{.mean = 0.02, .variance = 0.01, .is_proper = true};
  const Posterior high = posterior_of(effect_of(1), prior, 0.05).value();
  const Posterior low = posterior_of(effect_of(1), prior, 0.05, Better::kLower).value();
  EXPECT_NEAR(high.chance_to_win + low.chance_to_win, 1, 1e-15);
  EXPECT_EQ(high.risk_of_control, low.risk_of_treated);
  EXPECT_EQ(high.risk_of_treated, low.risk_of_control);
  // What is gained by the one choice less what is lost by it is the effect.
  EXPECT_NEAR(high.risk_of_control - high.risk_of_treated, high.mean, 1e-12);
}

// Upstream forgets to convert an absolute prior where the effect is relative.
TEST(Posterior, ConvertsPriorsBothWays) {
  const double level = 10;
  Effect absolute = effect_of(2);
  Effect relative = absolute;
  relative.value /= level;
  relative.standard_error /= level;
  relative.lift = Lift::kRelative;
  for (const Lift lift : {Lift::kAbsolute, Lift::kRelative}) {
    const Prior prior{.mean = 0.3, .variance = 0.2, .is_proper = true, .lift = lift};
    const Posterior one = posterior_of(absolute, prior, 0.05).value();
    const Posterior other = posterior_of(relative, prior, 0.05).value();
    EXPECT_NEAR(one.mean / level, other.mean, 1e-12);
    EXPECT_NEAR(one.chance_to_win, other.chance_to_win, 1e-12);
  }
  absolute.control = 0;
  EXPECT_EQ(posterior_of(absolute, {.is_proper = true}, 0.05).error().code, "zero_baseline");
  EXPECT_EQ(posterior_of(effect_of(1), {.variance = 0, .is_proper = true}, 0.05).error().code,
            "bad_prior");
}

TEST(Posterior, RisksAreExactInTheTails) {
  // Of a standard normal, E[max(Z - 20, 0)] = density(20) - 20 above(20), by its series.
  const double exact = normal_density(20) / 400 * (1 - 3.0 / 400 + 15.0 / 160000 - 105.0 / 6.4e7);
  EXPECT_NEAR(expected_positive_part(-20, 1) / exact, 1, 1e-6);
  EXPECT_GT(expected_positive_part(-37, 1), 0);
  EXPECT_NEAR(expected_positive_part(0, 2), 2 * normal_density(0), 1e-12);
}

std::vector<double> random_p_values(internal::Random& random, std::size_t count) {
  std::vector<double> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(std::pow(random.next(), 3));
  return made;
}

TEST(Correction, KeepsTheOrderAndNeverMakesAPValueSmaller) {
  internal::Random random(12, 0);
  const auto every = {Correction::kNone,
                      Correction::kBonferroni,
                      Correction::kHolm,
                      Correction::kSidak,
                      Correction::kHochberg,
                      Correction::kBenjaminiHochberg,
                      Correction::kBenjaminiYekutieli};
  for (int run = 0; run < 100; ++run) {
    const std::vector<double> p = random_p_values(random, 7);
    for (const Correction correction : every) {
      const std::vector<double> made = adjusted(p, correction).value();
      for (std::size_t i = 0; i < p.size(); ++i) {
        EXPECT_GE(made[i], p[i]);
        EXPECT_LE(made[i], 1);
        for (std::size_t j = 0; j < p.size(); ++j) EXPECT_EQ(p[i] < p[j] && made[i] > made[j], 0);
      }
    }
    // From most to least strict.
    const auto bonferroni = adjusted(p, Correction::kBonferroni).value();
    const auto holm = adjusted(p, Correction::kHolm).value();
    const auto hochberg = adjusted(p, Correction::kHochberg).value();
    const auto benjamini = adjusted(p, Correction::kBenjaminiHochberg).value();
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_GE(bonferroni[i], holm[i]);
      EXPECT_GE(holm[i], hochberg[i]);
      EXPECT_GE(hochberg[i], benjamini[i]);
    }
  }
}

TEST(Correction, RefusesWhatIsNoPValue) {
  for (const double bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(adjusted(std::vector<double>{0.5, bad}, Correction::kHolm).error().code,
              "bad_p_value");
    EXPECT_EQ(interval_for(1, bad, 0.05).error().code, "bad_p_value");
  }
  EXPECT_TRUE(adjusted({}, Correction::kHolm)->empty());
}

TEST(Correction, IntervalsLeaveZeroOutWherePIsBelowAlpha) {
  for (const double p : {0.0, 1e-9, 0.01, 0.049, 0.051, 0.5, 1.0}) {
    const Interval made = interval_for(0.3, p, 0.05).value();
    EXPECT_EQ(p < 0.05, !made.contains(0)) << p;
    EXPECT_TRUE(made.contains(0.3));
  }
}

}  // namespace
}  // namespace hornbeam::experiment::stats
