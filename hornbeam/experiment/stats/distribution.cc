#include "hornbeam/experiment/stats/distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace hornbeam::experiment::stats {
namespace {

namespace policies = boost::math::policies;

// Nothing thrown: what overflows is infinite, what underflows is 0. The double of the argument is
// the double computed with.
using Policy = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;
using Student = boost::math::students_t_distribution<double, Policy>;
using Binomial = boost::math::binomial_distribution<double, Policy>;
using ChiSquared = boost::math::chi_squared_distribution<double, Policy>;

// From here on a t is a normal z to the last digit that a double has.
constexpr double kNormalFreedom = 1e15;

// density(z) / above(z) - z: how far beyond z the mean of what lies beyond z is. Close to 1 / z for
// a large z, where the two it is the difference of agree in all their digits.
double mean_beyond(double z) {
  if (z < 30) return normal_density(z) / normal_above(z) - z;
  const double r = 1 / (z * z);
  return (1 - r * (2 - r * (10 - r * (74 - r * 706)))) / z;
}

}  // namespace

double normal_density(double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

double normal_below(double z) {
  return normal_above(-z);
}

double normal_above(double z) {
  return std::erfc(z / std::numbers::sqrt2) / 2;
}

double normal_point_above(double tail) {
  return std::numbers::sqrt2 * boost::math::erfc_inv(2 * tail, Policy{});
}

double student_above(double t, double freedom) {
  if (freedom >= kNormalFreedom) return normal_above(t);
  return boost::math::cdf(boost::math::complement(Student(freedom), t));
}

double student_point_above(double tail, double freedom) {
  if (freedom >= kNormalFreedom) return normal_point_above(tail);
  return boost::math::quantile(boost::math::complement(Student(freedom), tail));
}

double chi_squared_above(double x, double freedom) {
  if (std::isinf(x)) return 0;
  return boost::math::cdf(boost::math::complement(ChiSquared(freedom), x));
}

double binomial_p_value(std::uint64_t successes, std::uint64_t trials, double share) {
  const double n = static_cast<double>(trials);
  const double k = static_cast<double>(successes);
  const Binomial counts(n, share);
  // Counts that are equally probable must not be told apart by rounding.
  const double as_probable = boost::math::pdf(counts, k) * (1 + 1e-7);
  const double middle = n * share;
  if (k == middle) return 1;
  // On the other side of the middle probabilities are monotone: the count nearest to the middle
  // that is no more probable is found by halving.
  const bool is_below = k < middle;
  double outer = is_below ? n + 1 : -1;
  double inner = is_below ? std::ceil(middle) : std::floor(middle);
  if (boost::math::pdf(counts, inner) <= as_probable) outer = inner;
  while (std::abs(outer - inner) > 1) {
    const double half = std::floor((outer + inner) / 2);
    (boost::math::pdf(counts, half) <= as_probable ? outer : inner) = half;
  }
  const double below = is_below ? k : outer;
  const double above = is_below ? outer : k;
  double p = 0;
  if (below >= 0) p += boost::math::cdf(counts, below);
  if (above <= n)
    p += above == 0 ? 1 : boost::math::cdf(boost::math::complement(counts, above - 1));
  return std::min(1.0, p);
}

double log_gamma(double x) {
  return boost::math::lgamma(x, Policy{});
}

double expected_positive_part(double mean, double deviation) {
  if (mean > 0) return mean + expected_positive_part(-mean, deviation);
  const double z = -mean / deviation;
  return deviation * normal_above(z) * mean_beyond(z);
}

double mean_above_zero(double mean, double deviation) {
  const double z = -mean / deviation;
  if (z > 0) return deviation * mean_beyond(z);
  return mean + deviation * normal_density(z) / normal_above(z);
}

double kolmogorov_above(double distance, double count) {
  const double root = std::sqrt(count);
  const double x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;
  double sum = 0;
  // Terms fall faster than any power; at x >= 0.2 the twentieth is below 1e-13.
  for (int k = 1; k <= 20; ++k) {
    const double term = std::exp(-2.0 * k * k * x * x);
    sum += k % 2 == 1 ? term : -term;
    if (term < std::numeric_limits<double>::epsilon() * sum) break;
  }
  return std::clamp(2 * sum, 0.0, 1.0);
}

}  // namespace hornbeam::experiment::stats
