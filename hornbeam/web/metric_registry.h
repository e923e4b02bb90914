#pragma once

// Metrics of a process in Prometheus' data model.
//
//   MetricRegistry registry;
//   Counter& orders = registry.counter("orders_total", "Orders taken.");
//   auto& mails = registry.counter("mails_total", "Mails sent.", {"kind"});
//   orders.add();
//   mails.with({"welcome"}).add();
//
// Counters only grow, gauges go up and down, histograms sort what they observe into buckets. All
// are atomic numbers: no lock is taken to change one, nor to find one by its labels once it is
// there. Label values come from small sets (a route's pattern, never a path): each combination is a
// series that lives as long as the process, so a family stops at `max_series` and counts the rest
// in one series whose values are all "other".

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::web {

/// A number that grows. Thread: any.
class Counter {
 public:
  /// Adds `count`. Never blocks.
  void add(std::uint64_t count = 1) noexcept { value_.fetch_add(count, std::memory_order_relaxed); }
  /// The number now.
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down. Thread: any.
class Gauge {
 public:
  /// Replaces the number.
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  /// Adds `change`, which may be negative.
  void add(double change) noexcept { value_.fetch_add(change, std::memory_order_relaxed); }
  /// The number now.
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Seconds from 1 ms to 10 s: bounds of buckets for the duration of requests.
std::vector<double> duration_buckets();

/// Observations by size. Thread: any.
class Histogram {
 public:
  /// Requires: `bounds` ascend. Each is its bucket's inclusive upper end; past the last is one
  /// more.
  explicit Histogram(std::vector<double> bounds);
  /// Counts `value` in its bucket. Never blocks.
  void observe(double value) noexcept;

  /// The counts at one time.
  struct Snapshot {
    std::vector<std::uint64_t> cumulative;  ///< Up to each bound, and in the end all.
    double sum = 0;                         ///< Of all values.
  };
  /// The counts now. A value observed meanwhile may be in some of them only.
  Snapshot snapshot() const;
  /// The upper ends of the buckets, ascending.
  const std::vector<double>& bounds() const noexcept { return bounds_; }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

/// Metrics of one name, told apart by labels. `Metric` is Counter, Gauge or Histogram.
template <class Metric>
class MetricFamily {
 public:
  using Make = std::function<std::unique_ptr<Metric>()>;  ///< Makes one metric of the family.
  /// One metric and the labels it stands under.
  struct Series {
    std::vector<std::string> values;  ///< One for each label.
    std::unique_ptr<Metric> metric;   ///< Counts for these labels.
    std::size_t hash = 0;             ///< Of `values`, to find them by.
  };

  /// For `MetricRegistry`. Past `max_series` combinations the rest share one.
  MetricFamily(std::vector<std::string> labels, std::size_t max_series, Make make);
  ~MetricFamily();
  MetricFamily(const MetricFamily&) = delete;
  MetricFamily& operator=(const MetricFamily&) = delete;

  /// The metric of these values of the labels, made on the first call. Requires: as many values as
  /// labels. Lifetime: the registry's.
  Metric& with(std::initializer_list<std::string_view> values) {
    return find({values.begin(), values.size()});
  }
  /// As `with`.
  Metric& find(std::span<const std::string_view> values);

  /// The names of the labels.
  const std::vector<std::string>& labels() const noexcept { return labels_; }
  /// All series there are, in the order they came.
  std::vector<const Series*> series() const;

 private:
  struct State;
  std::vector<std::string> labels_;
  std::unique_ptr<State> state_;
};

extern template class MetricFamily<Counter>;
extern template class MetricFamily<Gauge>;
extern template class MetricFamily<Histogram>;

/// Prometheus' text format 0.0.4, or OpenMetrics 1.0.0.
enum class MetricFormat : std::uint8_t { kPrometheus, kOpenMetrics };

/// Every metric of a process, by name. Asking for one of the same name, kind and labels again gives
/// the same; of another kind it throws std::invalid_argument, as a malformed name does.
class MetricRegistry {
 public:
  /// `max_series` bounds each family, so that labels from outside cannot fill the memory.
  explicit MetricRegistry(std::size_t max_series = 1000);
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;
  MetricRegistry& operator=(const MetricRegistry&) = delete;

  /// A counter's name ends with "_total".
  Counter& counter(const std::string& name, const std::string& help);
  MetricFamily<Counter>& counter(const std::string& name, const std::string& help,
                                 std::vector<std::string> labels);
  /// A number that goes up and down, made on the first call.
  Gauge& gauge(const std::string& name, const std::string& help);
  /// The same with labels.
  MetricFamily<Gauge>& gauge(const std::string& name, const std::string& help,
                             std::vector<std::string> labels);
  /// A distribution of values over buckets, in seconds unless `bounds` say otherwise.
  Histogram& histogram(const std::string& name, const std::string& help,
                       std::vector<double> bounds = duration_buckets());
  /// The same with labels.
  MetricFamily<Histogram>& histogram(const std::string& name, const std::string& help,
                                     std::vector<std::string> labels,
                                     std::vector<double> bounds = duration_buckets());
  /// Metrics that are read when somebody looks. Thread: `read` is called on any.
  void gauge_from(const std::string& name, const std::string& help, std::function<double()> read);
  /// As `gauge_from`, of a number that only grows.
  void counter_from(const std::string& name, const std::string& help, std::function<double()> read);

  /// All metrics in the order of their names: the text format 0.0.4, or OpenMetrics 1.0.0.
  std::string expose(MetricFormat format) const;

 private:
  struct Entry;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::web
