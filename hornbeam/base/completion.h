#pragma once

// Completion: where a coroutine waits for something that happens on another thread, or later.
//
//   Completion<int> answer;
//   worker.post([answer]() mutable { answer.set(42); });
//   int n = co_await answer.wait();      // resumes on the executor that waited
//
// Copies share one state. Set once; later sets are ignored, so a timeout and a result may race.

#include <coroutine>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "hornbeam/base/executor.h"

namespace hornbeam::base {

/// A result that one side sets, from any thread, and one coroutine awaits.
template <class Value = void>
class Completion {
  using Stored = std::conditional_t<std::is_void_v<Value>, std::monostate, Value>;

 public:
  Completion() : state_(std::make_shared<State>()) {}

  /// Sets the value and wakes the waiter on its own executor. False if it was set before.
  template <class... From>
  bool set(From&&... value) {
    return finish([&](State& state) { state.value.emplace(std::forward<From>(value)...); });
  }
  /// Sets a failure that leaves through the await. False if it was set before.
  bool fail(std::exception_ptr failure) {
    return finish([&](State& state) { state.failure = std::move(failure); });
  }

  /// Awaits the value. Requires: one waiter.
  auto wait() const {
    struct Awaiter {
      std::shared_ptr<State> state;

      bool await_ready() const {
        const std::lock_guard lock(state->mutex);
        return state->is_set();
      }
      bool await_suspend(std::coroutine_handle<> waiting) const {
        const std::lock_guard lock(state->mutex);
        if (state->is_set()) return false;
        state->waiter = waiting;
        state->executor = Executor::current();
        return true;
      }
      Value await_resume() const {
        if (state->failure) std::rethrow_exception(state->failure);
        if constexpr (!std::is_void_v<Value>) return std::move(*state->value);
      }
    };
    return Awaiter{state_};
  }

 private:
  struct State {
    std::mutex mutex;
    std::optional<Stored> value;
    std::exception_ptr failure;
    std::coroutine_handle<> waiter;
    Executor* executor = nullptr;

    bool is_set() const { return value.has_value() || failure != nullptr; }
  };

  template <class Write>
  bool finish(Write write) {
    std::coroutine_handle<> waiter;
    Executor* executor = nullptr;
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->is_set()) return false;
      write(*state_);
      waiter = std::exchange(state_->waiter, nullptr);
      executor = state_->executor;
    }
    if (!waiter) return true;
    if (executor == nullptr || executor == Executor::current()) {
      waiter.resume();
    } else {
      executor->post([waiter] { waiter.resume(); });
    }
    return true;
  }

  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::base
