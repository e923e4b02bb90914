#include "bench/load/histogram.h"

#include <gtest/gtest.h>

namespace hornbeam::bench {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, GivesPercentilesWithinThreePercent) {
  Histogram histogram;
  for (int i = 1; i <= 100'000; ++i) histogram.record(nanoseconds(i * 10));
  for (const double share : {0.01, 0.5, 0.9, 0.99}) {
    const auto found = static_cast<double>(histogram.percentile(share).count());
    EXPECT_NEAR(found, share * 1'000'000, 0.032 * share * 1'000'000) << share;
  }
  EXPECT_EQ(histogram.longest(), nanoseconds(1'000'000));
}

TEST(Histogram, TakesEveryDurationThatAClockCanGive) {
  Histogram histogram;
  histogram.record(nanoseconds(-5));
  EXPECT_EQ(histogram.percentile(0), nanoseconds(0));
  histogram.record(nanoseconds::max());
  EXPECT_EQ(histogram.longest(), nanoseconds::max());
  EXPECT_EQ(histogram.count(), 2U);
}

TEST(Histogram, AddsUp) {
  Histogram one;
  Histogram other;
  one.record(nanoseconds(10));
  other.record(nanoseconds(20));
  other.record(nanoseconds(30));
  one.add(other);
  EXPECT_EQ(one.count(), 3U);
  EXPECT_EQ(one.percentile(0.5), nanoseconds(20));
  EXPECT_EQ(one.longest(), nanoseconds(30));
}

TEST(Histogram, IsZeroWhenEmpty) {
  EXPECT_EQ(Histogram().percentile(0.99), nanoseconds(0));
}

}  // namespace
}  // namespace hornbeam::bench
