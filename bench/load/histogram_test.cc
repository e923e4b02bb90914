#include "bench/load/histogram.h"

#include <gtest/gtest.h>

namespace hornbeam::bench {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, GivesPercentilesWithinThreePercent) {
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 100'000; ++i) histogram.record(std::uint64_t{10} * i);
  for (const double share : {0.01, 0.5, 0.9, 0.99}) {
    const auto found = static_cast<double>(histogram.percentile(share));
    EXPECT_NEAR(found, share * 1'000'000, 0.032 * share * 1'000'000) << share;
  }
  EXPECT_EQ(histogram.largest(), 1'000'000U);
}

TEST(Histogram, TakesEveryDurationThatAClockCanGive) {
  Histogram histogram;
  histogram.record(nanoseconds(-5));
  EXPECT_EQ(histogram.percentile(0), 0U);
  histogram.record(nanoseconds::max());
  EXPECT_EQ(histogram.largest(), static_cast<std::uint64_t>(nanoseconds::max().count()));
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
  EXPECT_EQ(one.percentile(0.5), 20U);
  EXPECT_EQ(one.largest(), 30U);
}

TEST(Histogram, IsZeroWhenEmpty) {
  EXPECT_EQ(Histogram().percentile(0.99), 0U);
}

}  // namespace
}  // namespace hornbeam::bench
