#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "hornbeam/data/condition.h"
#include "hornbeam/data/cursor.h"
#include "hornbeam/data/function.h"
#include "hornbeam/data/scope.h"

namespace hornbeam::data {

/// Which end an order begins at.
enum class Direction { kAscending, kDescending };
/// Least first: numbers upwards, texts from A.
inline constexpr Direction ascending = Direction::kAscending;
inline constexpr Direction descending = Direction::kDescending;  ///< Greatest first.

/// What becomes of rows that are read in order to be changed.
enum class Locked { kWait, kSkip };

namespace internal {

/// A table as a statement names it. What must hold for every row it takes part with, such as the
/// organisation that may see it, is said here, beside the name, so that no statement can name the
/// table and forget the rest.
struct TableReference {
  std::string sql;  ///< The quoted name, and the other name if it has one.
  Predicate scope;
  std::string join;  ///< How it joins those before it; empty for the first.
  Predicate on;
};

/// A SELECT before it is text. Types end here: what follows is the same for every table.
struct SelectParts {
  Predicate columns;
  std::vector<TableReference> tables;
  Predicate where;
  Predicate group;
  Predicate having;
  Predicate order;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
  bool distinct = false;
  std::string lock;  ///< For databases that lock rows.
};

void append(Predicate& list, std::string_view separator, Predicate next);
Predicate select_sql(const SelectParts& parts);
/// For people: the SQL, and the values behind it.
std::string select_text(const SelectParts& parts, Dialect dialect);
void bind_values(Statement& statement, int at, const std::vector<KeptValue>& values);

StatementLease prepared(Connection& connection, const Predicate& whole);
StatementLease prepare_select(Connection& connection, const SelectParts& parts);
StatementLease prepare_count(Connection& connection, const SelectParts& parts);
/// `verb` is all that comes before WHERE, with its values.
StatementLease prepare_change(Connection& connection, Predicate verb, const TableReference& table,
                              Predicate where, std::string_view returning = {});

template <Source From, class Access>
TableReference table_reference(const Access& access) {
  using Traits = SourceTraits<From>;
  return {Traits::declaration(), scope_of<typename Traits::Row>(access, Traits::name()), {}, {}};
}

template <Source From>
std::string all_columns() {
  return join_fields<RowOf<From>>(", ", kEvery, [](std::string_view name) {
    return SourceTraits<From>::name() + '.' + quoted(name);
  });
}

template <class Result, class Next>
struct WithNext {
  using type = std::tuple<Result, Next>;
};
template <class... Results, class Next>
struct WithNext<std::tuple<Results...>, Next> {
  using type = std::tuple<Results..., Next>;
};

template <class... Values>
struct Projected {
  using type = std::tuple<Values...>;
};
template <class Value>
struct Projected<Value> {
  using type = Value;
};

}  // namespace internal

/// Rows of one or several tables, asked for by member pointers.
///
///   tx.select<Post>().where(column(&Post::author) == id).order_by(&Post::created,
///   descending).limit(20).all()
///
/// A join makes the rows tuples; `only` makes them the values of its expressions. `Shape` is what
/// the rows become, the tables named, and the tables around it if it is a sub-query.
/// Lifetime: that of its transaction.
template <class Access, class Row, class Tables, class OuterTables = internal::List<>>
class Select {
 public:
  using Result = Row;         ///< What each row of the result is.
  using Outer = OuterTables;  ///< The tables that may have no row for a row of the result.

  /// For `Snapshot` and `Transaction`, whose `select` makes one.
  Select(internal::Session& session, Access access, internal::SelectParts parts)
      : session_(&session), access_(std::move(access)), parts_(std::move(parts)) {}

  /// Only rows for which `condition` holds; of several calls, all must.
  template <class Self, class... Sources>
  Self&& where(this Self&& self, Condition<Sources...> condition) {
    require_named<Sources...>();
    self.parts_.where =
        internal::joined(std::move(self.parts_.where), "AND", std::move(condition).predicate());
    return std::forward<Self>(self);
  }

  /// With the rows of another table for which `on` holds; rows without any are left out.
  template <Source Other, class... Sources>
  auto join(Condition<Sources...> on) const {
    return joined<Other, internal::RowOf<Other>>(" JOIN ", std::move(on));
  }
  /// With the rows of another table for which `on` holds, or with an empty optional.
  template <Source Other, class... Sources>
  auto left_join(Condition<Sources...> on) const {
    return joined<Other, std::optional<internal::RowOf<Other>>>(" LEFT JOIN ", std::move(on));
  }

