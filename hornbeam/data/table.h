#pragma once

// Table: a described struct that is a row of a named table.
//
//   struct Post { std::int64_t id; std::int64_t author; std::string title; };
//   constexpr auto describe(Type<Post>) {
//     return fields(field("id", &Post::id, data::primary_key, data::generated),
//                   field("author", &Post::author), field("title", &Post::title));
//   }
//   constexpr std::string_view table_name(Type<Post>) { return "posts"; }
//
// Every identifier of the SQL made here comes from such a description, and is checked while
// compiling; values are always bound. So no input can become SQL.

#include <concepts>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/base/describe.h"
#include "hornbeam/data/value.h"

namespace hornbeam::data {

/// See `primary_key`.
struct PrimaryKey {};
/// See `generated`.
struct Generated {};
/// See `belongs_to_organisation`.
struct BelongsToOrganisation {};

/// What becomes of a row whose reference goes away.
enum class OnDelete { kRefuse, kCascade, kSetNull };

/// Made by `references`.
template <class TargetRow, class Value>
struct References {
  using Target = TargetRow;  ///< The row that is referred to.

  Value TargetRow::* key;  ///< The column that is referred to.
  OnDelete on_delete;      ///< What becomes of the row when its target is deleted.
};

/// Marks a field as (part of) what names the row: `find`, `update` and `erase` go by it.
inline constexpr PrimaryKey primary_key;
/// Marks the field whose value the database makes: `insert` leaves it out, and returns it.
inline constexpr Generated generated;

/// Marks the field that says which organisation a row belongs to. A table that has one is read and
/// written within a `Scope` only; the field is written by the scope, and never changes.
inline constexpr BelongsToOrganisation belongs_to_organisation;

/// Marks a field as the key of a row of another table:
///
///   field("author", &Post::author, data::references(&Author::id, data::OnDelete::kCascade))
template <class Target, class Value>
constexpr References<Target, Value> references(Value Target::* key,
                                               OnDelete on_delete = OnDelete::kRefuse) {
  return {key, on_delete};
}

/// A described struct with a `table_name` beside it.
template <class Row>
concept Table = base::Described<Row> && requires {
  { table_name(base::Type<Row>{}) } -> std::convertible_to<std::string_view>;
};

namespace internal {

/// True for what needs no quoting anywhere: `[A-Za-z_][A-Za-z0-9_]*`.
constexpr bool is_identifier(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto follows = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  for (const char c : name) {
    if (!follows(c)) return false;
  }
  return !name.empty() && letter(name.front());
}

/// What is known of a table from its description alone.
template <Table Row>
struct TableTraits {
  static constexpr std::string_view name() { return table_name(base::Type<Row>{}); }

  static constexpr bool names_are_identifiers() {
    bool good = is_identifier(name());
    base::for_each_field<Row>([&](const auto& field) { good = good && is_identifier(field.name); });
    return good;
  }
  static_assert(names_are_identifiers(),
                "table_name and the names of the fields must be plain: letters, digits and _");

