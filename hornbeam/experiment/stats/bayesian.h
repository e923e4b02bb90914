#pragma once

// The same effect, read by Bayes' rule: how probable it is that the treated arm is better, and what
// is lost on average by choosing wrongly. Effect and prior are normal, so the posterior is.

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// What is known before the experiment.
struct Prior {
  double mean = 0;         ///< The effect expected.
  double variance = 1;     ///< How sure that is; above 0.
  bool is_proper = false;  ///< Whether it counts at all: an improper prior is flat.
  /// What `mean` and `variance` are in. It is converted to what the effect is in, by the size of
  /// the control's level.
  Lift lift = Lift::kRelative;
};

/// Which direction is better.
enum class Better : std::uint8_t { kHigher, kLower };

/// What is known after the experiment.
struct Posterior {
  double mean = 0;           ///< The effect expected now.
  double deviation = 0;      ///< The standard deviation of the effect.
  Interval interval;         ///< Holds the effect with probability 1 - alpha.
  double chance_to_win = 0;  ///< The probability that the treated arm is better.
  /// What is lost on average, in the effect's unit, by staying with the control although the
  /// treated arm is better.
  double risk_of_control = 0;
  /// What is lost on average by choosing the treated arm although the control is better.
  double risk_of_treated = 0;
};

/// Combines `effect` with `prior`. Risks and chances are exact in the tails.
/// Errors: `bad_alpha`; `bad_effect`; `bad_prior` (a proper prior that is not finite or whose
/// variance is not above 0); `zero_baseline` (a prior to be converted by a level of 0). Source: C.
/// Stucchio, Bayesian A/B Testing at VWO, 2015 (risk as expected loss).
base::Result<Posterior> posterior_of(const Effect& effect, const Prior& prior, double alpha,
                                     Better better = Better::kHigher);

}  // namespace hornbeam::experiment::stats
