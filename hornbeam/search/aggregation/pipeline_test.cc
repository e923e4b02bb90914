#include <gtest/gtest.h>

#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

class Pipelines : public ::testing::Test {
 protected:
  Pipelines()
      : indices_(R"({"properties": {"n": {"type": "long"}, "x": {"type": "double"},
                                    "tag": {"type": "keyword"}}})") {
    for (const char* const doc :
         {R"({"n": 0, "x": 1, "tag": "a"})", R"({"n": 10, "x": 5, "tag": "a"})",
          R"({"n": 20, "x": 2, "tag": "b"})", R"({"n": 40, "x": 9, "tag": "c"})"}) {
      indices_.add(doc);
    }
    indices_.refresh();
  }
  /// A pipeline beside terms.
  std::string beside(std::string_view pipeline) {
    const std::string all = indices_.run(
        R"({"t": {"terms": {"field": "tag"}, "aggs": {"s": {"sum": {"field": "x"}},
                  "p": {"percentiles": {"field": "x"}}, "u": {"terms": {"field": "n"}}}},
            "r": )" +
        std::string(pipeline) + "}");
    const std::size_t at = all.find("\"r\":");
    return at == all.npos ? all : all.substr(at + 4, all.size() - at - 5);
  }
  /// What a pipeline adds to the buckets of a histogram.
  std::string inside(std::string_view pipeline) {
    const std::string all =
        indices_.run(R"({"h": {"histogram": {"field": "n", "interval": 10}, "aggs": {
                                 "s": {"sum": {"field": "x"}}, "r": )" +
                     std::string(pipeline) + "}}}");
    if (!all.starts_with("{\"h\"")) return all;
    std::string found;
    for (std::size_t at = all.find("\"key\":"); at != all.npos; at = all.find("\"key\":", at + 1)) {
      const std::size_t end = std::min(all.find("\"key\":", at + 1), all.size());
      const std::string bucket = all.substr(at, end - at);
      const std::size_t value = bucket.find("\"r\":{\"value\":");
      found += value == bucket.npos
                   ? "- "
                   : bucket.substr(value + 13, bucket.find('}', value) - value - 13) + " ";
    }
    return found;
  }

  TestIndices indices_;
};

TEST_F(Pipelines, BesideBucketsReadOneNumberOfEach) {
  EXPECT_EQ(beside(R"({"avg_bucket": {"buckets_path": "t>s"}})"), R"({"value":5.666666666666667})");
  EXPECT_EQ(beside(R"({"sum_bucket": {"buckets_path": "t>s.value"}})"), R"({"value":17.0})");
  EXPECT_EQ(beside(R"({"sum_bucket": {"buckets_path": "t>_count"}})"), R"({"value":4.0})");
  EXPECT_EQ(beside(R"({"max_bucket": {"buckets_path": "t>s"}})"), R"({"value":9.0,"keys":["c"]})");
  EXPECT_EQ(beside(R"({"min_bucket": {"buckets_path": "t>_count"}})"),
            R"({"value":1.0,"keys":["b","c"]})");
  EXPECT_EQ(beside(R"({"max_bucket": {"buckets_path": "t>p.50"}})"),
            R"({"value":9.0,"keys":["c"]})");
  EXPECT_EQ(beside(R"({"stats_bucket": {"buckets_path": "t>s"}})"),
            R"({"count":3,"min":2.0,"max":9.0,"avg":5.666666666666667,"sum":17.0})");
  EXPECT_EQ(beside(R"({"percentiles_bucket": {"buckets_path": "t>s", "percents": [0, 50, 100]}})"),
            R"({"values":{"0.0":2.0,"50.0":6.0,"100.0":9.0}})");
  EXPECT_EQ(
      beside(R"({"extended_stats_bucket": {"buckets_path": "t>_count", "sigma": 0}})")
          .substr(0, 90),
      R"({"count":3,"min":1.0,"max":2.0,"avg":1.3333333333333333,"sum":4.0,"sum_of_squares":6.0,"va)");
}

TEST_F(Pipelines, SayWhereAPathLeadsToNoNumber) {
  EXPECT_EQ(beside(R"({"max_bucket": {"buckets_path": "t>u"}})"),
            "aggregation_execution_exception: buckets_path must reference either a number value or "
            "a single value numeric metric aggregation, got: [LongTerms] at aggregation [u]");
  EXPECT_EQ(beside(R"({"max_bucket": {"buckets_path": "t>u>s"}})"),
            "aggregation_execution_exception: buckets_path must reference either a number value or "
            "a single value numeric metric aggregation, got: [Object[]] at aggregation [u]");
  EXPECT_EQ(beside(R"({"max_bucket": {"buckets_path": "t>p"}})"),
            "aggregation_execution_exception: buckets_path must reference either a number value or "
            "a single value numeric metric aggregation, but [p] contains multiple values. Please "
            "specify which to use.");
  EXPECT_EQ(beside(R"({"bucket_sort": {"sort": ["t>s"]}})"),
            "action_request_validation_exception: Validation Failed: 1: bucket_sort aggregation "
            "[r] must be declared inside of another aggregation;");
  EXPECT_EQ(beside(R"({"derivative": {"buckets_path": "t"}})"),
            "action_request_validation_exception: Validation Failed: 1: derivative aggregation [r] "
            "must have a histogram, date_histogram or auto_date_histogram as parent but doesn't "
            "have a parent;");
}

