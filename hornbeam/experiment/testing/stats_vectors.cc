#include "hornbeam/experiment/testing/stats_vectors.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/bayesian.h"
#include "hornbeam/experiment/stats/correction.h"
#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/sequential.h"

namespace hornbeam::experiment::stats::testing {

using base::JsonView;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <class Value>
Value there(std::optional<Value> value, JsonView object, std::string_view name) {
  if (!value) throw std::runtime_error(fmt::format("no {} in {}", name, object.text()));
  return *value;
}

double as_number(JsonView value) {
  if (const auto word = value.find_string()) {
    if (*word == "inf") return kInfinity;
    if (*word == "-inf") return -kInfinity;
  }
  return there(value.find_number(), value, "number");
}

// Sum and sum of squares: of a proportion they are the same.
struct Sums {
  double sum = 0;
  double squares = 0;
};

Sums sums_of(JsonView statistic) {
  const double sum = number(statistic, "sum");
  return {sum, has(statistic, "sum_squares") ? number(statistic, "sum_squares") : sum};
}

std::uint64_t count_of(JsonView statistic) {
  return static_cast<std::uint64_t>(number(statistic, "n"));
}

template <class Made, std::size_t N>
base::Result<Sample> summarized(base::Result<Summary<N>> summary) {
  if (!summary) return std::unexpected(summary.error());
  return Made{*summary};
}

base::Result<Sample> ratio_of(JsonView statistic) {
  const Sums m = sums_of(member(statistic, "m"));
  const Sums d = sums_of(member(statistic, "d"));
  return summarized<Ratio>(
      Summary<2>::from_sums(count_of(statistic), {m.sum, d.sum},
                            {m.squares, number(statistic, "m_d_sum_of_products"), d.squares}));
}

base::Result<Sample> adjusted_mean_of(JsonView statistic) {
  const Sums after = sums_of(member(statistic, "post"));
  const Sums before = sums_of(member(statistic, "pre"));
  const auto values = Summary<2>::from_sums(
      count_of(statistic), {after.sum, before.sum},
      {after.squares, number(statistic, "post_pre_sum_of_products"), before.squares});
  if (!values) return std::unexpected(values.error());
  const bool is_share = text(member(statistic, "post"), "type") == "proportion";
  return AdjustedMean{*values, is_share ? Values::kZeroOne : Values::kNumbers};
}

base::Result<Sample> adjusted_ratio_of(JsonView statistic) {
  const Sums m = sums_of(member(statistic, "m_statistic_post"));
  const Sums d = sums_of(member(statistic, "d_statistic_post"));
  const Sums m_pre = sums_of(member(statistic, "m_statistic_pre"));
  const Sums d_pre = sums_of(member(statistic, "d_statistic_pre"));
  return summarized<AdjustedRatio>(
      Summary<4>::from_sums(count_of(statistic), {m.sum, d.sum, m_pre.sum, d_pre.sum},
                            {m.squares, number(statistic, "m_post_d_post_sum_of_products"),
                             d.squares, number(statistic, "m_post_m_pre_sum_of_products"),
                             number(statistic, "m_pre_d_post_sum_of_products"), m_pre.squares,
                             number(statistic, "m_post_d_pre_sum_of_products"),
                             number(statistic, "d_post_d_pre_sum_of_products"),
                             number(statistic, "m_pre_d_pre_sum_of_products"), d_pre.squares}));
}

}  // namespace

std::optional<base::JsonDocument> read_vectors() {
  const char* const named = std::getenv("HORNBEAM_CONFORMANCE");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(HORNBEAM_SOURCE_DIR) / "../shared/conformance";
  std::ifstream file(folder / "gbstats/vectors.json");
  if (!file) return std::nullopt;
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  auto document = base::JsonDocument::parse(all);
  if (!document) throw std::runtime_error(document.error().message());
  return std::move(*document);
}

JsonView member(JsonView object, std::string_view name) {
  return there(object.find(name), object, name);
}

bool has(JsonView object, std::string_view name) {
  return object.find(name).has_value();
}

double number(JsonView object, std::string_view name) {
  return as_number(member(object, name));
}

bool boolean(JsonView object, std::string_view name) {
  return there(member(object, name).find_bool(), object, name);
}

std::string_view text(JsonView object, std::string_view name) {
  return there(member(object, name).find_string(), object, name);
}

std::vector<double> numbers(JsonView array) {
  std::vector<double> made;
  for (std::size_t i = 0; i < array.size(); ++i) made.push_back(as_number(array.element(i)));
  return made;
}

base::Result<Mean> mean_of(JsonView statistic) {
  const Sums sums = sums_of(statistic);
  const auto values = Summary<1>::from_sums(count_of(statistic), {sums.sum}, {sums.squares});
  if (!values) return std::unexpected(values.error());
  return Mean{*values};
}

