#include <fmt/format.h>

#include "hornbeam/experiment/lanes.h"

namespace hornbeam::experiment {
namespace {

// experiment_versions: every configuration there was; a new one is an INSERT of the next number,
// which only one of two can make.
// experiment_exposures: who has met what; one row for each unit, experiment and arm.
// experiment_units: whose events count for which arm, from when on; one row for each unit and
// experiment. Its arm is NULL once the unit was seen in several; its segment says what it is like.
// experiment_events: what units did, as it came.
// experiment_unit_totals: what each unit has done since it was exposed.
// experiment_results: the sums of those, by the day of the units' first exposure.
constexpr std::string_view kSchema = R"(
CREATE TABLE experiment_versions (
  version {integer} PRIMARY KEY,
  at {integer} NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  configuration TEXT NOT NULL
);
CREATE TABLE experiment_exposures (
  experiment TEXT NOT NULL,
  unit TEXT NOT NULL,
  arm TEXT NOT NULL,
  first_at {integer} NOT NULL,
  last_at {integer} NOT NULL,
  count {integer} NOT NULL,
  version {integer} NOT NULL,
  phase {integer} NOT NULL,
  PRIMARY KEY (experiment, unit, arm)
){rowless};
CREATE TABLE experiment_units (
  unit TEXT NOT NULL,
  experiment TEXT NOT NULL,
  arm TEXT,
  first_at {integer} NOT NULL,
  segment TEXT NOT NULL,
  PRIMARY KEY (unit, experiment)
){rowless};
CREATE TABLE experiment_events (
  unit TEXT NOT NULL,
  id TEXT NOT NULL,
  metric TEXT NOT NULL,
  value {real} NOT NULL,
  at {integer} NOT NULL,
  PRIMARY KEY (unit, id)
){rowless};
CREATE TABLE experiment_unit_totals (
  unit TEXT NOT NULL,
  experiment TEXT NOT NULL,
  metric TEXT NOT NULL,
  events {integer} NOT NULL,
  total {real} NOT NULL,
  PRIMARY KEY (unit, experiment, metric)
){rowless};
CREATE TABLE experiment_results (
  experiment TEXT NOT NULL,
  arm TEXT NOT NULL,
  metric TEXT NOT NULL,
  day {integer} NOT NULL,
  units {integer} NOT NULL,
  events {integer} NOT NULL,
  total {real} NOT NULL,
  total_of_squares {real} NOT NULL,
  PRIMARY KEY (experiment, arm, metric, day)
){rowless};
)";

constexpr std::string_view kDown = R"(
DROP TABLE experiment_results;
DROP TABLE experiment_unit_totals;
DROP TABLE experiment_events;
DROP TABLE experiment_units;
DROP TABLE experiment_exposures;
DROP TABLE experiment_versions;
)";

}  // namespace

std::vector<data::Migration> experiment_migrations(int first) {
  using fmt::arg;
  return {data::Migration{
      .number = first,
      .name = "create_experiments",
      .up = fmt::format(kSchema, arg("integer", "INTEGER"), arg("real", "REAL"),
                        arg("rowless", " WITHOUT ROWID")),
      .down = std::string(kDown),
      .postgresql_up = fmt::format(kSchema, arg("integer", "BIGINT"),
                                   arg("real", "DOUBLE PRECISION"), arg("rowless", ""))}};
}

}  // namespace hornbeam::experiment