  template <class Mark>
  static constexpr std::size_t count() {
    std::size_t fields = 0;
    base::for_each_field<Row>([&]<class Field>(const Field&) {
      if constexpr (Field::template has<Mark>()) ++fields;
    });
    return fields;
  }
  static constexpr std::size_t kKeys = count<PrimaryKey>();
  static constexpr bool kHasGenerated = count<Generated>() > 0;
  static constexpr bool kIsScoped = count<BelongsToOrganisation>() > 0;
  static_assert(count<Generated>() <= 1, "a table has at most one generated field");
  static_assert(count<BelongsToOrganisation>() <= 1,
                "a row belongs to one organisation: mark one field with belongs_to_organisation");
};

/// Pieces of SQL made from one description.
template <Table Row>
std::string quoted_table() {
  return '"' + std::string(TableTraits<Row>::name()) + '"';
}

/// `"a", "b"` of the fields for which `wanted(Type<Field>)` is true, each written by `write(name)`.
template <Table Row, class Wanted, class Write>
std::string join_fields(std::string_view separator, Wanted wanted, Write write) {
  std::string joined;
  base::for_each_field<Row>([&]<class Field>(const Field& field) {
    if constexpr (decltype(wanted(base::Type<Field>{}))::value) {
      if (!joined.empty()) joined += separator;
      joined += write(field.name);
    }
  });
  return joined;
}

template <bool IsTrue>
using Bool = std::bool_constant<IsTrue>;
inline constexpr auto kEvery = []<class Field>(base::Type<Field>) { return Bool<true>{}; };
inline constexpr auto kStored = []<class Field>(base::Type<Field>) {
  return Bool<!Field::template has<Generated>()>{};
};
inline constexpr auto kKey = []<class Field>(base::Type<Field>) {
  return Bool<Field::template has<PrimaryKey>()>{};
};
inline constexpr auto kChanging = []<class Field>(base::Type<Field>) {
  return Bool<!Field::template has<PrimaryKey>() &&
              !Field::template has<BelongsToOrganisation>()>{};
};
inline constexpr auto kOrganisation = []<class Field>(base::Type<Field>) {
  return Bool<Field::template has<BelongsToOrganisation>()>{};
};
inline constexpr auto kGenerated = []<class Field>(base::Type<Field>) {
  return Bool<Field::template has<Generated>()>{};
};

inline std::string quoted(std::string_view name) {
  return '"' + std::string(name) + '"';
}
inline std::string equals_placeholder(std::string_view name) {
  return quoted(name) + " = ?";
}

/// The quoted column of a member. Requires: it is described.
template <Table Row, class Value>
std::string column_name(Value Row::* member) {
  const std::string_view name = base::field_name(member);
  base::check(!name.empty(), "a member that is not described has no column");
  return quoted(name);
}

template <Table Row>
const std::string& insert_sql() {
  static const std::string kSql = [] {
    std::string made = "INSERT INTO " + quoted_table<Row>();
    const std::string columns = join_fields<Row>(", ", kStored, quoted);
    if (columns.empty()) {
      made += " DEFAULT VALUES";
    } else {
      made += " (" + columns + ") VALUES (" +
              join_fields<Row>(", ", kStored, [](std::string_view) { return "?"; }) + ")";
    }
    if (TableTraits<Row>::kHasGenerated)
      made += " RETURNING " + join_fields<Row>("", kGenerated, quoted);
    return made;
  }();
  return kSql;
}

template <Table Row>
std::string conflict_sql() {
  return insert_sql<Row>() + " ON CONFLICT (" + join_fields<Row>(", ", kKey, quoted) + ") DO ";
}

template <Table Row>
const std::string& insert_if_absent_sql() {
  static const std::string kSql = conflict_sql<Row>() + "NOTHING";
  return kSql;
}

template <Table Row>
const std::string& upsert_sql() {
  static const std::string kSql = [] {
    const std::string assignments = join_fields<Row>(", ", kChanging, [](std::string_view name) {
      return quoted(name) + " = excluded." + quoted(name);
    });
    // A row of another organisation is never written over.
    const std::string same = join_fields<Row>("", kOrganisation, [](std::string_view name) {
      return " WHERE " + quoted_table<Row>() + '.' + quoted(name) + " = excluded." + quoted(name);
    });
    // Where there is nothing else to change, one's own row is written as it is, so that it counts.
    const std::string own = join_fields<Row>("", kOrganisation, [](std::string_view name) {
      return quoted(name) + " = excluded." + quoted(name);
    });
    const std::string& changes = assignments.empty() ? own : assignments;
    return conflict_sql<Row>() + (changes.empty() ? "NOTHING" : "UPDATE SET " + changes + same);
  }();
  return kSql;
}

template <Table Row>
const std::string& find_sql() {
  static const std::string kSql = "SELECT " + join_fields<Row>(", ", kEvery, quoted) + " FROM " +
                                  quoted_table<Row>() + " WHERE " +
                                  join_fields<Row>(" AND ", kKey, equals_placeholder);
  return kSql;
}

template <Table Row>
const std::string& update_sql() {
  static const std::string kSql = "UPDATE " + quoted_table<Row>() + " SET " +
                                  join_fields<Row>(", ", kChanging, equals_placeholder) +
                                  " WHERE " + join_fields<Row>(" AND ", kKey, equals_placeholder);
  return kSql;
}

template <Table Row>
const std::string& erase_sql() {
  static const std::string kSql = "DELETE FROM " + quoted_table<Row>() + " WHERE " +
                                  join_fields<Row>(" AND ", kKey, equals_placeholder);
  return kSql;
}

/// Binds the fields for which `wanted(Type<Field>)` is true, the first to parameter `at`; gives the
/// next parameter. `access` says what the organisation is; see scope.h.
template <Table Row, class Access, class Wanted>
int bind_fields(const Access& access, Parameters& statement, int at, const Row& row,
                Wanted wanted) {
  base::for_each_field<Row>([&]<class Field>(const Field& field) {
    if constexpr (decltype(wanted(base::Type<Field>{}))::value) {
      using Value = typename Field::value_type;
      static_assert(Bindable<Value>, "a field of this table has a type that no column stores");
      if constexpr (Field::template has<BelongsToOrganisation>()) {
        access.bind_organisation(statement, at++, field.get(row));
      } else {
        Codec<BoundAs<Value>>::bind(statement, at++, field.get(row), Binding::kBorrowed);
      }
    }
  });
  return at;
}

/// The position of the generated field, or the number of fields if there is none.
template <Table Row>
constexpr std::size_t generated_index() {
  std::size_t at = 0;
  std::size_t found = base::kDescription<Row>.size();
  base::for_each_field<Row>([&]<class Field>(const Field&) {
    if constexpr (Field::template has<Generated>()) found = at;
    ++at;
  });
  return found;
}

template <Table Row>
struct GeneratedValue {
  using type = void;
};
template <Table Row>
  requires TableTraits<Row>::kHasGenerated
struct GeneratedValue<Row> {
  using All = std::remove_cvref_t<decltype(base::kDescription<Row>.all)>;
  using type = typename std::tuple_element_t<generated_index<Row>(), All>::value_type;
};

}  // namespace internal

}  // namespace hornbeam::data
