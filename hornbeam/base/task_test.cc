#include "hornbeam/base/task.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/loop.h"
#include "hornbeam/base/sleep.h"
#include "hornbeam/base/thread_pool.h"

namespace hornbeam::base {
namespace {

Task<int> one() {
  co_return 1;
}
Task<int> sum(int depth) {
  if (depth == 0) co_return 0;
  co_return co_await one() + co_await sum(depth - 1);
}
Task<void> throws() {
  throw std::runtime_error("on purpose");
  co_return;
}

TEST(Task, DeepAwaitsDoNotGrowTheStack) {
  EXPECT_EQ(run(sum(10'000)), 10'000);
}

TEST(Task, AnExceptionLeavesThroughTheAwait) {
  auto caught = []() -> Task<std::string> {
    try {
      co_await throws();
    } catch (const std::runtime_error& failure) {
      co_return failure.what();
    }
    co_return "";
  };
  EXPECT_EQ(run(caught()), "on purpose");
  EXPECT_THROW(run(throws()), std::runtime_error);
}

TEST(Task, DoesNothingUntilAwaited) {
  bool started = false;
  auto body = [](bool& flag) -> Task<void> {
    flag = true;
    co_return;
  };
  {
    auto task = body(started);
    EXPECT_TRUE(static_cast<bool>(task));
  }
  EXPECT_FALSE(started);
}

TEST(Completion, ResumesOnTheExecutorThatWaited) {
  ThreadPool pool(2);
  auto body = [&pool]() -> Task<bool> {
    const Executor* before = Executor::current();
    const int value = co_await pool.run([] { return 42; });
    co_return value == 42 && Executor::current() == before&& before != nullptr;
  };
  EXPECT_TRUE(run(body()));
}

TEST(Completion, TheFirstSetWins) {
  Completion<int> completion;
  EXPECT_TRUE(completion.set(1));
  EXPECT_FALSE(completion.set(2));
  auto body = [completion]() -> Task<int> { co_return co_await completion.wait(); };
  EXPECT_EQ(run(body()), 1);
}

TEST(Loop, RunsDelayedJobsInOrderOfTimeAndDropsCancelledOnes) {
  Loop loop;
  std::string order;
  loop.post_after(std::chrono::milliseconds(8), [&] {
    order += "c";
    loop.stop();
  });
  loop.post_after(std::chrono::milliseconds(1), [&] { order += "a"; });
  const auto dropped = loop.post_after(std::chrono::milliseconds(2), [&] { order += "x"; });
  loop.post_after(std::chrono::milliseconds(4), [&] { order += "b"; });
  loop.cancel(dropped);
  loop.run();
  EXPECT_EQ(order, "abc");
}

TEST(Sleep, WakesOnTheLoop) {
  auto body = []() -> Task<bool> {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return Executor::current() != nullptr;
  };
  EXPECT_TRUE(run(body()));
}

}  // namespace
}  // namespace hornbeam::base
