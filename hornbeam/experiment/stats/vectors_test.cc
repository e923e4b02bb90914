// Every row of the published figures of gbstats, scipy and statsmodels (conformance data, folder
// gbstats), held against ours.

#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/experiment/stats/bayesian.h"
#include "hornbeam/experiment/stats/correction.h"
#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/effect.h"
#include "hornbeam/experiment/stats/post_stratification.h"
#include "hornbeam/experiment/stats/power.h"
#include "hornbeam/experiment/stats/sample_ratio.h"
#include "hornbeam/experiment/stats/sequential.h"
#include "hornbeam/experiment/stats/test.h"
#include "hornbeam/experiment/testing/stats_vectors.h"

namespace hornbeam::experiment::stats {
namespace {

using base::JsonView;
using testing::boolean;
using testing::has;
using testing::lift_of;
using testing::member;
using testing::number;
using testing::numbers;
using testing::sample_of;
using testing::side_of;
using testing::text;

// What upstream computes as 2 (1 - cdf) has this absolute error, and 0 where it should be small.
constexpr double kUpstreamUnderflow = 1e-12;

class Vectors : public ::testing::Test {
 protected:
  void SetUp() override {
    document_ = testing::read_vectors();
    if (!document_) GTEST_SKIP() << testing::kNoVectors;
  }

  // Calls `run(row)` with each row of `section` and says how many there were.
  void each_row(std::string_view section, const std::function<void(JsonView)>& run) {
    const JsonView rows = member(document_->root(), section);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      SCOPED_TRACE(fmt::format("{}[{}]: {}", section, i, rows.element(i).text()));
      run(rows.element(i));
    }
    fmt::print("{}: {} rows, {} named as different\n", section, rows.size(), named_);
    ASSERT_GT(rows.size(), 0U);
  }

  // A row that is not copied, with the reason.
  void name(JsonView row, std::string_view reason) {
    ++named_;
    fmt::print("  differs: {} {}: {}\n", text(row, "case"), text(row, "difference"), reason);
  }

  JsonView root() const { return document_->root(); }

  // The effect that a row is about, or the error that its data has.
  base::Result<Effect> effect(JsonView row) const {
    const JsonView pair = member(member(root(), "cases"), text(row, "case"));
    const auto control = sample_of(member(pair, "a"));
    if (!control) return std::unexpected(control.error());
    const auto treated = sample_of(member(pair, "b"));
    if (!treated) return std::unexpected(treated.error());
    return effect_between(*control, *treated, lift_of(row));
  }

 private:
  std::optional<base::JsonDocument> document_;
  std::size_t named_ = 0;
};

void expect_near(double ours, double theirs, std::string_view what, double absolute = 0,
                 double relative = 1e-6) {
  if (std::isinf(theirs)) {
    EXPECT_EQ(ours, theirs) << what;
    return;
  }
  EXPECT_NEAR(ours, theirs, std::max(absolute, relative * std::abs(theirs))) << what;
}

void expect_interval(const Interval& ours, JsonView expected, double scale) {
  const std::vector<double> ends = numbers(member(expected, "ci"));
  // An end close to 0 is a difference: as exact as what it is a difference of.
  expect_near(ours.lower, ends[0], "lower end", 1e-12 * scale);
  expect_near(ours.upper, ends[1], "upper end", 1e-12 * scale);
}

TEST_F(Vectors, FrequentistTwoSided) {
  each_row("frequentist_two_sided", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const auto of = effect(row);
    if (!member(expected, "error").is_null()) {
      // Where upstream answers with an effect of 0 and a message, ours is an error.
      ASSERT_FALSE(of);
      return;
    }
    ASSERT_TRUE(of) << of.error().message;
    const auto ours = t_test(*of, number(row, "alpha"));
    ASSERT_TRUE(ours);
    expect_near(of->value, number(expected, "effect"), "effect");
    expect_near(of->standard_error, number(expected, "stderr"), "standard error");
    expect_near(of->degrees_of_freedom, number(expected, "dof"), "degrees of freedom");
    expect_interval(ours->interval, expected, std::abs(of->value));
    expect_near(ours->p_value, number(expected, "p_value"), "p", kUpstreamUnderflow);
    if (!member(expected, "theta").is_null()) {
      expect_near(of->adjustment_weight, number(expected, "theta"), "theta");
    }
  });
}

