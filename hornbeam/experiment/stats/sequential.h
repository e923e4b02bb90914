#pragma once

// Tests that may be looked at at any time, as often as one likes. A t test that is looked at twenty
// times while data comes in finds an effect in a quarter of all experiments without one; these find
// one in at most alpha of them, whenever they are looked at and whenever one stops. The price is a
// wider interval.
//
// A confidence sequence is an interval for every sample size, all of which cover the true effect
// together with probability 1 - alpha: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A.
// Ramdas, Annals of Statistics 52 (2024), arXiv 2103.06476. The mixture sequential probability
// ratio test: R. Johari, P. Koomen, L. Pekelis, D. Walsh, Operations Research 70 (2022), arXiv
// 1512.04922.

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// How a confidence sequence is tuned. Must not change while an experiment runs.
struct SequenceOptions {
  double alpha = 0.05;
  /// The number of units in both arms at which the interval is narrowest relative to a fixed test;
  /// elsewhere it is wider, nowhere wrong. Default 5000.
  double tuned_for = 5000;
  Side side = Side::kTwoSided;
};

/// The mixing constant of the sequence that `options` ask for: rho in the paper's equation 9.
/// Errors: `bad_alpha`, one-sided from 0.5 on; `bad_tuning`.
base::Result<double> sequence_rho(const SequenceOptions& options);

/// The asymptotic confidence sequence for `effect` at this look, and the p-value that goes with it:
/// the smallest alpha, with the mixing constant as it is, whose interval leaves 0 out; valid at any
/// look (paper: equations 9 and 155; one-sided 134, 161).
/// Errors: `bad_alpha`, one-sided from 0.5 on; `bad_tuning`; `bad_effect`.
base::Result<TestResult> confidence_sequence(const Effect& effect, const SequenceOptions& options);

/// What the mixture test says at one look.
struct MixtureResult {
  double likelihood_ratio = 1;  ///< For an effect, averaged over the mixture, against none.
  TestResult test;              ///< Its p-value is that of this look alone, at most 1.
};

/// The mixture sequential test of `effect`, for effects drawn from a normal distribution around 0
/// with variance `tau_squared` (in the effect's unit, squared; must not change while the experiment
/// runs). Over many looks the p-value is the smallest so far.
/// Errors: `bad_alpha`; `bad_effect`; `bad_tuning` unless `tau_squared` is above 0 and finite.
base::Result<MixtureResult> mixture_test(const Effect& effect, double alpha, double tau_squared);

}  // namespace hornbeam::experiment::stats
