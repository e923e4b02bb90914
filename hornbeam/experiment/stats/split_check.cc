#include "hornbeam/experiment/stats/split_check.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/sample_ratio.h"
#include "hornbeam/experiment/stats/sequential.h"

namespace hornbeam::experiment::stats {
namespace {

constexpr int kFewestSplits = 20;
constexpr std::size_t kFewestUnitsALook = 10;

base::Result<void> check(std::span<const double> numerators, std::span<const double> denominators,
                         const SplitOptions& options) {
  if (auto checked = check_alpha(options.alpha); !checked) return checked;
  const bool is_share = options.treated_share > 0 && options.treated_share < 1;
  if (!is_share) {
    return base::error("bad_share", "the share of the treated arm is above 0 and below 1");
  }
  if (!denominators.empty() && denominators.size() != numerators.size()) {
    return base::error("bad_shape",
                       fmt::format("there are {} numerators and {} denominators; each unit has one "
                                   "of both",
                                   numerators.size(), denominators.size()));
  }
  if (options.splits < kFewestSplits || options.looks < 1 ||
      numerators.size() / kFewestUnitsALook < static_cast<std::size_t>(options.looks)) {
    return base::error("bad_count",
                       fmt::format("{} units, {} splits and {} looks; a check needs {} splits, a "
                                   "look, and {} units for each look",
                                   numerators.size(), options.splits, options.looks, kFewestSplits,
                                   kFewestUnitsALook));
  }
  return {};
}

// Whether a split has been found to have an effect.
struct Findings {
  double p_value = 1;  // At the last look.
  double p_of_ratio = 1;
  bool fixed = false;
  bool peeked = false;
  bool sequential = false;
};

Sample sample_of(const Summary<2>& arm, bool is_ratio) {
  if (is_ratio) return Ratio{arm};
  // The mean is the first number of the two.
  return Mean{
      Summary<1>::from_sums(arm.units(), {arm.sum(0)}, {arm.product(0, 0)}).value_or(Summary<1>{})};
}

// Splits once, and looks at the arms after each portion of the units.
class Split {
 public:
  Split(std::span<const double> numerators, std::span<const double> denominators,
        const SplitOptions& options, std::uint64_t number)
      : numerators_(numerators),
        denominators_(denominators),
        options_(options),
        random_(options.seed, number) {}

  Findings run() {
    const std::size_t units = numerators_.size();
    const std::size_t looks = static_cast<std::size_t>(options_.looks);
    std::size_t at = 0;
    for (std::size_t look = 1; look <= looks; ++look) {
      for (const std::size_t end = units * look / looks; at < end; ++at) take(at);
      look_at();
    }
    found_.fixed = found_.p_value < options_.alpha;
    const AllocationPhase phase{.weights = {1 - options_.treated_share, options_.treated_share},
                                .units = {arms_[0].units(), arms_[1].units()}};
    if (const auto ratio = check_sample_ratio({&phase, 1})) found_.p_of_ratio = ratio->p_value;
    return found_;
  }

 private:
  void take(std::size_t unit) {
    const bool treated = random_.next() < options_.treated_share;
    arms_[treated ? 1 : 0].add(
        {numerators_[unit], denominators_.empty() ? 1 : denominators_[unit]});
  }

  // Where nothing can be said yet, such as before the first buyer, nothing is found.
  void look_at() {
    const bool is_ratio = !denominators_.empty();
    const auto effect =
        effect_between(sample_of(arms_[0], is_ratio), sample_of(arms_[1], is_ratio), options_.lift);
    if (!effect) return;
    found_.p_value = t_test(*effect, options_.alpha)->p_value;
    found_.peeked |= found_.p_value < options_.alpha;
    const auto sequence =
        confidence_sequence(*effect, {.alpha = options_.alpha, .tuned_for = options_.tuned_for});
    found_.sequential |= sequence->p_value < options_.alpha;
  }

  std::span<const double> numerators_;
  std::span<const double> denominators_;
  const SplitOptions& options_;
  internal::Random random_;
  std::array<Summary<2>, 2> arms_;
  Findings found_;
};

}  // namespace

base::Result<SplitCheck> check_by_splits(std::span<const double> numerators,
                                         std::span<const double> denominators,
                                         const SplitOptions& options) {
  if (auto checked = check(numerators, denominators, options); !checked) {
    return std::unexpected(checked.error());
  }
  Summary<2> all;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    all.add({numerators[i], denominators.empty() ? 1 : denominators[i]});
  }
  // Against itself: finds what no split could be analysed for, too.
  const Sample whole = sample_of(all, !denominators.empty());
  if (!all.is_finite()) {
    return base::error("not_finite", "a unit has a value that is not a finite number");
  }
  if (const auto able = effect_between(whole, whole, options.lift); !able) {
    return std::unexpected(able.error());
  }
  if (auto rho = sequence_rho({.alpha = options.alpha, .tuned_for = options.tuned_for}); !rho) {
    return std::unexpected(rho.error());
  }
  SplitCheck made;
  std::vector<double> ratios;
  int fixed = 0;
  int peeked = 0;
  int sequential = 0;
  for (int number = 0; number < options.splits; ++number) {
    const Findings found =
        Split(numerators, denominators, options, static_cast<std::uint64_t>(number)).run();
    made.p_values.push_back(found.p_value);
    ratios.push_back(found.p_of_ratio);
    fixed += found.fixed ? 1 : 0;
    peeked += found.peeked ? 1 : 0;
    sequential += found.sequential ? 1 : 0;
  }
  const double splits = options.splits;
  made.p_of_p_values = p_of_uniform(made.p_values);
  made.p_of_sample_ratios = p_of_uniform(ratios);
  made.fixed_findings = fixed / splits;
  made.peeked_findings = peeked / splits;
  made.sequential_findings = sequential / splits;
  return made;
}

double p_of_uniform(std::span<const double> numbers) {
  if (numbers.empty()) return 1;
  std::vector<double> sorted(numbers.begin(), numbers.end());
  std::ranges::sort(sorted);
  const double count = static_cast<double>(sorted.size());
  double distance = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double below = static_cast<double>(i) / count;
    const double above = static_cast<double>(i + 1) / count;
    distance = std::max({distance, sorted[i] - below, above - sorted[i]});
  }
  return kolmogorov_above(distance, count);
}

}  // namespace hornbeam::experiment::stats
