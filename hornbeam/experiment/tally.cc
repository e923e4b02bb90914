#include "hornbeam/experiment/internal/tally.h"

#include <algorithm>
#include <tuple>

namespace hornbeam::experiment::internal {
namespace {

std::int64_t day_of(Time at) {
  return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

bool has_metric(const Experiment& experiment, const std::string& metric) {
  const auto is_among = [&](const std::vector<std::string>& metrics) {
    return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
  };
  return experiment.primary_metric == metric || is_among(experiment.secondary_metrics) ||
         is_among(experiment.guardrail_metrics);
}

}  // namespace

std::string unit_key(UnitKind kind, std::string_view id) {
  std::string key(to_string(kind));
  return key.append("/").append(id);
}

void Tally::add(const Exposures& exposures) {
  const std::string unit = unit_key(exposures.kind, exposures.unit);
  const std::string& experiment = exposures.experiment;
  store(unit, exposures);
  const std::optional<Membership> known = membership(unit, experiment);
  const Place place{unit, experiment, exposures.arm, exposures.first_at};
  if (!known) {
    tx_.execute(
        "INSERT INTO experiment_units (unit, experiment, arm, first_at, segment) VALUES (?, ?, ?, "
        "?, ?)",
        unit, experiment, exposures.arm, exposures.first_at, exposures.segment);
    grow(place, "", {.arm = {}, .metric = {}, .units = 1});
    count_between(place, exposures.first_at, std::nullopt);
  } else if (known->arm && *known->arm != exposures.arm) {
    take_out({unit, experiment, *known->arm, known->first_at});
  } else if (known->arm && exposures.first_at < known->first_at) {
    move_back({unit, experiment, exposures.arm, known->first_at}, exposures.first_at);
    count_between(place, exposures.first_at, known->first_at);
  }
}

bool Tally::add(const std::string& unit, const MetricEvent& event) {
  const std::int64_t stored = tx_.execute(
      "INSERT INTO experiment_events (unit, id, metric, value, at) VALUES (?, ?, ?, ?, ?) ON "
      "CONFLICT (unit, id) DO NOTHING",
      unit, event.id, event.metric, event.value, event.at);
  if (stored == 0) return false;
  using Row = std::tuple<std::string, std::string, Time>;
  const std::vector<Row> memberships =
      tx_.query<Row>(
             "SELECT experiment, arm, first_at FROM experiment_units WHERE unit = ? AND arm IS NOT "
             "NULL AND first_at <= ?",
             unit, event.at)
          .all();
  for (const auto& [experiment, arm, first_at] : memberships) {
    count({unit, experiment, arm, first_at}, event.metric, event.value, event.at);
  }
  return true;
}

void Tally::store(const std::string& unit, const Exposures& exposures) {
  using Row = std::tuple<Time, Time, std::int64_t>;
  const auto known =
      tx_.query<Row>(
             "SELECT first_at, last_at, count FROM experiment_exposures WHERE experiment = ? AND "
             "unit = ? AND arm = ?",
             exposures.experiment, unit, exposures.arm)
          .optional();
  if (!known) {
    tx_.execute(
        "INSERT INTO experiment_exposures (experiment, unit, arm, first_at, last_at, count, "
        "version, phase) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        exposures.experiment, unit, exposures.arm, exposures.first_at, exposures.last_at,
        exposures.count, exposures.version, exposures.phase);
    return;
  }
  const auto& [first_at, last_at, count] = *known;
  tx_.execute(
      "UPDATE experiment_exposures SET first_at = ?, last_at = ?, count = ? WHERE experiment = ? "
      "AND unit = ? AND arm = ?",
      std::min(first_at, exposures.first_at), std::max(last_at, exposures.last_at),
      count + exposures.count, exposures.experiment, unit, exposures.arm);
}

std::optional<Tally::Membership> Tally::membership(const std::string& unit,
                                                   const std::string& experiment) {
  using Row = std::tuple<std::optional<std::string>, Time>;
  auto row =
      tx_.query<Row>("SELECT arm, first_at FROM experiment_units WHERE unit = ? AND experiment = ?",
                     unit, experiment)
          .optional();
  if (!row) return std::nullopt;
  return Membership{std::move(std::get<0>(*row)), std::get<1>(*row)};
}

void Tally::count_between(const Place& place, Time first, std::optional<Time> end) {
  using Row = std::tuple<std::string, double, Time>;
  constexpr Time kNever = Time(std::chrono::hours(24 * 365 * 200));
  const std::vector<Row> events = tx_.query<Row>(
                                         "SELECT metric, value, at FROM experiment_events WHERE "
                                         "unit = ? AND at >= ? AND at < ?",
                                         place.unit, first, end.value_or(kNever))
                                      .all();
  for (const auto& [metric, value, at] : events) count(place, metric, value, at);
}

void Tally::count(const Place& place, const std::string& metric, double value, Time at) {
  const Experiment* definition = snapshot_.find_experiment(place.experiment);
  if (definition == nullptr || at >= definition->ends_at || !has_metric(*definition, metric))
    return;
  using Row = std::tuple<std::int64_t, double>;
  const auto known =
      tx_.query<Row>(
             "SELECT events, total FROM experiment_unit_totals WHERE unit = ? AND experiment = ? "
             "AND metric = ?",
             place.unit, place.experiment, metric)
          .optional();
  const double before = known ? std::get<1>(*known) : 0;
  tx_.execute(
      "INSERT INTO experiment_unit_totals (unit, experiment, metric, events, total) VALUES (?, ?, "
      "?, 1, ?) ON CONFLICT (unit, experiment, metric) DO UPDATE SET events = "
      "experiment_unit_totals.events + 1, total = excluded.total",
      place.unit, place.experiment, metric, before + value);
  grow(place, metric,
       {.arm = {},
        .metric = {},
        .units = known ? 0 : 1,
        .events = 1,
        .total = value,
        .total_of_squares = (before + value) * (before + value) - before * before});
}

void Tally::take_out(const Place& place) {
  grow_by_unit(place, -1);
  tx_.execute("DELETE FROM experiment_unit_totals WHERE unit = ? AND experiment = ?", place.unit,
              place.experiment);
  tx_.execute("UPDATE experiment_units SET arm = NULL WHERE unit = ? AND experiment = ?",
              place.unit, place.experiment);
}

void Tally::move_back(const Place& place, Time first_at) {
  tx_.execute("UPDATE experiment_units SET first_at = ? WHERE unit = ? AND experiment = ?",
              first_at, place.unit, place.experiment);
  if (day_of(first_at) == day_of(place.first_at)) return;
  grow_by_unit(place, -1);
  grow_by_unit({place.unit, place.experiment, place.arm, first_at}, 1);
}

void Tally::grow_by_unit(const Place& place, int times) {
  using Row = std::tuple<std::string, std::int64_t, double>;
  const std::vector<Row> totals =
      tx_.query<Row>(
             "SELECT metric, events, total FROM experiment_unit_totals WHERE unit = ? AND "
             "experiment = ?",
             place.unit, place.experiment)
          .all();
  for (const auto& [metric, events, total] : totals) {
    grow(place, metric,
         {.arm = {},
          .metric = {},
          .units = times,
          .events = times * events,
          .total = times * total,
          .total_of_squares = times * total * total});
  }
  grow(place, "", {.arm = {}, .metric = {}, .units = times});
}

void Tally::grow(const Place& place, const std::string& metric, const ResultRow& by) {
  tx_.execute(
      "INSERT INTO experiment_results (experiment, arm, metric, day, units, events, total, "
      "total_of_squares) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (experiment, arm, metric, "
      "day) "
      "DO UPDATE SET units = experiment_results.units + excluded.units, events = "
      "experiment_results.events + excluded.events, total = experiment_results.total + "
      "excluded.total, total_of_squares = experiment_results.total_of_squares + "
      "excluded.total_of_squares",
      place.experiment, place.arm, metric, day_of(place.first_at), by.units, by.events, by.total,
      by.total_of_squares);
}

}  // namespace hornbeam::experiment::internal
