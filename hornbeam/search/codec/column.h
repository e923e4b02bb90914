#pragma once

// A column holds the values of one field by document, for sorting, counting and ranges ("doc
// values"). Numbers are stored as (value - minimum) / step in as few bits as the largest needs;
// keywords as ordinals into their sorted dictionary. A document may have no, one or many values.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/packed_array.h"
#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// What the numbers of a column stand for.
enum class ColumnKind : std::uint8_t {
  kInteger = 0,
  kDouble = 1,   ///< As `sortable_from_double` codes them.
  kKeyword = 2,  ///< Ordinals.
};

/// A double as an integer of the same order, as Lucene's NumericUtils has it.
std::int64_t sortable_from_double(double value) noexcept;
double double_from_sortable(std::int64_t coded) noexcept;

/// Numbers by document.
/// Lifetime: looks at the mapped segment.
class Column {
 public:
  /// Throws std::out_of_range if it is none of a segment with so many documents.
  Column(ByteReader in, DocId doc_count);

  ColumnKind kind() const noexcept { return kind_; }
  /// Whether every document has exactly one value, so that value `doc` is that of `doc`.
  bool is_dense() const noexcept { return is_dense_; }
  /// Where the values of `doc` begin and end, for `value`. In a document they rise.
  std::pair<std::size_t, std::size_t> range(DocId doc) const noexcept {
    if (is_dense_) return {doc, doc + 1};
    return {starts_[doc], starts_[doc + 1]};
  }
  /// Asks the memory for what `range(doc)` reads,
  void prefetch_range(DocId doc) const noexcept {
    if (!is_dense_) starts_.prefetch(doc);
  }
  /// or for the value at `index` and those behind it.
  void prefetch_value(std::size_t index) const noexcept { values_.prefetch(index); }
  bool has(DocId doc) const noexcept {
    const auto [begin, end] = range(doc);
    return begin != end;
  }
  std::int64_t value(std::size_t index) const noexcept {
    // Without a sign, since the distance of two numbers may be twice the largest.
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(minimum_) + values_[index] * step_);
  }
  /// A value as it is stored: its distance to the least in steps. They rise as the values do; the
  /// code of a keyword is its ordinal.
  std::uint64_t code(std::size_t index) const noexcept { return values_[index]; }
  /// No code is larger.
  std::uint64_t code_bound() const noexcept { return values_.bound(); }
  /// How far the values of two codes that follow each other are apart; at least 1.
  std::uint64_t step() const noexcept { return std::max<std::uint64_t>(step_, 1); }
  std::int64_t value_of_code(std::uint64_t code) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(minimum_) + code * step_);
  }
  std::optional<std::int64_t> first(DocId doc) const noexcept {
    const auto [begin, end] = range(doc);
    return begin == end ? std::nullopt : std::optional(value(begin));
  }
  std::size_t value_count() const noexcept { return values_.size(); }

  /// The dictionary of a keyword column.
  std::size_t term_count() const noexcept { return term_ends_.size(); }
  std::string_view term(std::size_t ordinal) const noexcept;
  /// The ordinal of the first term that is not before `term`.
  std::size_t lower_bound(std::string_view term) const noexcept;

 private:
  void check(DocId doc_count) const;

  ColumnKind kind_;
  bool is_dense_;
  std::int64_t minimum_;
  std::uint64_t step_;
  PackedArray starts_;
  PackedArray values_;
  PackedArray term_ends_;
  std::string_view terms_;
};

/// Collects a column, documents rising.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(ColumnKind kind) : kind_(kind) {}

  ColumnKind kind() const noexcept { return kind_; }
  /// Adds a value to `doc`. Requires: no later document has one.
  void add(DocId doc, std::int64_t value);
  void add_keyword(DocId doc, std::string_view term);
  std::size_t memory() const noexcept;

  void write(DocId doc_count, ByteWriter& out) const;

 private:
  struct Entry {
    DocId doc;
    std::int64_t value;
  };
  std::uint32_t intern(std::string_view term);

  ColumnKind kind_;
  std::vector<Entry> entries_;
  std::vector<std::string> terms_;
  std::vector<std::uint32_t> slots_;  ///< Open addressing: an index into `terms_` plus one.
};

}  // namespace hornbeam::search
