#pragma once

// Percentiles of numbers that are not negative, to a number of significant digits: a number is
// counted in a cell of its power of two, of which there are as many as the digits need. Gives what
// Tene's HdrHistogram gives where its range adjusts itself.

#include <cstdint>
#include <vector>

#include "hornbeam/search/aggregation/bucket_index.h"

namespace hornbeam::search::aggregation {

class HdrHistogram {
 public:
  /// Requires: `digits` is from 0 to 5.
  explicit HdrHistogram(int digits);

  /// Requires: `value` is not negative.
  void add(double value);
  bool is_empty() const noexcept { return total_ == 0; }
  /// The highest number that counts as equal to the one that a share of all is not above.
  double quantile(double share) const;
  double share_below(double value) const;

 private:
  struct Cell {
    double low = 0;
    double width = 0;
    std::uint64_t count = 0;
  };
  double low_of(double value) const;
  double width_of(double value) const;
  std::vector<Cell> sorted() const;

  int bits_ = 10;  ///< A power of two has 2^bits cells.
  std::uint64_t total_ = 0;
  NumberIndex cells_;  ///< By the bits of their lowest number.
  std::vector<std::uint64_t> counts_;
};

}  // namespace hornbeam::search::aggregation
