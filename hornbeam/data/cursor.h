#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "hornbeam/data/row.h"

namespace hornbeam::data {

namespace internal {
[[noreturn]] void throw_row_count(const Statement* statement, std::string_view wanted,
                                  std::string_view found);
}  // namespace internal

/// The rows of one query, read as they are asked for: one row is in memory at a time.
///
///   for (Post& post : tx.query<Post>("SELECT * FROM posts WHERE author = ?", author)) { ... }
///
/// Lifetime: ends before its transaction (checked). Each row may be moved from.
template <class Row>
class Cursor {
 public:
  /// Reads the rows of `statement`, whose values are bound. Throws if its columns do not fit `Row`.
  explicit Cursor(StatementLease statement)
      : statement_(std::move(statement)), reader_(*statement_) {}

  /// The next row, or none at the end.
  std::optional<Row> next() {
    if (!statement_ || !statement_->step()) {
      statement_.reset();
      return std::nullopt;
    }
    return reader_.read(*statement_);
  }

  /// The only row. Throws: `DatabaseError` (`kRowCount`) if there is none, or a second.
  Row one() {
    if (statement_) statement_->fetch_at_once();
    if (!statement_ || !statement_->step()) {
      internal::throw_row_count(statement_.get(), "one row", "none");
    }
    Row row = reader_.read(*statement_);
    refuse_second("one row");
    return row;
  }

  /// The only row, or none. Throws: `DatabaseError` (`kRowCount`) if there is a second.
  std::optional<Row> optional() {
    if (statement_) statement_->fetch_at_once();
    std::optional<Row> row = next();
    if (row) refuse_second("at most one row");
    return row;
  }

  /// The first row, if any; the rest is left unread.
  std::optional<Row> first() {
    std::optional<Row> row = next();
    statement_.reset();
    return row;
  }

  /// Every remaining row at once. Prefer the loop where rows are used one at a time.
  std::vector<Row> all() {
    if (statement_) statement_->fetch_at_once();
    std::vector<Row> rows;
    while (std::optional<Row> row = next()) rows.push_back(*std::move(row));
    return rows;
  }

  /// Steps through the rows that are left, once.
  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;

    /// Takes the first row at once. Lifetime: `cursor` outlives it.
    explicit Iterator(Cursor& cursor) : cursor_(&cursor), row_(cursor.next()) {}
    Row& operator*() const { return *row_; }
    Row* operator->() const { return &*row_; }
    Iterator& operator++() {
      row_ = cursor_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
      return !iterator.row_.has_value();
    }

   private:
    Cursor* cursor_;
    mutable std::optional<Row> row_;
  };
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  void refuse_second(std::string_view wanted) {
    if (statement_->step()) internal::throw_row_count(statement_.get(), wanted, "more");
    statement_.reset();
  }

  StatementLease statement_;
  RowReader<Row> reader_;
};

}  // namespace hornbeam::data
