#include "hornbeam/search/codec/column.h"

#include <bit>
#include <stdexcept>

namespace hornbeam::search {

std::int64_t sortable_from_double(double value) noexcept {
  const auto bits = std::bit_cast<std::int64_t>(value);
  return bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFF);
}

double double_from_sortable(std::int64_t coded) noexcept {
  return std::bit_cast<double>(coded ^ ((coded >> 63) & 0x7FFFFFFFFFFFFFFF));
}

Column::Column(ByteReader in, DocId doc_count)
    : kind_(static_cast<ColumnKind>(in.u8())),
      is_dense_(in.u8() != 0),
      minimum_(in.zigzag()),
      step_(in.varint()) {
  if (!is_dense_) starts_ = PackedArray(in);
  values_ = PackedArray(in);
  if (kind_ == ColumnKind::kKeyword) {
    term_ends_ = PackedArray(in);
    terms_ = in.raw(in.left());
  }
  check(doc_count);
}

// Once, so that no reader of a value need look again.
void Column::check(DocId doc_count) const {
  if (kind_ > ColumnKind::kKeyword) throw std::out_of_range("a kind of column is unknown");
  if (is_dense_) {
    if (values_.size() != doc_count) throw std::out_of_range("a document has no value");
  } else {
    if (starts_.size() != std::size_t{doc_count} + 1) {
      throw std::out_of_range("a document has no place");
    }
    starts_.check_rising(values_.size());
  }
  if (kind_ != ColumnKind::kKeyword) return;
  term_ends_.check_rising(terms_.size());
  const bool is_numbered = minimum_ == 0 && (step_ == 1 || values_.bound() == 0);
  if (!is_numbered) throw std::out_of_range("ordinals are not counted from 0 by 1");
  if (values_.bound() < term_ends_.size()) return;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i] >= term_ends_.size()) throw std::out_of_range("an ordinal has no term");
  }
}

std::string_view Column::term(std::size_t ordinal) const noexcept {
  // A column of numbers, asked by one who took it for keywords, has none.
  if (ordinal >= term_ends_.size()) return {};
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
