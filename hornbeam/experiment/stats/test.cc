#include "hornbeam/experiment/stats/test.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"

namespace hornbeam::experiment::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// `above(t)` is the tail of the distribution, `point(tail)` its inverse.
template <class Above, class Point>
TestResult test(const Effect& effect, double alpha, Side side, const Above& above,
                const Point& point) {
  TestResult made{.statistic = statistic_of(effect)};
  double tail = alpha;
  switch (side) {
    case Side::kTwoSided:
      made.p_value = std::min(1.0, 2 * above(std::abs(made.statistic)));
      tail = alpha / 2;
      break;
    case Side::kGreater:
      made.p_value = above(made.statistic);
      break;
    case Side::kLesser:
      made.p_value = above(-made.statistic);
      break;
  }
  made.interval = interval_around(effect.value, point(tail) * effect.standard_error, side);
  return made;
}

}  // namespace

Interval interval_around(double value, double halfwidth, Side side) {
  return {.lower = side == Side::kLesser ? -kInfinity : value - halfwidth,
          .upper = side == Side::kGreater ? kInfinity : value + halfwidth};
}

base::Result<void> check_alpha(double alpha, std::string_view name) {
  if (alpha > 0 && alpha < 1) return {};
  return base::error(
      "bad_alpha",
      fmt::format("{} is {}; it is a probability above 0 and below 1, such as 0.05", name, alpha));
}

base::Result<TestResult> t_test(const Effect& effect, double alpha, Side side) {
  if (auto checked = check_effect(effect); !checked) return std::unexpected(checked.error());
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  const double freedom = effect.degrees_of_freedom;
  return test(
      effect, alpha, side, [&](double t) { return student_above(t, freedom); },
      [&](double tail) { return student_point_above(tail, freedom); });
}

base::Result<TestResult> z_test(const Effect& effect, double alpha, Side side) {
  if (auto checked = check_effect(effect); !checked) return std::unexpected(checked.error());
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  return test(effect, alpha, side, normal_above, normal_point_above);
}

}  // namespace hornbeam::experiment::stats
