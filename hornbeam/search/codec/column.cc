#include "hornbeam/search/codec/column.h"

#include <bit>

namespace hornbeam::search {

std::int64_t sortable_from_double(double value) noexcept {
  const auto bits = std::bit_cast<std::int64_t>(value);
  return bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFF);
}

double double_from_sortable(std::int64_t coded) noexcept {
  return std::bit_cast<double>(coded ^ ((coded >> 63) & 0x7FFFFFFFFFFFFFFF));
}

Column::Column(ByteReader in)
    : kind_(static_cast<ColumnKind>(in.u8())),
      is_dense_(in.u8() != 0),
      minimum_(in.zigzag()),
      step_(in.varint()) {
  if (!is_dense_) starts_ = PackedArray(in);
  values_ = PackedArray(in);
  if (kind_ != ColumnKind::kKeyword) return;
  term_ends_ = PackedArray(in);
  terms_ = in.raw(in.left());
}

std::string_view Column::term(std::size_t ordinal) const noexcept {
  const std::size_t begin = ordinal == 0 ? 0 : term_ends_[ordinal - 1];
  return {terms_.data() + begin, term_ends_[ordinal] - begin};
}

std::size_t Column::lower_bound(std::string_view wanted) const noexcept {
  std::size_t low = 0;
  std::size_t high = term_count();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (term(middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace hornbeam::search
