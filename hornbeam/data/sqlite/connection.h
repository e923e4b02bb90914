#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <shared_mutex>
#include <string>

#include "hornbeam/data/connection.h"
#include "hornbeam/data/database.h"
#include "hornbeam/data/sqlite/location.h"
#include "hornbeam/data/sqlite/log_files.h"
#include "hornbeam/data/sqlite/statement.h"

struct sqlite3;

namespace hornbeam::data::sqlite {

/// What the connections of one database have in common.
struct Shared {
  Location location;
  DatabaseOptions options;
  /// How the log is written; none where commits are not synced, or there is no log.
  std::unique_ptr<LogFiles> log_files;
  /// SQLite's name of the file, or of the shared memory that takes its place.
  std::string file_name;
  /// The disk has failed: the log, whose copy into the file may be incomplete, is kept when the
  /// last connection closes.
  std::atomic<bool> disk_failed = false;
  /// A database in memory has no write-ahead log: its readers and its writer take turns here.
  std::shared_mutex memory_turns;
};

/// What a connection is for.
enum class Role { kReader, kWriter };

/// One connection of SQLite.
class SqliteConnection final : public Connection {
 public:
  /// Opens, and creates where missing. Throws: `DatabaseError`.
  SqliteConnection(std::shared_ptr<Shared> shared, Role role);
  ~SqliteConnection() override;

  Dialect dialect() const override { return Dialect::kSqlite; }
  StatementLease prepare(std::string_view sql) override { return statements_->lease(sql); }
  void run_script(std::string_view sql) override;
  void begin(Begin kind) override;
  void set_local(std::string_view /*name*/, std::string_view /*value*/) override {}
  void commit() override;
  void rollback() noexcept override;
  bool in_transaction() const override;
  void require_resolved_references() override;
  void start_clock() noexcept override;
  void savepoint() override { control("SAVEPOINT job"); }
  void release_savepoint() override { control("RELEASE job"); }
  void rollback_to_savepoint() override { control("ROLLBACK TO job"); }
  int statements_in_use() const override { return statements_->in_use(); }

  /// Pages in the write-ahead log after this connection's last commit.
  int log_pages() const noexcept { return log_pages_; }
  /// Copies what it can from the log to the database file without waiting for anyone. Throws:
  /// `DatabaseError`.
  void checkpoint();
  /// Leaves the log as it is when the last connection closes: after a failed fsync, its copy is the
  /// good one.
  void keep_log_on_close() noexcept;

 private:
  struct CloseHandle {
    void operator()(sqlite3* handle) const noexcept;
  };

  void open_file();
  const char* file_layer() const;
  void configure(Role role);
  void harden();
  void require_write_ahead_log();
  std::string set_write_ahead_log();
  static int is_over_time(void* self);
  /// Runs a statement that begins or ends something, which work itself is refused.
  void control(std::string_view sql);
  void lock_turn(Begin kind);
  void unlock_turn() noexcept;
  void require_foreign_keys_hold();

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<sqlite3, CloseHandle> handle_;
  std::unique_ptr<StatementCache> statements_;
  std::unique_ptr<StatementCache>
      controls_;  // apart, so that work cannot get hold of a prepared COMMIT
  bool may_control_ = true;
  bool checks_references_late_ = false;
  int log_pages_ = 0;
  std::chrono::steady_clock::time_point work_ends_at_ =
      std::chrono::steady_clock::time_point::max();
  enum class Turn { kNone, kShared, kAlone } turn_ = Turn::kNone;
};

}  // namespace hornbeam::data::sqlite
