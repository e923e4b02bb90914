#include "hornbeam/web/metric_registry.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <variant>

#include "hornbeam/base/check.h"
#include "hornbeam/web/internal/metric_text.h"

namespace hornbeam::web {

namespace {

bool is_name(std::string_view name, bool may_have_colons) {
  auto is_start = [may_have_colons](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || each == '_' ||
           (may_have_colons && each == ':');
  };
  return !name.empty() && is_start(name.front()) && std::ranges::all_of(name, [&](char each) {
    return is_start(each) || (each >= '0' && each <= '9');
  });
}

std::size_t hash_of(std::span<const std::string_view> values) {
  std::size_t hash = 0xcbf29ce484222325;
  for (const std::string_view value : values) {
    hash = (hash ^ std::hash<std::string_view>()(value)) * 0x100000001b3;
  }
  return hash ^ (hash >> 29);
}

}  // namespace

std::vector<double> duration_buckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  if (!std::ranges::is_sorted(bounds_, std::less_equal<>())) {
    throw std::invalid_argument("the bounds of a histogram's buckets ascend");
  }
}

void Histogram::observe(double value) noexcept {
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot snapshot;
  std::uint64_t total = 0;
  for (const auto& count : counts_) {
    total += count.load(std::memory_order_relaxed);
    snapshot.cumulative.push_back(total);
  }
  snapshot.sum = sum_.load(std::memory_order_relaxed);
  return snapshot;
}

/// An open hash table that only grows into its fixed slots, so that readers need no lock: a slot
/// goes from null to a series once, and a series never changes but for its numbers.
template <class Metric>
struct MetricFamily<Metric>::State {
  State(std::size_t max, Make make_metric)
      : max_series(max),
        make(std::move(make_metric)),
        slots(std::bit_ceil(std::max<std::size_t>(2 * max, 2))) {}

  static bool matches(const Series& series, std::size_t hash,
                      std::span<const std::string_view> values) {
    return series.hash == hash && std::ranges::equal(series.values, values);
  }

  /// The slot of `values`, or the empty one where they belong. Ends: half of the slots stay empty.
  std::atomic<Series*>& slot(std::size_t hash, std::span<const std::string_view> values) {
    for (std::size_t at = hash;; ++at) {
      std::atomic<Series*>& each = slots[at & (slots.size() - 1)];
      const Series* const found = each.load(std::memory_order_acquire);
      if (found == nullptr || matches(*found, hash, values)) return each;
    }
  }

  Series& add(std::vector<std::string> values, std::size_t hash) {
    series.push_back(Series{std::move(values), make(), hash});
    return series.back();
  }

  std::size_t max_series;
  Make make;
  std::vector<std::atomic<Series*>> slots;
  mutable std::mutex mutex;  // For what is below, and to fill slots.
  std::deque<Series> series;
  std::atomic<Series*> other{nullptr};
};

template <class Metric>
MetricFamily<Metric>::MetricFamily(std::vector<std::string> labels, std::size_t max_series,
                                   Make make)
    : labels_(std::move(labels)), state_(std::make_unique<State>(max_series, std::move(make))) {}
template <class Metric>
MetricFamily<Metric>::~MetricFamily() = default;

template <class Metric>
Metric& MetricFamily<Metric>::find(std::span<const std::string_view> values) {
  base::check(values.size() == labels_.size(), "a metric needs a value for each of its labels");
  State& state = *state_;
  const std::size_t hash = hash_of(values);
  if (Series* const found = state.slot(hash, values).load(std::memory_order_acquire)) {
    return *found->metric;
  }
  if (Series* const other = state.other.load(std::memory_order_acquire)) return *other->metric;
  const std::lock_guard lock(state.mutex);
  std::atomic<Series*>& slot = state.slot(hash, values);
  if (Series* const found = slot.load(std::memory_order_acquire)) return *found->metric;
  if (state.series.size() >= state.max_series) {
    if (state.other.load() == nullptr) {
      state.other = &state.add(std::vector<std::string>(values.size(), "other"), 0);
    }
    return *state.other.load()->metric;
  }
  Series& added = state.add({values.begin(), values.end()}, hash);
  slot.store(&added, std::memory_order_release);
  return *added.metric;
}

template <class Metric>
std::vector<const typename MetricFamily<Metric>::Series*> MetricFamily<Metric>::series() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<const Series*> all;
  for (const Series& each : state_->series) all.push_back(&each);
  return all;
}

template class MetricFamily<Counter>;
template class MetricFamily<Gauge>;
template class MetricFamily<Histogram>;

struct MetricRegistry::Entry {
  struct Read {
    MetricKind kind;
    std::function<double()> value;
  };
  std::string help;
  std::variant<MetricFamily<Counter>*, MetricFamily<Gauge>*, MetricFamily<Histogram>*, Read> metric;
};

struct MetricRegistry::State {
  std::size_t max_series;
  mutable std::mutex mutex;
  std::map<std::string, Entry> entries;
  std::deque<MetricFamily<Counter>> counters;
  std::deque<MetricFamily<Gauge>> gauges;
  std::deque<MetricFamily<Histogram>> histograms;

