#include "hornbeam/experiment/stats/sample_ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/internal/quadratic_form.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {
namespace {

base::Result<void> check_phases(std::span<const AllocationPhase> phases) {
  if (phases.empty()) {
    return base::error("no_phases", "without a phase there are no shares to hold units against");
  }
  const std::size_t arms = phases.front().weights.size();
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const AllocationPhase& phase = phases[i];
    if (phase.weights.size() != arms || phase.units.size() != arms) {
      return base::error(
          "bad_shape",
          fmt::format("phase {} has {} weights and {} counts of units, the first has {} weights; "
                      "give each arm one of both in every phase, 0 where it had no part",
                      i, phase.weights.size(), phase.units.size(), arms));
    }
    double total = 0;
    for (const double weight : phase.weights) {
      if (!(weight >= 0)) total = -1;
      if (total >= 0) total += weight;
    }
    if (!(total > 0) || !std::isfinite(total)) {
      return base::error("bad_weights",
                         fmt::format("the weights of phase {} are not all numbers from 0 up, or "
                                     "none is above 0",
                                     i));
    }
  }
  return {};
}

// What the phases lead to expect of each arm's total.
struct Expectation {
  std::vector<double> observed;
  std::vector<double> expected;
  internal::Matrix covariance;
  std::uint64_t astray = 0;
};

Expectation expectation_of(std::span<const AllocationPhase> phases) {
  const std::size_t arms = phases.front().weights.size();
  Expectation made{std::vector<double>(arms), std::vector<double>(arms), internal::Matrix(arms)};
  for (const AllocationPhase& phase : phases) {
    const double weights = std::accumulate(phase.weights.begin(), phase.weights.end(), 0.0);
    double units = 0;
    for (std::size_t arm = 0; arm < arms; ++arm) {
      if (phase.weights[arm] > 0) {
        made.observed[arm] += static_cast<double>(phase.units[arm]);
        units += static_cast<double>(phase.units[arm]);
      } else {
        made.astray += phase.units[arm];
      }
    }
    for (std::size_t arm = 0; arm < arms; ++arm) {
      const double share = phase.weights[arm] / weights;
      made.expected[arm] += units * share;
      made.covariance.at(arm, arm) += units * share;
      for (std::size_t other = 0; other < arms; ++other) {
        made.covariance.at(arm, other) -= units * share * phase.weights[other] / weights;
      }
    }
  }
  return made;
}

}  // namespace

base::Result<SampleRatio> check_sample_ratio(std::span<const AllocationPhase> phases,
                                             const SampleRatioOptions& options) {
  if (auto checked = check_alpha(options.alpha); !checked) return std::unexpected(checked.error());
  if (auto checked = check_phases(phases); !checked) return std::unexpected(checked.error());
  if (!(options.smallest_deviation >= 0) || !(options.smallest_expected >= 0)) {
    return base::error("bad_options", "the smallest deviation and expected units are not below 0");
  }
  const Expectation of = expectation_of(phases);
  SampleRatio made{.expected = of.expected, .astray = of.astray};
  std::size_t parts = 0;
  double smallest = std::numeric_limits<double>::infinity();
  std::vector<double> off(of.expected.size());
  for (std::size_t arm = 0; arm < of.expected.size(); ++arm) {
    if (!(of.expected[arm] > 0)) continue;
    ++parts;
    smallest = std::min(smallest, of.expected[arm]);
    off[arm] = of.observed[arm] - of.expected[arm];
    made.largest_deviation =
        std::max(made.largest_deviation, std::abs(off[arm]) / of.expected[arm]);
  }
  // The totals of the phases are given: what is free is one less than the arms in each.
  const internal::QuadraticForm form = internal::quadratic_form(of.covariance, off);
  made.has_enough_units = parts >= 2 && smallest >= options.smallest_expected;
  made.chi_squared = form.value;
  made.degrees_of_freedom = static_cast<double>(form.rank);
  if (form.rank > 0) made.p_value = chi_squared_above(form.value, made.degrees_of_freedom);
  made.is_mismatch = made.has_enough_units && made.p_value < options.alpha &&
                     made.largest_deviation >= options.smallest_deviation;
  return made;
}

}  // namespace hornbeam::experiment::stats