TEST_F(Vectors, FrequentistOneSided) {
  each_row("frequentist_one_sided", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const auto of = effect(row);
    ASSERT_TRUE(of) << of.error().message;
    const auto ours = t_test(*of, number(row, "alpha"), side_of(row));
    ASSERT_TRUE(ours);
    expect_interval(ours->interval, expected, std::abs(of->value));
    expect_near(ours->p_value, number(expected, "p_value"), "p", kUpstreamUnderflow);
  });
}

SequenceOptions sequence_of(JsonView row) {
  return {.alpha = number(row, "alpha"), .tuned_for = number(row, "n_star"), .side = side_of(row)};
}

TEST_F(Vectors, SequentialTwoSided) {
  each_row("sequential_two_sided", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const auto of = effect(row);
    ASSERT_TRUE(of) << of.error().message;
    const auto ours = confidence_sequence(*of, sequence_of(row));
    ASSERT_TRUE(ours);
    expect_near(sequence_rho(sequence_of(row)).value(), number(expected, "rho"), "rho");
    expect_near((ours->interval.upper - ours->interval.lower) / 2, number(expected, "halfwidth"),
                "half width");
    expect_interval(ours->interval, expected, std::abs(of->value));
    expect_near(ours->p_value, number(expected, "p_value"), "p");
  });
}

TEST_F(Vectors, SequentialOneSided) {
  each_row("sequential_one_sided", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const auto of = effect(row);
    ASSERT_TRUE(of) << of.error().message;
    const auto ours = confidence_sequence(*of, sequence_of(row));
    ASSERT_TRUE(ours);
    expect_near(sequence_rho(sequence_of(row)).value(), number(expected, "rho"), "rho");
    expect_interval(ours->interval, expected, std::abs(of->value));
    const double p = number(expected, "p_value");
    if (p == 1e-5) {
      EXPECT_LE(ours->p_value, p);
      name(row, "upstream clips p at 0.00001");
    } else if (p == 0.4999) {
      EXPECT_GE(ours->p_value, p);
      name(row, "upstream clips p at 0.4999");
    } else if (std::abs(ours->p_value - p) > 1e-6 * p) {
      // Upstream stops bisecting where the bound is within 1e-6 of 0, in the effect's unit: a
      // larger share of a small effect.
      EXPECT_NEAR(ours->p_value, p, p * std::max(1e-2, 1e-5 / std::abs(of->value)));
      name(row, fmt::format("upstream bisects p to {}, it is {}", p, ours->p_value));
    }
  });
}

TEST_F(Vectors, Bayesian) {
  each_row("bayesian", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const JsonView given = member(row, "prior");
    const auto of = effect(row);
    ASSERT_TRUE(of) << of.error().message;
    const Prior prior{
        .mean = number(given, "mean"),
        .variance = number(given, "variance"),
        .is_proper = boolean(given, "proper"),
        .lift = text(row, "prior_type") == "relative" ? Lift::kRelative : Lift::kAbsolute};
    const auto ours = posterior_of(*of, prior, number(row, "alpha"),
                                   boolean(row, "inverse") ? Better::kLower : Better::kHigher);
    ASSERT_TRUE(ours) << ours.error().message;
    expect_near(ours->mean, number(expected, "mean"), "mean");
    expect_near(ours->deviation, number(expected, "stddev"), "deviation");
    expect_interval(ours->interval, expected, std::abs(of->value));
    expect_near(ours->chance_to_win, number(expected, "chance_to_win"), "chance",
                kUpstreamUnderflow);
    const std::vector<double> risk = numbers(member(expected, "risk"));
    expect_near(ours->risk_of_control, risk[0], "risk of control", kUpstreamUnderflow);
    expect_near(ours->risk_of_treated, risk[1], "risk of treated", kUpstreamUnderflow);
  });
}

SampleRatio ratio_of(JsonView row) {
  AllocationPhase phase{.weights = numbers(member(row, "weights"))};
  for (const double units : numbers(member(row, "users"))) {
    phase.units.push_back(static_cast<std::uint64_t>(units));
  }
  return check_sample_ratio({&phase, 1}).value();
}

