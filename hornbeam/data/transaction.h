#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hornbeam/data/cursor.h"
#include "hornbeam/data/select.h"
#include "hornbeam/data/sql.h"
#include "hornbeam/data/table.h"

namespace hornbeam::data {

namespace internal {

void require_parameter_count(const Statement& statement, std::size_t given);

template <class... Args>
StatementLease bound_statement(Connection& connection, std::string_view sql, Binding binding,
                               const Args&... args) {
  static_assert((Bindable<Args> && ...),
                "an argument has a type that no column stores: see data/value.h");
  StatementLease statement = connection.prepare(sql);
  require_parameter_count(*statement, sizeof...(Args));
  int parameter = 0;
  (Codec<BoundAs<Args>>::bind(*statement, parameter++, args, binding), ...);
  return statement;
}

/// Many rows by few statements: they are kept until there are enough for one, which inserts them
/// all.
class BulkInsert final : public Parameters {
 public:
  /// `verb` is all that comes before the values, `columns` how many there are to a row.
  BulkInsert(Connection& connection, std::string verb, std::size_t columns);

  /// Begins a row, after running what is complete; gives the number of its first parameter.
  int next_row();
  /// Runs what is left; gives the number of rows inserted.
  std::int64_t finish();

  void bind_null(int parameter) override { kept(parameter).bind_null(0); }
  void bind_integer(int parameter, std::int64_t value) override {
    kept(parameter).bind_integer(0, value);
  }
  void bind_real(int parameter, double value) override { kept(parameter).bind_real(0, value); }
  void bind_text(int parameter, std::string_view value, Binding binding) override {
    kept(parameter).bind_text(0, value, binding);
  }
  void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) override {
    kept(parameter).bind_blob(0, value, binding);
  }

 private:
  KeptValue& kept(int parameter) { return values_[static_cast<std::size_t>(parameter)]; }
  void run();

  Connection& connection_;
  std::string verb_;
  std::size_t columns_;
  std::size_t most_rows_;
  std::vector<KeptValue> values_;
  std::int64_t inserted_ = 0;
};

template <Table Row>
constexpr std::size_t stored_fields() {
  std::size_t count = 0;
  base::for_each_field<Row>([&]<class Field>(const Field&) {
    if constexpr (!Field::template has<Generated>()) ++count;
  });
  return count;
}
template <Table Row>
inline constexpr bool kStoresNothing = stored_fields<Row>() == 0;

template <Table Row>
std::string insert_verb() {
  return "INSERT INTO " + quoted_table<Row>() + " (" + join_fields<Row>(", ", kStored, quoted) +
         ") VALUES ";
}

/// Steps a statement whose rows, if any, are of no interest; gives the number of rows changed.
std::int64_t run_to_end(Statement& statement);

}  // namespace internal

/// One unchanging view of the database: what `Database::read` hands to its work.
///
/// Lifetime: the call of the work. Thread: the one the work runs on.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) noexcept : connection_(connection) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  /// The rows of a query, as `Row`: a described struct (columns by name), a std::tuple, or a single
  /// value. Throws: `DatabaseError`, here and while the cursor is read.
  template <class Row, class... Args>
  Cursor<Row> query(Sql<Args...> sql, const Args&... args) {
    return Cursor<Row>(
        internal::bound_statement(connection_, sql.text(), Binding::kCopied, args...));
  }

  /// The row with this primary key, given in the order of the description.
  template <Table Row, class... Key>
  std::optional<Row> find(const Key&... key) {
    static_assert(sizeof...(Key) == internal::TableTraits<Row>::kKeys,
                  "find takes one argument for each primary_key field of the table");
    static_assert(sizeof...(Key) > 0, "the table has no primary_key field");
    return Cursor<Row>(internal::bound_statement(connection_, internal::find_sql<Row>(),
                                                 Binding::kBorrowed, key...))
        .first();
  }

  /// The rows of a table, to be narrowed by `where`, ordered and limited.
  template <Table Row>
  Select<Row> select() {
    return Select<Row>(connection_);
  }

  /// Whose SQL this is, for the rare statement that differs.
  Dialect dialect() const { return connection_.dialect(); }

  /// Sets a setting of the session until the end of this work, such as what row-level security of
  /// PostgreSQL goes by: `db.set_local("hornbeam.organisation", "7")`. Without effect on SQLite.
  void set_local(std::string_view name, std::string_view value) {
    connection_.set_local(name, value);
  }

 protected:
  Connection& connection() noexcept { return connection_; }

 private:
  Connection& connection_;
};

/// Reads and writes that happen together or not at all: what `Database::write` hands to its work.
///
/// The work sees its own writes. If it throws, they are undone; if it returns, they are committed
/// before the caller goes on. A statement that fails undoes itself only, so that its error may be
/// caught and the work go on.
class Transaction : public Snapshot {
 public:
  using Snapshot::Snapshot;

