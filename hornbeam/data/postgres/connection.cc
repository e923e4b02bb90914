#include "hornbeam/data/postgres/connection.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "hornbeam/base/check.h"
#include "hornbeam/data/postgres/error.h"
#include "hornbeam/data/postgres/placeholders.h"

namespace hornbeam::data::postgres {

namespace {

using std::chrono::steady_clock;

constexpr const char* kBegin = "hb_begin";
constexpr const char* kBeginRead = "hb_begin_read";
constexpr const char* kCommit = "hb_commit";
constexpr const char* kRollback = "hb_rollback";
constexpr const char* kSavepoint = "hb_savepoint";
constexpr const char* kRelease = "hb_release";
constexpr const char* kRollbackTo = "hb_rollback_to";
constexpr const char* kSet = "hb_set";

struct Control {
  const char* name;
  const char* sql;
};
constexpr Control kControls[] = {
    {kBegin, "BEGIN"},  // at the isolation of the session
    {kBeginRead, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
    {kCommit, "COMMIT"},
    {kRollback, "ROLLBACK"},
    {kSavepoint, "SAVEPOINT hornbeam"},
    {kRelease, "RELEASE SAVEPOINT hornbeam"},
    {kRollbackTo, "ROLLBACK TO SAVEPOINT hornbeam"},
    {kSet, "SELECT set_config($1, $2, true)"},
};

bool is_failure(const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ||
         status == PGRES_PIPELINE_ABORTED;
}

std::string_view isolation_sql(Isolation isolation) {
  switch (isolation) {
    case Isolation::kReadCommitted:
      return "read committed";
    case Isolation::kRepeatableRead:
      return "repeatable read";
    case Isolation::kSerializable:
      break;
  }
  return "serializable";
}

std::string key_of(std::string_view sql, const std::vector<TypeNumber>& types) {
  std::string key(sql);
  for (const TypeNumber type : types) key += fmt::format("\n{}", type);
  return key;
}

}  // namespace

PostgresConnection::PostgresConnection(std::shared_ptr<const Shared> shared)
    : shared_(std::move(shared)), wire_(shared_->url) {
  work_ends_at_ = steady_clock::now() + shared_->options.longest_work;
}

PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::open(Wire::Time until, Tries tries) {
  may_be_committed_ = false;
  if (!wire_.is_stale()) return;
  base::check(in_use_ == 0, "a statement is in use while its connection is opened");
  by_sql_.clear();
  recent_.clear();
  running_ = nullptr;
  unread_groups_ = 0;
  std::chrono::milliseconds pause{10};
  // Ends: with a connection, or with the time. A server that starts refuses for a while.
  while (true) {
    try {
      wire_.connect(until);
      return configure(until);
    } catch (const DatabaseError&) {
      wire_.close();
      if (tries == Tries::kOne || steady_clock::now() + pause >= until) throw;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(500));
  }
}

void PostgresConnection::configure(Wire::Time until) {
  const DatabaseOptions& options = shared_->options;
  // The server ends what its client should have ended, should that hang or be gone.
  const auto longest = (options.longest_work + std::chrono::seconds(2)).count();
  const std::string settings = fmt::format(
      "SET statement_timeout = {}; SET lock_timeout = {}; "
      "SET idle_in_transaction_session_timeout = {}; SET timezone = 'UTC'; SET datestyle = 'ISO'; "
      "SET client_min_messages = warning; SET default_transaction_isolation = '{}'; "
      "SET synchronous_commit = {}",
      longest, options.busy_timeout.count(), longest, isolation_sql(options.isolation),
      options.synchronous == Synchronous::kFull ? "on" : "off");
  if (const Result failure = wire_.run_script(settings, until)) {
    throw_failure(*failure, "setting up a connection", settings);
  }
  for (const Control& control : kControls) wire_.send_prepare(control.name, control.sql, {});
  wire_.send_sync(until);
  wire_.skip_to_sync(until);
}

std::shared_ptr<Prepared> PostgresConnection::prepared(std::string_view sql,
                                                       const std::vector<TypeNumber>& types) {
  const std::string key = key_of(sql, types);
  if (const auto found = by_sql_.find(key); found != by_sql_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
    return recent_.front();
  }
  std::shared_ptr<Prepared> made = prepare_anew(sql, types);
  recent_.push_front(made);
  by_sql_.emplace(key, recent_.begin());
  if (recent_.size() > shared_->options.cached_statements && recent_.back().use_count() == 1) {
    wire_.send_once("DEALLOCATE " + recent_.back()->name);
    wire_.send_sync(work_ends_at_);
    ++unread_groups_;
    std::erase_if(by_sql_,
                  [&](const auto& entry) { return entry.second == std::prev(recent_.end()); });
    recent_.pop_back();
  }
  return made;
}

std::shared_ptr<Prepared> PostgresConnection::prepare_anew(std::string_view sql,
                                                           const std::vector<TypeNumber>& types) {
  if (is_blank(sql)) {
    throw DatabaseError(ErrorKind::kSyntax, "there is no statement in the SQL", sql);
  }
  if (is_transaction_control(sql)) throw_no_control(sql);
  auto made = std::make_shared<Prepared>();
  made->sql = sql;
  made->translated = translate_placeholders(sql).sql;
  made->name = fmt::format("h{}", next_name_++);
  settle();
  const int controls = send_preamble();
  wire_.send_prepare(made->name.c_str(), made->translated, types);
  wire_.send_describe(made->name.c_str());
  wire_.send_sync(work_ends_at_);
  read_controls(controls, sql);
  if (Result answer = wire_.receive(work_ends_at_); is_failure(answer)) {
    fail(std::move(answer), "preparing a statement", sql, made->translated);
  }
  wire_.receive(work_ends_at_);
  made->description = wire_.receive(work_ends_at_);
  wire_.skip_to_sync(work_ends_at_);
  const PGresult* described = made->description.get();
  for (int at = 0; at < PQnparams(described); ++at) {
    made->parameters.push_back(PQparamtype(described, at));
  }
  for (int at = 0; at < PQnfields(described); ++at) {
    made->columns.push_back(type_of(PQftype(described, at)));
    if (made->columns.back() == Type::kOther) made->format = Format::kText;
  }
  return made;
}

void PostgresConnection::forget(const Prepared& prepared) {
  std::erase_if(by_sql_, [&](const auto& entry) { return entry.second->get() == &prepared; });
  std::erase_if(recent_, [&](const auto& each) { return each.get() == &prepared; });
}

StatementLease PostgresConnection::prepare(std::string_view sql) {
  const std::shared_ptr<Prepared> found = prepared(sql, {});
  std::unique_ptr<PostgresStatement> statement = std::move(found->idle);
  if (statement) {
    statement->prepared_ = found;
  } else {
    statement = std::make_unique<PostgresStatement>(*this, found);
  }
  ++in_use_;
  return StatementLease(statement.release());
}

void PostgresConnection::settle() {
  if (running_ != nullptr) drain_running(true);
  while (unread_groups_ > 0) {
    wire_.skip_to_sync(work_ends_at_);
    --unread_groups_;
  }
}

void PostgresConnection::send_settings(int& sent) {
  for (; settings_sent_ < settings_.size(); ++settings_sent_) {
    const Setting& setting = settings_[settings_sent_];
    const char* const values[] = {setting.name.c_str(), setting.value.c_str()};
    const int sizes[] = {0, 0};
    const int formats[] = {0, 0};
    wire_.send(kSet, {values, sizes, formats});
    ++sent;
  }
}

int PostgresConnection::send_preamble() {
  int sent = 0;
  const auto send = [&](const char* name) {
    wire_.send(name);
    ++sent;
  };
  if (!is_active_) return 0;
  if (kind_ == Begin::kStatement) {
    settings_sent_ = 0;  // they end with each group, which is a transaction of its own
    send_settings(sent);
    return sent;
  }
  if (std::exchange(is_aborted_, false)) {
    send(has_savepoint_ ? kRollbackTo : kRollback);
    is_savepoint_old_ = false;
    if (!has_savepoint_) {
      is_begun_ = false;
      settings_sent_ = 0;
    }
  }
  if (!is_begun_) {
    send(kind_ == Begin::kRead ? kBeginRead : kBegin);
    is_begun_ = true;
    has_done_ = false;
    has_savepoint_ = false;
  }
  // In a read there is nothing that a savepoint would keep from being undone but settings.
  const bool has_news = settings_sent_ < settings_.size();
  if (has_savepoint_ && (has_news || (is_savepoint_old_ && kind_ != Begin::kRead))) {
    send(kRelease);
    has_savepoint_ = false;
  }
  send_settings(sent);
  if (has_done_ && !has_savepoint_ && kind_ != Begin::kSchema) {
    send(kSavepoint);
    has_savepoint_ = true;
    is_savepoint_old_ = false;
  }
  return sent;
}

void PostgresConnection::read_controls(int count, std::string_view sql) {
  for (int at = 0; at < count; ++at) {
    Result answer = wire_.receive(work_ends_at_);
    if (is_failure(answer)) fail(std::move(answer), "beginning a statement", sql);
    wire_.receive(work_ends_at_);
  }
}

void PostgresConnection::note_success() noexcept {
  has_done_ = true;
  is_savepoint_old_ = true;
}

void PostgresConnection::fail(Result failure, std::string_view doing, std::string_view sql,
                              std::string_view sent) {
  running_ = nullptr;
  is_aborted_ = is_active_ && kind_ != Begin::kStatement;
  try {
    wire_.skip_to_sync(work_ends_at_);
  } catch (const DatabaseError&) {
    // The server has said why before it went: that is the better message.
    wire_.close();
  }
  try {
    throw_failure(*failure, doing, sql, sent);
  } catch (const DatabaseError& error) {
    if (error.kind() == ErrorKind::kConflict) doomed_by_ = error;
    throw;
  }
}

void PostgresConnection::run(PostgresStatement& statement) {
  settle();
  const int controls = send_preamble();
  const Prepared& prepared = *statement.prepared_;
  wire_.send(prepared.name.c_str(), statement.arguments(), prepared.format);
  may_be_committed_ = kind_ == Begin::kStatement;
  wire_.send_sync(work_ends_at_);
  read_controls(controls, prepared.sql);
  if (!statement.fetches_at_once()) wire_.receive_row_by_row();
  statement.state_ = PostgresStatement::State::kRunning;
  running_ = &statement;
  read_on(statement);
  note_success();
  may_be_committed_ = false;
}

void PostgresConnection::read_on(PostgresStatement& statement) {
  Result result = wire_.receive(work_ends_at_);
  if (is_failure(result)) {
    statement.state_ = PostgresStatement::State::kDone;
    // After a change of the schema, what was prepared may give other columns than it said.
    const bool is_outdated =
        error_field(*result, PG_DIAG_SQLSTATE) == "0A000" &&
        error_field(*result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
    if (is_outdated) forget(*statement.prepared_);
    fail(std::move(result), "running a statement", statement.prepared_->sql);
  }
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
    wire_.close();
    throw DatabaseError(ErrorKind::kSyntax, "a statement cannot COPY from or to its program",
                        statement.prepared_->sql);
  }
  statement.take(std::move(result));
  if (statement.state_ == PostgresStatement::State::kDone) {
    running_ = nullptr;
    wire_.skip_to_sync(work_ends_at_);
  }
}

void PostgresConnection::drain_running(bool keep) {
  constexpr int kWorthReading = 1000;
  int dropped = 0;
  while (running_ != nullptr) {
    PostgresStatement& statement = *running_;
    read_on(statement);
    if (keep) continue;
    statement.waiting_.clear();
    // What a read leaves unread may be long, and nothing is lost by ending it.
    if (++dropped == kWorthReading && kind_ == Begin::kRead) wire_.cancel();
  }
}

void PostgresConnection::end_use(PostgresStatement& statement) noexcept {
  --in_use_;
  if (running_ != &statement) return;
  try {
    drain_running(false);
  } catch (...) {
    running_ = nullptr;  // as after a statement that failed; a broken connection shows itself
  }
}

void PostgresConnection::run_control(const char* name) {
  settle();
  const int controls = send_preamble() + 1;
  wire_.send(name);
  wire_.send_sync(work_ends_at_);
  read_controls(controls, {});
  wire_.skip_to_sync(work_ends_at_);
}

void PostgresConnection::run_script(std::string_view sql) {
  if (is_blank(sql)) return;
  if (!is_active_) open(work_ends_at_ = steady_clock::now() + shared_->options.longest_work);
  settle();
  if (const int controls = send_preamble(); controls > 0) {
    wire_.send_sync(work_ends_at_);
    read_controls(controls, sql);
    wire_.skip_to_sync(work_ends_at_);
  }
  const bool was_active = wire_.is_in_transaction();
  if (const Result failure = wire_.run_script(std::string(sql), work_ends_at_)) {
    is_aborted_ = is_active_;
    throw_failure(*failure, "running a script", sql);
  }
  if (was_active && !wire_.is_in_transaction()) throw_no_control(sql);
  note_success();
}

void PostgresConnection::begin(Begin kind) {
  base::check(!is_active_, "a transaction has begun already");
  const DatabaseOptions& options = shared_->options;
  if (!wire_.is_open()) open(steady_clock::now() + options.connect_timeout);
  kind_ = kind;
  is_active_ = true;
  is_begun_ = is_aborted_ = has_done_ = has_savepoint_ = is_savepoint_old_ = false;
  may_be_committed_ = false;
  settings_.clear();
  settings_sent_ = 0;
  doomed_by_.reset();
  constexpr std::chrono::hours kLong{24};  // a migration may have much to do
  work_ends_at_ = steady_clock::now() + (kind == Begin::kSchema ? std::chrono::milliseconds(kLong)
                                                                : options.longest_work);
  if (kind != Begin::kSchema) return;
  try {
    // The number is "hornbeam" in no alphabet in particular: who changes the schema holds it.
    run_script(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; "
        "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; "
        "SELECT pg_advisory_xact_lock(7522537965574647405); SET CONSTRAINTS ALL DEFERRED");
  } catch (...) {
    rollback();
    throw;
  }
}

void PostgresConnection::set_local(std::string_view name, std::string_view value) {
  base::check(is_active_, "set_local belongs into a transaction");
  settings_.push_back({std::string(name), std::string(value)});
}

void PostgresConnection::commit() {
  if (doomed_by_) {
    const DatabaseError reason = *doomed_by_;
    rollback();
    throw reason;
  }
  if (!is_begun_ || kind_ == Begin::kStatement) {
    is_active_ = false;
    return;
  }
  settle();
  const bool is_read = kind_ == Begin::kRead;
  const int undone = std::exchange(is_aborted_, false) ? 1 : 0;
  if (undone != 0) wire_.send(has_savepoint_ ? kRollbackTo : kRollback);
  if (undone == 0 || has_savepoint_) wire_.send(kCommit);
  const Wire::Time until = steady_clock::now() + shared_->options.longest_work;
  may_be_committed_ = !is_read;
  wire_.send_sync(until);
  is_active_ = is_begun_ = false;
  if (is_read) {
    ++unread_groups_;
    return;
  }
  read_controls(undone, {});
  if (undone == 0 || has_savepoint_) {
    Result answer = wire_.receive(until);
    if (is_failure(answer)) fail(std::move(answer), "committing", {});
    base::check(std::string_view(PQcmdStatus(answer.get())) == "COMMIT",
                "a transaction was to be committed and was undone");
  }
  wire_.skip_to_sync(until);
  may_be_committed_ = false;
}

void PostgresConnection::rollback() noexcept {
  const bool was_begun = std::exchange(is_begun_, false);
  is_active_ = is_aborted_ = false;
  if (!was_begun || !wire_.is_open()) return;
  try {
    settle();
    wire_.send(kRollback);
    wire_.send_sync(steady_clock::now() + shared_->options.longest_work);
    ++unread_groups_;
  } catch (...) {
    wire_.close();
  }
}

void PostgresConnection::require_resolved_references() {
  if (is_begun_ && !is_aborted_) run_script("SET CONSTRAINTS ALL IMMEDIATE");
}

// These are of use to who puts several pieces of work into one transaction, as the writer of
// SQLite; a name of their own keeps them apart from the savepoints of statements. One of those that
// was set before the job would take the job's along when it is released, so that it is given up.
void PostgresConnection::run_job_control(std::string_view sql) {
  has_done_ = false;
  run_script(sql);
  has_savepoint_ = false;
}
void PostgresConnection::start_clock() noexcept {
  work_ends_at_ = steady_clock::now() + shared_->options.longest_work;
}
void PostgresConnection::savepoint() {
  run_job_control("SAVEPOINT job");
}
void PostgresConnection::release_savepoint() {
  run_job_control("RELEASE SAVEPOINT job");
}
void PostgresConnection::rollback_to_savepoint() {
  is_aborted_ = has_savepoint_ = false;
  run_job_control("ROLLBACK TO SAVEPOINT job");
}

}  // namespace hornbeam::data::postgres
