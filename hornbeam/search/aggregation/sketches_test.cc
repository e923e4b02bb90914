// cardinality, percentiles, percentile_ranks, median_absolute_deviation, weighted_avg.

#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/aggregation/cardinality_sketch.h"
#include "hornbeam/search/aggregation/hdr_histogram.h"
#include "hornbeam/search/aggregation/t_digest.h"
#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

TEST(CardinalitySketch, IsExactBelowItsThresholdAndNearAbove) {
  for (const std::uint32_t count : {0U, 1U, 100U, 3'000U, 10'000U, 200'000U}) {
    CardinalitySketch sketch(3'000);
    for (std::uint32_t i = 0; i < count; ++i) {
      sketch.add(hash_number(i));
      sketch.add(hash_number(i / 2));
    }
    if (count <= 3'000) {
      EXPECT_EQ(sketch.count(), count);
    } else {
      // Three times the standard error of 2^14 registers.
      EXPECT_NEAR(static_cast<double>(sketch.count()), count, count * 3 * 1.04 / 128);
    }
  }
}

TEST(TDigest, IsExactForFewNumbers) {
  TDigest digest(100);
  EXPECT_TRUE(std::isnan(digest.quantile(0.5)));
  for (const double value : {151, 1, 101, 51}) digest.add(value);
  const std::pair<double, double> cases[] = {{0, 1},     {0.05, 1},   {0.25, 51},
                                             {0.5, 101}, {0.75, 151}, {1, 151}};
  for (const auto& [share, expected] : cases) EXPECT_EQ(digest.quantile(share), expected) << share;
  EXPECT_EQ(digest.share_below(0), 0);
  EXPECT_EQ(digest.share_below(60), 0.5);
  EXPECT_EQ(digest.share_below(51), 0.375);
  EXPECT_EQ(digest.share_below(151), 1);
}

TEST(TDigest, IsNearForMany) {
  TDigest digest(100);
  std::mt19937 random(3);
  std::exponential_distribution<double> number(1);
  for (int i = 0; i < 100'000; ++i) digest.add(number(random));
  for (const double share : {0.01, 0.1, 0.5, 0.9, 0.99}) {
    const double value = digest.quantile(share);
    EXPECT_NEAR(1 - std::exp(-value), share, 0.005);
    EXPECT_NEAR(digest.share_below(value), share, 0.005);
  }
}

TEST(HdrHistogram, GivesTheHighestNumberThatCountsAsEqual) {
  HdrHistogram histogram(3);
  for (const double value : {51, 1, 151, 101}) histogram.add(value);
  EXPECT_EQ(histogram.quantile(0.25), 1.0);
  EXPECT_EQ(histogram.quantile(0.5), 51.0302734375);
  EXPECT_EQ(histogram.quantile(0.75), 101.0615234375);
  EXPECT_EQ(histogram.quantile(0.99), 151.1240234375);
  EXPECT_EQ(histogram.share_below(101), 0.75);
}

class Sketches : public ::testing::Test {
 protected:
  Sketches()
      : indices_(R"({"properties": {"n": {"type": "long"}, "x": {"type": "double"},
                                    "tag": {"type": "keyword"}}})",
                 {.indices = 2, .documents_per_segment = 2}) {
    indices_.add(R"({"n": 1, "x": 1, "tag": "a"})");
    indices_.add(R"({"n": 51, "x": 2, "tag": ["a", "b"]})");
    indices_.add(R"({"n": 101, "x": 3, "tag": "c"})");
    indices_.add(R"({"n": 151, "tag": "c"})");
    indices_.refresh();
  }
  std::string run(std::string_view aggregation) {
    const std::string all = indices_.run(R"({"a": )" + std::string(aggregation) + "}");
    return all.starts_with(R"({"a":)") ? all.substr(5, all.size() - 6) : all;
  }

  TestIndices indices_;
};

TEST_F(Sketches, CountDifferentValues) {
  EXPECT_EQ(run(R"({"cardinality": {"field": "tag"}})"), R"({"value":3})");
  EXPECT_EQ(run(R"({"cardinality": {"field": "n"}})"), R"({"value":4})");
  EXPECT_EQ(run(R"({"cardinality": {"field": "x", "missing": 1}})"), R"({"value":3})");
  EXPECT_EQ(run(R"({"cardinality": {"field": "gone", "missing": "x"}})"), R"({"value":1})");
  EXPECT_EQ(run(R"({"cardinality": {"field": "gone"}})"), R"({"value":0})");
  EXPECT_EQ(run(R"({"filter": {"range": {"n": {"gt": 50}}},
                    "aggs": {"c": {"cardinality": {"field": "tag"}}}})"),
            R"({"doc_count":3,"c":{"value":3}})");
  EXPECT_EQ(run(R"({"cardinality": {"field": "n", "precision_threshold": -1}})"),
            "illegal_argument_exception: [precisionThreshold] must be greater than or equal to 0. "
            "Found [-1] in [a]");
}

TEST_F(Sketches, GivePercentiles) {
  EXPECT_EQ(run(R"({"percentiles": {"field": "n", "percents": [5, 50, 99.9]}})"),
            R"({"values":{"5.0":1.0,"50.0":101.0,"99.9":151.0}})");
  EXPECT_EQ(run(R"({"percentiles": {"field": "n", "percents": [50], "keyed": false, "hdr": {}}})"),
            R"({"values":[{"key":50.0,"value":51.0302734375}]})");
  EXPECT_EQ(run(R"({"percentiles": {"field": "gone", "percents": [50]}})"),
            R"({"values":{"50.0":null}})");
  EXPECT_EQ(run(R"({"percentile_ranks": {"field": "n", "values": [60, 200]}})"),
            R"({"values":{"60.0":50.0,"200.0":100.0}})");
}

TEST_F(Sketches, RefuseParametersThatMakeNoSense) {
  EXPECT_EQ(run(R"({"percentiles": {"field": "n", "tdigest": {"compression": -1}}})"),
            "illegal_argument_exception: [compression] must be greater than or equal to 0. Found "
            "[-1.0]");
  EXPECT_EQ(run(R"({"percentiles": {"field": "n", "percents": []}})"),
            "illegal_argument_exception: [percents] must not be empty");
  EXPECT_EQ(run(R"({"percentiles": {"field": "n", "percents": null}})").substr(0, 25),
            "x_content_parse_exception");
  EXPECT_EQ(run(R"({"percentiles": {"field": "n", "percents": ["foo"]}})").substr(0, 25),
            "x_content_parse_exception");
  EXPECT_EQ(
      run(R"({"percentiles": {"field": "n", "hdr": {"number_of_significant_value_digits": 6}}})"),
      "illegal_argument_exception: [numberOfSignificantValueDigits] must be between 0 and 5");
  EXPECT_EQ(run(R"({"median_absolute_deviation": {"field": "n", "compression": 0}})"),
            "illegal_argument_exception: [compression] must be greater than 0. Found [0.0] in [a]");
}

TEST_F(Sketches, WeighAndMeasureDistances) {
  EXPECT_EQ(run(R"({"median_absolute_deviation": {"field": "x"}})"), R"({"value":1.0})");
  EXPECT_EQ(run(R"({"median_absolute_deviation": {"field": "gone"}})"), R"({"value":null})");
  EXPECT_EQ(run(R"({"weighted_avg": {"value": {"field": "x"}, "weight": {"field": "x"}}})"),
            R"({"value":2.3333333333333335})");
  EXPECT_EQ(run(R"({"weighted_avg": {"value": {"field": "x", "missing": 10},
                                     "weight": {"field": "gone", "missing": 1}}})"),
            R"({"value":4.0})");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
