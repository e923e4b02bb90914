#pragma once

#include <coroutine>
#include <mutex>
#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/base/executor.h"

namespace hornbeam::live::internal {

/// A lock that a coroutine holds across its waits. First come, first served; a waiter resumes on
/// its own executor, never inside the unlock of another.
///
/// Waiters are linked through their own frames, so that neither locking nor waiting allocates.
class AsyncMutex {
  struct Waiter {
    std::coroutine_handle<> waiting;
    base::Executor* executor = nullptr;
    Waiter* next = nullptr;
  };

 public:
  AsyncMutex() = default;
  AsyncMutex(const AsyncMutex&) = delete;
  AsyncMutex& operator=(const AsyncMutex&) = delete;

  /// Holds the lock until it is destroyed. Lifetime: the mutex outlives it.
  class [[nodiscard]] Lock {
   public:
    explicit Lock(AsyncMutex& mutex) noexcept : mutex_(&mutex) {}
    Lock(Lock&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
      if (mutex_ != nullptr) mutex_->unlock();
    }

   private:
    AsyncMutex* mutex_;
  };

  /// Awaits the lock. Requires: an executor, unless nobody holds it.
  auto lock() noexcept {
    struct Awaiter {
      AsyncMutex& mutex;
      Waiter waiter{};

      bool await_ready() const noexcept { return false; }
      bool await_suspend(std::coroutine_handle<> waiting) noexcept {
        waiter.waiting = waiting;
        waiter.executor = base::Executor::current();
        return mutex.enter_or_queue(waiter);
      }
      Lock await_resume() const noexcept { return Lock(mutex); }
    };
    return Awaiter{*this};
  }

 private:
  /// True if `waiter` must wait.
  bool enter_or_queue(Waiter& waiter) noexcept {
    const std::lock_guard guard(mutex_);
    if (!std::exchange(is_held_, true)) return false;
    base::check(waiter.executor != nullptr, "waiting for a lock needs an executor");
    (last_ == nullptr ? first_ : last_->next) = &waiter;
    last_ = &waiter;
    return true;
  }

  void unlock() noexcept {
    Waiter* next = nullptr;
    {
      const std::lock_guard guard(mutex_);
      next = first_;
      if (next == nullptr) {
        is_held_ = false;
        return;
      }
      first_ = next->next;
      if (first_ == nullptr) last_ = nullptr;
    }
    // The lock passes on to `next`, whose frame lives until it resumes.
    next->executor->post([waiting = next->waiting] { waiting.resume(); });
  }

  std::mutex mutex_;
  bool is_held_ = false;
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace hornbeam::live::internal
