#include "hornbeam/data/postgres/wire.h"

#include <algorithm>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include "hornbeam/base/log.h"
#include "hornbeam/base/url_password.h"
#include "hornbeam/data/error.h"

namespace hornbeam::data::postgres {

namespace {

using std::chrono::steady_clock;

void log_notice(void* /*unused*/, const char* message) {
  std::string_view text(message);
  while (text.ends_with('\n')) text.remove_suffix(1);
  base::log_warning("PostgreSQL: {}", text);
}

std::string_view trimmed(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  return message;
}

}  // namespace

void ClearResult::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

void Wire::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

bool Wire::is_open() const noexcept {
  return connection_ && PQstatus(connection_.get()) == CONNECTION_OK;
}

void Wire::receive_row_by_row() {
  PQsetSingleRowMode(connection_.get());
}

bool Wire::wait(short events, Time until) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
  pollfd watched{PQsocket(connection_.get()), events, 0};
  return poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1 << 30))) !=
         0;
}

void Wire::connect(Time until) {
  const char* const names[] = {"dbname", "fallback_application_name", "client_encoding", nullptr};
  const char* const values[] = {url_.c_str(), "hornbeam", "UTF8", nullptr};
  connection_.reset(PQconnectStartParams(names, values, /*expand_dbname=*/1));
  if (!connection_) throw std::bad_alloc();
  PQsetNoticeProcessor(connection_.get(), log_notice, nullptr);
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  // Ends: at the latest with the time.
  while (PQstatus(connection_.get()) != CONNECTION_BAD && status != PGRES_POLLING_OK &&
         status != PGRES_POLLING_FAILED) {
    if (!wait(status == PGRES_POLLING_READING ? POLLIN : POLLOUT, until)) {
      close();
      throw DatabaseError(
          ErrorKind::kUnavailable,
          fmt::format("connecting to {}: no answer within DatabaseOptions::connect_timeout",
                      base::without_password(url_)));
    }
    status = PQconnectPoll(connection_.get());
  }
  if (PQstatus(connection_.get()) == CONNECTION_OK && PQsetnonblocking(connection_.get(), 1) == 0 &&
      PQenterPipelineMode(connection_.get()) == 1) {
    return;
  }
  const std::string reason =
      base::hide_password(std::string(trimmed(PQerrorMessage(connection_.get()))), url_);
  close();
  throw DatabaseError(ErrorKind::kUnavailable,
                      fmt::format("connecting to {}: {}", base::without_password(url_), reason));
}

bool Wire::is_stale() noexcept {
  if (!is_open()) return true;
  pollfd watched{PQsocket(connection_.get()), POLLIN, 0};
  if (poll(&watched, 1, 0) == 0) return false;
  // Something has come: a notice, a changed setting, or the end.
  if (PQconsumeInput(connection_.get()) == 1 && is_open()) return false;
  close();
  return true;
}

void Wire::broken() {
  const std::string reason =
      connection_ ? std::string(trimmed(PQerrorMessage(connection_.get()))) : "it is closed";
  close();
  throw DatabaseError(ErrorKind::kUnavailable, fmt::format("the connection to {} broke: {}",
                                                           base::without_password(url_), reason));
}

void Wire::require_sent(int was_sent) {
  if (was_sent != 1) [[unlikely]] {
    broken();
  }
}

void Wire::send(const char* prepared, const Arguments& arguments, Format format) {
  if (!connection_) broken();
  require_sent(PQsendQueryPrepared(connection_.get(), prepared,
                                   static_cast<int>(arguments.values.size()),
                                   arguments.values.data(), arguments.sizes.data(),
                                   arguments.formats.data(), format == Format::kBinary ? 1 : 0));
}

void Wire::send_prepare(const char* name, const std::string& sql,
                        std::span<const TypeNumber> types) {
  if (!connection_) broken();
  require_sent(PQsendPrepare(connection_.get(), name, sql.c_str(), static_cast<int>(types.size()),
                             types.data()));
}

void Wire::send_describe(const char* name) {
  require_sent(PQsendDescribePrepared(connection_.get(), name));
}

void Wire::send_once(const std::string& sql) {
  if (!connection_) broken();
  require_sent(
      PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
}

void Wire::send_sync(Time until) {
  require_sent(PQpipelineSync(connection_.get()));
  flush(until);
}

void Wire::flush(Time until) {
  // Ends: all is sent, the connection broke, or the time is over.
  while (true) {
    const int left = PQflush(connection_.get());
    if (left == 0) return;
    if (left < 0) broken();
    // The server may itself wait for its answers to be read before it reads on.
    if (!wait(POLLIN | POLLOUT, until)) {
      close();
      throw DatabaseError(ErrorKind::kTimeout,
                          "the server takes no more: the connection is closed");
    }
    if (PQconsumeInput(connection_.get()) != 1) broken();
  }
}

void Wire::wait_for_answer(Time until) {
  constexpr std::chrono::seconds kGrace{5};
  if (wait(POLLIN, until)) return;
  cancel();
  if (wait(POLLIN, steady_clock::now() + kGrace)) return;
  close();
  throw DatabaseError(ErrorKind::kTimeout,
                      "the server gave no answer in time and none to being cancelled: the "
                      "connection is closed");
}

Result Wire::receive(Time until) {
  if (!connection_) broken();
  while (PQisBusy(connection_.get()) != 0) {
    wait_for_answer(until);
    if (PQconsumeInput(connection_.get()) != 1) broken();
  }
  Result result(PQgetResult(connection_.get()));
  if (PQstatus(connection_.get()) != CONNECTION_OK) [[unlikely]] {
    broken();
  }
  return result;
}

void Wire::skip_to_sync(Time until) {
  // Ends: a sync was sent, so that one comes back, or the connection breaks.
  while (true) {
    const Result result = receive(until);
    if (result && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return;
  }
}

Result Wire::run_script(const std::string& sql, Time until) {
  if (!connection_) broken();
  require_sent(PQexitPipelineMode(connection_.get()));
  require_sent(PQsendQuery(connection_.get(), sql.c_str()));
  flush(until);
  Result failure;
  while (Result result = receive(until)) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) failure = std::move(result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      close();
      throw DatabaseError(ErrorKind::kSyntax, "a script cannot COPY from or to its program", sql);
    }
  }
  require_sent(PQenterPipelineMode(connection_.get()));
  return failure;
}

void Wire::cancel() noexcept {
  const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> ticket(PQgetCancel(connection_.get()),
                                                                  &PQfreeCancel);
  char reason[256];
  if (!ticket || PQcancel(ticket.get(), reason, sizeof reason) != 1) {
    base::log_warning("a statement could not be cancelled: {}", ticket ? reason : "no memory");
  }
}

bool Wire::is_in_transaction() const noexcept {
  if (!is_open()) return false;
  const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

}  // namespace hornbeam::data::postgres
