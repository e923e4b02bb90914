#pragma once

#include <chrono>
#include <coroutine>

#include "hornbeam/base/check.h"
#include "hornbeam/base/executor.h"

namespace hornbeam::base {

/// Awaits until `delay` has passed. Requires: a current executor.
inline auto sleep_for(std::chrono::nanoseconds delay) {
  struct Awaiter {
    std::chrono::nanoseconds delay;

    bool await_ready() const noexcept { return delay <= std::chrono::nanoseconds::zero(); }
    void await_suspend(std::coroutine_handle<> waiting) const {
      check(Executor::current() != nullptr, "sleep_for needs an executor");
      Executor::current()->post_after(delay, [waiting] { waiting.resume(); });
    }
    void await_resume() const noexcept {}
  };
  return Awaiter{delay};
}

}  // namespace hornbeam::base