  /// Runs one statement and gives the number of rows it changed.
  template <class... Args>
  std::int64_t execute(Sql<Args...> sql, const Args&... args) {
    const StatementLease statement =
        internal::bound_statement(connection(), sql.text(), Binding::kBorrowed, args...);
    return internal::run_to_end(*statement);
  }

  /// Inserts `row`; gives the value the database made for the `generated` field, if the table has
  /// one. Throws: `UniqueViolation` if the key is taken.
  template <Table Row>
  typename internal::GeneratedValue<Row>::type insert(const Row& row) {
    const StatementLease statement = connection().prepare(internal::insert_sql<Row>());
    internal::bind_fields<Row>(*statement, 0, row, internal::kStored);
    if constexpr (internal::TableTraits<Row>::kHasGenerated) {
      using Value = typename internal::GeneratedValue<Row>::type;
      statement->fetch_at_once();
      statement->step();
      const Value made = Codec<Value>::read(*statement, 0);
      internal::run_to_end(*statement);
      return made;
    } else {
      internal::run_to_end(*statement);
    }
  }

  /// Inserts every row of a range, whose generated fields the database makes, and gives their
  /// number. Rows are read one at a time, so that the range may be longer than memory.
  template <class Rows>
    requires Table<typename std::remove_cvref_t<Rows>::value_type>
  std::int64_t insert_all(Rows&& rows) {
    using Row = typename std::remove_cvref_t<Rows>::value_type;
    static_assert(!internal::kStoresNothing<Row>, "every field of the table is a generated one");
    internal::BulkInsert bulk(connection(), internal::insert_verb<Row>(),
                              internal::stored_fields<Row>());
    for (const Row& row : rows) {
      internal::bind_fields<Row>(bulk, bulk.next_row(), row, internal::kStored);
    }
    return bulk.finish();
  }

  /// Inserts `row` unless its primary key is taken. True if it was inserted.
  template <Table Row>
  bool insert_if_absent(const Row& row) {
    return run_insert(internal::insert_if_absent_sql<Row>(), row);
  }

  /// Inserts `row`, or writes it over the one that has its primary key.
  template <Table Row>
  void upsert(const Row& row) {
    run_insert(internal::upsert_sql<Row>(), row);
  }

  /// Writes every field of the row that has the primary key of `row`. False if there is no such
  /// row.
  template <Table Row>
  bool update(const Row& row) {
    static_assert(internal::TableTraits<Row>::kKeys > 0, "the table has no primary_key field");
    const StatementLease statement = connection().prepare(internal::update_sql<Row>());
    const int keys_at = internal::bind_fields<Row>(*statement, 0, row, internal::kNotKey);
    internal::bind_fields<Row>(*statement, keys_at, row, internal::kKey);
    return internal::run_to_end(*statement) > 0;
  }

  /// Deletes the row with this primary key. False if there is no such row.
  template <Table Row, class... Key>
  bool erase(const Key&... key) {
    static_assert(sizeof...(Key) == internal::TableTraits<Row>::kKeys,
                  "erase takes one argument for each primary_key field of the table");
    static_assert(sizeof...(Key) > 0, "the table has no primary_key field");
    const StatementLease statement = internal::bound_statement(
        connection(), internal::erase_sql<Row>(), Binding::kBorrowed, key...);
    return internal::run_to_end(*statement) > 0;
  }

  /// Writes columns of every row for which `condition` holds, and gives their number.
  ///
  ///   tx.update_where(column(&Post::author) == id, set(&Post::score, 0), set(&Post::teaser,
  ///   std::nullopt));
  template <Table Row, class... Set>
  std::int64_t update_where(Condition<Row> condition, Assignment<Row> first, Set... more) {
    std::string verb = "UPDATE " + internal::quoted_table<Row>() + " SET ";
    std::vector<internal::KeptValue> values;
    const auto assign = [&](Assignment<Row> assignment) {
      verb += (values.empty() ? "" : ", ") + assignment.column + " = ?";
      values.push_back(std::move(assignment.value));
    };
    assign(std::move(first));
    (assign(std::move(more)), ...);
    return internal::run_to_end(*internal::prepare_change(connection(), verb, std::move(values),
                                                          internal::table_reference<Row>(),
                                                          std::move(condition).predicate()));
  }

  /// Deletes every row for which `condition` holds, and gives their number.
  template <Table Row>
  std::int64_t erase_where(Condition<Row> condition) {
    return internal::run_to_end(*internal::prepare_change(
        connection(), "DELETE FROM " + internal::quoted_table<Row>(), {},
        internal::table_reference<Row>(), std::move(condition).predicate()));
  }

 private:
  template <Table Row>
  bool run_insert(const std::string& sql, const Row& row) {
    static_assert(internal::TableTraits<Row>::kKeys > 0, "the table has no primary_key field");
    static_assert(!internal::TableTraits<Row>::kHasGenerated,
                  "a row whose key the database makes is always a new one: use insert");
    const StatementLease statement = connection().prepare(sql);
    internal::bind_fields<Row>(*statement, 0, row, internal::kStored);
    return internal::run_to_end(*statement) > 0;
  }
};

}  // namespace hornbeam::data