  /// Values instead of rows: that of the expression, or a tuple of several.
  template <class... Values, class... Expressions>
  auto only(const Expressions&... expressions) const {
    static_assert(sizeof...(Expressions) > 0, "only takes the expressions that are wanted");
    (require_expression(expressions), ...);
    using Next = typename internal::Projected<typename Expressions::value_type...>::type;
    auto parts = parts_;
    parts.columns = {};
    (internal::append(parts.columns, ", ", expressions.part()), ...);
    return Select<Access, Next, Tables, Outer>(*session_, access_, std::move(parts));
  }
  /// Values as a described struct, its fields in order: `.into<Summary>(column(...), count())`.
  template <base::Described Summary, class... Expressions>
  auto into(const Expressions&... expressions) const {
    static_assert(base::kDescription<Summary>.size() == sizeof...(Expressions),
                  "into takes one expression for each field of the struct");
    (require_expression(expressions), ...);
    std::vector<internal::Predicate> given{expressions.part()...};
    auto parts = parts_;
    parts.columns = {};
    std::size_t at = 0;
    base::for_each_field<Summary>([&](const auto& field) {
      given[at].sql += " AS " + internal::quoted(field.name);
      internal::append(parts.columns, ", ", std::move(given[at++]));
    });
    return Select<Access, Summary, Tables, Outer>(*session_, access_, std::move(parts));
  }

  /// One row for each group of rows with the same values there.
  template <class Self, class... Expressions>
  Self&& group_by(this Self&& self, const Expressions&... expressions) {
    (require_expression(expressions), ...);
    (internal::append(self.parts_.group, ", ", expressions.part()), ...);
    return std::forward<Self>(self);
  }
  /// Only groups for which `condition` holds.
  template <class Self, class... Sources>
  Self&& having(this Self&& self, Condition<Sources...> condition) {
    require_named<Sources...>();
    self.parts_.having =
        internal::joined(std::move(self.parts_.having), "AND", std::move(condition).predicate());
    return std::forward<Self>(self);
  }
  /// Each row once.
  template <class Self>
  Self&& distinct(this Self&& self) {
    self.parts_.distinct = true;
    return std::forward<Self>(self);
  }

