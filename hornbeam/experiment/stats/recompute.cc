// Rows come in any order, and what belongs together is what one unit did. So rows are first dealt
// out into parts of a few thousand neighbouring units each, which is one pass that writes forward
// in as many places as there are parts; then each part, which the cache holds, is ordered by unit,
// and each unit's exposures and events are joined on the spot.

#include "hornbeam/experiment/stats/recompute.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/internal/large_array.h"

namespace hornbeam::experiment::stats {
namespace {

// Units of a part: 2^11. Their rows are some hundred kilobytes.
constexpr unsigned kPartBits = 11;
constexpr std::size_t kPartUnits = std::size_t{1} << kPartBits;
// After this many units plain sums become summaries, so that they stay exact.
constexpr std::size_t kBlockUnits = 32 * kPartUnits;

struct Exposure {
  std::int64_t time;
  std::uint32_t unit;
  std::uint16_t experiment;
  std::uint8_t arm;
};

struct Event {
  std::int64_t time;
  double value;
  std::uint32_t unit;
  std::uint16_t metric;
};

template <class Number>
base::Result<void> check_column(std::span<const Number> column, std::size_t rows, std::size_t limit,
                                std::string_view name) {
  if (column.size() != rows) {
    return base::error("bad_shape", fmt::format("the column {} has {} rows, the column of units {}",
                                                name, column.size(), rows));
  }
  Number largest = 0;
  for (const Number each : column) largest = std::max(largest, each);
  if (rows > 0 && largest >= limit) {
    return base::error("bad_shape",
                       fmt::format("the column {} has the number {}; numbers begin at 0 and there "
                                   "are {}",
                                   name, largest, limit));
  }
  return {};
}

base::Result<void> check_columns(const ExposureColumns& exposures, const EventColumns& events,
                                 const ColumnShape& shape) {
  const std::size_t given = exposures.unit.size();
  const std::size_t done = events.unit.size();
  if (exposures.time.size() != given || events.time.size() != done || events.value.size() != done) {
    return base::error("bad_shape", "a column of times or values is not as long as that of units");
  }
  auto checked = check_column(exposures.unit, given, shape.units, "unit of exposures");
  if (checked) {
    checked = check_column(exposures.experiment, given, shape.experiments, "experiment");
  }
  if (checked) checked = check_column(exposures.arm, given, shape.arms, "arm");
  if (checked) checked = check_column(events.unit, done, shape.units, "unit of events");
  if (checked) checked = check_column(events.metric, done, shape.metrics, "metric");
  return checked;
}

// Rows, dealt out by `part_of` their unit: part p is from `begins[p]` to `begins[p + 1]`.
template <class Row>
struct Dealt {
  internal::LargeArray<Row> rows;
  std::vector<std::size_t> begins;

  std::span<const Row> part(std::size_t at) const {
    return {rows.data() + begins[at], begins[at + 1] - begins[at]};
  }
};

// `make(i)` is row i.
template <class Row, class Make>
Dealt<Row> deal(std::span<const std::uint32_t> units, std::size_t parts, const Make& make) {
  Dealt<Row> made{.begins = std::vector<std::size_t>(parts + 1)};
  for (const std::uint32_t unit : units) ++made.begins[(unit >> kPartBits) + 1];
  std::partial_sum(made.begins.begin(), made.begins.end(), made.begins.begin());
  made.rows = internal::LargeArray<Row>(units.size());
  Row* const rows = made.rows.data();
  std::vector<std::size_t> next(made.begins.begin(), made.begins.end() - 1);
  for (std::size_t i = 0; i < units.size(); ++i) rows[next[units[i] >> kPartBits]++] = make(i);
  return made;
}

// Orders a part's rows by unit, keeping the order of a unit's own. Storage is used again.
template <class Row>
class ByUnit {
 public:
  void order(std::span<const Row> part) {
    begins_.assign(kPartUnits + 1, 0);
    for (const Row& row : part) ++begins_[local(row) + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    next_.assign(begins_.begin(), begins_.end() - 1);
    if (rows_.size() < part.size()) rows_.resize(part.size());
    for (const Row& row : part) rows_[next_[local(row)]++] = row;
  }

  std::span<const Row> of(std::size_t unit) const {
    return std::span(rows_).subspan(begins_[unit], begins_[unit + 1] - begins_[unit]);
  }

 private:
  static std::size_t local(const Row& row) { return row.unit & (kPartUnits - 1); }

  std::vector<std::size_t> begins_;
  std::vector<std::size_t> next_;
  std::vector<Row> rows_;
};

// Joins each unit's exposures with its events.
class Join {
 public:
  explicit Join(const ColumnShape& shape)
      : shape_(shape),
        made_(shape),
        sums_(std::size_t{shape.experiments} * shape.arms * shape.metrics),
        units_(std::size_t{shape.experiments} * shape.arms),
        seen_at_(shape.experiments, kNotSeen),
        slot_of_(shape.metrics, kNotSeen),
        totals_(shape.metrics) {}

