// filter, filters, missing, global, adjacency_matrix, range, histogram, date_histogram.

#include <gtest/gtest.h>

#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

constexpr std::string_view kMapping = R"({"properties": {
    "tag": {"type": "keyword"}, "n": {"type": "long"}, "x": {"type": "double"},
    "at": {"type": "date"}}})";

class Buckets : public ::testing::Test {
 protected:
  Buckets() : indices_(kMapping, {.indices = 2, .documents_per_segment = 2}) {
    indices_.add(R"({"tag": "a", "n": 1, "x": -0.5, "at": "2024-01-31T23:30:00Z"})");
    indices_.add(R"({"tag": "a", "n": [2, 7], "x": 0.5, "at": "2024-02-01"})");
    indices_.add(R"({"tag": "b", "n": 12, "x": 10, "at": "2024-02-29T12:00:00Z"})");
    indices_.add(R"({"tag": ["a", "b"], "n": 31, "at": "2024-05-05"})");
    indices_.add(R"({"x": 49.9})");
    indices_.refresh();
  }
  std::string run(std::string_view aggregation) {
    const std::string all = indices_.run(R"({"a": )" + std::string(aggregation) + "}");
    if (!all.starts_with(R"({"a":)")) return all;
    return all.substr(5, all.size() - 6);
  }

  TestIndices indices_;
};

TEST_F(Buckets, OfAFilterAndOfMissingValues) {
  EXPECT_EQ(run(R"({"filter": {"term": {"tag": "a"}}, "aggs": {"s": {"sum": {"field": "n"}}}})"),
            R"({"doc_count":3,"s":{"value":41.0}})");
  EXPECT_EQ(run(R"({"missing": {"field": "n"}, "aggs": {"m": {"max": {"field": "x"}}}})"),
            R"({"doc_count":1,"m":{"value":49.9}})");
  EXPECT_EQ(run(R"({"missing": {"field": "nowhere"}})"), R"({"doc_count":5})");
  EXPECT_EQ(run(R"({"missing": {"field": "n", "missing": 1}})"), R"({"doc_count":0})");
}

TEST_F(Buckets, OfEverythingWhateverWasSearched) {
  EXPECT_EQ(indices_.run(R"({"g": {"global": {}, "aggs": {"n": {"value_count": {"field": "x"}}}},
                             "n": {"value_count": {"field": "x"}}})",
                         R"({"term": {"tag": "a"}})"),
            R"({"g":{"doc_count":5,"n":{"value":4}},"n":{"value":2}})");
  EXPECT_EQ(run(R"({"filter": {"match_all": {}}, "aggs": {"g": {"global": {}}}})"),
            "aggregation_execution_exception: Aggregation [a] cannot have a global sub-aggregation "
            "[g]. Global aggregations can only be defined as top level aggregations");
}

TEST_F(Buckets, OfSeveralFilters) {
  EXPECT_EQ(
      run(R"({"filters": {"filters": {"b": {"term": {"tag": "b"}},
                                           "a": {"term": {"tag": "a"}}},
                               "other_bucket_key": "rest"},
                    "aggs": {"m": {"min": {"field": "x"}}}})"),
      R"({"buckets":{"a":{"doc_count":3,"m":{"value":-0.5}},)"
      R"("b":{"doc_count":2,"m":{"value":10.0}},"rest":{"doc_count":1,"m":{"value":49.9}}}})");
  EXPECT_EQ(run(R"({"filters": {"filters": [{"range": {"n": {"gt": 5}}}, {"match_none": {}}]}})"),
            R"({"buckets":[{"doc_count":3},{"doc_count":0}]})");
  EXPECT_EQ(run(R"({"filters": {"filters": []}})"),
            "illegal_argument_exception: [filters] cannot be empty.");
}

