#include "hornbeam/data/sqlite/connection.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "hornbeam/data/sqlite/error.h"

namespace hornbeam::data::sqlite {

namespace {

static_assert(SQLITE_VERSION_NUMBER >= 3'039'000, "data needs SQLite 3.39 or newer");

constexpr auto kNever = std::chrono::steady_clock::time_point::max();

// Called while a statement is prepared: only the connection itself may begin, mark and end
// transactions.
int authorize(void* may_control, int action, const char*, const char*, const char*, const char*) {
  const bool controls = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT;
  return controls && !*static_cast<const bool*>(may_control) ? SQLITE_DENY : SQLITE_OK;
}

int note_log_pages(void* log_pages, sqlite3*, const char*, int pages) {
  *static_cast<int*>(log_pages) = pages;
  return SQLITE_OK;
}

}  // namespace

void SqliteConnection::CloseHandle::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

SqliteConnection::SqliteConnection(std::shared_ptr<Shared> shared, Role role)
    : shared_(std::move(shared)) {
  open_file();
  harden();
  statements_ = std::make_unique<StatementCache>(handle_.get(), shared_->options.cached_statements);
  controls_ = std::make_unique<StatementCache>(handle_.get(), 16);
  configure(role);
  may_control_ = false;
  sqlite3_set_authorizer(handle_.get(), authorize, &may_control_);
}

SqliteConnection::~SqliteConnection() {
  rollback();
  if (shared_->disk_failed) {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

void SqliteConnection::open_file() {
  const Location& location = shared_->location;
  if (!location.in_memory()) {
    const auto folder = std::filesystem::path(location.path).parent_path();
    std::error_code failed;
    if (!folder.empty()) std::filesystem::create_directories(folder, failed);
    if (failed) {
      throw DatabaseError(
          ErrorKind::kIo,
          fmt::format("cannot open {}: its folder {} is not there and cannot be made ({}). Make "
                      "it, or choose another place",
                      location.path, folder.string(), failed.message()));
    }
  }
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(shared_->file_name.c_str(), &opened, flags, file_layer());
  handle_.reset(opened);
  if (code != SQLITE_OK) {
    throw_failure(opened, code, fmt::format("opening the database {}", location.path));
  }
}

const char* SqliteConnection::file_layer() const {
  if (shared_->location.in_memory()) return "memdb";
  if (shared_->log_files) return shared_->log_files->name().c_str();
  return shared_->location.vfs.empty() ? nullptr : shared_->location.vfs.c_str();
}

// What SQLite still allows for the sake of programs written long ago.
void SqliteConnection::harden() {
  const auto set = [this](int setting, int on) {
    sqlite3_db_config(handle_.get(), setting, on, nullptr);
  };
  set(SQLITE_DBCONFIG_DEFENSIVE, 1);       // SQL cannot damage the file
  set(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);  // nor can a schema call functions that do things
  set(SQLITE_DBCONFIG_DQS_DML, 0);         // a misspelt "column" is an error and not a text
  set(SQLITE_DBCONFIG_DQS_DDL, 0);
}

void SqliteConnection::configure(Role role) {
  const auto timeout = static_cast<int>(shared_->options.busy_timeout.count());
  sqlite3_busy_timeout(handle_.get(), timeout);
  if (!shared_->location.in_memory()) require_write_ahead_log();
  const bool full = shared_->options.synchronous == Synchronous::kFull;
  run_script(fmt::format(
      "PRAGMA synchronous = {};"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA recursive_triggers = ON;"  // so that REPLACE fires those of the rows it deletes
      "PRAGMA temp_store = MEMORY;"      // what a savepoint would undo stays out of the file system
      "PRAGMA cache_size = -16384;"      // 16 MiB
      "PRAGMA journal_size_limit = {};"  // a log that once grew is cut back to this
      "PRAGMA query_only = {}",
      full ? "FULL" : "NORMAL", 64 << 20, role == Role::kReader ? "ON" : "OFF"));
  constexpr int kStepsBetweenLooks =
      10'000;  // of SQLite's virtual machine: well under a millisecond
  sqlite3_progress_handler(handle_.get(), kStepsBetweenLooks, is_over_time, this);
  // In place of SQLite's own checkpoints, which would run inside of somebody's commit.
  sqlite3_wal_hook(handle_.get(), note_log_pages, &log_pages_);
}

int SqliteConnection::is_over_time(void* self) {
  const auto& connection = *static_cast<const SqliteConnection*>(self);
  return std::chrono::steady_clock::now() > connection.work_ends_at_ ? 1 : 0;
}

void SqliteConnection::require_write_ahead_log() {
  const std::string mode = set_write_ahead_log();
  if (mode == "wal") return;
  throw DatabaseError(
      ErrorKind::kIo,
      fmt::format("{} cannot have a write-ahead log (its journal mode stays \"{}\"): keep the "
                  "database on a local disk, not on a network file system",
                  shared_->location.path, mode));
}

// Two who open a new file at the same moment both read it and both want to change it. SQLite does
// not let one wait for the other then, since neither could go on: it refuses one, who tries again.
std::string SqliteConnection::set_write_ahead_log() {
  constexpr std::chrono::milliseconds kPause{5};
  const auto until = std::chrono::steady_clock::now() + shared_->options.busy_timeout;
  while (true) {
    try {
      const StatementLease statement = prepare("PRAGMA journal_mode = WAL");
      statement->step();
      return std::string(statement->text(0));
    } catch (const DatabaseError& failure) {
      const bool is_over = std::chrono::steady_clock::now() >= until;
      if (failure.kind() != ErrorKind::kBusy || is_over) throw;
    }
    std::this_thread::sleep_for(kPause);
  }
}

void SqliteConnection::run_script(std::string_view sql) {
  const std::string script(sql);
  const char* rest = script.c_str();
  while (*rest != '\0') {
    sqlite3_stmt* statement = nullptr;
    const char* next = nullptr;
    int code = sqlite3_prepare_v2(handle_.get(), rest, -1, &statement, &next);
    if (code != SQLITE_OK) throw_failure(handle_.get(), code, "preparing a statement", rest);
    if (statement != nullptr) {
      while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      }
      sqlite3_finalize(statement);
      const std::string_view one(rest, static_cast<std::size_t>(next - rest));
      if (code != SQLITE_DONE) throw_failure(handle_.get(), code, "running a statement", one);
    }
    rest = next;
  }
}

void SqliteConnection::control(std::string_view sql) {
  may_control_ = true;
  struct Restore {
    bool& flag;
    ~Restore() { flag = false; }
  } restore{may_control_};
  controls_->lease(sql)->step();
}

void SqliteConnection::begin(Begin kind) {
  lock_turn(kind);
  try {
    if (kind == Begin::kSchema) control("PRAGMA foreign_keys = OFF");
    control(kind == Begin::kRead ? "BEGIN" : "BEGIN IMMEDIATE");
    checks_references_late_ = kind == Begin::kSchema;
    if (kind != Begin::kSchema) start_clock();
  } catch (...) {
    unlock_turn();
    throw;
  }
}

void SqliteConnection::commit() {
  if (checks_references_late_) require_foreign_keys_hold();
  work_ends_at_ = kNever;
  control("COMMIT");
  if (std::exchange(checks_references_late_, false)) control("PRAGMA foreign_keys = ON");
  unlock_turn();
}

void SqliteConnection::start_clock() noexcept {
  work_ends_at_ = std::chrono::steady_clock::now() + shared_->options.longest_work;
}

void SqliteConnection::rollback() noexcept {
  work_ends_at_ = kNever;
  if (in_transaction()) {
    may_control_ = true;
    sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    may_control_ = false;
  }
  if (std::exchange(checks_references_late_, false)) {
    sqlite3_exec(handle_.get(), "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
  }
  unlock_turn();
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

void SqliteConnection::require_resolved_references() {
  int unresolved = 0;
  int highest = 0;
  sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &highest, 0);
  if (unresolved == 0) return;
  throw DatabaseError(ErrorKind::kForeignKey,
                      "a row refers to one that does not exist, and the transaction is at its end");
}

void SqliteConnection::require_foreign_keys_hold() {
  const StatementLease broken = prepare("PRAGMA foreign_key_check");
  if (!broken->step()) return;
  throw DatabaseError(
      ErrorKind::kForeignKey,
      fmt::format(R"(a row of table "{}" refers to one that table "{}" does not have)",
                  broken->text(0), broken->text(2)));
}

void SqliteConnection::lock_turn(Begin kind) {
  if (!shared_->location.in_memory()) return;
  if (kind == Begin::kRead) {
    shared_->memory_turns.lock_shared();
    turn_ = Turn::kShared;
  } else {
    shared_->memory_turns.lock();
    turn_ = Turn::kAlone;
  }
}

void SqliteConnection::unlock_turn() noexcept {
  const Turn turn = std::exchange(turn_, Turn::kNone);
  if (turn == Turn::kShared) shared_->memory_turns.unlock_shared();
  if (turn == Turn::kAlone) shared_->memory_turns.unlock();
}

void SqliteConnection::checkpoint() {
  const int code =
      sqlite3_wal_checkpoint_v2(handle_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return;
  throw_failure(handle_.get(), code, "copying the write-ahead log into the database");
}

}  // namespace hornbeam::data::sqlite
