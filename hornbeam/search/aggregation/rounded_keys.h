#pragma once

#include <algorithm>
#include <bit>
#include <functional>
#include <vector>

#include "hornbeam/search/aggregation/field_values.h"

namespace hornbeam::search::aggregation {

/// The intervals that the values of a segment lie in. The range of a column's codes is cut into
/// cells; nearly all of them lie in one interval as a whole, so that going through documents is
/// reading an array. The first value of an interval tells how far it reaches, and all of its cells
/// are filled in. Only values in a cell that has a border are rounded one by one.
class RoundedKeys {
 public:
  static constexpr std::uint32_t kExcluded = 0xFFFFFFFE;

  /// Values from the first to the last, coded as `FieldValues::coded` has it.
  struct Extent {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };

  /// `key_of` numbers the interval of a value, coded so, or gives `kExcluded`; `extent_of` guesses
  /// what else lies in it. Requires: the beginnings of intervals never fall as values rise.
  RoundedKeys(std::function<std::uint32_t(std::int64_t)> key_of,
              std::function<Extent(std::int64_t)> extent_of)
      : key_of_(std::move(key_of)), extent_of_(std::move(extent_of)) {}

  void open_segment(const FieldValues& values) {
    values_ = &values;
    const Column* const column = values.column();
    if (!column) return;
    const auto width = static_cast<int>(std::bit_width(column->code_bound()));
    shift_ = width > kCellBits ? width - kCellBits : 0;
    cells_.assign((column->code_bound() >> shift_) + 1, kUnknown);
  }

  std::uint32_t at(const Column& column, std::size_t at) {
    const std::uint64_t code = column.code(at);
    const std::uint32_t key = cells_[code >> shift_];
    return key < kBorder ? key : look_up(column, code);
  }

  /// Calls `visit(i, key)` for each different interval of each document of the batch.
  template <class Visit>
  void for_each(const Batch& batch, Visit&& visit) {
    const Column* const column = values_->column();
    const bool has_missing = values_->has_missing();
    if (!column && !has_missing) return;
    const std::uint32_t missing = has_missing ? key_of_(values_->missing_coded()) : kExcluded;
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      const auto [begin, end] =
          column ? column->range(batch.docs[i]) : std::pair<std::size_t, std::size_t>(0, 0);
      if (begin == end && missing != kExcluded) visit(i, missing);
      std::uint32_t last = kExcluded;
      for (std::size_t place = begin; place < end; ++place) {
        const std::uint32_t key = at(*column, place);
        if (key == kExcluded || key == last) continue;
        last = key;
        visit(i, key);
      }
    }
  }

 private:
  static constexpr int kCellBits = 14;
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;
  static constexpr std::uint32_t kBorder = 0xFFFFFFFD;

  /// Apart, so that the loop around `at` keeps its registers.
  [[gnu::noinline]] std::uint32_t look_up(const Column& column, std::uint64_t code) {
    std::uint32_t& cell = cells_[code >> shift_];
    if (cell == kExcluded) return kExcluded;
    const std::uint32_t key = key_of_code(column, code);
    if (cell == kUnknown) {
      cell = kBorder;
      if (key != kExcluded) fill(column, code, key);
    }
    return key;
  }
  /// Gives every cell that lies in the interval of `code` as a whole its key.
  void fill(const Column& column, std::uint64_t code, std::uint32_t key) {
    const std::int64_t coded = values_->coded(column.value_of_code(code));
    const Extent extent = extent_of_(coded);
    const std::uint64_t in_cell = (std::uint64_t{1} << shift_) - 1;
    std::uint64_t begin = code >> shift_;
    std::uint64_t end = begin + 1;
    if (extent.first < extent.last) {
      const std::uint64_t before = distance(extent.first, coded) / column.step();
      const std::uint64_t behind = distance(coded, extent.last) / column.step();
      // The last cell may go on behind the column's largest value.
      const std::uint64_t last = column.code_bound() | in_cell;
      begin = (code - std::min(code, before) + in_cell) >> shift_;
      end = (code + std::min(last - code, behind) + 1) >> shift_;
    }
    if (begin >= end) return;
    if (!is_within(column, begin << shift_, (end << shift_) - 1, key)) return;
    std::fill(cells_.begin() + static_cast<std::ptrdiff_t>(begin),
              cells_.begin() + static_cast<std::ptrdiff_t>(end), key);
  }
  static std::uint64_t distance(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  }
  std::uint32_t key_of_code(const Column& column, std::uint64_t code) const {
    return key_of_(values_->coded(column.value_of_code(code)));
  }
  bool is_within(const Column& column, std::uint64_t first, std::uint64_t last,
                 std::uint32_t key) const {
    // Values behind the column's largest may not exist as numbers; such a cell stays a border.
    const std::int64_t low = column.value_of_code(first);
    const std::int64_t high = column.value_of_code(last);
    return low <= high && key_of_code(column, first) == key && key_of_code(column, last) == key;
  }

  std::function<std::uint32_t(std::int64_t)> key_of_;
  std::function<Extent(std::int64_t)> extent_of_;
  const FieldValues* values_ = nullptr;
  int shift_ = 0;
  std::vector<std::uint32_t> cells_;
};

}  // namespace hornbeam::search::aggregation
