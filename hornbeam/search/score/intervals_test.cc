#include "hornbeam/search/score/intervals.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace hornbeam::search {
namespace {

Intervals words(std::initializer_list<std::uint32_t> positions) {
  Intervals made;
  for (const std::uint32_t position : positions) made.push_back({position, position});
  return made;
}

TEST(IntervalsTest, TheLeastInOrderAreFound) {
  const Intervals parts[] = {words({0, 5}), words({1, 3, 9})};
  EXPECT_EQ(in_order(parts), (Intervals{{0, 1, 2}, {5, 9, 2}}));
  EXPECT_EQ(in_order(parts)[1].gaps(), 3U);
  const Intervals late[] = {words({0, 2}), words({3})};
  EXPECT_EQ(in_order(late), (Intervals{{2, 3, 2}}));
  const Intervals never[] = {words({4}), words({3})};
  EXPECT_EQ(in_order(never), Intervals{});
}

TEST(IntervalsTest, TheLeastInAnyOrderAreFound) {
  const Intervals parts[] = {words({1, 3}), words({4})};
  EXPECT_EQ(in_any_order(parts, true), (Intervals{{3, 4, 2}}));
  const Intervals same[] = {words({1, 2}), words({1, 2})};
  EXPECT_EQ(in_any_order(same, false), (Intervals{{1, 2, 2}}));
  EXPECT_EQ(in_any_order(same, true).size(), 2U);
}

TEST(IntervalsTest, WhatHasAnotherInsideIsLeftOut) {
  EXPECT_EQ(minimal({{0, 9}, {2, 3}, {1, 5}, {4, 8}}), (Intervals{{2, 3}, {4, 8}}));
  const Intervals parts[] = {{{0, 4}}, words({2})};
  EXPECT_EQ(any_of(parts), words({2}));
}

TEST(IntervalsTest, IntervalsAreChosenByHowTheyLie) {
  const Intervals all = {{0, 1}, {3, 6}, {8, 9}};
  using enum IntervalRelation;
  EXPECT_EQ(related(all, kAfter, words({2})), (Intervals{{3, 6}, {8, 9}}));
  EXPECT_EQ(related(all, kBefore, words({2})), (Intervals{{0, 1}}));
  EXPECT_EQ(related(all, kContaining, words({4})), (Intervals{{3, 6}}));
  EXPECT_EQ(related(all, kContainedBy, {{2, 7}}), (Intervals{{3, 6}}));
  EXPECT_EQ(related(all, kOverlapping, {{6, 8}}), (Intervals{{3, 6}, {8, 9}}));
  EXPECT_EQ(related(all, kNotContaining, words({4})), (Intervals{{0, 1}, {8, 9}}));
  EXPECT_EQ(related(all, kNotContainedBy, {{2, 7}}), (Intervals{{0, 1}, {8, 9}}));
  EXPECT_EQ(related(all, kNotOverlapping, {{6, 8}}), (Intervals{{0, 1}}));
}

/// All that can be put together of one word of each part, without those that have another inside.
Intervals by_hand(const Intervals& a, const Intervals& b, bool is_ordered) {
  Intervals all;
  for (const Interval& one : a) {
    for (const Interval& other : b) {
      if (is_ordered && other.start <= one.end) continue;
      all.push_back({std::min(one.start, other.start), std::max(one.end, other.end), 2});
    }
  }
  Intervals kept;
  for (const Interval& one : all) {
    bool is_least = true;
    for (const Interval& other : all) {
      const bool is_inside = one.start <= other.start && other.end <= one.end;
      is_least = is_least && (!is_inside || other == one);
    }
    if (is_least && std::ranges::find(kept, one) == kept.end()) kept.push_back(one);
  }
  std::ranges::sort(kept, {}, &Interval::start);
  return kept;
}

TEST(IntervalsTest, FindsWhatTryingEverythingFinds) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    Intervals parts[2];
    for (Intervals& part : parts) {
      for (std::uint32_t position = 0; position < 12; ++position) {
        if (random() % 3 == 0) part.push_back({position, position});
      }
    }
    EXPECT_EQ(in_order(parts), by_hand(parts[0], parts[1], true)) << round;
    EXPECT_EQ(in_any_order(parts, true), by_hand(parts[0], parts[1], false)) << round;
  }
}

}  // namespace
}  // namespace hornbeam::search
