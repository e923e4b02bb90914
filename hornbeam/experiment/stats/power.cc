#include "hornbeam/experiment/stats/power.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/sequential.h"

namespace hornbeam::experiment::stats {
namespace {

constexpr int kMostWeeks = 520;

double square(double x) {
  return x * x;
}

// Nothing, or the first thing wrong.
base::Result<void> check(const PowerOptions& options, const Baseline& baseline) {
  if (auto checked = check_alpha(options.alpha); !checked) return checked;
  if (auto checked = check_alpha(options.power, "power"); !checked) return checked;
  if (options.power <= options.alpha) {
    return base::error("bad_alpha",
                       fmt::format("a power of {} is no more than alpha, {}: chance alone finds as "
                                   "much; ask for more, such as 0.8",
                                   options.power, options.alpha));
  }
  if (!(baseline.variance > 0) || !std::isfinite(baseline.variance) ||
      !std::isfinite(baseline.mean)) {
    return base::error("bad_baseline",
                       fmt::format("the metric has mean {} and variance {}; the variance is a "
                                   "finite number above 0, measured before the experiment",
                                   baseline.mean, baseline.variance));
  }
  if (options.lift == Lift::kRelative && baseline.mean == 0) {
    return base::error("bad_baseline",
                       "a relative effect on a level of 0 has no size; plan for an absolute one");
  }
  if (!(options.control_per_treated > 0) || !std::isfinite(options.control_per_treated)) {
    return base::error("bad_count", "the control needs some units for each of the treated arm");
  }
  return {};
}

base::Result<void> check_effect(double effect) {
  if (std::isfinite(effect) && effect != 0) return {};
  return base::error("bad_effect",
                     fmt::format("no number of units finds an effect of {}; it is a finite number "
                                 "other than 0",
                                 effect));
}

base::Result<void> check_units(double units) {
  if (units > 0 && std::isfinite(units)) return {};
  return base::error("bad_count", fmt::format("{} units are none to plan with", units));
}

// The sum of the two points of the normal distribution that size and power stand for.
double points(const PowerOptions& options) {
  return normal_point_above(options.alpha / 2) + normal_point_above(1 - options.power);
}

// P(an effect is found that is `effect` with `deviation`, when it must be `halfwidth` from 0).
double found(double effect, double deviation, double halfwidth) {
  return normal_above((halfwidth - effect) / deviation) +
         normal_above((halfwidth + effect) / deviation);
}

// How many standard errors an effect has to have to be found with the power asked for, whichever
// sign it is found with.
double distance_for(const PowerOptions& options) {
  const double bound = normal_point_above(options.alpha / 2);
  double lower = 0;
  double upper = std::max(points(options), 0.0) + 1;
  // Ends where two neighbouring doubles are left, or after as many halvings as a double has bits.
  for (int halved = 0; halved < 100; ++halved) {
    const double middle = lower + (upper - lower) / 2;
    if (middle <= lower || middle >= upper) break;
    (found(middle, 1, bound) < options.power ? lower : upper) = middle;
  }
  return upper;
}

base::Result<double> halfwidth_of(double deviation, double units, double alpha, double tuned_for) {
  if (tuned_for == 0) return normal_point_above(alpha / 2) * deviation;
  const Effect none{.value = 0,
                    .standard_error = deviation,
                    .degrees_of_freedom = std::max(units, 1.0),
                    .units = units};
  const auto sequence = confidence_sequence(none, {.alpha = alpha, .tuned_for = tuned_for});
  if (!sequence) return std::unexpected(sequence.error());
  return sequence->interval.upper;
}

}  // namespace

base::Result<double> units_per_arm(double difference, double variance,
                                   const PowerOptions& options) {
  if (auto checked = check(options, {.mean = 1, .variance = variance}); !checked) {
    return std::unexpected(checked.error());
  }
  if (auto checked = check_effect(difference); !checked) return std::unexpected(checked.error());
  return 2 * variance * square(points(options) / difference);
}

base::Result<double> units_per_arm_of_share(double control, double treated, ShareMethod method,
                                            const PowerOptions& options) {
  for (const double share : {control, treated}) {
    const bool is_share = share > 0 && share < 1;
    if (!is_share) {
      return base::error("bad_baseline",
                         fmt::format("{} is no share above 0 and below 1 of units", share));
    }
  }
  if (auto checked = check(options, Baseline::of_share(control)); !checked) {
    return std::unexpected(checked.error());
  }
  const double difference = treated - control;
  if (auto checked = check_effect(difference); !checked) return std::unexpected(checked.error());
  const double apart = Baseline::of_share(control).variance + Baseline::of_share(treated).variance;
  switch (method) {
    case ShareMethod::kUnpooled:
      return apart * square(points(options) / difference);
    case ShareMethod::kPooled: {
      const double pooled = 2 * Baseline::of_share((control + treated) / 2).variance;
      const double needed = normal_point_above(options.alpha / 2) * std::sqrt(pooled) +
                            normal_point_above(1 - options.power) * std::sqrt(apart);
      return square(needed / difference);
    }
    case ShareMethod::kArcsine:
      break;
  }
  const double h = 2 * (std::asin(std::sqrt(treated)) - std::asin(std::sqrt(control)));
  return 2 * square(distance_for(options) / h);
}

namespace {

// Which findings count.
enum class Found : std::uint8_t { kEitherSign, kItsSign };

base::Result<double> power_at(double effect, const Baseline& baseline, double units,
                              const PowerOptions& options, Found counts) {
  double control = 1 / options.control_per_treated;
  double scale = baseline.variance / units;
  if (options.lift == Lift::kRelative) {
    control *= square(1 + effect);
    scale /= square(baseline.mean);
  }
  double deviation = std::sqrt(scale * (1 + control));
  if (!(deviation > 0) || !std::isfinite(deviation)) {
    return base::error("bad_effect",
                       "the effect, or the metric, is too large or too small to plan");
  }
  const auto halfwidth = halfwidth_of(deviation, units * (1 + options.control_per_treated),
                                      options.alpha, options.tuned_for);
  if (!halfwidth) return halfwidth;
  if (options.sequence_power == SequencePower::kWidened) {
    deviation = *halfwidth / normal_point_above(options.alpha / 2);
  }
  if (counts == Found::kItsSign) {
    return normal_above((*halfwidth - std::abs(effect)) / deviation);
  }
  return found(effect, deviation, *halfwidth);
}

}  // namespace

base::Result<double> power_of(double effect, const Baseline& baseline, double units,
                              const PowerOptions& options) {
  if (auto checked = check(options, baseline); !checked) return std::unexpected(checked.error());
  if (auto checked = check_units(units); !checked) return std::unexpected(checked.error());
  if (!std::isfinite(effect)) return std::unexpected(check_effect(effect).error());
  return power_at(effect, baseline, units, options, Found::kEitherSign);
}

base::Result<double> smallest_detectable(const Baseline& baseline, double units,
                                         const PowerOptions& options) {
  if (const auto checked = power_of(0, baseline, units, options); !checked) return checked;
  const auto at = [&](double effect) {
    return power_at(effect, baseline, units, options, Found::kItsSign).value_or(0);
  };
  // Begins at a standard error or so and doubles. The power of a relative effect ends at a limit
  // below 1, reached long before 2^60 standard errors.
  double upper = std::sqrt(baseline.variance / units);
  if (options.lift == Lift::kRelative) upper /= std::abs(baseline.mean);
  double lower = 0;
  for (int doubled = 0; at(upper) < options.power; ++doubled, lower = upper, upper *= 2) {
    if (doubled < 60) continue;
    return base::error("unreachable",
                       fmt::format("with {:.0f} units in an arm no effect, however large, is found "
                                   "with a power of {}; plan with more units",
                                   units, options.power));
  }
  // Ends where two neighbouring doubles are left, or after as many halvings as a double has bits.
  for (int halved = 0; halved < 100; ++halved) {
    const double middle = lower + (upper - lower) / 2;
    if (middle <= lower || middle >= upper) break;
    (at(middle) < options.power ? lower : upper) = middle;
  }
  return upper;
}

base::Result<int> weeks_needed(double effect, const Baseline& baseline, double units_a_week,
                               const PowerOptions& options) {
  if (auto checked = check_effect(effect); !checked) return std::unexpected(checked.error());
  for (int weeks = 1; weeks <= kMostWeeks; ++weeks) {
    const auto power = power_of(effect, baseline, units_a_week * weeks, options);
    if (!power) return std::unexpected(power.error());
    if (*power >= options.power) return weeks;
  }
  return base::error("unreachable",
                     fmt::format("an effect of {} is not found in ten years of {:.0f} units a "
                                 "week; look for a larger one, or give the arm more units",
                                 effect, units_a_week));
}

namespace {

base::Result<void> check_running(const Effect& seen, double times,
                                 const MidExperimentOptions& options) {
  if (auto checked = check_alpha(options.alpha); !checked) return checked;
  if (auto checked = check_alpha(options.power, "power"); !checked) return checked;
  if (options.goals < 1 || options.arms < 2 || !(times >= 0) || !std::isfinite(times)) {
    return base::error("bad_count",
                       "power needs a goal metric, two arms, and no fewer units than there are");
  }
  if (auto checked = check_effect(seen); !checked) return checked;
  if (!std::isfinite(options.smallest_effect)) {
    return base::error("bad_effect", "the smallest effect worth finding is a finite number");
  }
  if (options.prior && options.prior->is_proper) {
    const bool is_prior = options.prior->variance > 0 && std::isfinite(options.prior->variance) &&
                          std::isfinite(options.prior->mean);
    if (!is_prior) {
      return base::error("bad_prior", "a proper prior has a finite mean and a variance above 0");
    }
  }
  return {};
}

// The power where it is the posterior whose interval has to leave 0 out.
double power_by_posterior(const Prior& prior, double variance, double point, double smallest) {
  const double precision = 1 / prior.variance + 1 / variance;
  const double needed = variance * std::sqrt(precision) * point;
  const double pull = variance * prior.mean / prior.variance;
  const double deviation = std::sqrt(variance);
  return normal_above((needed - pull - smallest) / deviation) +
         normal_above((needed + pull + smallest) / deviation);
}

}  // namespace

base::Result<double> power_with_more(const Effect& seen, double times,
                                     const MidExperimentOptions& options) {
  if (auto checked = check_running(seen, times, options); !checked) {
    return std::unexpected(checked.error());
  }
  const double alpha = options.alpha / ((options.arms - 1.0) * options.goals);
  const double variance = square(seen.standard_error) / (1 + times);
  const double smallest = std::abs(options.smallest_effect);
  if (options.prior && options.prior->is_proper) {
    return power_by_posterior(*options.prior, variance, normal_point_above(alpha / 2), smallest);
  }
  const double deviation = std::sqrt(variance);
  const auto halfwidth =
      halfwidth_of(deviation, seen.units * (1 + times), alpha, options.tuned_for);
  if (!halfwidth) return halfwidth;
  return found(smallest, deviation, *halfwidth);
}

base::Result<double> more_units_needed(const Effect& seen, const MidExperimentOptions& options) {
  constexpr double kTolerance = 1e-5;
  const auto now = power_with_more(seen, 0, options);
  if (!now) return now;
  const double target = std::pow(options.power, 1.0 / options.goals);
  if (*now > target) return 0;
  const auto short_of = [&](double times) {
    return target - power_with_more(seen, times, options).value_or(0);
  };
  double upper = 1;
  while (short_of(upper) > 0) {
    upper *= 2;
    if (upper > 0x1p27) {
      return base::error("unreachable",
                         "no number of units within reach finds the smallest effect; look for a "
                         "larger one");
    }
  }
  double lower = 0;
  double times = upper;
  // Ends at the latest when halving no longer moves: a double has 53 bits.
  for (int halved = 0; halved < 100 && std::abs(short_of(times)) >= kTolerance; ++halved) {
    (short_of(times) > 0 ? lower : upper) = times;
    times = (lower + upper) / 2;
  }
  return times;
}

}  // namespace hornbeam::experiment::stats
