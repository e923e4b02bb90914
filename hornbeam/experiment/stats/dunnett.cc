// With common chance Z of the control, arm j is b_j Z + sqrt(1 - b_j^2) E_j, where b_j^2 is the
// control's share of its squared standard error. Given Z the arms are independent:
//
//   P(max |T_j| > c) = E[ 1 - prod_j (1 - q_j(Z)) ],   q_j(z) = P(|b_j z + sqrt(1 - b_j^2) E| > c)
//
// and with an estimated variance the same is averaged over c s, s^2 being chi-squared by its
// degrees of freedom. Both integrals are over smooth functions that vanish at both ends, where the
// trapezoidal rule converges faster than any power of its step (L. N. Trefethen, J. A. C.
// Weideman, SIAM Review 56 (2014) 385).

#include "hornbeam/experiment/stats/dunnett.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"

namespace hornbeam::experiment::stats {
namespace {

double square(double x) {
  return x * x;
}

// How far the integrals reach: densities beyond are below 1e-14 of their largest.
constexpr double kReach = 8;
// Beyond this many degrees of freedom the variance is as good as known.
constexpr double kKnown = 1e9;

// Beyond this share of the control the arms are one, and steps would have no end.
constexpr double kLargestShare = 0.9999;

// The normal density beyond is less than the smallest double.
constexpr double kLargestZ = 40;

// Nothing is beyond this many standard errors, whatever the degrees of freedom.
constexpr double kLargestBound = 1e100;

struct Loading {
  double common = 0;  // b_j
  double own = 1;     // sqrt(1 - b_j^2)
};

// The chance that some arm is beyond `bound` where the control's chance is `z`.
double any_beyond(const std::vector<Loading>& arms, double bound, double z) {
  double log_none = 0;
  for (const Loading& arm : arms) {
    const double beyond = normal_above((bound - arm.common * z) / arm.own) +
                          normal_above((bound + arm.common * z) / arm.own);
    log_none += std::log1p(-std::min(beyond, 1.0));
  }
  return -std::expm1(log_none);
}

// The same over all z, with known variance. The integrand is even in z.
double tail_of_normal(const std::vector<Loading>& arms, double bound) {
  double narrowest = 1;
  for (const Loading& arm : arms) narrowest = std::min(narrowest, arm.own);
  // As a function of z nothing is narrower than this: the sum is exact to 1e-15.
  const double step = 0.4 * narrowest;
  // Beyond the bound the arms follow the control; there the density of z alone counts.
  const double end = std::min(std::abs(bound) + kReach, kLargestZ);
  double sum = normal_density(0) * any_beyond(arms, bound, 0) / 2;
  const int steps = static_cast<int>(end / step);
  for (int i = 1; i <= steps; ++i) {
    const double z = i * step;
    sum += normal_density(z) * any_beyond(arms, bound, z);
  }
  return std::min(1.0, 2 * step * sum);
}

// P(some |T_j| > bound). The logarithm of s is integrated over: its density is nearly normal, with
// a deviation of 1 / sqrt(2 freedom).
double tail_of(const std::vector<Loading>& arms, double bound, double freedom) {
  bound = std::min(bound, kLargestBound);
  if (freedom >= kKnown) return tail_of_normal(arms, bound);
  const double half = freedom / 2;
  const double deviation = 1 / std::sqrt(2 * freedom);
  const double log_scale = half * std::log(half) - log_gamma(half);
  // Where t is large, a small s explains it: the integrand's middle moves to
  // s^2 = freedom / (freedom + bound^2), and that is where digits are needed.
  const double middle = -std::log1p(square(bound) / freedom) / 2;
  const double step = deviation / 2;
  // At few degrees of freedom small s are likely; the density of log s falls like s^freedom.
  const double first = middle - std::max(kReach * deviation, 50 / freedom);
  const double last = middle + kReach * deviation + 1 / std::sqrt(freedom);
  double sum = 0;
  const int steps = static_cast<int>((last - first) / step);
  for (int i = 0; i <= steps; ++i) {
    const double log_s = first + i * step;
    const double density = 2 * std::exp(log_scale + freedom * log_s - half * std::exp(2 * log_s));
    if (density > 1e-200) sum += density * tail_of_normal(arms, bound * std::exp(log_s));
  }
  return std::min(1.0, step * sum);
}

// The bound whose tail is `alpha`.
double bound_of(const std::vector<Loading>& arms, double alpha, double freedom) {
  // Between one test alone and as many independent ones by Bonferroni.
  double lower = student_point_above(alpha / 2, freedom);
  double upper = student_point_above(alpha / 2 / static_cast<double>(arms.size()), freedom);
  lower = std::min(lower, kLargestBound);
  upper = std::min(upper, kLargestBound);
  double at_lower = std::log(tail_of(arms, lower, freedom) / alpha);
  double at_upper = std::log(tail_of(arms, upper, freedom) / alpha);
  // Regula falsi in the logarithm, nearly straight there, with the Illinois change so that neither
  // end stays. Ends after 40 steps at the latest; six do.
  for (int steps = 0; steps < 40 && upper - lower > 1e-10 * upper; ++steps) {
    if (!(at_lower > 0) || !(at_upper < 0)) break;
    const double between = lower + (upper - lower) * at_lower / (at_lower - at_upper);
    const double at = std::log(tail_of(arms, between, freedom) / alpha);
    if (std::abs(at) < 1e-10) return between;
    if (at > 0) {
      lower = between;
      at_lower = at;
      at_upper /= 2;
    } else {
      upper = between;
      at_upper = at;
      at_lower /= 2;
    }
  }
  return std::abs(at_lower) < std::abs(at_upper) ? lower : upper;
}

}  // namespace

base::Result<SharedControlEffect> shared_control_effect(const Sample& control,
                                                        const Sample& treated, Lift lift) {
  const auto effect = effect_between(control, treated, lift);
  if (!effect) return std::unexpected(effect.error());
  const auto a = level_of(control);
  const auto b = level_of(treated);
  const double weight = effect->adjustment_weight;
  const auto left = [&](const Level& of, double by_level) {
    return (square(by_level) * of.variance + square(weight) * of.before_variance -
            2 * weight * by_level * of.covariance) /
           of.units;
  };
  // The control counts by its own level relative to the treated one's, as in a relative effect.
  const double by_level = lift == Lift::kRelative ? b->mean / a->mean : 1;
  const double common = left(*a, by_level);
  return SharedControlEffect{*effect, common / (common + left(*b, 1))};
}

base::Result<DunnettResult> dunnett(std::span<const SharedControlEffect> arms, double alpha) {
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  DunnettResult made;
  if (arms.empty()) return made;
  std::vector<Loading> loadings;
  double freedom = kKnown;
  for (const SharedControlEffect& arm : arms) {
    const bool is_share = arm.control_share >= 0 && arm.control_share < 1;
    if (!is_share) {
      return base::error("bad_share",
                         fmt::format("the control has a share of {} of an effect's variance; it is "
                                     "at least 0 and below 1",
                                     arm.control_share));
    }
    if (auto checked = check_effect(arm.effect); !checked) {
      return std::unexpected(checked.error());
    }
    const double share = std::min(arm.control_share, kLargestShare);
    loadings.push_back({std::sqrt(share), std::sqrt(1 - share)});
    freedom = std::min(freedom, arm.effect.degrees_of_freedom);
  }
  made.critical_value = bound_of(loadings, alpha, freedom);
  for (const SharedControlEffect& arm : arms) {
    const Effect& effect = arm.effect;
    const double statistic = std::abs(statistic_of(effect));
    made.p_values.push_back(tail_of(loadings, statistic, freedom));
    made.intervals.push_back(interval_around(
        effect.value, made.critical_value * effect.standard_error, Side::kTwoSided));
  }
  return made;
}

}  // namespace hornbeam::experiment::stats
