#include "hornbeam/experiment/stats/correction.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"

namespace hornbeam::experiment::stats {
namespace {

// Written so that NaN is none.
bool is_probability(double p) {
  return p >= 0 && p <= 1;
}

std::unexpected<base::Error> bad_p_value(double p) {
  return base::error("bad_p_value",
                     fmt::format("{} is no p-value; they are probabilities from 0 to 1", p));
}

// The values of `p`, smallest first, multiplied by `factor(rank)` (rank from 1) and made monotone:
// stepping down, a value is at least the one before it; stepping up, at most the one after it.
std::vector<double> stepped(std::span<const double> p, bool down,
                            const std::function<double(double rank)>& factor) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Ties in the order given, so that the same input has the same output everywhere.
  std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
    return p[one] != p[other] ? p[one] < p[other] : one < other;
  });
  std::vector<double> made(p.size());
  double bound = down ? 0 : 1;
  for (std::size_t step = 0; step < order.size(); ++step) {
    const std::size_t rank = down ? step : order.size() - 1 - step;
    const double value = std::min(1.0, p[order[rank]] * factor(static_cast<double>(rank + 1)));
    bound = down ? std::max(bound, value) : std::min(bound, value);
    made[order[rank]] = bound;
  }
  return made;
}

std::vector<double> each(std::span<const double> p, const std::function<double(double)>& change) {
  std::vector<double> made;
  for (const double value : p) made.push_back(std::clamp(change(value), 0.0, 1.0));
  return made;
}

}  // namespace

base::Result<std::vector<double>> adjusted(std::span<const double> p_values,
                                           Correction correction) {
  for (const double p : p_values) {
    if (!is_probability(p)) return bad_p_value(p);
  }
  const double count = static_cast<double>(p_values.size());
  switch (correction) {
    case Correction::kNone:
      break;
    case Correction::kBonferroni:
      return each(p_values, [&](double p) { return p * count; });
    case Correction::kSidak:
      // 1 - (1 - p)^count, exact for small p.
      return each(p_values,
                  [&](double p) { return p == 1 ? 1.0 : -std::expm1(count * std::log1p(-p)); });
    case Correction::kHolm:
      return stepped(p_values, true, [&](double rank) { return count - rank + 1; });
    case Correction::kHochberg:
      return stepped(p_values, false, [&](double rank) { return count - rank + 1; });
    case Correction::kBenjaminiHochberg:
      return stepped(p_values, false, [&](double rank) { return count / rank; });
    case Correction::kBenjaminiYekutieli: {
      double harmonic = 0;
      for (std::size_t i = 1; i <= p_values.size(); ++i) harmonic += 1 / static_cast<double>(i);
      return stepped(p_values, false, [&](double rank) { return count / rank * harmonic; });
    }
  }
  return std::vector<double>(p_values.begin(), p_values.end());
}

base::Result<Interval> interval_for(double value, double adjusted_p, double alpha) {
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  if (!is_probability(adjusted_p)) return bad_p_value(adjusted_p);
  const double distance = adjusted_p == 0 ? std::numeric_limits<double>::infinity()
                                          : normal_point_above(adjusted_p / 2);
  if (value == 0 || distance == 0) {
    return interval_around(value, std::numeric_limits<double>::infinity(), Side::kTwoSided);
  }
  const double halfwidth = std::abs(value) * normal_point_above(alpha / 2) / distance;
  return interval_around(value, halfwidth, Side::kTwoSided);
}

}  // namespace hornbeam::experiment::stats
