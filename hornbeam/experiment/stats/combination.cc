// Every answer here is a sum of means of disjoint sets of units, each with a weight, by the level
// of some of them: sum_i w_i m_i / |sum_i c_i m_i|. Its variance is by the delta method.

#include "hornbeam/experiment/stats/combination.h"

#include <array>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"

namespace hornbeam::experiment::stats {
namespace {

struct Term {
  double mean = 0;
  double variance = 0;  // Of the mean.
  double units = 0;
  double in_effect = 0;    // w_i
  double in_baseline = 0;  // c_i
};

base::Result<Term> term_of(const Sample& sample, double in_effect, double in_baseline) {
  const auto level = level_of(sample);
  if (!level) return std::unexpected(level.error());
  return Term{level->mean, level->variance / level->units, level->units, in_effect, in_baseline};
}

base::Result<Effect> effect_of(std::span<const Term> terms, Lift lift) {
  Effect made{.lift = lift};
  double difference = 0;
  for (const Term& term : terms) {
    difference += term.in_effect * term.mean;
    made.control += term.in_baseline * term.mean;
    made.units += term.units;
  }
  made.treated = made.control + difference;
  made.value = difference;
  double scale = 1;
  double by_baseline = 0;
  if (lift == Lift::kRelative) {
    if (made.control == 0) {
      return base::error("zero_baseline",
                         "the level without either arm is 0, so that nothing is a share of it; ask "
                         "for the absolute difference");
    }
    scale = 1 / std::abs(made.control);
    by_baseline = -difference / made.control;
    made.value = difference * scale;
  }
  // Welch and Satterthwaite for any sum of independent means.
  double variance = 0;
  double of_variance = 0;
  for (const Term& term : terms) {
    const double weight = (term.in_effect + by_baseline * term.in_baseline) * scale;
    const double part = weight * weight * term.variance;
    variance += part;
    of_variance += part * part / (term.units - 1);
  }
  if (!(variance > 0) || !std::isfinite(variance)) {
    return base::error("no_variance", "all units of the arms are alike; wait for more data");
  }
  made.standard_error = std::sqrt(variance);
  made.degrees_of_freedom = variance * variance / of_variance;
  return made;
}

base::Result<Combination> combination(base::Result<Effect> effect, CombinationBasis basis,
                                      double alpha, std::string statement) {
  if (!effect) return std::unexpected(effect.error());
  const auto test = t_test(*effect, alpha);
  if (!test) return std::unexpected(test.error());
  return Combination{basis, *effect, *test, std::move(statement)};
}

constexpr const char* kAssumed =
    "No unit had both arms. This is the sum of the two effects, and right only if neither arm "
    "changes what the other does; to know, run both together in a follow-up experiment.";
constexpr const char* kMeasuredCell =
    "Measured: units that had both arms against units that had neither.";
constexpr const char* kMainEffects =
    "The sum of the two effects, each measured over all arms of the other lane: more exact than "
    "the "
    "cell alone, and right if the arms do not interact.";

// The sum of two relative effects with a control each.
base::Result<Effect> sum_of(const Effect& one, const Effect& other) {
  const double a = one.standard_error * one.standard_error;
  const double b = other.standard_error * other.standard_error;
  Effect made{
      .value = one.value + other.value,
      .standard_error = std::sqrt(a + b),
      .degrees_of_freedom =
          (a + b) * (a + b) / (a * a / one.degrees_of_freedom + b * b / other.degrees_of_freedom),
      .control = one.control,
      .units = one.units + other.units,
      .lift = one.lift};
  const double step = one.lift == Lift::kRelative ? std::abs(one.control) : 1;
  made.treated = made.control + made.value * step;
  return made;
}

// Means unadjusted: the same sample without what was before.
base::Result<Effect> unadjusted_effect(const ExclusiveArm& arm, Lift lift) {
  const auto control = term_of(arm.control, -1, 1);
  if (!control) return std::unexpected(control.error());
  const auto treated = term_of(arm.treated, 1, 0);
  if (!treated) return std::unexpected(treated.error());
  const std::array terms{*control, *treated};
  return effect_of(terms, lift);
}

}  // namespace

base::Result<Combination> combined_exclusive(const ExclusiveArm& one, const ExclusiveArm& other,
                                             ControlOf control, Lift lift, double alpha) {
  // Finds what is wrong with a lane first.
  for (const ExclusiveArm* lane : {&one, &other}) {
    const auto alone = effect_between(lane->control, lane->treated, lift);
    if (!alone) return std::unexpected(alone.error());
  }
  if (one.control.index() != other.control.index()) {
    return base::error("different_metrics", "both lanes have to be measured by one metric");
  }
  if (control == ControlOf::kEachLane) {
    const auto first = unadjusted_effect(one, lift);
    const auto second = unadjusted_effect(other, lift);
    if (!first) return std::unexpected(first.error());
    if (!second) return std::unexpected(second.error());
    return combination(sum_of(*first, *second), CombinationBasis::kAdditive, alpha, kAssumed);
  }
  const auto shared = term_of(one.control, -2, 1);
  const auto same = term_of(other.control, -2, 1);
  if (shared->mean != same->mean || shared->variance != same->variance) {
    return base::error("not_shared",
                       "the two lanes are said to have one control, and have two; give the same "
                       "sample for both, or say that each lane has its own");
  }
  const std::array terms{*shared, *term_of(one.treated, 1, 0), *term_of(other.treated, 1, 0)};
  return combination(effect_of(terms, lift), CombinationBasis::kAdditive, alpha, kAssumed);
}

base::Result<OrthogonalCombination> combined_orthogonal(const CellTable& table, std::size_t row,
                                                        std::size_t column, Lift lift,
                                                        double alpha) {
  const auto interaction = effect_interaction(table, alpha);
  if (!interaction) return std::unexpected(interaction.error());
  if (row < 1 || row >= table.rows || column < 1 || column >= table.columns) {
    return base::error("bad_shape",
                       fmt::format("there is no combination of arms {} and {}; arms are counted "
                                   "from 1, the control is 0",
                                   row, column));
  }
  std::vector<Term> additive;
  std::vector<Term> measured;
  for (std::size_t at = 0; at < table.cells.size(); ++at) {
    const std::size_t i = at / table.columns;
    const std::size_t j = at % table.columns;
    const double in_row = i == row ? 1 : i == 0 ? -1 : 0;
    const double in_column = j == column ? 1 : j == 0 ? -1 : 0;
    // Main effects: differences within the other lane's arm, averaged over those arms alike.
    const double weight =
        in_row / static_cast<double>(table.columns) + in_column / static_cast<double>(table.rows);
    const bool is_neither = i == 0 && j == 0;
    const double both = i == row && j == column ? 1 : is_neither ? -1 : 0;
    const double baseline = is_neither ? 1 : 0;
    if (weight != 0 || is_neither) {
      additive.push_back(*term_of(table.cells[at], weight, baseline));
    }
    if (both != 0) measured.push_back(*term_of(table.cells[at], both, baseline));
  }
  auto cell =
      combination(effect_of(measured, lift), CombinationBasis::kMeasured, alpha, kMeasuredCell);
  if (!cell) return std::unexpected(cell.error());
  auto sum =
      combination(effect_of(additive, lift), CombinationBasis::kAdditive, alpha, kMainEffects);
  if (!sum) return std::unexpected(sum.error());
  const std::size_t pair = (row - 1) * (table.columns - 1) + (column - 1);
  return OrthogonalCombination{*std::move(cell), *std::move(sum), interaction->pairs[pair]};
}

}  // namespace hornbeam::experiment::stats