base::Result<Sample> sample_of(JsonView statistic) {
  const std::string_view type = text(statistic, "type");
  if (type == "proportion") {
    return Proportion{.units = count_of(statistic),
                      .successes = static_cast<std::uint64_t>(number(statistic, "sum"))};
  }
  if (type == "mean") return mean_of(statistic);
  if (type == "ratio") return ratio_of(statistic);
  if (type == "cuped") return adjusted_mean_of(statistic);
  if (type == "cuped_ratio") return adjusted_ratio_of(statistic);
  if (type != "quantile") throw std::runtime_error(fmt::format("no such type: {}", type));
  return Quantile{.values = count_of(statistic),
                  .interval_values = static_cast<std::uint64_t>(number(statistic, "n_star")),
                  .level = number(statistic, "nu"),
                  .value = number(statistic, "quantile_hat"),
                  .lower = number(statistic, "quantile_lower"),
                  .upper = number(statistic, "quantile_upper")};
}

Lift lift_of(JsonView row) {
  return text(row, "difference") == "relative" ? Lift::kRelative : Lift::kAbsolute;
}

Side side_of(JsonView row) {
  if (!has(row, "side")) return Side::kTwoSided;
  return text(row, "side") == "greater" ? Side::kGreater : Side::kLesser;
}

Baseline baseline_of(JsonView metric) {
  if (text(metric, "type") == "binomial") return Baseline::of_share(number(metric, "rate"));
  return {.mean = number(metric, "mean"), .variance = number(metric, "variance")};
}

void expect_asserted(JsonView row, const Effect& effect, double tolerance) {
  const std::string_view test = text(row, "test");
  const std::vector<double> ends = numbers(member(row, "ci"));
  const auto near = [&](double ours, double theirs) {
    if (std::isinf(theirs)) {
      EXPECT_EQ(ours, theirs);
    } else {
      EXPECT_NEAR(ours, theirs, tolerance);
    }
  };
  if (has(row, "effect") && !test.contains("N(")) near(effect.value, number(row, "effect"));
  if (has(row, "stderr")) near(effect.standard_error, number(row, "stderr"));
  if (test.contains("bayes")) {
    Prior prior;
    if (test.contains("N(0.1,0.1)")) prior = {.mean = 0.1, .variance = 0.1, .is_proper = true};
    const Posterior ours = posterior_of(effect, prior, 0.05).value();
    const std::vector<double> risk = numbers(member(row, "risk"));
    near(ours.mean, number(row, "effect"));
    near(ours.deviation, number(row, "stddev"));
    near(ours.chance_to_win, number(row, "chance_to_win"));
    near(ours.risk_of_control, risk[0]);
    near(ours.risk_of_treated, risk[1]);
    near(ours.interval.lower, ends[0]);
    near(ours.interval.upper, ends[1]);
    return;
  }
  TestResult ours = t_test(effect, 0.05).value();
  if (test.contains("seq")) {
    ours = confidence_sequence(
               effect, {.tuned_for = test.contains("N*=1000") ? 1000.0 : 5000.0,
                        .side = test.contains("greater") ? Side::kGreater : Side::kTwoSided})
               .value();
  }
  near(ours.interval.lower, ends[0]);
  near(ours.interval.upper, ends[1]);
  // Upstream clips one-sided sequential p-values at 0.4999.
  if (number(row, "p") != 0.4999) {
    near(ours.p_value, number(row, "p"));
  } else {
    EXPECT_GE(ours.p_value, 0.4999);
  }
}

void expect_asserted_formula(JsonView row, double tolerance) {
  const std::string_view test = text(row, "test");
  if (test.starts_with("risk(mu=0.1,sigma=0.05)")) {
    const std::vector<double> risk = numbers(member(row, "risk"));
    EXPECT_NEAR(expected_positive_part(0.1, 0.05), risk[0], 1e-9);
    EXPECT_NEAR(expected_positive_part(-0.1, 0.05), risk[1], 1e-9);
  } else if (has(row, "adjusted_in_input_order")) {
    const auto ours = adjusted(numbers(member(row, "p")),
                               test == "holm" ? Correction::kHolm : Correction::kBenjaminiHochberg);
    const std::vector<double> theirs = numbers(member(row, "adjusted_in_input_order"));
    for (std::size_t i = 0; i < theirs.size(); ++i) EXPECT_NEAR(ours->at(i), theirs[i], tolerance);
  } else if (has(row, "adjusted_p")) {
    const auto ours =
        interval_for(number(row, "lift"), number(row, "adjusted_p"), number(row, "alpha"));
    const std::vector<double> ends = numbers(member(row, "ci_8dp"));
    EXPECT_NEAR(ours->lower, ends[0], 1e-8);
    EXPECT_NEAR(ours->upper, ends[1], 1e-8);
  } else {
    // The scaling factors are those of the rows of mid_experiment_power, checked there.
    EXPECT_TRUE(test == "mid-experiment scaling factor") << "not held against anything: " << test;
  }
}

}  // namespace hornbeam::experiment::stats::testing
