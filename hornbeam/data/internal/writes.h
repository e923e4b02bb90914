#pragma once

// What `Transaction` and what its `within` returns have in common.

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/data/error.h"
#include "hornbeam/data/internal/reads.h"

namespace hornbeam::data::internal {

/// What writes, on top of what reads: a `Reads`, or what derives from one.
template <class Reading>
class Writes : public Reading {
  using Access = typename Reading::AccessType;

 public:
  using Reading::Reading;

  /// Inserts `row`; gives the value the database made for the `generated` field, if the table has
  /// one. Within a scope, the row becomes the organisation's, whatever it said. Throws:
  /// `UniqueViolation` if the key is taken; `DatabaseError` (`kForeignKey`) if it refers to another
  /// organisation's row.
  template <Table Row>
  typename GeneratedValue<Row>::type insert(const Row& row) {
    check_references(row);
    const StatementLease statement = this->entered().prepare(insert_sql<Row>());
    bind_fields<Row>(this->access(), *statement, 0, row, kStored);
    if constexpr (TableTraits<Row>::kHasGenerated) {
      using Value = typename GeneratedValue<Row>::type;
      statement->fetch_at_once();
      statement->step();
      const Value made = Codec<Value>::read(*statement, 0);
      run_to_end(*statement);
      return made;
    } else {
      run_to_end(*statement);
    }
  }

  /// Inserts every row of a range, whose generated fields the database makes, and gives their
  /// number. Rows are read one at a time, so that the range may be longer than memory. Within a
  /// scope, a row cannot refer to another one of the range.
  template <class Rows>
    requires Table<typename std::remove_cvref_t<Rows>::value_type>
  std::int64_t insert_all(Rows&& rows) {
    using Row = typename std::remove_cvref_t<Rows>::value_type;
    static_assert(!kStoresNothing<Row>, "every field of the table is a generated one");
    require_scope<Access, Row>();
    BulkInsert bulk(this->entered(), insert_verb<Row>(), stored_fields<Row>());
    std::set<std::string> checked;
    for (const Row& row : rows) {
      check_references(row, &checked);
      bind_fields<Row>(this->access(), bulk, bulk.next_row(), row, kStored);
    }
    return bulk.finish();
  }

  /// Inserts `row` unless its primary key is taken. True if it was inserted.
  template <Table Row>
  bool insert_if_absent(const Row& row) {
    return run_insert(insert_if_absent_sql<Row>(), row);
  }

  /// Inserts `row`, or writes it over the one that has its primary key. Throws: `UniqueViolation`
  /// if that one is another organisation's.
  template <Table Row>
  void upsert(const Row& row) {
    const bool written = run_insert(upsert_sql<Row>(), row);
    if constexpr (TableTraits<Row>::kIsScoped) {
      if (!written) throw UniqueViolation("the key of the row is taken", upsert_sql<Row>());
    }
  }

  /// Writes every field of the row that has the primary key of `row`, but that of the organisation.
  /// False if there is no such row.
  template <Table Row>
  bool update(const Row& row) {
    static_assert(TableTraits<Row>::kKeys > 0, "the table has no primary_key field");
    require_scope<Access, Row>();
    check_references(row);
    std::string sql = update_sql<Row>();
    constexpr bool kStamped = Access::kIsScoped && TableTraits<Row>::kIsScoped;
    if (kStamped) sql += " AND " + organisation_column<Row>() + " = ?";
    const StatementLease statement = this->entered().prepare(sql);
    int at = bind_fields<Row>(this->access(), *statement, 0, row, kChanging);
    at = bind_fields<Row>(this->access(), *statement, at, row, kKey);
    if (kStamped) bind_fields<Row>(this->access(), *statement, at, row, kOrganisation);
    return run_to_end(*statement) > 0;
  }

  /// Deletes the row with this primary key. False if there is no such row.
  template <Table Row, class... Key>
  bool erase(const Key&... key) {
    static_assert(sizeof...(Key) == TableTraits<Row>::kKeys,
                  "erase takes one argument for each primary_key field of the table");
    static_assert(sizeof...(Key) > 0, "the table has no primary_key field");
    return run_to_end(*this->template keyed<Row>(erase_sql<Row>(), key...)) > 0;
  }

  /// Writes columns of every row for which `condition` holds, and gives their number.
  ///
  ///   tx.update_where(column(&Post::author) == id, set(&Post::score, column(&Post::score) + 1));
  template <Table Row, class... Set>
  std::int64_t update_where(Condition<Row> condition, Assignment<Row> first, Set... more) {
    return run_to_end(
        *change(update_verb<Row>(std::move(first), std::move(more)...), std::move(condition), ""));
  }
  /// The same, and gives the rows as they are now.
  template <Table Row, class... Set>
  std::vector<Row> update_returning(Condition<Row> condition, Assignment<Row> first, Set... more) {
    return Cursor<Row>(change(update_verb<Row>(std::move(first), std::move(more)...),
                              std::move(condition), returning<Row>()))
        .all();
  }

  /// Deletes every row for which `condition` holds, and gives their number.
  template <Table Row>
  std::int64_t erase_where(Condition<Row> condition) {
    return run_to_end(
        *change({"DELETE FROM " + quoted_table<Row>(), {}}, std::move(condition), ""));
  }
  /// The same, and gives the rows as they were.
  template <Table Row>
  std::vector<Row> erase_returning(Condition<Row> condition) {
    return Cursor<Row>(change({"DELETE FROM " + quoted_table<Row>(), {}}, std::move(condition),
                              returning<Row>()))
        .all();
  }

