#include "hornbeam/search/aggregation/hdr_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace hornbeam::search::aggregation {

HdrHistogram::HdrHistogram(int digits) {
  const double distinct = 2 * std::pow(10, digits);
  bits_ = std::max(static_cast<int>(std::ceil(std::log2(distinct))) - 1, 0);
}

double HdrHistogram::width_of(double value) const {
  return value == 0 ? 0 : std::ldexp(1.0, std::ilogb(value) - bits_);
}

double HdrHistogram::low_of(double value) const {
  const double width = width_of(value);
  return width == 0 ? value : std::floor(value / width) * width;
}

void HdrHistogram::add(double value) {
  const auto [cell, is_new] = cells_.add(std::bit_cast<std::uint64_t>(low_of(value)));
  if (is_new) counts_.push_back(0);
  ++counts_[cell];
  ++total_;
}

std::vector<HdrHistogram::Cell> HdrHistogram::sorted() const {
  std::vector<Cell> all;
  for (std::uint32_t i = 0; i < counts_.size(); ++i) {
    const auto low = std::bit_cast<double>(cells_.key(i));
    all.push_back({.low = low, .width = width_of(low), .count = counts_[i]});
  }
  std::ranges::sort(all, {}, &Cell::low);
  return all;
}

double HdrHistogram::quantile(double share) const {
  if (total_ == 0) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<Cell> cells = sorted();
  const auto wanted =
      static_cast<std::uint64_t>(std::max(std::ceil(share * static_cast<double>(total_)), 1.0));
  // The unit of the whole is that of the least number above 0.
  const auto least = std::ranges::find_if(cells, [](const Cell& cell) { return cell.width > 0; });
  const double unit = least == cells.end() ? 0 : least->width;
  std::uint64_t passed = 0;
  for (const Cell& cell : cells) {
    passed += cell.count;
    if (passed < wanted) continue;
    if (share == 0 || cell.width == 0) return cell.low;
    return cell.low + cell.width - unit;
  }
  return cells.back().low;
}

double HdrHistogram::share_below(double value) const {
  if (total_ == 0) return std::numeric_limits<double>::quiet_NaN();
  if (value < 0) return 0;
  const double low = low_of(value);
  std::uint64_t passed = 0;
  for (std::uint32_t i = 0; i < counts_.size(); ++i) {
    if (std::bit_cast<double>(cells_.key(i)) <= low) passed += counts_[i];
  }
  return static_cast<double>(passed) / static_cast<double>(total_);
}

}  // namespace hornbeam::search::aggregation
