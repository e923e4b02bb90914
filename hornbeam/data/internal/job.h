#pragma once

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

#include "hornbeam/base/executor.h"
#include "hornbeam/data/connection.h"

namespace hornbeam::data::internal {

/// Where a thread waits for its own job.
class Latch {
 public:
  void open();
  void wait();

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

/// Work on its way through a database thread. It lives in the frame of whoever waits for it, and
/// links to the next one itself, so that queueing, running and finishing a job allocate nothing.
class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Thread: the database's. What it throws becomes `failure`.
  virtual void run(Connection& connection) = 0;

  std::exception_ptr failure;
  Job* next = nullptr;
  /// One statement and no more: the database undoes it by itself if it fails, so that it needs no
  /// savepoint of its own.
  bool is_one_statement = false;
  void begin_with(std::span<const Setting> with, std::optional<int> attempts) {
    settings = with;
    most_attempts = attempts.value_or(0);
  }
  /// What the session is set to for this job alone.
  std::span<const Setting> settings;
  /// How often to try it; 0 means as the database does.
  int most_attempts = 0;

  /// When it began to wait, where that matters.
  std::chrono::steady_clock::time_point queued_at;

  // Either a coroutine on an executor waits, or a thread at a latch.
  base::Executor* executor = nullptr;
  std::coroutine_handle<> waiting;
  Latch* latch = nullptr;

 protected:
  ~Job() = default;
};

/// Marks the calling thread as one of a database, for as long as it lives: such a thread never
/// waits for a job.
class DatabaseThread {
 public:
  DatabaseThread() noexcept { is_current_ = true; }
  ~DatabaseThread() { is_current_ = false; }
  DatabaseThread(const DatabaseThread&) = delete;
  DatabaseThread& operator=(const DatabaseThread&) = delete;
  static bool is_current() noexcept { return is_current_; }

 private:
  static inline thread_local bool is_current_ = false;
};

/// Jobs in order, linked through themselves.
class JobList {
 public:
  JobList() = default;
  JobList(JobList&& other) noexcept
      : first_(std::exchange(other.first_, nullptr)),
        last_(std::exchange(other.last_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  JobList& operator=(JobList&&) = delete;

  bool empty() const noexcept { return first_ == nullptr; }
  std::size_t size() const noexcept { return size_; }
  Job* first() const noexcept { return first_; }
  void push(Job& job) noexcept;
  /// Takes the first job out, or gives null.
  Job* pop() noexcept;

 private:
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  std::size_t size_ = 0;
};

/// Wakes everyone who waits for these jobs, with one post to each executor for all of its own.
void finish(JobList jobs);

/// A job that calls `work` with a `Scope` (a Snapshot or a Transaction) and keeps what it returns.
template <class Scope, class Work>
class WorkJob final : public Job {
 public:
  using Value = std::invoke_result_t<Work&, Scope&>;
  static_assert(!std::is_reference_v<Value>,
                "work for a database returns a value, not a reference");

  explicit WorkJob(Work& work) : work_(work) {}

  void run(Connection& connection) override {
    for (const Setting& each : settings) connection.set_local(each.name, each.value);
    Scope scope(connection);
    if constexpr (std::is_void_v<Value>) {
      work_(scope);
    } else {
      value_.emplace(work_(scope));
    }
  }

  Value take() {
    if (failure) std::rethrow_exception(std::move(failure));
    if constexpr (!std::is_void_v<Value>) return *std::move(value_);
  }

 private:
  using Stored = std::conditional_t<std::is_void_v<Value>, std::monostate, Value>;
  Work& work_;
  std::optional<Stored> value_;
};

}  // namespace hornbeam::data::internal