TEST_F(Vectors, SampleRatio) {
  each_row("srm_chi2", [&](JsonView row) {
    expect_near(ratio_of(row).p_value, number(row, "expected_p"), "p");
    expect_near(ratio_of(row).degrees_of_freedom, number(row, "chi2_df"), "degrees of freedom");
  });
  each_row("srm_growthbook_ts", [&](JsonView row) {
    expect_near(ratio_of(row).p_value, number(row, "expected_p_9dp"), "p", 5e-10);
  });
}

TEST_F(Vectors, MultipleComparison) {
  const std::map<std::string, Correction> corrections = {
      {"holm", Correction::kHolm},
      {"benjamini_hochberg", Correction::kBenjaminiHochberg},
      {"bonferroni", Correction::kBonferroni},
      {"sidak", Correction::kSidak},
      {"hochberg", Correction::kHochberg},
      {"benjamini_yekutieli", Correction::kBenjaminiYekutieli}};
  each_row("multiple_comparison", [&](JsonView row) {
    for (const auto& [name, correction] : corrections) {
      const auto ours = adjusted(numbers(member(row, "p")), correction);
      const std::vector<double> theirs = numbers(member(row, name));
      ASSERT_TRUE(ours && ours->size() == theirs.size());
      for (std::size_t i = 0; i < theirs.size(); ++i) expect_near((*ours)[i], theirs[i], name);
    }
  });
}

TEST_F(Vectors, MixtureTest) {
  each_row("msprt_normal", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const double n = number(row, "n_per_arm");
    const Effect of{.value = number(row, "mean_difference"),
                    .standard_error = std::sqrt(2 * number(row, "variance_per_arm") / n),
                    .degrees_of_freedom = 2 * n - 2,
                    .units = 2 * n};
    const auto ours = mixture_test(of, number(row, "alpha"), number(row, "tau2"));
    ASSERT_TRUE(ours);
    expect_near(ours->likelihood_ratio, number(expected, "Lambda"), "likelihood ratio");
    expect_near(ours->test.p_value, number(expected, "p"), "p");
    expect_near(ours->test.interval.upper - of.value, number(expected, "ci_halfwidth"),
                "half width");
  });
}

TEST_F(Vectors, SampleSize) {
  each_row("sample_size", [&](JsonView row) {
    const JsonView expected = member(row, "n_per_arm");
    const PowerOptions options{.alpha = number(row, "alpha"), .power = number(row, "power")};
    if (text(row, "kind") == "mean") {
      const double d = number(row, "cohen_d");
      expect_near(units_per_arm(d, 1, options).value(), number(expected, "z"), "z");
      expect_near(units_per_arm_student(d, options).value(), number(expected, "t_statsmodels"),
                  "t");
      return;
    }
    const double baseline = number(row, "baseline");
    const double treated = baseline * (1 + number(row, "relative_lift"));
    const std::map<std::string, ShareMethod> methods = {
        {"cohen_h_statsmodels", ShareMethod::kArcsine},
        {"z_unpooled", ShareMethod::kUnpooled},
        {"z_pooled", ShareMethod::kPooled}};
    for (const auto& [name, method] : methods) {
      expect_near(units_per_arm_of_share(baseline, treated, method, options).value(),
                  number(expected, name), name);
    }
  });
}

