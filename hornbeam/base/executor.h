#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace hornbeam::base {

/// Where work runs: one thread that takes jobs in order. A coroutine resumes on the executor it was
/// suspended on.
///
/// Thread: every member may be called from any thread.
class Executor {
 public:
  /// Work that runs once, on one of the executor's threads; it must not throw.
  using Job = std::move_only_function<void()>;
  /// Names a delayed job; 0 names none.
  using TimerId = std::uint64_t;

  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  /// Runs `job` soon, never inside this call.
  virtual void post(Job job) = 0;
  /// Runs `job` once `delay` has passed, or, if this executor ends earlier, drops it.
  virtual TimerId post_after(std::chrono::nanoseconds delay, Job job) = 0;
  /// Drops a delayed job that has not begun; an unknown `timer` is ignored.
  virtual void cancel(TimerId timer) = 0;

  /// The executor whose job this thread is running, or null on a thread that is no executor's.
  static Executor* current() noexcept { return current_; }

  /// Names the calling thread's executor for as long as it lives. For implementations of executors.
  class Scope {
   public:
    /// Makes `executor` the current one. Requires: the calling thread is one of `executor`'s.
    /// Scopes nest, and end in reverse order.
    explicit Scope(Executor* executor) noexcept : previous_(current_) { current_ = executor; }
    ~Scope() { current_ = previous_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Executor* previous_;
  };

 private:
  static inline thread_local Executor* current_ = nullptr;
};

}  // namespace hornbeam::base
