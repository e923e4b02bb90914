#pragma once

// Database: the only truth of an application, off its loops.
//
//   auto database = data::Database::open("sqlite:///var/app.db");
//   std::int64_t id = co_await database->write([&](data::Transaction& tx) { return tx.insert(post);
//   }); auto found = co_await database->read([id](data::Snapshot& db) { return db.find<Post>(id);
//   });
//
// Work runs on threads of the database, never on a loop; the caller resumes on its own executor. A
// write that has returned is on disk (see `DatabaseOptions::synchronous`).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/data/internal/job.h"
#include "hornbeam/data/transaction.h"

namespace hornbeam::data {

/// When a commit counts as done.
enum class Synchronous {
  kFull,    ///< When it is on disk: it survives a power cut.
  kNormal,  ///< When the system has it: it survives a killed process, not a power cut.
};

/// What transactions that write at the same time may see of each other. SQLite's writes come one
/// after the other, which is `kSerializable`.
enum class Isolation { kReadCommitted, kRepeatableRead, kSerializable };

/// How a database is opened and how patient it is. The defaults fit a server of a few cores.
struct DatabaseOptions {
  /// Threads that read at the same time, each with a connection. Raise it when reads wait for each
  /// other.
  int readers = 2;
  /// Threads that write at the same time, each with a connection. SQLite has one, whatever this
  /// says. Raise it when writes wait for each other and the server has cores to spare.
  int writers = 4;
  /// Serializable makes work that is right by itself right in company, on SQLite and on PostgreSQL
  /// alike. Lower it, for PostgreSQL, if retries are many (`DatabaseStatistics::retries`) and the
  /// work takes its own locks.
  Isolation isolation = Isolation::kSerializable;
  /// How often work is tried that lost to another at the same time, or whose connection broke
  /// before its commit, before it fails with `kConflict` or `kUnavailable`. So work may run more
  /// than once: it must not move from what it captured. On SQLite, work runs again if other work
  /// fails that came after it and was to share its commit; 1 keeps it from that, at the price of a
  /// savepoint for each piece of work.
  int most_attempts = 8;
  /// The pause before the second attempt, which doubles with each; half of it is random.
  std::chrono::milliseconds retry_pause{2};
  /// How long to try to reach a server that is away, such as one that starts anew.
  std::chrono::milliseconds connect_timeout{5000};
  /// How long work may wait for a connection before it fails with `kBusy`. PostgreSQL only.
  std::chrono::milliseconds longest_wait{30'000};
  /// How long to wait for another process's lock before failing with `kBusy`.
  std::chrono::milliseconds busy_timeout{5000};
  /// How long one piece of work may keep SQL running before it fails with `kTimeout`: work that
  /// never ends would hold up every write, or keep the log from being copied.
  std::chrono::milliseconds longest_work{30'000};
  /// How long the writer waits for company after the first write of a batch. Zero suffices under
  /// load, since writes gather while the disk is busy; raise it to trade latency for fewer fsyncs.
  std::chrono::microseconds group_commit_window{0};
  /// Writes that share one commit at most; bounds how long a loop is busy resuming their callers.
  std::size_t largest_batch = 256;
  /// Writes, and reads, that may wait; one more fails at once with `kBusy`.
  std::size_t most_queued = 65'536;
  /// What an acknowledged write is worth. Lower it for data that can be made again.
  Synchronous synchronous = Synchronous::kFull;
  /// Prepared statements kept per connection.
  std::size_t cached_statements = 256;
};

/// What one piece of work is begun with.
struct WorkOptions {
  /// Settings of the session, for this work alone: see `Setting`.
  std::vector<Setting> settings;
  /// How often to try this work, in the place of `DatabaseOptions::most_attempts`: 1 for work that
  /// must not run twice, such as one that sends a letter; more for what must come through.
  std::optional<int> most_attempts = {};
};

/// Counters since the database was opened.
struct DatabaseStatistics {
  std::uint64_t writes = 0;         ///< Pieces of work given to `write`.
  std::uint64_t failed_writes = 0;  ///< Those of them that were undone.
  std::uint64_t commits = 0;        ///< Commits they shared.
  std::uint64_t largest_batch = 0;  ///< The most that one commit was shared by.
  std::uint64_t reads = 0;          ///< Pieces of work given to `read`.
  std::uint64_t checkpoints = 0;    ///< Times that SQLite's log was written back into its file.
  std::uint64_t retries = 0;        ///< Attempts after the first.
};

/// What `Work` returns when it is given a `Scope`.
template <class Work, class Scope>
using WorkResult = std::invoke_result_t<Work&, Scope&>;

/// A relational database. Thread: every member may be called from any thread.
///
/// Lifetime: outlives the tasks that its members returned, and ends after its queued work is done,
/// while the executors of those who wait still exist.
class Database {
 public:
  /// Opens `sqlite:///relative.db`, `sqlite:////absolute.db`, or `sqlite://` for one in memory;
  /// `postgresql://user@host:port/name?sslmode=verify-full`, with whatever libpq knows after the
  /// question mark, or `postgresql:///name?host=/run/postgresql` for a Unix socket.
  /// Throws: `DatabaseError`. Blocks: call it before the loops run.
  static std::unique_ptr<Database> open(std::string_view url, const DatabaseOptions& options = {});

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  /// Runs `work` (a call with a `Transaction&`) in a transaction of its own and gives what it
  /// returned once that is committed. Throws what the work threw, its writes undone, or
  /// `DatabaseError`. Requires: the caller runs on an executor.
  template <class Work>
  base::Task<WorkResult<Work, Transaction>> write(Work work, WorkOptions options = {}) {
    internal::WorkJob<Transaction, Work> job(work);
    job.begin_with(options.settings, options.most_attempts);
    co_await Submitted{*this, job, Access::kWrite};
    co_return job.take();
  }

  /// Runs one statement in a transaction of its own and gives the number of rows it changed once
  /// that is committed: what a `write` of one statement does, at less cost. Throws: as `write`.
  /// Requires: the caller runs on an executor; references that it makes are checked at once, not
  /// deferred.
  template <class... Args>
  base::Task<std::int64_t> execute(Sql<std::type_identity_t<Args>...> sql, Args... args) {
    auto work = [&](Transaction& tx) { return tx.execute(sql, args...); };
    internal::WorkJob<Transaction, decltype(work)> job(work);
    job.is_one_statement = true;
    co_await Submitted{*this, job, Access::kWrite};
    co_return job.take();
  }

  /// Runs `work` (a call with a `Snapshot&`) on one unchanging view of the database, which holds
  /// every write acknowledged before this call. Requires: the caller runs on an executor.
  template <class Work>
  base::Task<WorkResult<Work, Snapshot>> read(Work work, WorkOptions options = {}) {
    internal::WorkJob<Snapshot, Work> job(work);
    job.begin_with(options.settings, options.most_attempts);
    co_await Submitted{*this, job, Access::kRead};
    co_return job.take();
  }

  /// `write` for command lines and tests: blocks. Requires: the calling thread is no executor's
  /// (checked).
  template <class Work>
  WorkResult<Work, Transaction> write_now(Work work, const WorkOptions& options = {}) {
    internal::WorkJob<Transaction, Work> job(work);
    job.begin_with(options.settings, options.most_attempts);
    submit_and_wait(job, Access::kWrite);
    return job.take();
  }

  /// `read` for command lines and tests: blocks. Requires: the calling thread is no executor's
  /// (checked).
  template <class Work>
  WorkResult<Work, Snapshot> read_now(Work work, const WorkOptions& options = {}) {
    internal::WorkJob<Snapshot, Work> job(work);
    job.begin_with(options.settings, options.most_attempts);
    submit_and_wait(job, Access::kRead);
    return job.take();
  }

  /// A connection of one's own, for migrations and tools that block.
  virtual std::unique_ptr<Connection> connect() = 0;

  /// Whose SQL the database speaks.
  virtual Dialect dialect() const noexcept = 0;

  /// What has happened since it was opened. Thread: any.
  virtual DatabaseStatistics statistics() const = 0;

 protected:
  /// Which queue a piece of work belongs to.
  enum class Access { kRead, kWrite };

  /// Queues `job`; it is finished on the executor or at the latch that it names.
  virtual void submit(internal::Job& job, Access access) = 0;

 private:
  struct Submitted {
    Database& database;
    internal::Job& job;
    Access access;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) const {
      database.submit_and_resume(job, access, waiting);
    }
    void await_resume() const noexcept {}
  };

  void submit_and_resume(internal::Job& job, Access access, std::coroutine_handle<> waiting);
  void submit_and_wait(internal::Job& job, Access access);
};

}  // namespace hornbeam::data