  void add(std::span<const Exposure> exposures, std::span<const Event> events) {
    first_exposures(exposures);
    if (!events.empty()) add_up(events);
    for (const First& first : firsts_) {
      seen_at_[first.experiment] = kNotSeen;
      if (first.is_mixed) {
        ++made_.mixed_units(first.experiment);
      } else {
        ++units_[std::size_t{first.experiment} * shape_.arms + first.arm];
      }
    }
  }

  // Takes plain sums over into the summaries. False if they are no numbers.
  bool flush() {
    for (std::size_t experiment = 0; experiment < shape_.experiments; ++experiment) {
      for (std::size_t arm = 0; arm < shape_.arms; ++arm) {
        std::uint64_t& units = units_[experiment * shape_.arms + arm];
        if (units == 0) continue;
        for (std::size_t metric = 0; metric < shape_.metrics; ++metric) {
          if (!flush(experiment, arm, metric, units)) return false;
        }
        made_.units(experiment, arm) += units;
        units = 0;
      }
    }
    return true;
  }

  Recomputed take() { return std::move(made_); }

 private:
  static constexpr std::uint32_t kNotSeen = std::numeric_limits<std::uint32_t>::max();

  struct First {
    std::int64_t time;
    std::uint16_t experiment;
    std::uint8_t arm;
    bool is_mixed;
  };
  struct Sums {
    double sum = 0;
    double squares = 0;
    std::uint64_t converted = 0;
  };

  void first_exposures(std::span<const Exposure> exposures) {
    firsts_.clear();
    for (const Exposure& each : exposures) {
      std::uint32_t& at = seen_at_[each.experiment];
      if (at == kNotSeen) {
        at = static_cast<std::uint32_t>(firsts_.size());
        firsts_.push_back({each.time, each.experiment, each.arm, false});
        continue;
      }
      First& first = firsts_[at];
      first.time = std::min(first.time, each.time);
      first.is_mixed |= first.arm != each.arm;
    }
  }

  // The unit's totals, each metric apart, of the events after each first exposure. Whether an event
  // is late enough cannot be foreseen, so that nothing branches on it.
  void add_up(std::span<const Event> events) {
    name_metrics(events);
    for (const First& first : firsts_) {
      if (first.is_mixed) continue;
      for (std::size_t i = 0; i < events.size(); ++i) {
        const bool counts = events[i].time > first.time;
        Total& total = totals_[slots_[i]];
        total.value += counts ? events[i].value : 0.0;
        total.events += counts ? 1 : 0;
      }
      Sums* const row =
          &sums_[(std::size_t{first.experiment} * shape_.arms + first.arm) * shape_.metrics];
      for (std::size_t slot = 0; slot < metrics_.size(); ++slot) {
        Total& total = totals_[slot];
        Sums& into = row[metrics_[slot]];
        into.sum += total.value;
        into.squares += total.value * total.value;
        into.converted += total.events > 0 ? 1 : 0;
        total = {};
      }
    }
    for (const std::uint16_t metric : metrics_) slot_of_[metric] = kNotSeen;
  }

  // Gives each metric of the unit's events a slot.
  void name_metrics(std::span<const Event> events) {
    metrics_.clear();
    if (slots_.size() < events.size()) slots_.resize(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      std::uint32_t& slot = slot_of_[events[i].metric];
      if (slot == kNotSeen) {
        slot = static_cast<std::uint32_t>(metrics_.size());
        metrics_.push_back(events[i].metric);
      }
      slots_[i] = slot;
    }
  }

  bool flush(std::size_t experiment, std::size_t arm, std::size_t metric, std::uint64_t units) {
    Sums& sums = sums_[(experiment * shape_.arms + arm) * shape_.metrics + metric];
    const auto block = Summary<1>::from_sums(units, {sums.sum}, {sums.squares});
    if (!block) return false;
    MeasuredMetric& into = made_.metric(experiment, arm, metric);
    into.totals.merge(*block);
    into.converted += sums.converted;
    sums = {};
    return into.totals.is_finite();
  }

