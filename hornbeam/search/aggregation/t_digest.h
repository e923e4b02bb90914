#pragma once

// Quantiles of many numbers in little memory: Dunning's merging t-digest (arXiv 1902.04023).
// Numbers are gathered into centroids, small ones at the ends, larger ones in the middle. As long
// as every centroid is one number, the results are exact.

#include <cstddef>
#include <limits>
#include <vector>

namespace hornbeam::search::aggregation {

class TDigest {
 public:
  explicit TDigest(double compression);

  void add(double value, double weight = 1);
  bool is_empty() const noexcept { return centroids_.empty() && added_.empty(); }
  /// The number that a share of all is not above; NaN if there is none. `share` is from 0 to 1.
  double quantile(double share) const;
  /// The share of numbers that are not above `value`.
  double share_below(double value) const;
  /// The median of the distances from the median.
  double median_absolute_deviation() const;

 private:
  struct Centroid {
    double mean = 0;
    double weight = 0;
  };
  void merge() const;
  double between(std::size_t i, double index, double passed) const;

  double compression_;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  // What was added is merged when there is much of it, or when it is asked for.
  mutable std::vector<Centroid> centroids_;
  mutable std::vector<Centroid> added_;
  mutable double weight_ = 0;  ///< Of `centroids_`.
};

}  // namespace hornbeam::search::aggregation
