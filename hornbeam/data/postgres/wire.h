#pragma once

// Wire: one connection to a server, by libpq in pipeline mode. What belongs together is sent in one
// piece and answered in one: a BEGIN, a setting and a savepoint cost no journeys of their own.
//
// Every wait has an end. At the end of a wait for an answer, the server is asked to cancel, which
// it tells by an error in place of the answer; if not even that comes, the connection is closed.

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "hornbeam/data/postgres/types.h"

struct pg_conn;
struct pg_result;

namespace hornbeam::data::postgres {

struct ClearResult {
  void operator()(pg_result* result) const noexcept;
};
using Result = std::unique_ptr<pg_result, ClearResult>;

/// The values of a statement, as libpq takes them.
struct Arguments {
  std::span<const char* const> values;
  std::span<const int> sizes;
  std::span<const int> formats;
};

/// One connection. Thread: one at a time.
class Wire {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Wire(std::string url) : url_(std::move(url)) {}

  /// Opens the connection, anew if there was one. Throws: `DatabaseError` (`kUnavailable`) with the
  /// reason, the password left out.
  void connect(Time until);
  void close() noexcept { connection_.reset(); }
  bool is_open() const noexcept;
  /// True if the server has ended the connection while it was idle. Requires: nothing is awaited.
  bool is_stale() noexcept;

  // What follows throws `DatabaseError` (`kUnavailable`) if the connection breaks, which is then
  // closed.

  /// Sends one statement that was prepared.
  void send(const char* prepared, const Arguments& arguments = {}, Format format = Format::kBinary);
  void send_prepare(const char* name, const std::string& sql, std::span<const TypeNumber> types);
  void send_describe(const char* name);
  /// Sends SQL once, without preparing it.
  void send_once(const std::string& sql);
  /// Ends a group: if one of it fails, the others of it are skipped. Then sends all that waits.
  void send_sync(Time until);

  /// The next answer; none at the end of the answers to one statement.
  Result receive(Time until);
  /// Asks for rows one by one. To be called before the first `receive` of a statement's answers.
  void receive_row_by_row();
  /// Drops answers to the end of the group.
  void skip_to_sync(Time until);

  /// Runs many statements in one go, outside of pipeline mode; gives the first failure, or none.
  /// Requires: nothing is awaited.
  Result run_script(const std::string& sql, Time until);

  /// Asks the server to give up what it is doing.
  void cancel() noexcept;

  bool is_in_transaction() const noexcept;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };

  void require_sent(int was_sent);
  [[noreturn]] void broken();
  void flush(Time until);
  /// Waits until there is something to read (or room to write). False at the end of the time.
  bool wait(short events, Time until) const;
  void wait_for_answer(Time until);

  std::string url_;
  std::unique_ptr<pg_conn, Finish> connection_;
};

}  // namespace hornbeam::data::postgres
