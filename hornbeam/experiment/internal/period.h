#pragma once

// Periods: between two moments at which anything begins or ends, what a domain's units get is a
// matter of their buckets alone. So all that is the same for all units is worked out before, and a
// unit costs its buckets, a copy, and the arms it has.

#include <vector>

#include "hornbeam/experiment/internal/compiled.h"
#include "hornbeam/experiment/internal/salt_set.h"

namespace hornbeam::experiment::internal {

/// A lane whose units are told apart by its salt alone.
struct QuickLane {
  std::size_t place = 0;                 // among the domain's lanes
  std::size_t salt = 0;                  // in the period's set, if it is there
  const CompiledPhase* phase = nullptr;  // what runs, if anything
};

/// A time in which one domain stays as it is.
struct CompiledPeriod {
  /// By the lanes' places, before arms are given.
  std::vector<Assignment> in_control;
  std::vector<Assignment> in_pool;
  std::vector<Assignment> held_out;
  SaltSet salts;              // of the pool, of the lanes, of the holdouts, and of quick lanes
  std::vector<int> holdouts;  // buckets of each
  std::vector<QuickLane> orthogonal;
  std::vector<int> slice_ends;
  std::vector<QuickLane> exclusive;  // one for each slice, and one for what is in none
  bool has_exclusive_salts = false;  // whether theirs are in the set
  std::vector<std::size_t> others;   // lanes that need more than buckets, in their order
};

/// A domain's periods, in order.
struct Timeline {
  std::vector<Time> ends;               // of all but the last, which does not end
  std::vector<CompiledPeriod> periods;  // none if there would be more than is worth their memory

  /// Requires: there are periods.
  const CompiledPeriod& at(Time now) const noexcept {
    std::size_t i = 0;
    // Ends: a domain has few, or no periods at all.
    while (i < ends.size() && ends[i] <= now) ++i;
    return periods[i];
  }
};

/// Where a unit stands in its domain, before it is asked for a lane.
struct Diversion {
  bool is_control = false;
  int lane_bucket = 0;
};

/// What a unit's buckets say about all its lanes but `others`.
struct QuickAnswer {
  bool is_held_out = false;
  Diversion diversion;
};

/// Works out the periods of a domain.
Timeline timeline_of(const CompiledDomain& domain, const std::vector<CompiledLane>& lanes);

/// Fills in `assignments`, one for each lane of the domain. Pure.
QuickAnswer assign_quickly(const CompiledPeriod& period, int control, const HashedUnit& unit,
                           Assignment* assignments) noexcept;

}  // namespace hornbeam::experiment::internal
