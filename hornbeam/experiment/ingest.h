#pragma once

// Ingest: exposures and events go into the database, and what results are made of grows in the same
// transaction: for each experiment, arm, metric and day of first exposure, how many units did it,
// how often, the sum of what they did and the sum of the squares of each unit's sum. A page of
// results reads arms times metrics times days, however many events there were.
//
// The order in which things arrive does not matter: an exposure counts the unit's events since, and
// an event counts for the exposures before it. The rules:
//
// - An event counts from the unit's first exposure until the experiment's end, by its own time.
// - An event's id counts once for each unit; one from the future, or older than a week, is refused.
// - A unit that was seen in several arms of an experiment is taken out of its results, and counted
//   apart.
// - An exposure that a client reports must be one that the salts allow.
// - What comes from a robot, by its user agent or by its speed, is refused.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/data/database.h"
#include "hornbeam/experiment/exposure_log.h"
#include "hornbeam/experiment/lanes.h"

namespace hornbeam::experiment {

/// Something that units did.
struct MetricEvent {
  std::string id;  ///< Given by whoever saw it: the same event has the same id.
  /// Empty if not known, as the next two.
  std::string user;
  /// See `UnitKind`.
  std::string session;
  /// See `UnitKind`.
  std::string organisation;
  /// What was done, such as "game_started".
  std::string metric;
  /// How much of it.
  double value = 1;
  /// When it was done.
  Time at{};
};

/// What became of what was handed over.
struct IngestReport {
  std::int64_t exposures = 0;   ///< Stored, or added to a stored one.
  std::int64_t events = 0;      ///< Stored.
  std::int64_t duplicates = 0;  ///< Events whose id was there.
  std::int64_t late = 0;        ///< Events older than is taken.
  std::int64_t early = 0;       ///< Events from the future.
  std::int64_t malformed = 0;   ///< Without an id, a unit or a metric; or with no finite value.
  std::int64_t forged = 0;      ///< Exposures that no salt allows.
  std::int64_t robots = 0;      ///< Events of units that are too fast.
};

/// What is taken.
struct IngestOptions {
  std::chrono::hours oldest{24 * 7};        ///< Events that were longer on their way are refused.
  std::chrono::minutes most_ahead{5};       ///< How far a clock may be ahead.
  std::size_t most_events_of_unit = 1'000;  ///< In one batch; a unit with more is a robot.
  std::size_t largest_flush = 1'000;        ///< Exposures in one transaction.
};

/// A part of an experiment's results.
struct ResultRow {
  /// "control", or its key.
  std::string arm;
  std::string metric;      ///< Empty: how many units were exposed.
  std::int64_t units = 0;  ///< That did it at least once.
  /// Of all units.
  std::int64_t events = 0;
  /// Of all values.
  double total = 0;
  double total_of_squares = 0;  ///< Of each unit's total.
};

/// Results of the units that were first exposed on one day.
struct DayResult {
  std::int64_t day = 0;  ///< Since 1970.
  ResultRow row;         ///< What they have done up to now.
};

/// Results of the units that are alike in one dimension.
struct DimensionResult {
  std::string dimension;  ///< Such as "device".
  std::string value;      ///< Such as "phone"; empty of units of which it is not known.
  DayResult result;       ///< Of one day.
};

/// Units that were exposed to two experiments, by the arms that they have in both.
struct CellResult {
  std::string one;    ///< The arm in the first experiment.
  std::string other;  ///< In the second.
  /// How many there are.
  std::int64_t units = 0;
  std::int64_t did = 0;  ///< That did it at least once, since they were exposed to both.
  /// Of all values.
  double total = 0;
  double total_of_squares = 0;  ///< Of each unit's total.
};

/// What a unit is in.
struct UnitRecord {
  std::string experiment;          ///< Its key.
  std::optional<std::string> arm;  ///< None once the unit was seen in several.
  Time first_at{};                 ///< When it was exposed first.
  std::string segment;             ///< See `Subject::segment`.
};

/// Whether a user agent says that it is a robot, or says nothing.
bool is_robot(std::string_view user_agent);

/// The way into the tables. Thread: any.
class Ingest {
 public:
  /// Lifetime: both outlive it; `database` is migrated (`experiment_migrations`).
  Ingest(data::Database& database, const Lanes& lanes, IngestOptions options = {})
      : database_(database), lanes_(lanes), options_(options) {}

  /// Stores both, in one transaction. Throws: `data::DatabaseError`, and nothing is stored; of kind
  /// `kBusy` if too much waits already, which is how a client is told to come back.
  base::Task<IngestReport> write(std::vector<Exposures> exposures, std::vector<MetricEvent> events,
                                 Time now);
  /// Stores what waits in `log`, batch by batch, and tells how much. What cannot be stored stays in
  /// the log. Call it every few hundred milliseconds, and before the program ends: what was heard
  /// since the last call is what a crash loses.
  base::Task<std::size_t> flush(ExposureLog& log, Time now);
  /// Whether the salts allow that this was seen: else somebody made it up. What an experiment's
  /// condition asks is not known here, so that only a part of forgeries is found.
  bool is_plausible(const Exposures& exposures) const;

  /// Sums over all days, by arm and metric.
  base::Task<std::vector<ResultRow>> results(std::string experiment);
  /// The same by the day of the units' first exposure, in the order of days.
  base::Task<std::vector<DayResult>> results_by_day(std::string experiment);
  /// The same by each dimension of units. Reads every unit of the experiment: for a look now and
  /// then.
  base::Task<std::vector<DimensionResult>> results_by_dimension(std::string experiment);
  /// Units exposed to both experiments before a time, and what they did of a metric since they
  /// were. Reads every unit of the first.
  base::Task<std::vector<CellResult>> cells(std::string one, std::string other, std::string metric,
                                            Time before);
  /// How many units were seen in several arms.
  base::Task<std::int64_t> units_in_several_arms(std::string experiment);
  /// The arms that a unit was shown, for `Subject::sticky`.
  base::Task<ArmsByExperiment> arms_of(UnitKind kind, std::string unit);
  /// All that a unit is in.
  base::Task<std::vector<UnitRecord>> records_of(UnitKind kind, std::string unit);

  /// How many units of an experiment have an id that begins with `prefix`, which ends in a letter,
  /// digit or sign of ASCII.
  base::Task<std::int64_t> count_units(std::string experiment, UnitKind kind, std::string prefix);
  /// Forgets all units of the kind whose id begins with `prefix`, with all they did, and makes the
  /// results anew. Gives how many there were.
  base::Task<std::int64_t> forget_units(UnitKind kind, std::string prefix);
  /// Makes the results anew from what each unit did: they are a view of it.
  base::Task<void> rebuild_results();

 private:
  data::Database& database_;
  const Lanes& lanes_;
  IngestOptions options_;
};

}  // namespace hornbeam::experiment
