#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace hornbeam::search::aggregation {

/// A sum that keeps what rounding loses (Kahan), as OpenSearch's CompensatedSum.
class ExactSum {
 public:
  void add(double value) noexcept {
    if (!std::isfinite(value)) [[unlikely]] {
      sum_ += value;
      return;
    }
    const double corrected = value + lost_;
    const double next = sum_ + corrected;
    lost_ = corrected - (next - sum_);
    sum_ = next;
  }
  double value() const noexcept { return sum_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

struct MinState {
  double value = std::numeric_limits<double>::infinity();
  void add(double number) noexcept { value = std::min(value, number); }
};

struct MaxState {
  double value = -std::numeric_limits<double>::infinity();
  void add(double number) noexcept { value = std::max(value, number); }
};

struct SumState {
  ExactSum sum{};
  void add(double number) noexcept { sum.add(number); }
};

struct AverageState {
  ExactSum sum{};
  std::uint64_t count = 0;
  void add(double number) noexcept {
    sum.add(number);
    ++count;
  }
  double average() const noexcept { return sum.value() / static_cast<double>(count); }
};

struct StatsState {
  MinState min{};
  MaxState max{};
  AverageState average{};
  void add(double number) noexcept {
    min.add(number);
    max.add(number);
    average.add(number);
  }
  std::uint64_t count() const noexcept { return average.count; }
  double sum() const noexcept { return average.sum.value(); }
};

struct ExtendedStatsState {
  StatsState stats{};
  ExactSum squares{};
  void add(double number) noexcept {
    stats.add(number);
    squares.add(number * number);
  }
  double variance_population() const noexcept;
  double variance_sampling() const noexcept;
};

inline double ExtendedStatsState::variance_population() const noexcept {
  const auto count = static_cast<double>(stats.count());
  const double sum = stats.sum();
  // The rounding of equal numbers may leave a little below nothing.
  return std::max((squares.value() - sum * sum / count) / count, 0.0);
}

inline double ExtendedStatsState::variance_sampling() const noexcept {
  const auto count = static_cast<double>(stats.count());
  const double sum = stats.sum();
  return std::max((squares.value() - sum * sum / count) / (count - 1), 0.0);
}

}  // namespace hornbeam::search::aggregation