TEST_F(Buckets, OfPairsOfFilters) {
  const std::string filters =
      R"("filters": {"x": {"term": {"tag": "a"}}, "y": {"term": {"tag": "b"}}})";
  EXPECT_EQ(run(R"({"adjacency_matrix": {)" + filters + "}}"),
            R"({"buckets":[{"key":"x","doc_count":3},{"key":"x&y","doc_count":1},)"
            R"({"key":"y","doc_count":2}]})");
  EXPECT_EQ(run(R"({"adjacency_matrix": {"show_only_intersecting": true, )" + filters + "}}"),
            R"({"buckets":[{"key":"x&y","doc_count":1}]})");
}

TEST_F(Buckets, OfRangesCountADocumentOnceInEach) {
  EXPECT_EQ(run(R"({"range": {"field": "n", "ranges": [{"from": 10}, {"to": 10},
                                                        {"from": 1, "to": 31, "key": "most"}]},
                    "aggs": {"m": {"max": {"field": "n"}}}})"),
            R"({"buckets":[{"key":"*-10.0","to":10.0,"doc_count":2,"m":{"value":7.0}},)"
            R"({"key":"most","from":1.0,"to":31.0,"doc_count":3,"m":{"value":12.0}},)"
            R"({"key":"10.0-*","from":10.0,"doc_count":2,"m":{"value":31.0}}]})");
  EXPECT_EQ(run(R"({"range": {"field": "x", "keyed": true, "ranges": [{"to": 0}, {"from": 0}]}})"),
            R"({"buckets":{"*-0.0":{"to":0.0,"doc_count":1},"0.0-*":{"from":0.0,"doc_count":3}}})");
  EXPECT_EQ(run(R"({"range": {"field": "n", "ranges": []}})"),
            "illegal_argument_exception: No [ranges] specified for the [a] aggregation");
}

TEST_F(Buckets, OfDateRangesReadDatesAndSums) {
  EXPECT_EQ(run(R"({"date_range": {"field": "at", "format": "yyyy-MM-dd", "ranges": [
                     {"to": "2024-02-01"}, {"from": "2024-02-01", "to": "2024-02-01||+1M/d"}]}})"),
            R"({"buckets":[{"key":"*-2024-02-01","to":1.7067456E12,"to_as_string":"2024-02-01",)"
            R"("doc_count":1},{"key":"2024-02-01-2024-03-01","from":1.7067456E12,)"
            R"("from_as_string":"2024-02-01","to":1.7092512E12,"to_as_string":"2024-03-01",)"
            R"("doc_count":2}]})");
}

TEST_F(Buckets, OfIntervalsShowTheEmptyOnesBetween) {
  EXPECT_EQ(run(R"({"histogram": {"field": "n", "interval": 10}})"),
            R"({"buckets":[{"key":0.0,"doc_count":2},{"key":10.0,"doc_count":1},)"
            R"({"key":20.0,"doc_count":0},{"key":30.0,"doc_count":1}]})");
  EXPECT_EQ(run(R"({"histogram": {"field": "x", "interval": 10, "offset": 5, "keyed": true,
                                  "min_doc_count": 1}})"),
            R"({"buckets":{"-5.0":{"key":-5.0,"doc_count":2},"5.0":{"key":5.0,"doc_count":1},)"
            R"("45.0":{"key":45.0,"doc_count":1}}})");
  EXPECT_EQ(run(R"({"histogram": {"field": "n", "interval": 5, "missing": 40,
                                  "format": "No #", "min_doc_count": 2}})"),
            R"({"buckets":[{"key_as_string":"No 0","key":0.0,"doc_count":2}]})");
  EXPECT_EQ(run(R"({"histogram": {"field": "n", "interval": 20, "order": {"_key": "desc"}},
                    "aggs": {"t": {"terms": {"field": "tag", "size": 1}}}})"),
            R"({"buckets":[{"key":20.0,"doc_count":1,"t":{"doc_count_error_upper_bound":0,)"
            R"("sum_other_doc_count":1,"buckets":[{"key":"a","doc_count":1}]}},{"key":0.0,)"
            R"("doc_count":3,"t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":1,)"
            R"("buckets":[{"key":"a","doc_count":2}]}}]})");
}

