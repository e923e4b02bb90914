#include "hornbeam/experiment/ingest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "hornbeam/data/error.h"
#include "hornbeam/experiment/internal/tally.h"
#include "hornbeam/experiment/segment.h"

namespace hornbeam::experiment {
namespace {

constexpr std::size_t kLongestName = 200;

bool is_well_formed(const MetricEvent& event) {
  const bool has_unit =
      !event.user.empty() || !event.session.empty() || !event.organisation.empty();
  const bool is_short = event.id.size() <= kLongestName && event.metric.size() <= kLongestName &&
                        event.user.size() <= kLongestName && event.session.size() <= kLongestName &&
                        event.organisation.size() <= kLongestName;
  return has_unit && is_short && !event.id.empty() && !event.metric.empty() &&
         std::isfinite(event.value) && std::fabs(event.value) < 1e15;
}

std::vector<std::string> units_of(const MetricEvent& event) {
  std::vector<std::string> units;
  const auto add = [&](UnitKind kind, const std::string& id) {
    if (!id.empty()) units.push_back(internal::unit_key(kind, id));
  };
  add(UnitKind::kUser, event.user);
  add(UnitKind::kSession, event.session);
  add(UnitKind::kOrganisation, event.organisation);
  return units;
}

// The events that are taken; the report tells of the others.
std::vector<MetricEvent> sifted(std::vector<MetricEvent> events, const IngestOptions& options,
                                Time now, IngestReport& report) {
  std::map<std::string, std::size_t> counts;
  for (const MetricEvent& event : events) {
    for (const std::string& unit : units_of(event)) ++counts[unit];
  }
  std::erase_if(events, [&](const MetricEvent& event) {
    if (!is_well_formed(event)) return ++report.malformed > 0;
    if (event.at > now + options.most_ahead) return ++report.early > 0;
    if (event.at < now - options.oldest) return ++report.late > 0;
    const std::vector<std::string> units = units_of(event);
    const bool is_fast = std::any_of(units.begin(), units.end(), [&](const std::string& unit) {
      return counts.at(unit) > options.most_events_of_unit;
    });
    return is_fast && ++report.robots > 0;
  });
  return events;
}

// Milliseconds of a day: times are stored in them.
constexpr std::int64_t kDay = 86'400'000;

// Up to which key those that begin with `prefix` go.
std::string end_of(std::string prefix) {
  ++prefix.back();
  return prefix;
}

void make_results(data::Transaction& tx) {
  tx.execute("DELETE FROM experiment_results");
  tx.execute(
      "INSERT INTO experiment_results (experiment, arm, metric, day, units, events, total, "
      "total_of_squares) SELECT experiment, arm, '', first_at / ?, count(*), 0, 0, 0 FROM "
      "experiment_units WHERE arm IS NOT NULL GROUP BY 1, 2, 4",
      kDay);
  tx.execute(
      "INSERT INTO experiment_results (experiment, arm, metric, day, units, events, total, "
      "total_of_squares) SELECT u.experiment, u.arm, t.metric, u.first_at / ?, count(*), "
      "CAST(sum(t.events) AS BIGINT), sum(t.total), sum(t.total * t.total) FROM experiment_units u "
      "JOIN experiment_unit_totals t ON t.unit = u.unit AND t.experiment = u.experiment WHERE "
      "u.arm IS NOT NULL GROUP BY 1, 2, 3, 4",
      kDay);
}

// Sums up, for every dimension that any unit has, over what units are like otherwise.
std::vector<DimensionResult> by_dimension(
    const std::vector<std::pair<std::string, DayResult>>& by_segment) {
  std::set<std::string> names;
  for (const auto& [segment, result] : by_segment) {
    for (auto& [name, value] : dimensions_of(segment)) names.insert(std::move(name));
  }
  using Key = std::tuple<std::string, std::string, std::int64_t, std::string, std::string>;
  std::map<Key, ResultRow> sums;
  for (const auto& [segment, result] : by_segment) {
    const std::vector<Dimension> own = dimensions_of(segment);
    for (const std::string& name : names) {
      const auto found = std::ranges::find(own, name, &Dimension::first);
      const std::string value = found == own.end() ? std::string() : found->second;
      ResultRow& sum = sums[{name, value, result.day, result.row.arm, result.row.metric}];
      sum.units += result.row.units;
      sum.events += result.row.events;
      sum.total += result.row.total;
      sum.total_of_squares += result.row.total_of_squares;
    }
  }
  std::vector<DimensionResult> results;
  for (auto& [key, sum] : sums) {
    const auto& [name, value, day, arm, metric] = key;
    sum.arm = arm;
    sum.metric = metric;
    results.push_back({name, value, {day, std::move(sum)}});
  }
  return results;
}

}  // namespace

bool is_robot(std::string_view user_agent) {
  if (user_agent.empty()) return true;
  std::string lower(user_agent.substr(0, 1'000));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  constexpr std::array kSigns{"bot",      "crawl",   "spider",  "slurp",  "headless",
                              "curl/",    "wget/",   "python-", "scrapy", "lighthouse",
                              "preview",  "monitor", "pingdom", "uptime", "facebookexternalhit",
                              "phantomjs"};
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](const char* sign) { return lower.find(sign) != std::string::npos; });
}

