#pragma once

// Task: a coroutine that starts when it is awaited and hands its result to whoever awaits it.
//
//   Task<int> twice(Database& db) { int n = co_await db.count(); co_return 2 * n; }
//
// Lazy, because a task that has not started can be dropped, moved and stored without a race.
// Awaiting transfers control symmetrically (the stack does not grow with the depth of awaits), and
// the awaiter resumes on the same thread that finished the task; what crosses threads (database,
// timers) is built from `Completion`, which returns to the executor it was awaited on. Frames come
// from a per-thread free list, so that a busy server allocates none.

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "hornbeam/base/check.h"
#include "hornbeam/base/executor.h"

namespace hornbeam::base {

template <class Value = void>
class Task;

/// Memory of a coroutine frame, from a per-thread list of recently freed blocks of the same size
/// class.
void* allocate_frame(std::size_t size);
/// Gives memory of `allocate_frame` back. Requires: the `size` it was asked for.
void free_frame(void* frame, std::size_t size) noexcept;

namespace task_detail {

struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();

  static void* operator new(std::size_t size) { return allocate_frame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { free_frame(frame, size); }

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) noexcept {
      return done.promise().continuation;
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }
};

template <class Value>
struct Promise : PromiseBase {
  std::variant<std::monostate, Value, std::exception_ptr> result;

  Task<Value> get_return_object() noexcept;
  template <class From>
  void return_value(From&& value) {
    result.template emplace<1>(std::forward<From>(value));
  }
  void unhandled_exception() noexcept { result.template emplace<2>(std::current_exception()); }
  Value take() {
    if (result.index() == 2) std::rethrow_exception(std::get<2>(std::move(result)));
    return std::get<1>(std::move(result));
  }
};

template <>
struct Promise<void> : PromiseBase {
  std::exception_ptr failure;

  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void unhandled_exception() noexcept { failure = std::current_exception(); }
  void take() {
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }
};

}  // namespace task_detail

/// A computation that may wait. Starts when awaited; awaited at most once; an exception leaves
/// through the await.
template <class Value>
class [[nodiscard("a Task does nothing until it is awaited or spawned")]] Task {
 public:
  using promise_type = task_detail::Promise<Value>;
  using value_type = Value;

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      frame_ = std::exchange(other.frame_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { destroy(); }

  /// True until it has been awaited or moved from.
  explicit operator bool() const noexcept { return frame_ != nullptr; }

  /// Starts the task; its frame lives until the awaiter has the result.
  auto operator co_await() && noexcept {
    struct Awaiter {
      std::coroutine_handle<promise_type> frame;

      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        frame.promise().continuation = awaiting;
        return frame;
      }
      Value await_resume() { return frame.promise().take(); }
    };
    check(frame_ != nullptr, "a Task is awaited once");
    return Awaiter{frame_};
  }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  void destroy() noexcept {
    if (frame_) frame_.destroy();
  }

  std::coroutine_handle<promise_type> frame_;
};

template <class Value>
Task<Value> task_detail::Promise<Value>::get_return_object() noexcept {
  return Task<Value>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> task_detail::Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

/// What a coroutine returns that begins at once, is awaited by nobody and frees itself at its end.
/// It must catch whatever it throws: what escapes ends the process. Leaner than `spawn` where every
/// byte counts.
struct Detached {
  struct promise_type {
    static void* operator new(std::size_t size) { return allocate_frame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { free_frame(frame, size); }
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

/// Runs `task` to its end on the calling thread from here on, owned by itself; an exception is
/// logged under `name`. The one way to start a task that nobody awaits.
void spawn(Task<void> task, std::string name);

/// The same, begun as a job on `executor`.
void spawn_on(Executor& executor, Task<void> task, std::string name);

/// Whether a type is a `Task`.
template <class Value>
inline constexpr bool kIsTask = false;
template <class Value>
inline constexpr bool kIsTask<Task<Value>> = true;

}  // namespace hornbeam::base
