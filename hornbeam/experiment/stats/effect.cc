#include "hornbeam/experiment/stats/effect.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include <fmt/format.h>

namespace hornbeam::experiment::stats {
namespace {

// Weights below this are nothing but rounding: the metric is left as it is.
constexpr double kNoWeight = 1e-8;

// Arms of two units have one degree of freedom at least, up to rounding.
constexpr double kFewestFreedom = 1 - 1e-9;

double square(double x) {
  return x * x;
}

// cov(after, before) / var(before) over the units of both arms.
double pooled_weight(const AdjustedMean& control, const AdjustedMean& treated) {
  Summary<2> both = control.values;
  both.merge(treated.values);
  const double before = both.covariance(1, 1);
  if (before <= 0 || both.covariance(0, 0) <= 0) return 0;
  return both.covariance(0, 1) / before;
}

double weight_of(const Sample& control, const Sample& treated, const Level& a, const Level& b) {
  if (a.adjustment == Adjustment::kNone) return 0;
  double weight = 0;
  if (const auto* mean = std::get_if<AdjustedMean>(&control)) {
    weight = pooled_weight(*mean, std::get<AdjustedMean>(treated));
  } else {
    const double before = a.before_variance + b.before_variance;
    if (before > 0) weight = (a.covariance + b.covariance) / before;
  }
  return std::abs(weight) < kNoWeight ? 0 : weight;
}

// An adjusted variance that is this small a share of what it was is nothing but rounding.
constexpr double kNoVariance = 1e-13;

double adjusted_variance(const Level& level, double weight) {
  const double left =
      level.variance + square(weight) * level.before_variance - 2 * weight * level.covariance;
  return left > kNoVariance * level.variance ? left : 0;
}

double welch(double a, double n_a, double b, double n_b) {
  return square(a / n_a + b / n_b) / (square(a / n_a) / (n_a - 1) + square(b / n_b) / (n_b - 1));
}

// The variance of difference / |control level|. The difference is that of adjusted levels.
double relative_variance(const Level& a, const Level& b, double weight, double difference) {
  const double baseline = square(a.mean);
  // The level that the treated arm would have had with the control's past. For means the treated
  // arm's own level is as good, since randomization made the two pasts alike, and it is what the
  // published variance has.
  const double treated = a.adjustment == Adjustment::kRatio ? a.mean + difference : b.mean;
  const double by_level = -treated / a.mean;
  const double control = square(by_level) * a.variance + square(weight) * a.before_variance +
                         2 * weight * by_level * a.covariance;
  return adjusted_variance(b, weight) / b.units / baseline + control / a.units / baseline;
}

}  // namespace

double statistic_of(const Effect& effect) {
  return std::clamp(effect.value / effect.standard_error, -1e100, 1e100);
}

base::Result<void> check_effect(const Effect& effect) {
  const bool is_effect = std::isfinite(effect.value) && std::isfinite(effect.standard_error) &&
                         effect.standard_error > 0 && effect.degrees_of_freedom >= kFewestFreedom &&
                         effect.units > 0 && std::isfinite(effect.units);
  if (is_effect) return {};
  return base::error(
      "bad_effect",
      fmt::format("an effect of {} with a standard error of {}, {} degrees of freedom and {} units "
                  "is none; take it from effect_between",
                  effect.value, effect.standard_error, effect.degrees_of_freedom, effect.units));
}

base::Result<Effect> effect_between(const Sample& control, const Sample& treated, Lift lift) {
  if (control.index() != treated.index()) {
    return base::error("different_metrics",
                       fmt::format("the control has a {}, the other arm a {}; give both arms the "
                                   "same kind of metric",
                                   kind_name(control), kind_name(treated)));
  }
  const auto a = level_of(control);
  if (!a) return std::unexpected(a.error());
  const auto b = level_of(treated);
  if (!b) return std::unexpected(b.error());
  const double weight = weight_of(control, treated, *a, *b);
  const double variance_a = adjusted_variance(*a, weight);
  const double variance_b = adjusted_variance(*b, weight);
  // Written so that a variance that is no number fails too.
  if (!(variance_a > 0) || !(variance_b > 0)) {
    return base::error("no_variance",
                       fmt::format("all units of the {} arm have the same value, so that chance "
                                   "cannot be told from effect; wait for more data",
                                   variance_a > 0 ? "treated" : "control"));
  }
  const double difference = (b->mean - a->mean) - weight * (b->before - a->before);
  Effect made{.value = difference,
              .degrees_of_freedom = welch(variance_a, a->units, variance_b, b->units),
              .adjustment_weight = weight,
              .control = a->mean,
              .treated = b->mean,
              .units = a->units + b->units,
              .lift = lift};
  double variance = variance_a / a->units + variance_b / b->units;
  if (lift == Lift::kRelative) {
    if (a->mean == 0) {
      return base::error("zero_baseline",
                         "the control's level is 0, so that nothing is a share of it; ask for the "
                         "absolute difference");
    }
    made.value = difference / std::abs(a->mean);
    variance = relative_variance(*a, *b, weight, difference);
  }
  made.standard_error = std::sqrt(variance);
  if (!std::isfinite(made.value) || !std::isfinite(variance) || !(variance > 0) ||
      !std::isfinite(made.degrees_of_freedom)) {
    return base::error("not_finite",
                       "the numbers of the two arms are too large or too small to be compared; "
                       "measure in another unit");
  }
  return made;
}

}  // namespace hornbeam::experiment::stats
