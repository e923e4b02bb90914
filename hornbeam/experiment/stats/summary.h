#pragma once

// What is kept of the numbers measured on each unit. A summary of N numbers holds how many units
// there were, the mean of each number, and for each pair the sum of the products of their
// deviations from those means. From these follow every variance and covariance, they can be merged,
// and unlike sums of squares they do not lose their digits when the mean is far from 0.
//
// Sources: B. P. Welford, Technometrics 4 (1962) 419 for adding one unit; T. F. Chan, G. H. Golub,
// R. J. LeVeque, The American Statistician 37 (1983) 242 for merging.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "hornbeam/base/result.h"

namespace hornbeam::experiment::stats {

/// Where the pair (`i`, `j`) stands among the pairs of a summary: (0,0), (0,1), (1,1), (0,2),
/// (1,2), (2,2), ... The order of the two does not matter.
constexpr std::size_t pair_index(std::size_t i, std::size_t j) {
  return i < j ? i + j * (j + 1) / 2 : j + i * (i + 1) / 2;
}

/// How many pairs there are of `numbers` numbers, each with itself included.
constexpr std::size_t pair_count(std::size_t numbers) {
  return numbers * (numbers + 1) / 2;
}

/// N numbers of each of many units. N is 1 to 4. A value; merging is associative up to rounding.
template <std::size_t N>
class Summary {
 public:
  static constexpr std::size_t kPairs = pair_count(N);

  Summary() = default;

  /// The same from plain sums, as a database adds them up. `products` has the sum of each pair's
  /// products in the order of `pair_index`, squares included.
  /// Errors: `not_finite`; `bad_sums` where no `units` numbers have such sums (a variance below 0,
  /// a correlation beyond 1, sums of no units).
  static base::Result<Summary> from_sums(std::uint64_t units, const std::array<double, N>& sums,
                                         const std::array<double, kPairs>& products);

  /// Takes in one unit. Numbers that are not finite make the summary so: `is_finite` tells.
  void add(const std::array<double, N>& values);
  /// Takes in all units of `other`, none of which is in this one.
  void merge(const Summary& other);

  /// How many units there are.
  std::uint64_t units() const { return units_; }
  /// The mean of number `i`; 0 of no units.
  double mean(std::size_t i) const { return means_[i]; }
  /// The sum of number `i` over all units.
  double sum(std::size_t i) const { return means_[i] * static_cast<double>(units_); }
  /// The sum of the products of numbers `i` and `j` over all units.
  double product(std::size_t i, std::size_t j) const;
  /// The sample covariance of numbers `i` and `j` (divided by units - 1), for i = j the variance;
  /// 0 of fewer than two units.
  double covariance(std::size_t i, std::size_t j) const;
  /// Whether every number taken in was finite, and so are their products.
  bool is_finite() const;

 private:
  std::uint64_t units_ = 0;
  std::array<double, N> means_{};
  std::array<double, kPairs> deviations_{};  // Sums of products of deviations, by pair_index.
};

extern template class Summary<1>;
extern template class Summary<2>;
extern template class Summary<3>;
extern template class Summary<4>;

/// A summary of one number: of `values`, one for each unit.
Summary<1> summarize(std::span<const double> values);

}  // namespace hornbeam::experiment::stats