TEST_F(Vectors, GrowthBookPowerTables) {
  const JsonView tables = member(root(), "growthbook_power");
  const JsonView single = member(tables, "single");
  for (std::size_t i = 0; i < single.size(); ++i) {
    const JsonView row = single.element(i);
    SCOPED_TRACE(row.text());
    const PowerOptions options{.alpha = number(row, "alpha"),
                               .power = 0.8,
                               .tuned_for = number(row, "sequential_n_star"),
                               .sequence_power = SequencePower::kWidened};
    const Baseline baseline{.mean = number(row, "mean"), .variance = number(row, "variance")};
    const double units = number(row, "total_users") / number(row, "variations");
    EXPECT_NEAR(power_of(number(row, "effect"), baseline, units, options).value(),
                number(row, "power_5dp"), 5.1e-6);
    EXPECT_NEAR(smallest_detectable(baseline, units, options).value(),
                number(row, "mde_at_80pct_5dp"), 5.1e-6);
  }
  const JsonView weekly = member(tables, "weekly");
  const JsonView metrics = member(weekly, "metrics");
  std::size_t figures = 0;
  for (const bool sequential : {false, true}) {
    const std::string prefix = sequential ? "sequential_5000_" : "";
    const std::vector<double> powers = numbers(member(weekly, prefix + "power"));
    const std::vector<double> smallest = numbers(member(weekly, prefix + "mde"));
    const PowerOptions options{.alpha = number(weekly, "alpha"),
                               .power = number(weekly, "target_power"),
                               .tuned_for = sequential ? 5000.0 : 0.0,
                               .sequence_power = SequencePower::kWidened};
    for (std::size_t i = 0; i < powers.size(); ++i, figures += 2) {
      const JsonView metric = metrics.element(i % metrics.size());
      const Baseline baseline = testing::baseline_of(metric);
      const double units = static_cast<double>(i / metrics.size() + 1) *
                           number(weekly, "users_per_week") / number(weekly, "variations");
      EXPECT_NEAR(power_of(number(metric, "effect"), baseline, units, options).value(), powers[i],
                  5.1e-6);
      EXPECT_NEAR(smallest_detectable(baseline, units, options).value(), smallest[i], 5.1e-6);
    }
  }
  fmt::print("growthbook_power: {} rows, {} weekly figures\n", single.size(), figures);
  const JsonView weeks = member(weekly, "weeks_to_80pct");
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const JsonView metric = metrics.element(i);
    const auto ours =
        weeks_needed(number(metric, "effect"), testing::baseline_of(metric),
                     number(weekly, "users_per_week") / number(weekly, "variations"),
                     {.alpha = number(weekly, "alpha"), .power = number(weekly, "target_power")});
    ASSERT_TRUE(ours);
    const JsonView expected = member(weeks, text(metric, "name"));
    if (expected.is_null()) {
      EXPECT_GT(*ours, number(weekly, "weeks"));
    } else {
      EXPECT_EQ(*ours, expected.find_number());
    }
  }
}

TEST_F(Vectors, DeltaMethod) {
  const JsonView rows = member(member(root(), "growthbook_power"), "delta_method");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const JsonView row = rows.element(i);
    const auto mean = [&](char arm) {
      const double n = number(row, fmt::format("n{}", arm));
      const double level = number(row, fmt::format("mean{}", arm));
      const double squares = number(row, fmt::format("var{}", arm)) * (n - 1) + n * level * level;
      return Mean{
          Summary<1>::from_sums(static_cast<std::uint64_t>(n), {n * level}, {squares}).value()};
    };
    const auto ours = effect_between(mean('A'), mean('B'),
                                     boolean(row, "relative") ? Lift::kRelative : Lift::kAbsolute);
    EXPECT_NEAR(ours.value().standard_error * ours->standard_error, number(row, "expected_5dp"),
                5.1e-6);
  }
}

TEST_F(Vectors, MidExperimentPower) {
  each_row("mid_experiment_power", [&](JsonView row) {
    MidExperimentOptions options{.alpha = number(row, "alpha"),
                                 .power = number(row, "target_power"),
                                 .smallest_effect = number(row, "target_mde")};
    const auto engine = text(row, "engine");
    if (engine.starts_with("sequential_5000")) {
      options.tuned_for = 5000;
    } else if (engine.starts_with("bayesian")) {
      double mean = 0;
      double variance = 0;
      ASSERT_EQ(std::sscanf(std::string(engine).c_str(), "bayesian_N(%lf,%lf)", &mean, &variance),
                2);
      options.prior = Prior{.mean = mean, .variance = variance, .is_proper = true};
    }
    const auto mean = [&](std::string_view arm) { return testing::mean_of(member(row, arm)); };
    const auto of = effect_between(mean("a").value(), mean("b").value(), Lift::kRelative);
    ASSERT_TRUE(of);
    expect_near(power_with_more(*of, 0, options).value(), number(row, "power_at_0"), "power at 0");
    expect_near(power_with_more(*of, 10, options).value(), number(row, "power_at_10"),
                "power at 10");
    expect_near(more_units_needed(*of, options).value(), number(row, "scaling_factor"),
                "scaling factor");
  });
}

