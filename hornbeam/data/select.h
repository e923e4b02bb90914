#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/data/condition.h"
#include "hornbeam/data/cursor.h"

namespace hornbeam::data {

/// Which end an order begins at.
enum class Direction { kAscending, kDescending };
inline constexpr Direction ascending = Direction::kAscending;
inline constexpr Direction descending = Direction::kDescending;

namespace internal {

/// A table as a statement names it. What must hold for every row it takes part with, such as the
/// organisation that may see it, is said here, beside the name, so that no statement can name the
/// table and forget the rest.
struct TableReference {
  std::string sql;  ///< The quoted name.
  Predicate scope;
};

/// A SELECT before it is text. Types end here: what follows is the same for every table.
struct SelectParts {
  std::string columns;
  std::vector<TableReference> tables;
  Predicate where;
  std::string order;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
};

/// What holds for every row of a statement: the scope of each of its tables, and its own condition.
Predicate whole_condition(const std::vector<TableReference>& tables, Predicate where);
void bind_values(Statement& statement, int at, const std::vector<KeptValue>& values);

StatementLease prepare_select(Connection& connection, const SelectParts& parts);
StatementLease prepare_count(Connection& connection, const SelectParts& parts);
/// `verb` is all that comes before WHERE, and takes `values` first.
StatementLease prepare_change(Connection& connection, std::string_view verb,
                              std::vector<KeptValue> values, const TableReference& table,
                              Predicate where);

template <Table Row>
TableReference table_reference() {
  return {quoted_table<Row>(), {}};
}

}  // namespace internal

/// Rows of one table, asked for by member pointers.
///
///   tx.select<Post>().where(column(&Post::author) == id).order_by(&Post::created,
///   descending).limit(20).all()
///
/// Lifetime: that of its transaction.
template <Table Row>
class Select {
 public:
  explicit Select(Connection& connection) : connection_(&connection) {
    parts_.columns = internal::join_fields<Row>(", ", internal::kEvery, [](std::string_view name) {
      return internal::quoted_table<Row>() + '.' + internal::quoted(name);
    });
    parts_.tables.push_back(internal::table_reference<Row>());
  }

  /// Only rows for which `condition` holds; of several calls, all must.
  template <class Self>
  Self&& where(this Self&& self, Condition<Row> condition) {
    self.parts_.where =
        internal::joined(std::move(self.parts_.where), "AND", std::move(condition).predicate());
    return std::forward<Self>(self);
  }

  /// In the order of a column; of several calls, the first decides and the next break its ties.
  template <class Self, class Value>
  Self&& order_by(this Self&& self, Value Row::* member, Direction direction = ascending) {
    std::string& order = self.parts_.order;
    if (!order.empty()) order += ", ";
    order += column(member).sql();
    if (direction == descending) order += " DESC";
    return std::forward<Self>(self);
  }

  /// At most `count` rows.
  template <class Self>
  Self&& limit(this Self&& self, std::int64_t count) {
    self.parts_.limit = count;
    return std::forward<Self>(self);
  }

  /// Without the first `count` rows. They are read all the same: for far pages, rather ask for keys
  /// above the last seen.
  template <class Self>
  Self&& offset(this Self&& self, std::int64_t count) {
    self.parts_.offset = count;
    return std::forward<Self>(self);
  }

  /// The rows, read as they are asked for.
  Cursor<Row> rows() const { return Cursor<Row>(internal::prepare_select(*connection_, parts_)); }
  /// As `Cursor::all`, `one`, `optional`.
  std::vector<Row> all() const { return rows().all(); }
  Row one() const { return rows().one(); }
  std::optional<Row> optional() const { return rows().optional(); }
  /// The first row in the order asked for, if there is any.
  std::optional<Row> first() const {
    Select only_one = *this;
    if (!only_one.parts_.limit || *only_one.parts_.limit > 1) only_one.parts_.limit = 1;
    return only_one.rows().first();
  }
  /// How many rows there are; the limit and offset count too.
  std::int64_t count() const {
    return Cursor<std::int64_t>(internal::prepare_count(*connection_, parts_)).one();
  }
  /// True if there is any row.
  bool exists() const { return first().has_value(); }

 private:
  Connection* connection_;
  internal::SelectParts parts_;
};

/// A column and what `Transaction::update_where` writes into it; made by `set`.
template <Table Row>
struct Assignment {
  std::string column;
  internal::KeptValue value;
};

/// "This column becomes that value."
template <Table Row, class Value, class Given>
  requires internal::ComparableWith<Given, Value>
Assignment<Row> set(Value Row::* member, const Given& value) {
  const std::string_view name = base::field_name(member);
  base::check(!name.empty(), "a member that is not described has no column");
  return {internal::quoted(name), internal::KeptValue::of(value)};
}

}  // namespace hornbeam::data
