#include "hornbeam/http/internal/deadline_wheel.h"

#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::http {
namespace {

class Waiting final : public Pollable {
 public:
  void on_ready(std::uint32_t /*readiness*/) override {}
};

class DeadlineWheelTest : public testing::Test {
 protected:
  // Turns the wheel by `ticks`, and returns the tick at which each item expired.
  std::vector<std::uint32_t> turn(std::uint32_t ticks) {
    std::vector<std::uint32_t> expired;
    for (std::uint32_t i = 0; i < ticks; ++i) {
      wheel_.tick([&](Pollable& item) {
        expired.push_back(wheel_.now());
        if (again_ != 0) wheel_.set_deadline(item, wheel_.now() + again_);
      });
    }
    return expired;
  }
  void wait(Waiting& item, std::uint32_t ticks) {
    wheel_.set_deadline(item, wheel_.now() + ticks);
    if (item.wheel_link == nullptr) wheel_.insert(item);
  }

  DeadlineWheel wheel_;
  std::uint32_t again_ = 0;  // Set anew in `expire`, this far ahead.
};

using Ticks = std::vector<std::uint32_t>;

TEST_F(DeadlineWheelTest, ExpiresAtTheTickThatWasSet) {
  Waiting item;
  wait(item, 5);
  EXPECT_EQ(turn(10), Ticks{6});
}

TEST_F(DeadlineWheelTest, ExpiresLaterThanTheWheelIsLong) {
  Waiting item;
  wait(item, 1000);
  EXPECT_EQ(turn(2000), Ticks{1001});
}

TEST_F(DeadlineWheelTest, FollowsADeadlineThatMovesOn) {
  Waiting item;
  wait(item, 5);
  turn(3);
  wait(item, 5);
  EXPECT_EQ(turn(10), Ticks{9});
}

TEST_F(DeadlineWheelTest, FollowsADeadlineThatMovesForward) {
  Waiting item;
  wait(item, 75);
  turn(3);
  wait(item, 2);
  EXPECT_EQ(turn(10), Ticks{6});
}

TEST_F(DeadlineWheelTest, ExpiresAgainWhenSetWhileExpiring) {
  Waiting item;
  again_ = 2;
  wait(item, 1);
  EXPECT_EQ(turn(6), (Ticks{2, 4, 6}));
}

TEST_F(DeadlineWheelTest, KeepsThoseWithoutADeadlineAsMembers) {
  Waiting item;
  wheel_.insert(item);
  EXPECT_EQ(turn(500), Ticks{});
  int visited = 0;
  wheel_.for_each([&](Pollable&) { ++visited; });
  EXPECT_EQ(visited, 1);
  EXPECT_EQ(wheel_.size(), 1U);
}

TEST_F(DeadlineWheelTest, LetsExpireEraseOthersOfTheSameSlot) {
  Waiting first, second;
  wait(first, 1);
  wait(second, 1);
  int expired = 0;
  wheel_.tick([&](Pollable& item) {
    ++expired;
    wheel_.erase(&item == &first ? second : first);
  });
  EXPECT_EQ(expired, 1);
  EXPECT_EQ(wheel_.size(), 1U);
}

}  // namespace
}  // namespace hornbeam::http
