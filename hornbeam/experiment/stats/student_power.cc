// Apart from power.cc, since the noncentral t distribution takes longest to compile.

#include <cmath>

#include <boost/math/distributions/non_central_t.hpp>

#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/power.h"

namespace hornbeam::experiment::stats {
namespace {

namespace policies = boost::math::policies;
using Policy = policies::policy<policies::domain_error<policies::ignore_error>,
                                policies::overflow_error<policies::ignore_error>,
                                policies::evaluation_error<policies::ignore_error>,
                                policies::promote_double<false>>;
using NonCentral = boost::math::non_central_t_distribution<double, Policy>;

// The power of a two-sided t test with `units` in each arm.
double power_at(double units, double effect_size, double alpha) {
  const double freedom = 2 * units - 2;
  const double bound = student_point_above(alpha / 2, freedom);
  const NonCentral shifted(freedom, effect_size * std::sqrt(units / 2));
  return boost::math::cdf(boost::math::complement(shifted, bound)) +
         boost::math::cdf(shifted, -bound);
}

}  // namespace

base::Result<double> units_per_arm_student(double effect_size, const PowerOptions& options) {
  const auto normal = units_per_arm(effect_size, 1, options);
  if (!normal) return normal;
  const double size = std::abs(effect_size);
  // Two units are the fewest that have a variance; the t test needs few more than the normal one.
  double lower = 1.0 + 1e-6;
  double upper = *normal + 2;
  while (power_at(upper, size, options.alpha) < options.power) upper = 1 + 2 * (upper - 1);
  while ((upper - lower) > 1e-10 * upper) {
    const double middle = lower + (upper - lower) / 2;
    if (middle <= lower || middle >= upper) break;
    (power_at(middle, size, options.alpha) < options.power ? lower : upper) = middle;
  }
  return upper;
}

}  // namespace hornbeam::experiment::stats