  /// In the order of a column; of several calls, the first decides and the next break its ties.
  template <class Self, class From, class Value>
  Self&& order_by(this Self&& self, Value From::* member, Direction direction = ascending) {
    return std::forward<Self>(self).order_by(column(member), direction);
  }
  template <class Self, class Value, class... Sources>
  Self&& order_by(this Self&& self, const Expression<Value, Sources...>& by,
                  Direction direction = ascending) {
    require_named<Sources...>();
    internal::Predicate part = by.part();
    if (direction == descending) part.sql += " DESC";
    internal::append(self.parts_.order, ", ", std::move(part));
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

  /// Locks the rows of the first table until the end of the transaction. SQLite, where a write has
  /// the database to itself, needs no lock. Requires: a write.
  template <class Self>
  Self&& for_update(this Self&& self, Locked locked = Locked::kWait) {
    std::string name = self.parts_.tables.front().sql;
    if (const auto as = name.find(" AS "); as != std::string::npos) name.erase(0, as + 4);
    self.parts_.lock = " FOR UPDATE OF " + name + (locked == Locked::kSkip ? " SKIP LOCKED" : "");
    return std::forward<Self>(self);
  }

  /// As a sub-query of `Around`'s, whose columns its conditions may name.
  template <Source... Around>
  auto outer() const {
    static_assert(
        (!internal::kIsIn<Around, Tables> && ...),
        "the sub-query reads this table itself, and its columns would be those of its own "
        "rows. Mend: select it under another name, as data::As<Table, \"inner\">");
    return Select<Access, Row, Tables, internal::List<Around...>>(*session_, access_, parts_);
  }

  /// The rows, read as they are asked for.
  Cursor<Row> rows() const {
    static_assert(
        std::same_as<Outer, internal::List<>>,
        "a query with outer tables has no rows by itself: use it in exists, scalar or in");
    access_.enter(*session_);
    return Cursor<Row>(internal::prepare_select(session_->connection, parts_));
  }
  /// As `Cursor::all`, `one`, `optional`.
  std::vector<Row> all() const { return rows().all(); }
  /// The only row. Throws as `Cursor::one`.
  Row one() const { return rows().one(); }
  /// The only row, or nothing.
  std::optional<Row> optional() const { return rows().optional(); }
  /// The first row in the order asked for, if there is any.
  std::optional<Row> first() const {
    Select only_one = *this;
    if (!only_one.parts_.limit || *only_one.parts_.limit > 1) only_one.parts_.limit = 1;
    return only_one.rows().first();
  }
  /// How many rows there are; the limit and offset count too.
  std::int64_t count() const {
    static_assert(
        std::same_as<Outer, internal::List<>>,
        "a query with outer tables has no rows by itself: use it in exists, scalar or in");
    access_.enter(*session_);
    return Cursor<std::int64_t>(internal::prepare_count(session_->connection, parts_)).one();
  }
  /// True if there is any row.
  bool exists() const { return first().has_value(); }

  /// The statement and its values, for logs and tests.
  std::string to_sql() const {
    return internal::select_text(parts_, session_->connection.dialect());
  }
  /// For conditions that this is part of.
  internal::Predicate sub_query() const { return internal::select_sql(parts_); }

 private:
  template <class... Sources>
  static consteval void require_named() {
    static_assert(internal::kIsSubset<internal::List<Sources...>, internal::Union<Tables, Outer>>,
                  "the query does not name this table. Mend: join it, or, in a sub-query, say "
                  ".outer<TheTable>() first");
  }
  template <class Value, class... Sources>
  static void require_expression(const Expression<Value, Sources...>&) {
    require_named<Sources...>();
  }

  template <Source Other, class Next, class... Sources>
  auto joined(const char* how, Condition<Sources...> on) const {
    using Named = internal::Union<Tables, internal::List<Other>>;
    static_assert(!std::same_as<Named, Tables>,
                  "the table is in the query already. Mend: join data::As<TheTable, \"other\">");
    static_assert(internal::kIsSubset<internal::List<Sources...>, internal::Union<Named, Outer>>,
                  "the condition is about a table that the query does not name");
    auto parts = parts_;
    internal::append(parts.columns, ", ", {internal::all_columns<Other>(), {}});
    auto reference = internal::table_reference<Other>(access_);
    reference.join = how;
    reference.on = std::move(on).predicate();
    parts.tables.push_back(std::move(reference));
    return Select<Access, typename internal::WithNext<Row, Next>::type, Named, Outer>(
        *session_, access_, std::move(parts));
  }

  internal::Session* session_;
  Access access_;
  internal::SelectParts parts_;
};

namespace internal {

/// A row of an organisation that an assignment refers to: to be checked where the scope is known.
struct AssignedReference {
  std::string table;
  std::string key;
  std::string organisation;
  std::optional<KeptValue> value;  ///< Empty if it is computed.
};

}  // namespace internal

/// A column and what `Transaction::update_where` writes into it; made by `set`.
template <Table Row>
struct Assignment {
  internal::Predicate part;  ///< The SQL "column = value", with what it binds.
  /// The rows of organisations that the value refers to, to be checked against the scope.
  std::vector<internal::AssignedReference> references;
};

namespace internal {

template <class Row, class Mark>
void note_reference(Assignment<Row>&, const Mark&, const std::optional<KeptValue>&) {}
template <class Row, class Target, class Value>
void note_reference(Assignment<Row>& to, const References<Target, Value>& mark,
                    const std::optional<KeptValue>& value) {
  if constexpr (TableTraits<Target>::kIsScoped) {
    to.references.push_back(
        {quoted_table<Target>(), column_name(mark.key), organisation_column<Target>(), value});
  }
}

template <Table Row, class Value>
Assignment<Row> assigned(Value Row::* member, Predicate to, const std::optional<KeptValue>& value) {
  to.sql = column_name(member) + " = " + to.sql;
  Assignment<Row> made{std::move(to), {}};
  base::for_each_field<Row>([&]<class Field>(const Field& field) {
    if constexpr (std::same_as<typename Field::value_type, Value>) {
      if (field.member != member) return;
      base::check(!Field::template has<BelongsToOrganisation>(),
                  "the organisation of a row never changes");
      std::apply([&](const auto&... mark) { (note_reference(made, mark, value), ...); },
                 field.marks);
    }
  });
  return made;
}

}  // namespace internal

/// "This column becomes that value."
template <Table Row, class Value, class Given>
  requires internal::ComparableWith<Given, Value>
Assignment<Row> set(Value Row::* member, const Given& value) {
  const auto kept = internal::KeptValue::of(value);
  return internal::assigned(member, {"?", {kept}}, kept);
}
/// "This column becomes what is computed": `set(&Post::views, column(&Post::views) + 1)`.
template <Table Row, class Value, class Computed, class... Sources>
  requires internal::ComparableWith<Computed, Value> &&
           internal::kIsSubset<internal::List<Sources...>, internal::List<Row>>
Assignment<Row> set(Value Row::* member, const Expression<Computed, Sources...>& value) {
  return internal::assigned(member, value.part(), std::nullopt);
}

}  // namespace hornbeam::data
