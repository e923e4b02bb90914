#include <gtest/gtest.h>

#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

constexpr std::string_view kMapping = R"({"properties": {
    "n": {"type": "integer"}, "x": {"type": "double"}, "tag": {"type": "keyword"},
    "at": {"type": "date"}, "ok": {"type": "boolean"}}})";

class Metrics : public ::testing::Test {
 protected:
  Metrics() : indices_(kMapping, {.indices = 2, .documents_per_segment = 2}) {
    indices_.add(R"({"n": 1, "x": 1.5, "tag": "a", "at": "2024-01-01", "ok": true})");
    indices_.add(R"({"n": [2, 3], "x": 2.5, "tag": ["a", "b"], "at": "2024-01-03", "ok": false})");
    indices_.add(R"({"n": 6, "tag": "c"})");
    indices_.add(R"({"x": -4})");
    indices_.refresh();
  }
  std::string run(std::string_view aggregation) {
    return indices_.run(R"({"m": )" + std::string(aggregation) + "}");
  }

  TestIndices indices_;
};

TEST_F(Metrics, CountEveryValueOfADocument) {
  EXPECT_EQ(run(R"({"min": {"field": "n"}})"), R"({"m":{"value":1.0}})");
  EXPECT_EQ(run(R"({"max": {"field": "n"}})"), R"({"m":{"value":6.0}})");
  EXPECT_EQ(run(R"({"sum": {"field": "n"}})"), R"({"m":{"value":12.0}})");
  EXPECT_EQ(run(R"({"avg": {"field": "n"}})"), R"({"m":{"value":3.0}})");
  EXPECT_EQ(run(R"({"min": {"field": "x"}})"), R"({"m":{"value":-4.0}})");
  EXPECT_EQ(run(R"({"value_count": {"field": "tag"}})"), R"({"m":{"value":4}})");
  EXPECT_EQ(run(R"({"stats": {"field": "n"}})"),
            R"({"m":{"count":4,"min":1.0,"max":6.0,"avg":3.0,"sum":12.0}})");
}

TEST_F(Metrics, WriteDatesAndBooleansAsText) {
  EXPECT_EQ(run(R"({"max": {"field": "at"}})"),
            R"({"m":{"value":1.70424E12,"value_as_string":"2024-01-03T00:00:00.000Z"}})");
  EXPECT_EQ(run(R"({"min": {"field": "at", "format": "yyyy/MM"}})"),
            R"({"m":{"value":1.7040672E12,"value_as_string":"2024/01"}})");
  EXPECT_EQ(run(R"({"max": {"field": "ok"}})"), R"({"m":{"value":1.0,"value_as_string":"true"}})");
  EXPECT_EQ(run(R"({"sum": {"field": "n", "format": "0.00 EUR"}})"),
            R"({"m":{"value":12.0,"value_as_string":"12.00 EUR"}})");
}

TEST_F(Metrics, OfNothingAreNull) {
  EXPECT_EQ(run(R"({"min": {"field": "nowhere"}})"), R"({"m":{"value":null}})");
  EXPECT_EQ(run(R"({"avg": {"field": "nowhere"}})"), R"({"m":{"value":null}})");
  EXPECT_EQ(run(R"({"sum": {"field": "nowhere"}})"), R"({"m":{"value":0.0}})");
  EXPECT_EQ(run(R"({"stats": {"field": "nowhere"}})"),
            R"({"m":{"count":0,"min":null,"max":null,"avg":null,"sum":0.0}})");
}

TEST_F(Metrics, TakeTheMissingValueForDocumentsWithout) {
  EXPECT_EQ(run(R"({"sum": {"field": "n", "missing": 10}})"), R"({"m":{"value":22.0}})");
  EXPECT_EQ(run(R"({"avg": {"field": "nowhere", "missing": "7"}})"), R"({"m":{"value":7.0}})");
  EXPECT_EQ(run(R"({"value_count": {"field": "x", "missing": 0}})"), R"({"m":{"value":4}})");
}

TEST_F(Metrics, ExtendedStatsSayHowFarValuesSpread) {
  EXPECT_EQ(run(R"({"extended_stats": {"field": "n", "sigma": 1}})"),
            R"({"m":{"count":4,"min":1.0,"max":6.0,"avg":3.0,"sum":12.0,"sum_of_squares":50.0,)"
            R"("variance":3.5,"variance_population":3.5,"variance_sampling":4.666666666666667,)"
            R"("std_deviation":1.8708286933869707,"std_deviation_population":1.8708286933869707,)"
            R"("std_deviation_sampling":2.160246899469287,"std_deviation_bounds":)"
            R"({"upper":4.87082869338697,"lower":1.1291713066130293,)"
            R"("upper_population":4.87082869338697,"lower_population":1.1291713066130293,)"
            R"("upper_sampling":5.160246899469287,"lower_sampling":0.8397531005307131}}})");
}

TEST_F(Metrics, RefuseWhatTheyCannotCount) {
  EXPECT_EQ(run(R"({"avg": {"field": "tag"}})"),
            "illegal_argument_exception: Field [tag] of type [keyword] is not supported for "
            "aggregation [avg]");
  EXPECT_EQ(run(R"({"avg": {}})"),
            "illegal_argument_exception: Required one of fields [field, script], but none were "
            "specified. ");
  EXPECT_EQ(run(R"({"avg": {"field": "n", "formt": "0"}})"),
            "x_content_parse_exception: [avg] unknown field [formt] did you mean [format]?");
  EXPECT_EQ(run(R"({"avg": {"field": "n"}, "aggs": {"x": {"max": {"field": "n"}}}})"),
            "aggregation_initialization_exception: Aggregator [m] of type [avg] cannot accept "
            "sub-aggregations");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