base::Task<IngestReport> Ingest::write(std::vector<Exposures> exposures,
                                       std::vector<MetricEvent> events, Time now) {
  IngestReport refused;
  refused.forged = static_cast<std::int64_t>(
      std::erase_if(exposures, [&](const Exposures& each) { return !is_plausible(each); }));
  events = sifted(std::move(events), options_, now, refused);
  const auto snapshot = lanes_.snapshot();
  co_return co_await database_.write([&](data::Transaction& tx) {
    IngestReport report = refused;
    internal::Tally tally(tx, *snapshot);
    for (const Exposures& each : exposures) tally.add(each);
    report.exposures = static_cast<std::int64_t>(exposures.size());
    for (const MetricEvent& event : events) {
      bool is_new = false;
      for (const std::string& unit : units_of(event)) is_new |= tally.add(unit, event);
      ++(is_new ? report.events : report.duplicates);
    }
    return report;
  });
}

base::Task<std::size_t> Ingest::flush(ExposureLog& log, Time now) {
  std::size_t stored = 0;
  // Ends: no more is taken than waited when it began.
  for (std::size_t left = log.waiting(); left > 0;) {
    std::vector<Exposures> batch = log.take(std::min(left, options_.largest_flush));
    if (batch.empty()) break;
    left -= batch.size();
    std::exception_ptr failure;
    try {
      co_await write(batch, {}, now);
      stored += batch.size();
    } catch (const data::DatabaseError&) {
      failure = std::current_exception();
    }
    if (failure) {
      log.put_back(std::move(batch));
      std::rethrow_exception(failure);
    }
  }
  co_return stored;
}

bool Ingest::is_plausible(const Exposures& exposures) const {
  return exposures.count > 0 && exposures.first_at <= exposures.last_at &&
         exposures.unit.size() <= kLongestName &&
         lanes_.snapshot()->could_have(exposures.experiment, exposures.arm, exposures.kind,
                                       exposures.unit, exposures.last_at);
}

base::Task<std::vector<ResultRow>> Ingest::results(std::string experiment) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    using Row = std::tuple<std::string, std::string, std::int64_t, std::int64_t, double, double>;
    std::vector<ResultRow> results;
    auto rows = db.query<Row>(
        "SELECT arm, metric, CAST(sum(units) AS BIGINT), CAST(sum(events) AS BIGINT), sum(total), "
        "sum(total_of_squares) FROM experiment_results WHERE experiment = ? GROUP BY arm, metric "
        "ORDER BY arm, metric",
        experiment);
    while (auto row = rows.next()) {
      auto& [arm, metric, units, events, total, squares] = *row;
      results.push_back({std::move(arm), std::move(metric), units, events, total, squares});
    }
    return results;
  });
}

base::Task<std::vector<DayResult>> Ingest::results_by_day(std::string experiment) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    using Row = std::tuple<std::int64_t, std::string, std::string, std::int64_t, std::int64_t,
                           double, double>;
    std::vector<DayResult> results;
    auto rows = db.query<Row>(
        "SELECT day, arm, metric, units, events, total, total_of_squares FROM experiment_results "
        "WHERE experiment = ? ORDER BY day, arm, metric",
        experiment);
    while (auto row = rows.next()) {
      auto& [day, arm, metric, units, events, total, squares] = *row;
      results.push_back({day, {std::move(arm), std::move(metric), units, events, total, squares}});
    }
    return results;
  });
}

base::Task<std::vector<DimensionResult>> Ingest::results_by_dimension(std::string experiment) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    using Row = std::tuple<std::string, std::int64_t, std::string, std::string, std::int64_t,
                           std::int64_t, double, double>;
    std::vector<std::pair<std::string, DayResult>> by_segment;
    auto rows = db.query<Row>(
        "SELECT segment, first_at / ?, arm, '', count(*), CAST(0 AS BIGINT), CAST(0 AS DOUBLE "
        "PRECISION), CAST(0 AS DOUBLE PRECISION) FROM experiment_units WHERE experiment = ? AND "
        "arm IS NOT NULL GROUP BY 1, 2, 3 UNION ALL SELECT u.segment, u.first_at / ?, u.arm, "
        "t.metric, count(*), CAST(sum(t.events) AS BIGINT), sum(t.total), sum(t.total * t.total) "
        "FROM experiment_units u JOIN experiment_unit_totals t ON t.unit = u.unit AND t.experiment "
        "= u.experiment WHERE u.experiment = ? AND u.arm IS NOT NULL GROUP BY 1, 2, 3, 4",
        kDay, experiment, kDay, experiment);
    while (auto row = rows.next()) {
      auto& [segment, day, arm, metric, units, events, total, squares] = *row;
      by_segment.emplace_back(
          std::move(segment),
          DayResult{day, {std::move(arm), std::move(metric), units, events, total, squares}});
    }
    return by_dimension(by_segment);
  });
}

