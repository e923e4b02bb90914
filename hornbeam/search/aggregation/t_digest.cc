#include "hornbeam/search/aggregation/t_digest.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hornbeam::search::aggregation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// How many numbers for each unit of compression are kept one by one.
constexpr double kExactly = 5;

}  // namespace

TDigest::TDigest(double compression) : compression_(std::max(compression, 10.0)) {}

void TDigest::add(double value, double weight) {
  if (std::isnan(value)) return;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  added_.push_back({.mean = value, .weight = weight});
  if (static_cast<double>(added_.size()) > 2 * kExactly * compression_) merge();
}

void TDigest::merge() const {
  if (added_.empty()) return;
  added_.insert(added_.end(), centroids_.begin(), centroids_.end());
  std::ranges::sort(added_, {}, &Centroid::mean);
  weight_ = 0;
  for (const Centroid& each : added_) weight_ += each.weight;
  centroids_.clear();
  if (static_cast<double>(added_.size()) <= kExactly * compression_) {
    std::swap(centroids_, added_);
    return;
  }
  // A centroid may span one unit of k(q) = compression / 2 pi * asin(2q - 1).
  const auto limit_after = [&](double passed) {
    const double k =
        std::asin(2 * std::min(passed / weight_, 1.0) - 1) + 2 * std::numbers::pi / compression_;
    return k >= std::numbers::pi / 2 ? weight_ : weight_ * (std::sin(k) + 1) / 2;
  };
  double passed = 0;
  double limit = limit_after(0);
  Centroid current = added_.front();
  for (std::size_t i = 1; i < added_.size(); ++i) {
    const Centroid& next = added_[i];
    if (passed + current.weight + next.weight <= limit) {
      current.weight += next.weight;
      current.mean += (next.mean - current.mean) * next.weight / current.weight;
      continue;
    }
    passed += current.weight;
    limit = limit_after(passed);
    centroids_.push_back(current);
    current = next;
  }
  centroids_.push_back(current);
  added_.clear();
}

double TDigest::between(std::size_t i, double index, double passed) const {
  const Centroid& left = centroids_[i];
  const Centroid& right = centroids_[i + 1];
  const double end = passed + (left.weight + right.weight) / 2;
  double left_alone = 0;
  double right_alone = 0;
  // A number that stands alone is not spread out.
  if (left.weight == 1) {
    if (index - passed < 0.5) return left.mean;
    left_alone = 0.5;
  }
  if (right.weight == 1) {
    if (end - index <= 0.5) return right.mean;
    right_alone = 0.5;
  }
  const double from_left = index - passed - left_alone;
  const double from_right = end - index - right_alone;
  const double mean = (left.mean * from_right + right.mean * from_left) / (from_left + from_right);
  return std::clamp(mean, left.mean, right.mean);
}

double TDigest::quantile(double share) const {
  merge();
  if (centroids_.empty()) return kNaN;
  if (centroids_.size() == 1) return centroids_.front().mean;
  const Centroid& first = centroids_.front();
  const Centroid& last = centroids_.back();
  const double index = share * weight_;
  if (index < 1) return min_;
  if (first.weight > 1 && index < first.weight / 2) {
    return min_ + (index - 1) / (first.weight / 2 - 1) * (first.mean - min_);
  }
  if (index > weight_ - 1) return max_;
  if (last.weight > 1 && weight_ - index <= last.weight / 2) {
    return max_ - (weight_ - index - 1) / (last.weight / 2 - 1) * (max_ - last.mean);
  }
  double passed = first.weight / 2;
  for (std::size_t i = 0; i + 1 < centroids_.size(); ++i) {
    const double step = (centroids_[i].weight + centroids_[i + 1].weight) / 2;
    if (passed + step > index) return between(i, index, passed);
    passed += step;
  }
  return max_;
}

double TDigest::share_below(double value) const {
  merge();
  if (centroids_.empty()) return kNaN;
  if (value < min_) return 0;
  if (value >= max_) return 1;
  const Centroid& first = centroids_.front();
  const Centroid& last = centroids_.back();
  if (value < first.mean) {
    if (value == min_) return 0.5 / weight_;
    return (1 + (value - min_) / (first.mean - min_) * (first.weight / 2 - 1)) / weight_;
  }
  if (value > last.mean) {
    return 1 - (1 + (max_ - value) / (max_ - last.mean) * (last.weight / 2 - 1)) / weight_;
  }
  double passed = 0;
  for (std::size_t i = 0; i + 1 < centroids_.size(); ++i) {
    const Centroid& left = centroids_[i];
    const Centroid& right = centroids_[i + 1];
    if (left.mean == value) {
      double equal = 0;
      for (; i < centroids_.size() && centroids_[i].mean == value; ++i) {
        equal += centroids_[i].weight;
      }
      return (passed + equal / 2) / weight_;
    }
    if (value < right.mean) {
      if (left.weight == 1 && right.weight == 1) return (passed + 1) / weight_;
      const double left_alone = left.weight == 1 ? 0.5 : 0;
      const double right_alone = right.weight == 1 ? 0.5 : 0;
      const double spread = (left.weight + right.weight) / 2 - left_alone - right_alone;
      const double base = passed + left.weight / 2 + left_alone;
      return (base + spread * (value - left.mean) / (right.mean - left.mean)) / weight_;
    }
    passed += left.weight;
  }
  return 1 - 0.5 * last.weight / weight_;
}

double TDigest::median_absolute_deviation() const {
  const double median = quantile(0.5);
  if (std::isnan(median)) return kNaN;
  TDigest distances(compression_);
  for (const Centroid& each : centroids_) {
    distances.add(std::abs(each.mean - median), each.weight);
  }
  return distances.quantile(0.5);
}

}  // namespace hornbeam::search::aggregation