 private:
  template <Table Row>
  static std::string returning() {
    return " RETURNING " + join_fields<Row>(", ", kEvery, quoted);
  }
  template <Table Row>
  StatementLease change(Predicate verb, Condition<Row> condition, const std::string& ending) {
    const TableReference table = table_reference<Row>(this->access());
    return prepare_change(this->entered(), std::move(verb), table, std::move(condition).predicate(),
                          ending);
  }
  /// What a changed row refers to must be of its organisation.
  template <Table Row>
  void check_assignment(const Assignment<Row>& assignment) {
    if constexpr (Access::kIsScoped) {
      for (const AssignedReference& each : assignment.references) {
        if (each.value && each.value->is_null()) continue;
        if (!each.value || this->access().scope.size() != 1) {
          throw DatabaseError(ErrorKind::kPermission,
                              "a reference to a row of an organisation is set to a value, within "
                              "a scope of one organisation");
        }
        Predicate whole =
            comparison("SELECT 1 FROM " + each.table + " WHERE " + each.key, " = ", *each.value);
        whole = between(std::move(whole), " AND ", this->access().scope.filter(each.organisation));
        if (!prepared(this->entered(), whole)->step()) {
          throw_foreign_reference(TableTraits<Row>::name(), "a column of the update", each.table);
        }
      }
    }
  }
  template <Table Row, class... Set>
  Predicate update_verb(Assignment<Row> first, Set... more) {
    require_scope<Access, Row>();
    check_assignment(first);
    (check_assignment<Row>(more), ...);
    Predicate verb{"UPDATE " + quoted_table<Row>() + " SET ", {}};
    verb = between(std::move(verb), "", std::move(first.part));
    ((verb = between(std::move(verb), ", ", std::move(more.part))), ...);
    return verb;
  }

  /// Whether rows refer to rows of organisations.
  template <Table Row>
  static consteval bool refers_to_scoped() {
    bool refers = false;
    base::for_each_field<Row>([&](const auto& field) {
      std::apply([&](const auto&... mark) { ((refers |= is_scoped_reference(mark)), ...); },
                 field.marks);
    });
    return refers;
  }
  template <class Mark>
  static consteval bool is_scoped_reference(const Mark&) {
    return false;
  }
  template <class Target, class Value>
  static consteval bool is_scoped_reference(const References<Target, Value>&) {
    return TableTraits<Target>::kIsScoped;
  }

  /// Within a scope, what a row refers to must be in it, and of the organisation of the row.
  /// `checked` holds what was found already in this transaction, and stays there.
  template <Table Row>
  void check_references(const Row& row, std::set<std::string>* checked = nullptr) {
    require_scope<Access, Row>();
    static_assert(Access::kMayNameScoped || !refers_to_scoped<Row>(),
                  "this table refers to one of organisations, so its rows belong to one too. Mend: "
                  "write it within a scope, and mark its own field with belongs_to_organisation");
    if constexpr (Access::kIsScoped) {
      base::for_each_field<Row>([&](const auto& field) {
        std::apply([&](const auto&... mark) { (check_reference(row, field, mark, checked), ...); },
                   field.marks);
      });
    }
  }
  template <Table Row, class Field, class Mark>
  void check_reference(const Row&, const Field&, const Mark&, std::set<std::string>*) {}
  template <Table Row, class Field, class Target, class Value>
  void check_reference(const Row& row, const Field& field, const References<Target, Value>& mark,
                       std::set<std::string>* checked) {
    if constexpr (TableTraits<Target>::kIsScoped) {
      const KeptValue key = KeptValue::of(field.get(row));
      if (key.is_null()) return;
      Predicate same = this->access().scope.filter(organisation_column<Target>());
      base::for_each_field<Row>([&]<class Own>(const Own& own) {
        if constexpr (Own::template has<BelongsToOrganisation>()) {
          same = {organisation_column<Target>() + " = ?",
                  {this->access().organisation_for(own.get(row))}};
        }
      });
      Predicate whole =
          comparison("SELECT 1 FROM " + quoted_table<Target>() + " WHERE " + column_name(mark.key),
                     " = ", key);
      whole = between(std::move(whole), " AND ", std::move(same));
      if (checked != nullptr) {
        std::string question = whole.sql;
        for (const KeptValue& each : whole.values) question += '\n' + shown(each);
        if (!checked->insert(std::move(question)).second) return;
      }
      const StatementLease statement = prepared(this->entered(), whole);
      if (!statement->step()) {
        throw_foreign_reference(TableTraits<Row>::name(), field.name, TableTraits<Target>::name());
      }
    }
  }

  template <Table Row>
  bool run_insert(const std::string& sql, const Row& row) {
    static_assert(TableTraits<Row>::kKeys > 0, "the table has no primary_key field");
    static_assert(!TableTraits<Row>::kHasGenerated,
                  "a row whose key the database makes is always a new one: use insert");
    check_references(row);
    const StatementLease statement = this->entered().prepare(sql);
    bind_fields<Row>(this->access(), *statement, 0, row, kStored);
    return run_to_end(*statement) > 0;
  }
};

}  // namespace hornbeam::data::internal
