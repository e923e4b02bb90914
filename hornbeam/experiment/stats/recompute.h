#pragma once

// Everything that experiments have measured, computed anew from raw rows: who was exposed to what,
// and what everybody did. One pass for all experiments, arms and metrics.
//
// Columns are dense: units, experiments, arms and metrics are numbered from 0. Rows are in any
// order, and may be there several times, as exposures are that were logged at every visit.

#include <cstdint>
#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/metric.h"

namespace hornbeam::experiment::stats {

/// Who was given which arm: all columns have one number for each exposure.
struct ExposureColumns {
  std::span<const std::uint32_t> unit;
  std::span<const std::uint16_t> experiment;
  std::span<const std::uint8_t> arm;
  std::span<const std::int64_t> time;  ///< In any unit that events have too.
};

/// Who did what: all columns have one number for each event.
struct EventColumns {
  std::span<const std::uint32_t> unit;
  std::span<const std::uint16_t> metric;
  std::span<const std::int64_t> time;
  std::span<const double>
      value;  ///< Finite. What a unit's events of a metric add up to is its own.
};

/// How many of each there are: numbers in columns are below these.
struct ColumnShape {
  std::uint32_t units = 0;
  std::uint16_t experiments = 0;
  std::uint8_t arms = 0;  ///< The most that an experiment has.
  std::uint16_t metrics = 0;
};

/// What one arm has measured of one metric.
struct MeasuredMetric {
  Summary<1> totals;            ///< Of each unit's total, 0 for units without an event.
  std::uint64_t converted = 0;  ///< Units with an event.

  /// The share of units with an event.
  Proportion proportion() const { return {totals.units(), converted}; }
};

/// What all arms have measured.
class Recomputed {
 public:
  explicit Recomputed(const ColumnShape& shape);

  /// Of the arm's units the totals of a metric. Requires: all three are below the shape's.
  const MeasuredMetric& metric(std::size_t experiment, std::size_t arm, std::size_t metric) const {
    return metrics_[(experiment * shape_.arms + arm) * shape_.metrics + metric];
  }
  MeasuredMetric& metric(std::size_t experiment, std::size_t arm, std::size_t metric) {
    return metrics_[(experiment * shape_.arms + arm) * shape_.metrics + metric];
  }
  /// How many units have the arm, and no other of the experiment.
  std::uint64_t units(std::size_t experiment, std::size_t arm) const {
    return units_[experiment * shape_.arms + arm];
  }
  std::uint64_t& units(std::size_t experiment, std::size_t arm) {
    return units_[experiment * shape_.arms + arm];
  }
  /// How many units were given several arms of the experiment; they are in none.
  std::uint64_t mixed_units(std::size_t experiment) const { return mixed_[experiment]; }
  std::uint64_t& mixed_units(std::size_t experiment) { return mixed_[experiment]; }

 private:
  ColumnShape shape_;
  std::vector<MeasuredMetric> metrics_;
  std::vector<std::uint64_t> units_;
  std::vector<std::uint64_t> mixed_;
};

/// Computes all of it. Of a unit's events those count, in each experiment, that are later than its
/// first exposure to that experiment. Takes about 40 bytes of memory for each row meanwhile, and a
/// twentieth of a second for a million rows at most.
/// Errors: `bad_shape` (columns of different lengths, a number beyond the shape); `not_finite`.
base::Result<Recomputed> recompute(const ExposureColumns& exposures, const EventColumns& events,
                                   const ColumnShape& shape);

/// Each unit's total of one metric in one experiment, in the order of first exposures, whatever the
/// arm: what `check_by_splits` splits. Units with the same time are in the order of their numbers.
/// Errors: as `recompute`.
base::Result<std::vector<double>> totals_by_exposure(const ExposureColumns& exposures,
                                                     const EventColumns& events,
                                                     const ColumnShape& shape,
                                                     std::uint16_t experiment,
                                                     std::uint16_t metric);

}  // namespace hornbeam::experiment::stats
