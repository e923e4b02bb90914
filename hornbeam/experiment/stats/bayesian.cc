#include "hornbeam/experiment/stats/bayesian.h"

#include <cmath>
#include <utility>

#include "hornbeam/experiment/stats/distribution.h"

namespace hornbeam::experiment::stats {
namespace {

// The prior in the unit of the effect.
base::Result<Prior> converted(Prior prior, const Effect& effect) {
  if (!std::isfinite(prior.mean) || !std::isfinite(prior.variance) || !(prior.variance > 0)) {
    return base::error("bad_prior",
                       "a proper prior has a finite mean and a finite variance above 0; for none "
                       "at all leave is_proper false");
  }
  if (prior.lift == effect.lift) return prior;
  const double level = std::abs(effect.control);
  if (level == 0) {
    return base::error("zero_baseline",
                       "the control's level is 0, so that a relative prior says nothing of an "
                       "absolute effect, or the other way; give the prior in the effect's unit");
  }
  const double factor = effect.lift == Lift::kAbsolute ? level : 1 / level;
  prior.mean *= factor;
  prior.variance *= factor * factor;
  return prior;
}

}  // namespace

base::Result<Posterior> posterior_of(const Effect& effect, const Prior& prior, double alpha,
                                     Better better) {
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  if (auto checked = check_effect(effect); !checked) return std::unexpected(checked.error());
  Posterior made{.mean = effect.value, .deviation = effect.standard_error};
  if (prior.is_proper) {
    const auto known = converted(prior, effect);
    if (!known) return std::unexpected(known.error());
    // Written with variances, not precisions: a variance may be too small for its inverse.
    const double data = effect.standard_error * effect.standard_error;
    const double both = data + known->variance;
    made.mean = effect.value * (known->variance / both) + known->mean * (data / both);
    made.deviation = effect.standard_error * std::sqrt(known->variance / both);
  }
  const double halfwidth = normal_point_above(alpha / 2) * made.deviation;
  made.interval = interval_around(made.mean, halfwidth, Side::kTwoSided);
  made.chance_to_win = normal_above(-made.mean / made.deviation);
  made.risk_of_control = expected_positive_part(made.mean, made.deviation);
  made.risk_of_treated = expected_positive_part(-made.mean, made.deviation);
  if (better == Better::kLower) {
    made.chance_to_win = normal_above(made.mean / made.deviation);
    std::swap(made.risk_of_control, made.risk_of_treated);
  }
  return made;
}

}  // namespace hornbeam::experiment::stats
