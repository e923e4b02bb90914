#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "hornbeam/data/transaction.h"
#include "hornbeam/experiment/exposure_log.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment::internal {

/// A unit as tables name it: "user/ada".
std::string unit_key(UnitKind kind, std::string_view id);

/// Keeps the results right while exposures and events are stored. Lifetime: one transaction.
class Tally {
 public:
  Tally(data::Transaction& tx, const Snapshot& snapshot) : tx_(tx), snapshot_(snapshot) {}

  /// Stores exposures, and counts what the unit did since.
  void add(const Exposures& exposures);
  /// Stores an event of one unit, and counts it where the unit is exposed. False if it is there.
  bool add(const std::string& unit, const MetricEvent& event);

 private:
  struct Membership {
    std::optional<std::string> arm;
    Time first_at{};
  };
  void store(const std::string& unit, const Exposures& exposures);
  std::optional<Membership> membership(const std::string& unit, const std::string& experiment);
  /// Where a unit counts, and since when.
  struct Place {
    const std::string& unit;
    const std::string& experiment;
    const std::string& arm;
    Time first_at{};
  };
  void count_between(const Place& place, Time first, std::optional<Time> end);
  void count(const Place& place, const std::string& metric, double value, Time at);
  void take_out(const Place& place);
  void move_back(const Place& place, Time first_at);
  /// Adds what the unit did, `times` over, to the sums of the day of its first exposure.
  void grow_by_unit(const Place& place, int times);
  void grow(const Place& place, const std::string& metric, const ResultRow& by);

  data::Transaction& tx_;
  const Snapshot& snapshot_;
};

}  // namespace hornbeam::experiment::internal