base::Task<std::vector<CellResult>> Ingest::cells(std::string one, std::string other,
                                                  std::string metric, Time before) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    using Row = std::tuple<std::string, std::string, std::int64_t, std::int64_t, double, double>;
    std::vector<CellResult> cells;
    // What a unit did since it was in both is what it did since it was in the later one.
    auto rows = db.query<Row>(
        "SELECT a.arm, b.arm, count(*), count(t.unit), COALESCE(sum(t.total), CAST(0 AS DOUBLE "
        "PRECISION)), COALESCE(sum(t.total * t.total), CAST(0 AS DOUBLE PRECISION)) FROM "
        "experiment_units a JOIN experiment_units b ON b.unit = a.unit AND b.experiment = ? LEFT "
        "JOIN experiment_unit_totals t ON t.unit = a.unit AND t.metric = ? AND t.experiment = CASE "
        "WHEN a.first_at >= b.first_at THEN a.experiment ELSE b.experiment END WHERE a.experiment "
        "= ? AND a.arm IS NOT NULL AND b.arm IS NOT NULL AND a.first_at < ? AND b.first_at < ? "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        other, metric, one, before, before);
    while (auto row = rows.next()) {
      auto& [first, second, units, did, total, squares] = *row;
      cells.push_back({std::move(first), std::move(second), units, did, total, squares});
    }
    return cells;
  });
}

base::Task<std::int64_t> Ingest::units_in_several_arms(std::string experiment) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    return db
        .query<std::int64_t>(
            "SELECT count(*) FROM experiment_units WHERE experiment = ? AND arm IS NULL",
            experiment)
        .one();
  });
}

base::Task<ArmsByExperiment> Ingest::arms_of(UnitKind kind, std::string unit) {
  const std::string key = internal::unit_key(kind, unit);
  co_return co_await database_.read([&](data::Snapshot& db) {
    ArmsByExperiment arms;
    using Row = std::tuple<std::string, std::string>;
    auto rows = db.query<Row>(
        "SELECT experiment, arm FROM experiment_units WHERE unit = ? AND arm IS NOT NULL", key);
    while (auto row = rows.next()) arms.insert({std::get<0>(*row), std::get<1>(*row)});
    return arms;
  });
}

base::Task<std::vector<UnitRecord>> Ingest::records_of(UnitKind kind, std::string unit) {
  const std::string key = internal::unit_key(kind, unit);
  co_return co_await database_.read([&](data::Snapshot& db) {
    using Row = std::tuple<std::string, std::optional<std::string>, Time, std::string>;
    std::vector<UnitRecord> records;
    auto rows = db.query<Row>(
        "SELECT experiment, arm, first_at, segment FROM experiment_units WHERE unit = ? ORDER BY "
        "first_at, experiment",
        key);
    while (auto row = rows.next()) {
      auto& [experiment, arm, first_at, segment] = *row;
      records.push_back({std::move(experiment), std::move(arm), first_at, std::move(segment)});
    }
    return records;
  });
}

base::Task<std::int64_t> Ingest::count_units(std::string experiment, UnitKind kind,
                                             std::string prefix) {
  const std::string from = internal::unit_key(kind, prefix);
  const std::string to = end_of(from);
  co_return co_await database_.read([&](data::Snapshot& db) {
    return db
        .query<std::int64_t>(
            "SELECT count(*) FROM experiment_units WHERE unit >= ? AND unit < ? AND experiment = ?",
            from, to, experiment)
        .one();
  });
}

base::Task<std::int64_t> Ingest::forget_units(UnitKind kind, std::string prefix) {
  const std::string from = internal::unit_key(kind, prefix);
  const std::string to = end_of(from);
  co_return co_await database_.write([&](data::Transaction& tx) {
    const auto units = tx.query<std::int64_t>(
                             "SELECT count(DISTINCT unit) FROM experiment_units WHERE unit >= ? "
                             "AND unit < ?",
                             from, to)
                           .one();
    tx.execute("DELETE FROM experiment_exposures WHERE unit >= ? AND unit < ?", from, to);
    tx.execute("DELETE FROM experiment_units WHERE unit >= ? AND unit < ?", from, to);
    tx.execute("DELETE FROM experiment_events WHERE unit >= ? AND unit < ?", from, to);
    tx.execute("DELETE FROM experiment_unit_totals WHERE unit >= ? AND unit < ?", from, to);
    make_results(tx);
    return units;
  });
}

base::Task<void> Ingest::rebuild_results() {
  co_await database_.write([](data::Transaction& tx) { make_results(tx); });
}

}  // namespace hornbeam::experiment
