#pragma once

// Two lanes at once. Where every unit has an arm of each lane (orthogonal lanes), units fall into
// cells, an arm of the first lane by one of the second, and two questions arise: does the one
// lane's arm say something of the other's, which it must not; and does an arm do more, or less,
// where the other lane's arm is there too?

#include <cstdint>
#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/metric.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// Units by the arms they have in two lanes, row by row: row i is arm i of the first lane.
struct ArmTable {
  std::size_t rows = 0;              ///< How many arms the first lane has, its control first.
  std::size_t columns = 0;           ///< How many the second has.
  std::vector<std::uint64_t> units;  ///< `rows` times `columns` counts.
};

/// Whether two lanes assign independently.
struct Dependence {
  double p_value = 1;             ///< How probable a table like this is if they do.
  double chi_squared = 0;         ///< Pearson's statistic.
  double degrees_of_freedom = 0;  ///< Of the statistic.
  double cramers_v = 0;           ///< How strong the dependence is, from 0 to 1.
};

/// Holds `table` against the product of its own margins: whether the lanes depend on each other,
/// however many units each arm has.
/// Errors: `bad_shape`; `no_units`. An arm that nobody has is left out.
base::Result<Dependence> assignment_dependence(const ArmTable& table);

/// The same against the product of given weights, so that wrong shares are found too. Weights are
/// in any unit, all above 0.
/// Errors: `bad_shape`; `bad_weights`; `no_units`.
base::Result<Dependence> assignment_dependence(const ArmTable& table,
                                               std::span<const double> row_weights,
                                               std::span<const double> column_weights);

/// A metric by the arms that units have in two lanes, row by row; all samples of one kind.
struct CellTable {
  std::size_t rows = 0;       ///< As in `ArmTable`.
  std::size_t columns = 0;    ///< As in `ArmTable`.
  std::vector<Sample> cells;  ///< `rows` times `columns` samples.
};

/// What an arm of one lane adds to an arm of the other beyond their two effects.
struct PairInteraction {
  std::size_t row = 0;     ///< The arm of the first lane, from 1.
  std::size_t column = 0;  ///< The arm of the second, from 1.
  /// (both - the second's arm alone) - (the first's arm alone - neither), in the metric's unit.
  double value = 0;
  double standard_error = 0;  ///< Of `value`.
  Interval interval;          ///< Covers it with probability 1 - alpha, on its own.
  double p_value = 1;         ///< On its own.
  double adjusted_p = 1;      ///< Over all pairs, by Holm.
};

/// Whether two lanes' effects add up.
struct Interaction {
  std::vector<PairInteraction> pairs;  ///< Every pair of arms that are not controls, row by row.
  double chi_squared = 0;              ///< Wald's statistic of all pairs at once.
  double degrees_of_freedom = 0;       ///< Of the statistic.
  double p_value = 1;                  ///< How probable such differences are if effects add up.
};

/// Compares the effects of one lane's arms between the arms of the other. Every cell needs units.
/// Levels are unadjusted: each cell's own, whatever the metric was before.
/// Errors: `bad_shape`; `bad_alpha`; those of `level_of` for the cell they are in; `no_variance`.
/// Source: docs/design/experiment_statistics.md.
base::Result<Interaction> effect_interaction(const CellTable& table, double alpha);

}  // namespace hornbeam::experiment::stats