  static void check_name(const std::string& name, const std::vector<std::string>& labels,
                         bool is_counter) {
    auto refuse = [&](const std::string& why) {
      throw std::invalid_argument("the metric '" + name + "' " + why);
    };
    if (!is_name(name, true)) refuse("has a name that is not [a-zA-Z_:][a-zA-Z0-9_:]*");
    if (is_counter != name.ends_with("_total")) {
      refuse(is_counter ? "is a counter. Mend: let its name end with _total"
                        : "is no counter. Mend: a name without _total at its end");
    }
    for (const std::string& label : labels) {
      if (!is_name(label, false) || label.starts_with("__") || label == "le") {
        refuse("has the label '" + label + "'. Mend: [a-zA-Z_][a-zA-Z0-9_]*, not le, not __...");
      }
    }
  }

  template <class Metric>
  MetricFamily<Metric>& family(std::deque<MetricFamily<Metric>>& all, const std::string& name,
                               const std::string& help, std::vector<std::string> labels,
                               typename MetricFamily<Metric>::Make make) {
    check_name(name, labels, std::same_as<Metric, Counter>);
    const std::lock_guard lock(mutex);
    const auto found = entries.find(name);
    if (found != entries.end()) {
      auto* const known = std::get_if<MetricFamily<Metric>*>(&found->second.metric);
      if (known != nullptr && (*known)->labels() == labels) return **known;
      throw std::invalid_argument("there is another metric '" + name +
                                  "', of another kind or with other labels. Mend: give it another "
                                  "name");
    }
    all.emplace_back(std::move(labels), max_series, std::move(make));
    entries.emplace(name, Entry{help, &all.back()});
    return all.back();
  }

  void add_read(const std::string& name, const std::string& help, MetricKind kind,
                std::function<double()> read) {
    check_name(name, {}, kind == MetricKind::kCounter);
    const std::lock_guard lock(mutex);
    if (!entries.emplace(name, Entry{help, Entry::Read{kind, std::move(read)}}).second) {
      throw std::invalid_argument("there is another metric '" + name +
                                  "', and what is read has one place it is read from. Mend: give "
                                  "it another name, or a registry of its own");
    }
  }
};

MetricRegistry::MetricRegistry(std::size_t max_series) : state_(std::make_unique<State>()) {
  state_->max_series = max_series;
}
MetricRegistry::~MetricRegistry() = default;

MetricFamily<Counter>& MetricRegistry::counter(const std::string& name, const std::string& help,
                                               std::vector<std::string> labels) {
  return state_->family(state_->counters, name, help, std::move(labels),
                        [] { return std::make_unique<Counter>(); });
}
MetricFamily<Gauge>& MetricRegistry::gauge(const std::string& name, const std::string& help,
                                           std::vector<std::string> labels) {
  return state_->family(state_->gauges, name, help, std::move(labels),
                        [] { return std::make_unique<Gauge>(); });
}
MetricFamily<Histogram>& MetricRegistry::histogram(const std::string& name, const std::string& help,
                                                   std::vector<std::string> labels,
                                                   std::vector<double> bounds) {
  return state_->family(
      state_->histograms, name, help, std::move(labels),
      [bounds = std::move(bounds)] { return std::make_unique<Histogram>(bounds); });
}
Counter& MetricRegistry::counter(const std::string& name, const std::string& help) {
  return counter(name, help, {}).with({});
}
Gauge& MetricRegistry::gauge(const std::string& name, const std::string& help) {
  return gauge(name, help, {}).with({});
}
Histogram& MetricRegistry::histogram(const std::string& name, const std::string& help,
                                     std::vector<double> bounds) {
  return histogram(name, help, std::vector<std::string>(), std::move(bounds)).with({});
}
void MetricRegistry::gauge_from(const std::string& name, const std::string& help,
                                std::function<double()> read) {
  state_->add_read(name, help, MetricKind::kGauge, std::move(read));
}
void MetricRegistry::counter_from(const std::string& name, const std::string& help,
                                  std::function<double()> read) {
  state_->add_read(name, help, MetricKind::kCounter, std::move(read));
}

std::string MetricRegistry::expose(MetricFormat format) const {
  MetricText text(format);
  const std::lock_guard lock(state_->mutex);
  for (const auto& [name, entry] : state_->entries) {
    if (const auto* const counters = std::get_if<MetricFamily<Counter>*>(&entry.metric)) {
      text.begin(name, entry.help, MetricKind::kCounter);
      for (const auto* each : (*counters)->series()) {
        text.sample("", (*counters)->labels(), each->values, each->metric->value());
      }
    } else if (const auto* const gauges = std::get_if<MetricFamily<Gauge>*>(&entry.metric)) {
      text.begin(name, entry.help, MetricKind::kGauge);
      for (const auto* each : (*gauges)->series()) {
        text.sample("", (*gauges)->labels(), each->values, each->metric->value());
      }
    } else if (const auto* const all = std::get_if<MetricFamily<Histogram>*>(&entry.metric)) {
      text.begin(name, entry.help, MetricKind::kHistogram);
      for (const auto* each : (*all)->series()) {
        text.histogram((*all)->labels(), each->values, *each->metric);
      }
    } else {
      const auto& read = std::get<Entry::Read>(entry.metric);
      text.begin(name, entry.help, read.kind);
      text.sample("", {}, {}, read.value());
    }
  }
  return std::move(text).finish();
}

}  // namespace hornbeam::web
