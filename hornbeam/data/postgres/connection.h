#pragma once

// A connection of PostgreSQL as the rest of data knows connections.
//
// What begins, marks and ends transactions is not sent for itself: it waits for the next statement
// and goes along with it. A transaction of one INSERT is two journeys (BEGIN with the INSERT, then
// COMMIT), a read is one, since nobody waits for the COMMIT of a read.
//
// PostgreSQL refuses everything after a statement that failed until the transaction, or a part of
// it, is undone. So that a statement that fails undoes itself only, each has a savepoint before it,
// except the first: before it there is nothing to keep, and the transaction is begun again.

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hornbeam/data/connection.h"
#include "hornbeam/data/database.h"
#include "hornbeam/data/error.h"
#include "hornbeam/data/postgres/statement.h"
#include "hornbeam/data/postgres/wire.h"

namespace hornbeam::data::postgres {

/// What the connections of one database have in common.
struct Shared {
  std::string url;
  DatabaseOptions options;
};

/// Whether to go on trying when a server refuses.
enum class Tries { kOne, kMany };

/// One connection. It is opened by the first use, and anew after it broke.
class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(std::shared_ptr<const Shared> shared);
  ~PostgresConnection() override;

  /// Opens the connection if there is none that works. Tries until `until`. Throws:
  /// `DatabaseError` (`kUnavailable`).
  void open(Wire::Time until, Tries tries = Tries::kMany);
  /// The connection broke, so that the transaction is gone.
  bool is_broken() const noexcept { return !wire_.is_open(); }
  /// The connection broke when what was sent may have been committed.
  bool may_be_committed() const noexcept { return may_be_committed_; }

  Dialect dialect() const override { return Dialect::kPostgresql; }
  StatementLease prepare(std::string_view sql) override;
  void run_script(std::string_view sql) override;
  void begin(Begin kind) override;
  void set_local(std::string_view name, std::string_view value) override;
  void commit() override;
  void rollback() noexcept override;
  bool in_transaction() const override { return is_active_ && wire_.is_open(); }
  void require_resolved_references() override;
  void start_clock() noexcept override;
  void savepoint() override;
  void release_savepoint() override;
  void rollback_to_savepoint() override;
  int statements_in_use() const override { return in_use_; }

 private:
  friend PostgresStatement;
  using Recent = std::list<std::shared_ptr<Prepared>>;

  // For statements.
  std::shared_ptr<Prepared> prepared(std::string_view sql, const std::vector<TypeNumber>& types);
  void run(PostgresStatement& statement);
  void read_on(PostgresStatement& statement);
  void end_use(PostgresStatement& statement) noexcept;

  void configure(Wire::Time until);
  std::shared_ptr<Prepared> prepare_anew(std::string_view sql,
                                         const std::vector<TypeNumber>& types);
  void forget(const Prepared& prepared);
  void run_job_control(std::string_view sql);
  void run_control(const char* name);
  /// Reads what is still on its way, so that the next answer is that of the next statement.
  void settle();
  /// Sends what has to come before a statement; gives how many answers that will have.
  int send_preamble();
  void send_settings(int& sent);
  void read_controls(int count, std::string_view sql);
  void note_success() noexcept;
  [[noreturn]] void fail(Result failure, std::string_view doing, std::string_view sql,
                         std::string_view sent = {});
  void drain_running(bool keep);

  std::shared_ptr<const Shared> shared_;
  Wire wire_;
  std::uint64_t next_name_ = 1;
  Recent recent_;  // most recently used first
  std::unordered_map<std::string, Recent::iterator> by_sql_;
  int in_use_ = 0;
  PostgresStatement* running_ = nullptr;  // its rows are still coming
  int unread_groups_ = 0;                 // sent, and nobody waits for the answer

  // The transaction.
  Begin kind_ = Begin::kRead;
  bool is_active_ = false;
  bool is_begun_ = false;    // BEGIN was sent
  bool is_aborted_ = false;  // a statement failed, which is to be undone before the next
  bool has_done_ = false;    // a statement succeeded
  bool has_savepoint_ = false;
  bool is_savepoint_old_ = false;  // a statement succeeded after it
  bool may_be_committed_ = false;
  std::vector<Setting> settings_;
  std::size_t settings_sent_ = 0;
  std::optional<DatabaseError> doomed_by_;  // a conflict, after which nothing of it can be kept
  Wire::Time work_ends_at_;
};

}  // namespace hornbeam::data::postgres
