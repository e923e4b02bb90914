#include "hornbeam/experiment/stats/post_stratification.h"

#include <cmath>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace hornbeam::experiment::stats {
namespace {

double square(double x) {
  return x * x;
}

// The control's level and the difference to it, with their covariances.
struct Pair {
  double level = 0;
  double difference = 0;
  double of_level = 0;
  double of_difference = 0;
  double of_both = 0;
};

struct Cell {
  double units = 0;
  Level control;
  Level treated;
};

base::Result<Cell> cell_of(const Stratum& stratum) {
  for (const Sample* each : {&stratum.control, &stratum.treated}) {
    if (!std::holds_alternative<Proportion>(*each) && !std::holds_alternative<Mean>(*each)) {
      return base::error("not_stratified",
                         fmt::format("a {} is not averaged over strata; proportions and means are",
                                     kind_name(*each)));
    }
  }
  const auto control = level_of(stratum.control);
  if (!control) return std::unexpected(control.error());
  const auto treated = level_of(stratum.treated);
  if (!treated) return std::unexpected(treated.error());
  return Cell{control->units + treated->units, *control, *treated};
}

// What strata with these levels have together: weighed means, the covariance within strata, and
// that of the weights, which are those of a multinomial draw of all units.
Pair combined(const std::vector<Cell>& cells, double units) {
  Pair made;
  for (const Cell& cell : cells) {
    const double weight = cell.units / units;
    made.level += weight * cell.control.mean;
    made.difference += weight * (cell.treated.mean - cell.control.mean);
  }
  for (const Cell& cell : cells) {
    const double weight = cell.units / units;
    const double control = cell.control.variance / cell.control.units;
    const double treated = cell.treated.variance / cell.treated.units;
    // By how much a stratum of random size is worse than one of its mean size.
    const double rest = 1 - weight;
    const double within = square(weight) * (1 + rest / cell.units + rest / square(cell.units));
    const double level = cell.control.mean - made.level;
    const double difference = cell.treated.mean - cell.control.mean - made.difference;
    made.of_level += within * control + weight * square(level) / units;
    made.of_difference += within * (control + treated) + weight * square(difference) / units;
    made.of_both += -within * control + weight * level * difference / units;
  }
  return made;
}

// The arms as if there were no strata: what degrees of freedom are counted by.
base::Result<Effect> pooled(std::span<const Stratum> strata) {
  Stratum whole = strata.front();
  for (const Stratum& each : strata.subspan(1)) {
    auto control = merged(whole.control, each.control);
    if (!control) return std::unexpected(control.error());
    auto treated = merged(whole.treated, each.treated);
    if (!treated) return std::unexpected(treated.error());
    whole = {.control = *std::move(control), .treated = *std::move(treated)};
  }
  return effect_between(whole.control, whole.treated, Lift::kAbsolute);
}

}  // namespace

base::Result<Effect> post_stratified(std::span<const Stratum> strata, Lift lift) {
  if (strata.empty()) return base::error("no_strata", "there is no stratum to average over");
  std::vector<Cell> cells;
  double units = 0;
  for (std::size_t i = 0; i < strata.size(); ++i) {
    const auto cell = cell_of(strata[i]);
    if (!cell) {
      return base::error(cell.error().code, fmt::format("stratum {}: {}", i, cell.error().message));
    }
    cells.push_back(*cell);
    units += cell->units;
  }
  auto made = pooled(strata);
  if (!made) return made;
  const Pair pair = combined(cells, units);
  double variance = pair.of_difference;
  made->value = pair.difference;
  made->control = pair.level;
  made->treated = pair.level + pair.difference;
  made->lift = lift;
  if (lift == Lift::kRelative) {
    if (pair.level == 0) {
      return base::error("zero_baseline",
                         "the control's level is 0, so that nothing is a share of it; ask for the "
                         "absolute difference");
    }
    const double size = std::abs(pair.level);
    const double by_level = -pair.difference / pair.level;
    variance =
        (square(by_level) * pair.of_level + pair.of_difference + 2 * by_level * pair.of_both) /
        square(size);
    made->value = pair.difference / size;
  }
  if (!(variance > 0) || !std::isfinite(variance)) {
    return base::error("no_variance", "all units of each stratum are alike; wait for more data");
  }
  made->standard_error = std::sqrt(variance);
  return made;
}

}  // namespace hornbeam::experiment::stats
