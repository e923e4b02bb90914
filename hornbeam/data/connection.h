#pragma once

// What a kind of database must supply: statements and connections, typed by nothing more than SQL's
// five storage classes. sqlite/ and postgres/ implement them; everything typed (rows, queries,
// transactions) is written on top, once.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hornbeam::data {

/// Whose SQL a connection speaks.
enum class Dialect { kSqlite, kPostgresql };

/// A setting of the database's session that holds until the end of a piece of work, such as
/// {"statement_timeout", "5s"}.
struct Setting {
  std::string name;   ///< As the database calls it.
  std::string value;  ///< As text, in the database's own units.
};

/// The storage class of a value in a result.
enum class ColumnType { kNull, kInteger, kReal, kText, kBlob };

/// Whether bound text and bytes stay in place until the statement is done, or must be copied.
enum class Binding { kBorrowed, kCopied };

/// Where values are bound, counted from 0.
class Parameters {
 public:
  Parameters() = default;
  Parameters(const Parameters&) = default;
  Parameters& operator=(const Parameters&) = default;
  virtual ~Parameters() = default;

  /// Binds NULL. Requires, as all of these: `parameter` is below `parameter_count`.
  virtual void bind_null(int parameter) = 0;
  /// Binds a whole number.
  virtual void bind_integer(int parameter, std::int64_t value) = 0;
  /// Binds a real number.
  virtual void bind_real(int parameter, double value) = 0;
  /// Binds text. Lifetime: as `binding` says.
  virtual void bind_text(int parameter, std::string_view value, Binding binding) = 0;
  /// Binds bytes. Lifetime: as `binding` says.
  virtual void bind_blob(int parameter, std::span<const std::byte> value, Binding binding) = 0;
};

/// One prepared statement of one connection. Columns are counted from 0.
///
/// Grammar of use: `bind* step* release`. Thread: that of its connection.
class Statement : public Parameters {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// The SQL it was prepared from.
  virtual std::string_view sql() const = 0;
  /// How many values must be bound.
  virtual int parameter_count() const = 0;

  /// Says, before the first step, that the rows are few or will all be kept: a database that sends
  /// rows may then send them at once. Otherwise one is in memory at a time.
  virtual void fetch_at_once() {}

  /// Goes on to the next row; false when there is none. Throws: `DatabaseError`.
  virtual bool step() = 0;
  /// Rows inserted, updated or deleted by the steps so far.
  virtual std::int64_t changes() const = 0;

  /// How many values a row has.
  virtual int column_count() const = 0;
  /// The column's name in the result.
  virtual std::string_view column_name(int column) const = 0;
  /// The storage class of the current row's value. Requires: the last step gave a row.
  virtual ColumnType column_type(int column) const = 0;
  /// The current row's value as a whole number.
  virtual std::int64_t integer(int column) const = 0;
  /// The current row's value as a real number.
  virtual double real(int column) const = 0;
  /// Lifetime: until the next step.
  virtual std::string_view text(int column) const = 0;
  /// The current row's value as bytes. Lifetime: until the next step.
  virtual std::span<const std::byte> blob(int column) const = 0;

  /// Ends this use: the statement forgets its bindings and may be handed out again.
  virtual void release() noexcept = 0;
};

/// Ends the use of a statement where its lease ends.
struct ReleaseStatement {
  void operator()(Statement* statement) const noexcept { statement->release(); }
};
/// A statement in use; released at the end of its scope.
using StatementLease = std::unique_ptr<Statement, ReleaseStatement>;

/// What a transaction is begun for.
enum class Begin {
  kRead,    ///< One unchanging view of the database.
  kWrite,   ///< Takes the write lock at once, so that it cannot fail half-way for want of it.
  kSchema,  ///< The same, with foreign keys checked as a whole at the commit, so that tables can be
            ///< rebuilt. Of several processes, one at a time.
  kStatement,  ///< One statement that is a transaction of its own.
};

/// One session with a database. Thread: one at a time.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// Whose SQL the connection speaks.
  virtual Dialect dialect() const = 0;

  /// A cached statement for `sql`, which is one statement with `?` where values go. Throws:
  /// `DatabaseError`.
  virtual StatementLease prepare(std::string_view sql) = 0;
  /// Runs every statement of `sql`.
  virtual void run_script(std::string_view sql) = 0;
  /// Begins a transaction. Requires: there is none.

  virtual void begin(Begin kind) = 0;
  /// Sets a setting of the session until the end of this transaction, whatever statements of it
  /// fail. Without effect where a database has no sessions with settings (SQLite).
  virtual void set_local(std::string_view name, std::string_view value) = 0;
  /// Makes everything since `begin` last. Throws: `DatabaseError`; then nothing of it is stored.
  virtual void commit() = 0;
  /// Ends the transaction, if there is still one, undoing it.
  virtual void rollback() noexcept = 0;
  /// False once the database itself has undone the transaction, as it may after a serious error.
  virtual bool in_transaction() const = 0;

  /// Throws `DatabaseError` (`kForeignKey`) if a reference whose check was put off has nothing to
  /// refer to: the commit would fail.
  virtual void require_resolved_references() = 0;

  /// Gives what runs from now on, in the same transaction, all the time that a piece of work may
  /// take. `begin` does the same.
  virtual void start_clock() noexcept = 0;
  /// Marks a place to come back to. One at a time.
  virtual void savepoint() = 0;
  /// Forgets the mark and keeps what came after it.
  virtual void release_savepoint() = 0;
  /// Undoes what came after the mark.
  virtual void rollback_to_savepoint() = 0;

  /// Statements handed out and not yet released.
  virtual int statements_in_use() const = 0;
};

}  // namespace hornbeam::data
