#pragma once

#include <memory>
#include <optional>
#include <type_traits>

#include "hornbeam/base/task.h"

namespace boost::asio {
class io_context;
}

namespace hornbeam::base {

/// An event loop: one thread's worth of sockets, timers and jobs, on Boost.Asio.
class Loop final : public Executor {
 public:
  Loop();
  ~Loop() override;

  /// Runs jobs on the calling thread until `stop`.
  void run();
  /// Makes `run` return after the job at hand. Thread: any.
  void stop();

  void post(Job job) override;
  TimerId post_after(std::chrono::nanoseconds delay, Job job) override;
  void cancel(TimerId timer) override;

  /// What Asio objects of this loop are built on.
  boost::asio::io_context& context() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Runs `task` to its end on a loop of its own on the calling thread: for `main`, tests and command
/// lines. Requires: the calling thread is not running a loop.
template <class Value>
Value run(Task<Value> task) {
  check(Executor::current() == nullptr, "base::run blocks: await the task instead on a loop");
  Loop loop;
  std::exception_ptr failure;
  using Stored = std::conditional_t<std::is_void_v<Value>, std::monostate, Value>;
  std::optional<Stored> result;
  auto body = [](Task<Value> inner, Loop& on, std::optional<Stored>& out,
                 std::exception_ptr& failed) -> Task<void> {
    try {
      if constexpr (std::is_void_v<Value>) {
        co_await std::move(inner);
        out.emplace();
      } else {
        out.emplace(co_await std::move(inner));
      }
    } catch (...) {
      failed = std::current_exception();
    }
    on.stop();
  };
  spawn_on(loop, body(std::move(task), loop, result, failure), "base::run");
  loop.run();
  if (failure) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

}  // namespace hornbeam::base