TEST_F(Vectors, PostStratification) {
  each_row("post_stratification", [&](JsonView row) {
    const JsonView expected = member(row, "expected");
    const JsonView given = member(row, "strata");
    std::vector<Stratum> strata;
    for (std::size_t i = 0; i < given.size(); ++i) {
      strata.push_back({.control = sample_of(given.element(i).element(0)).value(),
                        .treated = sample_of(given.element(i).element(1)).value()});
    }
    Stratum whole = strata.front();
    for (std::size_t i = 1; i < strata.size(); ++i) {
      whole.control = merged(whole.control, strata[i].control).value();
      whole.treated = merged(whole.treated, strata[i].treated).value();
    }
    const auto of = boolean(row, "post_stratify")
                        ? post_stratified(strata, lift_of(row))
                        : effect_between(whole.control, whole.treated, lift_of(row));
    ASSERT_TRUE(of) << of.error().message;
    const auto ours = t_test(*of, 0.05);
    expect_near(of->value, number(expected, "effect"), "effect");
    expect_near(of->standard_error, number(expected, "stderr"), "standard error");
    expect_interval(ours->interval, expected, std::abs(of->value));
    expect_near(ours->p_value, number(expected, "p_value"), "p", kUpstreamUnderflow);
  });
}

TEST_F(Vectors, SpecialFunctions) {
  const JsonView functions = member(root(), "special_functions");
  const auto each = [&](std::string_view name, const std::function<void(JsonView)>& run) {
    const JsonView rows = member(functions, name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      SCOPED_TRACE(fmt::format("{}: {}", name, rows.element(i).text()));
      run(rows.element(i));
    }
    fmt::print("{}: {} rows\n", name, rows.size());
  };
  const auto at = [](JsonView row, std::size_t i) { return *row.element(i).find_number(); };
  each("norm_ppf", [&](JsonView row) {
    expect_near(-normal_point_above(at(row, 0)), at(row, 1), "point", 1e-15, 1e-12);
  });
  each("norm_cdf",
       [&](JsonView row) { expect_near(normal_below(at(row, 0)), at(row, 1), "below", 0, 1e-11); });
  each("t_cdf", [&](JsonView row) {
    expect_near(student_above(-at(row, 0), at(row, 1)), at(row, 2), "below", 0, 1e-11);
  });
  each("t_sf_tail", [&](JsonView row) {
    expect_near(student_above(at(row, 0), at(row, 1)), at(row, 2), "tail", 0, 1e-10);
  });
  each("t_ppf", [&](JsonView row) {
    // scipy's inverse is good to 1e-8 or so; the tail at ours is the one asked for.
    const double ours = student_point_above(at(row, 0), at(row, 1));
    expect_near(-ours, at(row, 2), "point", 1e-15, 1e-8);
    expect_near(student_above(ours, at(row, 1)), at(row, 0), "tail at the point", 0, 1e-12);
  });
  each("chi2_sf", [&](JsonView row) {
    expect_near(chi_squared_above(at(row, 0), at(row, 1)), at(row, 2), "tail", 0, 1e-11);
  });
  each("binom_test_two_sided", [&](JsonView row) {
    expect_near(binomial_p_value(static_cast<std::uint64_t>(at(row, 0)),
                                 static_cast<std::uint64_t>(at(row, 1)), at(row, 2)),
                at(row, 3), "p", 0, 1e-10);
  });
  each("truncated_normal_mean", [&](JsonView row) {
    const bool negative = row.element(2).find_string() == "neg";
    const double sign = negative ? -1 : 1;
    expect_near(sign * mean_above_zero(sign * at(row, 0), at(row, 1)), at(row, 3), "mean", 0, 1e-9);
  });
}

TEST_F(Vectors, AssertedUpstream) {
  constexpr double kFiveDigits = 5.1e-6;
  each_row("upstream_asserted", [&](JsonView row) {
    if (has(row, "case")) {
      const std::string_view test = text(row, "test");
      const auto lift = test.contains("absolute") ? Lift::kAbsolute : Lift::kRelative;
      const JsonView pair = member(member(root(), "cases"), text(row, "case"));
      const auto of = effect_between(sample_of(member(pair, "a")).value(),
                                     sample_of(member(pair, "b")).value(), lift);
      ASSERT_TRUE(of);
      testing::expect_asserted(row, *of, kFiveDigits);
    } else {
      testing::expect_asserted_formula(row, kFiveDigits);
    }
  });
}

}  // namespace
}  // namespace hornbeam::experiment::stats
