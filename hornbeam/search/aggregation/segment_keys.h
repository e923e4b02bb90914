#pragma once

#include <vector>

#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/include_exclude.h"
#include "hornbeam/search/aggregation/key_table.h"

namespace hornbeam::search::aggregation {

/// The keys of a segment's values. Where a column has few different codes (ordinals of keywords,
/// small ranges of numbers) each code is looked up once in a segment, so that going through
/// documents is reading an array.
class SegmentKeys {
 public:
  static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;
  static constexpr std::uint32_t kExcluded = 0xFFFFFFFE;

  /// Lifetime: both outlive this.
  SegmentKeys(KeyTable& table, const IncludeExclude& wanted) : table_(table), wanted_(wanted) {}

  void open_segment(const FieldValues& values, DocId doc_count) {
    values_ = &values;
    const Column* const column = values.column();
    // Different codes of nanoseconds may be one key.
    has_codes_ = column && values.coding() != Coding::kNanos && has_few_codes(*column, doc_count);
    by_code_.assign(has_codes_ ? code_count(*column) : 0, kUnknown);
    missing_ = kUnknown;
  }
  /// Whether values go by their codes, all of them below `code_limit()`.
  bool has_codes() const noexcept { return has_codes_; }
  std::size_t code_limit() const noexcept { return by_code_.size(); }

  /// The key of a code, `kExcluded` if it is not wanted.
  std::uint32_t of_code(std::uint64_t code) {
    if (by_code_[code] == kUnknown) by_code_[code] = look_up(code);
    return by_code_[code];
  }
  std::uint32_t of_value(const Column& column, std::size_t at) {
    if (has_codes_) return of_code(column.code(at));
    return of_number(values_->coded(column.value(at)));
  }
  std::uint32_t of_missing() {
    if (missing_ == kUnknown) {
      missing_ = is_numeric(values_->kind()) ? of_number(values_->missing_coded())
                                             : of_keyword(values_->missing_term());
    }
    return missing_;
  }

  /// Calls `visit(i, key)` for each different wanted key of each document of the batch.
  template <class Visit>
  void for_each(const Batch& batch, Visit&& visit) {
    const Column* const column = values_->column();
    if (!column) {
      if (!values_->has_missing()) return;
      const std::uint32_t key = of_missing();
      for (std::size_t i = 0; key != kExcluded && i < batch.docs.size(); ++i) visit(i, key);
      return;
    }
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      const auto [begin, end] = column->range(batch.docs[i]);
      if (begin == end && values_->has_missing()) {
        if (const std::uint32_t key = of_missing(); key != kExcluded) visit(i, key);
      }
      std::uint32_t last = kExcluded;
      for (std::size_t at = begin; at < end; ++at) {
        // Equal values of a document follow each other.
        const std::uint32_t key = of_value(*column, at);
        if (key == kExcluded || key == last) continue;
        last = key;
        visit(i, key);
      }
    }
  }

 private:
  static bool has_few_codes(const Column& column, DocId doc_count) {
    constexpr std::uint64_t kAlwaysFew = 4096;
    if (column.kind() == ColumnKind::kKeyword) return true;
    return column.code_bound() <= std::max<std::uint64_t>(kAlwaysFew, doc_count);
  }
  static std::size_t code_count(const Column& column) {
    return column.kind() == ColumnKind::kKeyword ? column.term_count() : column.code_bound() + 1;
  }
  std::uint32_t look_up(std::uint64_t code) {
    const Column& column = *values_->column();
    if (column.kind() == ColumnKind::kKeyword) return of_keyword(column.term(code));
    return of_number(column.value_of_code(code));
  }
  std::uint32_t of_keyword(std::string_view term) {
    return wanted_.accepts(term) ? table_.add(term) : kExcluded;
  }
  std::uint32_t of_number(std::int64_t coded) {
    return wanted_.accepts(coded) ? table_.add(coded) : kExcluded;
  }

  KeyTable& table_;
  const IncludeExclude& wanted_;
  const FieldValues* values_ = nullptr;
  bool has_codes_ = false;
  std::uint32_t missing_ = kUnknown;
  std::vector<std::uint32_t> by_code_;  ///< `kUnknown` until it is first seen.
};

}  // namespace hornbeam::search::aggregation