TEST_F(Buckets, OfIntervalsKeepToTheirBounds) {
  EXPECT_EQ(run(R"({"histogram": {"field": "n", "interval": 10,
                                  "extended_bounds": {"min": -10, "max": 11},
                                  "hard_bounds": {"max": 15}}})"),
            R"({"buckets":[{"key":-10.0,"doc_count":0},{"key":0.0,"doc_count":2},)"
            R"({"key":10.0,"doc_count":1}]})");
  EXPECT_EQ(run(R"({"histogram": {"field": "gone", "interval": 1,
                                  "extended_bounds": {"min": 1, "max": 2}}})"),
            R"({"buckets":[{"key":1.0,"doc_count":0},{"key":2.0,"doc_count":0}]})");
  EXPECT_EQ(run(R"({"histogram": {"field": "n", "interval": 1,
                                  "extended_bounds": {"min": 0, "max": 1e12}}})")
                .substr(0, 26),
            "too_many_buckets_exception");
  EXPECT_EQ(run(R"({"histogram": {"field": "n", "interval": 0}})"),
            "illegal_argument_exception: [interval] must be >0 for histogram aggregation [a]");
}

TEST_F(Buckets, OfMonthsAreThoseOfTheCalendar) {
  EXPECT_EQ(run(R"({"date_histogram": {"field": "at", "calendar_interval": "month"}})"),
            R"({"buckets":[)"
            R"({"key_as_string":"2024-01-01T00:00:00.000Z","key":1704067200000,"doc_count":1},)"
            R"({"key_as_string":"2024-02-01T00:00:00.000Z","key":1706745600000,"doc_count":2},)"
            R"({"key_as_string":"2024-03-01T00:00:00.000Z","key":1709251200000,"doc_count":0},)"
            R"({"key_as_string":"2024-04-01T00:00:00.000Z","key":1711929600000,"doc_count":0},)"
            R"({"key_as_string":"2024-05-01T00:00:00.000Z","key":1714521600000,"doc_count":1}]})");
  EXPECT_EQ(
      run(R"({"date_histogram": {"field": "at", "calendar_interval": "1M", "format": "yyyy-MM",
                                       "time_zone": "Europe/Berlin", "min_doc_count": 1}})"),
      R"({"buckets":[{"key_as_string":"2024-02","key":1706742000000,"doc_count":3},)"
      R"({"key_as_string":"2024-05","key":1714514400000,"doc_count":1}]})");
  EXPECT_EQ(run(R"({"date_histogram": {"field": "at", "calendar_interval": "quarter",
                                       "format": "yyyy-MM-dd", "keyed": true}})"),
            R"({"buckets":{"2024-01-01":{"key_as_string":"2024-01-01","key":1704067200000,)"
            R"("doc_count":3},"2024-04-01":{"key_as_string":"2024-04-01","key":1711929600000,)"
            R"("doc_count":1}}})");
}

TEST_F(Buckets, OfFixedTimesMayBeShifted) {
  EXPECT_EQ(
      run(R"({"date_histogram": {"field": "at", "fixed_interval": "12h", "offset": "+1h",
                                       "time_zone": "-07:00", "min_doc_count": 1,
                                       "order": {"_count": "desc"}}})"),
      R"({"buckets":[{"key_as_string":"2024-01-31T13:00:00.000-07:00","key":1706731200000,)"
      R"("doc_count":2},{"key_as_string":"2024-02-29T01:00:00.000-07:00","key":1709193600000,)"
      R"("doc_count":1},{"key_as_string":"2024-05-04T13:00:00.000-07:00","key":1714852800000,)"
      R"("doc_count":1}]})");
  EXPECT_EQ(run(R"({"date_histogram": {"field": "at", "calendar_interval": "2M"}})"),
            "illegal_argument_exception: The supplied interval [2M] could not be parsed as a "
            "calendar interval.");
  EXPECT_EQ(run(R"({"date_histogram": {"field": "at"}})"),
            "illegal_argument_exception: Invalid interval specified, must be non-null and "
            "non-empty");
  EXPECT_EQ(run(R"({"date_histogram": {"field": "at", "calendar_interval": "day",
                                       "time_zone": "Nowhere/Land"}})"),
            "illegal_argument_exception: Unknown time-zone ID: Nowhere/Land");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