TEST_F(Pipelines, InsideBucketsGoAlongThem) {
  EXPECT_EQ(inside(R"({"cumulative_sum": {"buckets_path": "s"}})"), "1.0 6.0 8.0 8.0 17.0 ");
  EXPECT_EQ(inside(R"({"derivative": {"buckets_path": "s"}})"), "- 4.0 -3.0 - 7.0 ");
  EXPECT_EQ(inside(R"({"derivative": {"buckets_path": "s", "gap_policy": "insert_zeros"}})"),
            "- 4.0 -3.0 -2.0 9.0 ");
  EXPECT_EQ(inside(R"({"serial_diff": {"buckets_path": "s", "lag": 2}})"), "- - 1.0 - 7.0 ");
  EXPECT_EQ(inside(R"({"cumulative_sum": {"buckets_path": "_count"}})"), "1.0 2.0 3.0 3.0 4.0 ");
}

TEST_F(Pipelines, MoveAWindowOverThem) {
  const auto moving = [&](std::string_view script, std::string_view more = "") {
    return inside(R"({"moving_fn": {"buckets_path": "s", "window": 2, "script": ")" +
                  std::string(script) + "\"" + std::string(more) + "}}");
  };
  EXPECT_EQ(moving("MovingFunctions.max(values)"), "null 1.0 5.0 - 5.0 ");
  EXPECT_EQ(moving("return MovingFunctions.min(values);", R"(, "shift": 1)"), "1.0 1.0 2.0 - 2.0 ");
  EXPECT_EQ(moving("MovingFunctions.sum(values)"), "0.0 1.0 6.0 - 7.0 ");
  EXPECT_EQ(moving("MovingFunctions.unweightedAvg(values)"), "null 1.0 3.0 - 3.5 ");
  EXPECT_EQ(moving("MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))"),
            "null 0.0 2.0 - 1.5 ");
  EXPECT_EQ(moving("MovingFunctions.ewma(values, 0.5)"), "null 1.0 3.0 - 3.5 ");
  EXPECT_EQ(inside(R"({"moving_fn": {"buckets_path": "s", "window": -1, "script": "x"}})"),
            "illegal_argument_exception: [window] must be a positive, non-zero integer.");
}

TEST_F(Pipelines, SortAndCutBuckets) {
  EXPECT_EQ(indices_.run(R"({"t": {"terms": {"field": "tag"}, "aggs": {
                "s": {"sum": {"field": "x"}},
                "b": {"bucket_sort": {"sort": [{"s": {"order": "desc"}}], "from": 1, "size": 1}}}}})"),
            R"({"t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
            R"({"key":"a","doc_count":2,"s":{"value":6.0}}]}})");
}

TEST_F(Pipelines, ComputeExpressions) {
  const auto script = [&](std::string_view rest) {
    return inside(R"({"bucket_script": {"buckets_path": {"sum": "s", "n": "_count"}, )" +
                  std::string(rest) + "}}");
  };
  EXPECT_EQ(script(R"("script": "params.sum / params.n + 1")"), "2.0 6.0 3.0 - 10.0 ");
  EXPECT_EQ(script(R"("gap_policy": "insert_zeros", "script": "params.sum + 1")"),
            "2.0 6.0 3.0 1.0 10.0 ");
  EXPECT_EQ(script(R"("script": {"lang": "expression", "source": "sum * k", "params": {"k": 2}})"),
            "2.0 10.0 4.0 - 18.0 ");
  EXPECT_EQ(
      inside(R"({"bucket_script": {"buckets_path": "s", "script": "params._value > 4 ? 1 : 0"}})"),
      "0.0 1.0 0.0 - 1.0 ");
  EXPECT_EQ(script(R"("script": "params.x")"),
            "script_exception: compile error at [0] in [params.x]: unknown variable [x], known are "
            "[sum, n]");
  EXPECT_EQ(script(R"("script": {"lang": "mustache", "source": "1"})"),
            "illegal_argument_exception: script_lang not supported [mustache]");
  EXPECT_EQ(beside(R"({"bucket_selector": {"buckets_path": "t>s", "script": "true"}})"),
            "action_request_validation_exception: Validation Failed: 1: bucket_selector "
            "aggregation [r] must be declared inside of another aggregation;");
}

TEST_F(Pipelines, KeepTheBucketsOfWhichAnExpressionIsTrue) {
  EXPECT_EQ(indices_.run(R"({"t": {"terms": {"field": "tag"}, "aggs": {
                "s": {"sum": {"field": "x"}},
                "b": {"bucket_selector": {"buckets_path": {"n": "_count", "s": "s"},
                                          "script": "params.n == 1 && params.s > 5"}}}}})"),
            R"({"t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
            R"({"key":"c","doc_count":1,"s":{"value":9.0}}]}})");
}

TEST_F(Pipelines, ReadEachOther) {
  EXPECT_EQ(inside(R"({"derivative": {"buckets_path": "c"}},
                       "c": {"cumulative_sum": {"buckets_path": "s"}})"),
            "- 5.0 2.0 - 9.0 ");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
