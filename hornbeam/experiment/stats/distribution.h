#pragma once

// Probabilities of the distributions that tests are made of, exact far out in the tails: a tail is
// computed as a tail, never as 1 - the rest. Computed by Boost.Math in double precision.

#include <cstdint>

namespace hornbeam::experiment::stats {

/// The density of the standard normal distribution at `z`.
double normal_density(double z);
/// P(Z <= z) of a standard normal Z.
double normal_below(double z);
/// P(Z > z) of a standard normal Z; down to 1e-300 and beyond without loss.
double normal_above(double z);
/// The z with P(Z > z) = `tail`. Requires: 0 < tail < 1.
double normal_point_above(double tail);

/// P(T > t) of Student's t with `freedom` degrees of freedom (above 0; need not be whole).
double student_above(double t, double freedom);
/// The t with P(T > t) = `tail`. Requires: 0 < tail < 1.
double student_point_above(double tail, double freedom);

/// P(X > x) of a chi-squared X with `freedom` degrees of freedom. Requires: x >= 0, freedom > 0.
double chi_squared_above(double x, double freedom);

/// The exact two-sided p-value of `successes` in `trials` against the `share` expected: the
/// probability of all counts that are no more probable. Requires: successes <= trials, share within
/// 0 and 1.
double binomial_p_value(std::uint64_t successes, std::uint64_t trials, double share);

/// The logarithm of the gamma function of `x`, above 0. Unlike the C library's from several
/// threads.
double log_gamma(double x);

/// E[max(X, 0)] of X normal with `mean` and `deviation` (above 0): what is gained on average where
/// losses do not count. Exact where X is nearly always below 0.
double expected_positive_part(double mean, double deviation);
/// E[X | X > 0] of X normal with `mean` and `deviation` (above 0).
double mean_above_zero(double mean, double deviation);

/// P(D > d), for the largest distance D between the steps of an empirical distribution of `count`
/// numbers and the distribution that they are from (Kolmogorov-Smirnov), by its limit with M. A.
/// Stephens' correction for small counts.
/// Source: M. A. Stephens, J. Royal Statistical Society B 32 (1970) 115.
double kolmogorov_above(double distance, double count);

}  // namespace hornbeam::experiment::stats