  struct Total {
    double value = 0;
    std::uint64_t events = 0;
  };

  ColumnShape shape_;
  Recomputed made_;
  std::vector<Sums> sums_;
  std::vector<std::uint64_t> units_;
  std::vector<std::uint32_t> seen_at_;  // By experiment: where it is in firsts_.
  std::vector<First> firsts_;           // Of the unit at hand.
  std::vector<std::uint32_t> slot_of_;  // By metric: its slot in the unit at hand.
  std::vector<std::uint32_t> slots_;    // By event of the unit at hand.
  std::vector<std::uint16_t> metrics_;  // By slot.
  std::vector<Total> totals_;           // By slot, of the unit and experiment at hand.
};

std::unexpected<base::Error> not_finite() {
  return base::error("not_finite",
                     "an event's value is not a finite number, or values are too large to be "
                     "squared; leave out or cap such values");
}

}  // namespace

Recomputed::Recomputed(const ColumnShape& shape)
    : shape_(shape),
      metrics_(std::size_t{shape.experiments} * shape.arms * shape.metrics),
      units_(std::size_t{shape.experiments} * shape.arms),
      mixed_(shape.experiments) {}

base::Result<Recomputed> recompute(const ExposureColumns& exposures, const EventColumns& events,
                                   const ColumnShape& shape) {
  if (auto checked = check_columns(exposures, events, shape); !checked) {
    return std::unexpected(checked.error());
  }
  const std::size_t parts = (std::size_t{shape.units} + kPartUnits - 1) >> kPartBits;
  const auto given = deal<Exposure>(exposures.unit, parts, [&](std::size_t i) {
    return Exposure{exposures.time[i], exposures.unit[i], exposures.experiment[i],
                    exposures.arm[i]};
  });
  const auto done = deal<Event>(events.unit, parts, [&](std::size_t i) {
    return Event{events.time[i], events.value[i], events.unit[i], events.metric[i]};
  });
  Join join(shape);
  ByUnit<Exposure> given_by_unit;
  ByUnit<Event> done_by_unit;
  for (std::size_t part = 0; part < parts; ++part) {
    if (given.part(part).empty()) continue;
    given_by_unit.order(given.part(part));
    done_by_unit.order(done.part(part));
    for (std::size_t unit = 0; unit < kPartUnits; ++unit) {
      if (given_by_unit.of(unit).empty()) continue;
      join.add(given_by_unit.of(unit), done_by_unit.of(unit));
    }
    if ((part + 1) % (kBlockUnits / kPartUnits) == 0 && !join.flush()) return not_finite();
  }
  if (!join.flush()) return not_finite();
  return join.take();
}

base::Result<std::vector<double>> totals_by_exposure(const ExposureColumns& exposures,
                                                     const EventColumns& events,
                                                     const ColumnShape& shape,
                                                     std::uint16_t experiment,
                                                     std::uint16_t metric) {
  if (auto checked = check_columns(exposures, events, shape); !checked) {
    return std::unexpected(checked.error());
  }
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> first(shape.units, kNever);
  for (std::size_t i = 0; i < exposures.unit.size(); ++i) {
    if (exposures.experiment[i] != experiment) continue;
    std::int64_t& time = first[exposures.unit[i]];
    time = std::min(time, exposures.time[i]);
  }
  std::vector<double> totals(shape.units);
  for (std::size_t i = 0; i < events.unit.size(); ++i) {
    if (events.metric[i] != metric || events.time[i] <= first[events.unit[i]]) continue;
    totals[events.unit[i]] += events.value[i];
  }
  std::vector<std::uint32_t> order;
  for (std::uint32_t unit = 0; unit < shape.units; ++unit) {
    if (first[unit] != kNever) order.push_back(unit);
  }
  std::ranges::sort(order, [&](std::uint32_t one, std::uint32_t other) {
    return first[one] != first[other] ? first[one] < first[other] : one < other;
  });
  std::vector<double> made;
  for (const std::uint32_t unit : order) {
    if (!std::isfinite(totals[unit])) return not_finite();
    made.push_back(totals[unit]);
  }
  return made;
}

}  // namespace hornbeam::experiment::stats
