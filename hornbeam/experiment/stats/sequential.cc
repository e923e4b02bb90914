#include "hornbeam/experiment/stats/sequential.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace hornbeam::experiment::stats {
namespace {

double square(double x) {
  return x * x;
}

// By how much the squared distance from 0, in standard errors, has to be scaled to stand in the
// exponent: v / (v + 1) with v the number of units times rho squared.
double shrinkage(double v) {
  return v / (v + 1);
}

double two_sided_p(double statistic, double v) {
  const double log_p = std::log1p(v) / 2 - square(statistic) * shrinkage(v) / 2;
  return std::exp(std::min(0.0, log_p));
}

// The alpha at which the one-sided bound is 0: bound(alpha) holds the effect against
// log(1 + sqrt(v + 1) / (2 alpha)).
double one_sided_p(double statistic, double v) {
  if (statistic <= 0) return 1;
  const double exponent = square(statistic) * shrinkage(v) / 2;
  // sqrt(v + 1) / (2 (e^exponent - 1)), written so that neither end overflows.
  const double p = std::sqrt(v + 1) / 2 * std::exp(-exponent) / -std::expm1(-exponent);
  return std::min(1.0, p);
}

std::unexpected<base::Error> bad_tuning(std::string_view what, double is) {
  return base::error("bad_tuning",
                     fmt::format("{} is {}; it is a finite number above 0", what, is));
}

}  // namespace

base::Result<double> sequence_rho(const SequenceOptions& options) {
  if (auto checked = check_alpha(options.alpha); !checked) return std::unexpected(checked.error());
  if (!(options.tuned_for > 0) || !std::isfinite(options.tuned_for)) {
    return bad_tuning("the number of units that a sequence is tuned for", options.tuned_for);
  }
  const bool two_sided = options.side == Side::kTwoSided;
  const double alpha = two_sided ? options.alpha : 2 * options.alpha;
  if (alpha >= 1) {
    return base::error(
        "bad_alpha",
        fmt::format("alpha is {}; a one-sided sequence needs it below 0.5", options.alpha));
  }
  const double log_term = -2 * std::log(alpha);
  return std::sqrt((log_term + std::log1p(log_term)) / options.tuned_for);
}

base::Result<TestResult> confidence_sequence(const Effect& effect, const SequenceOptions& options) {
  if (auto checked = check_effect(effect); !checked) return std::unexpected(checked.error());
  const auto rho = sequence_rho(options);
  if (!rho) return std::unexpected(rho.error());
  const double v = effect.units * square(*rho);
  const bool two_sided = options.side == Side::kTwoSided;
  const double root = std::sqrt(v + 1);
  const double log_term =
      two_sided ? std::log(root / options.alpha) : std::log1p(root / (2 * options.alpha));
  const double halfwidth = effect.standard_error * std::sqrt(2 * log_term / shrinkage(v));
  TestResult made{.statistic = statistic_of(effect)};
  made.interval = interval_around(effect.value, halfwidth, options.side);
  switch (options.side) {
    case Side::kTwoSided:
      made.p_value = two_sided_p(made.statistic, v);
      break;
    case Side::kGreater:
      made.p_value = one_sided_p(made.statistic, v);
      break;
    case Side::kLesser:
      made.p_value = one_sided_p(-made.statistic, v);
      break;
  }
  return made;
}

base::Result<MixtureResult> mixture_test(const Effect& effect, double alpha, double tau_squared) {
  if (auto checked = check_effect(effect); !checked) return std::unexpected(checked.error());
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  if (!(tau_squared > 0) || !std::isfinite(tau_squared)) {
    return bad_tuning("the variance of the mixture", tau_squared);
  }
  const double variance = square(effect.standard_error);
  const double v = tau_squared / variance;
  const double statistic = statistic_of(effect);
  const double log_ratio = square(statistic) * shrinkage(v) / 2 - std::log1p(v) / 2;
  const double halfwidth =
      effect.standard_error * std::sqrt(2 * (std::log1p(v) / 2 - std::log(alpha)) / shrinkage(v));
  return MixtureResult{
      // Beyond e^700 it says the same, and is a number.
      .likelihood_ratio = std::exp(std::min(log_ratio, 700.0)),
      .test = {.p_value = std::exp(std::min(0.0, -log_ratio)),
               .interval = interval_around(effect.value, halfwidth, Side::kTwoSided),
               .statistic = statistic}};
}

}  // namespace hornbeam::experiment::stats
