#include "hornbeam/feed/follower_thread.h"

#include <atomic>
#include <latch>
#include <stdexcept>

#include <gtest/gtest.h>

namespace hornbeam::feed {
namespace {

using std::chrono::milliseconds;

TEST(FollowerThread, RunsWhenItIsWokenAndAtOnceWhileThereIsMore) {
  InProcessWakeups wakeups;
  std::latch begun(1);
  std::latch done(1);
  std::atomic<int> runs = 0;
  FollowerThread thread({.poll = std::chrono::hours(1)}, &wakeups, [&](const std::stop_token&) {
    const int run = ++runs;
    if (run == 1) begun.count_down();
    if (run == 5) done.count_down();
    return run >= 2 && run < 5 ? Work::kMore : Work::kDone;
  });
  begun.wait();
  wakeups.announce();
  done.wait();
  thread.stop();
  EXPECT_GE(thread.state().runs, 4U);
}

TEST(FollowerThread, LooksByItselfWithoutAHint) {
  std::latch looked(3);
  std::atomic<int> runs = 0;
  FollowerThread thread({.poll = milliseconds(1)}, nullptr, [&](const std::stop_token&) {
    if (++runs <= 3) looked.count_down();
    return Work::kDone;
  });
  looked.wait();
}

TEST(FollowerThread, GoesOnAfterFailuresAndSaysWhatTheyWere) {
  std::latch recovered(1);
  std::atomic<int> runs = 0;
  FollowerThread thread({.poll = std::chrono::hours(1), .first_pause = milliseconds(1)}, nullptr,
                        [&](const std::stop_token&) {
                          if (++runs < 4) throw std::runtime_error("the target is away");
                          if (runs == 4) recovered.count_down();
                          return Work::kDone;
                        });
  recovered.wait();
  thread.stop();
  const FollowerState state = thread.state();
  EXPECT_EQ(state.failures, 3U);
  EXPECT_EQ(state.failures_in_a_row, 0U);
  EXPECT_EQ(state.last_failure, "the target is away");
}

}  // namespace
}  // namespace hornbeam::feed
