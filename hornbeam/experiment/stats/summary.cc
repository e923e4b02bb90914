#include "hornbeam/experiment/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace hornbeam::experiment::stats {
namespace {

// How far rounding may push a sum of squares below what is possible, relative to its size.
constexpr double kRounding = 1e-9;

constexpr double kNothing = 4 * std::numeric_limits<double>::epsilon();

template <std::size_t N>
bool all_finite(const std::array<double, N>& numbers) {
  return std::ranges::all_of(numbers, [](double each) { return std::isfinite(each); });
}

}  // namespace

template <std::size_t N>
base::Result<Summary<N>> Summary<N>::from_sums(std::uint64_t units,
                                               const std::array<double, N>& sums,
                                               const std::array<double, kPairs>& products) {
  if (!all_finite(sums) || !all_finite(products)) {
    return base::error("not_finite",
                       "a sum or a sum of products is not a finite number; leave out or cap "
                       "the values that are not, or too large, before adding up");
  }
  Summary made;
  made.units_ = units;
  if (units == 0) {
    const auto is_zero = [](double each) { return each == 0; };
    if (std::ranges::all_of(sums, is_zero) && std::ranges::all_of(products, is_zero)) return made;
    return base::error("bad_sums", "there are sums, and no units that they are of");
  }
  const double n = static_cast<double>(units);
  for (std::size_t i = 0; i < N; ++i) made.means_[i] = sums[i] / n;
  for (std::size_t j = 0; j < N; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      const std::size_t at = pair_index(i, j);
      // One rounding instead of two: the product of sums may be close to that of squares.
      made.deviations_[at] = std::fma(-made.means_[i], sums[j], products[at]);
    }
    double& square = made.deviations_[pair_index(j, j)];
    const double size = products[pair_index(j, j)];
    if (size < 0 || square < -kRounding * size) {
      return base::error(
          "bad_sums",
          fmt::format("no {} numbers have the sum {} and the sum of squares {}: their variance "
                      "would be below 0; check that both are over the same units",
                      units, sums[j], size));
    }
    // What is left of equal numbers after rounding is not a variance.
    if (square < kNothing * size) square = 0;
  }
  for (std::size_t j = 1; j < N; ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const double limit = std::sqrt(made.deviations_[pair_index(i, i)]) *
                           std::sqrt(made.deviations_[pair_index(j, j)]);
      const double slack = kRounding * (limit + std::abs(products[pair_index(i, j)]));
      if (std::abs(made.deviations_[pair_index(i, j)]) > limit + slack) {
        return base::error(
            "bad_sums",
            fmt::format("the sum of products {} is beyond what the squares of its two numbers "
                        "allow; check that all sums are over the same units",
                        products[pair_index(i, j)]));
      }
    }
  }
  return made;
}

template <std::size_t N>
void Summary<N>::add(const std::array<double, N>& values) {
  ++units_;
  const double n = static_cast<double>(units_);
  std::array<double, N> before;
  for (std::size_t i = 0; i < N; ++i) {
    before[i] = values[i] - means_[i];
    means_[i] += before[i] / n;
  }
  for (std::size_t j = 0; j < N; ++j) {
    const double after = values[j] - means_[j];
    for (std::size_t i = 0; i <= j; ++i) deviations_[pair_index(i, j)] += before[i] * after;
  }
}

template <std::size_t N>
void Summary<N>::merge(const Summary& other) {
  if (other.units_ == 0) return;
  if (units_ == 0) {
    *this = other;
    return;
  }
  const double ours = static_cast<double>(units_);
  const double theirs = static_cast<double>(other.units_);
  const double both = ours + theirs;
  std::array<double, N> apart;
  for (std::size_t i = 0; i < N; ++i) apart[i] = other.means_[i] - means_[i];
  for (std::size_t j = 0; j < N; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      const std::size_t at = pair_index(i, j);
      deviations_[at] += other.deviations_[at] + apart[i] * apart[j] * (ours * (theirs / both));
    }
  }
  // Weighed, not moved: the same whichever of the two is merged into the other.
  for (std::size_t i = 0; i < N; ++i) {
    means_[i] = (ours * means_[i] + theirs * other.means_[i]) / both;
  }
  units_ += other.units_;
}

template <std::size_t N>
double Summary<N>::product(std::size_t i, std::size_t j) const {
  return deviations_[pair_index(i, j)] + means_[i] * means_[j] * static_cast<double>(units_);
}

template <std::size_t N>
double Summary<N>::covariance(std::size_t i, std::size_t j) const {
  if (units_ < 2) return 0;
  return deviations_[pair_index(i, j)] / static_cast<double>(units_ - 1);
}

template <std::size_t N>
bool Summary<N>::is_finite() const {
  return all_finite(means_) && all_finite(deviations_);
}

template class Summary<1>;
template class Summary<2>;
template class Summary<3>;
template class Summary<4>;

Summary<1> summarize(std::span<const double> values) {
  Summary<1> made;
  for (const double value : values) made.add({value});
  return made;
}

}  // namespace hornbeam::experiment::stats
