#include <gtest/gtest.h>

#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

constexpr std::string_view kMapping = R"({"properties": {
    "tag": {"type": "keyword"}, "n": {"type": "long"}, "x": {"type": "double"},
    "ok": {"type": "boolean"}, "at": {"type": "date"}, "t": {"type": "text"}}})";

class Terms : public ::testing::Test {
 protected:
  Terms() : indices_(kMapping, {.indices = 2, .documents_per_segment = 2}) {
    indices_.add(R"({"tag": ["red", "blue"], "n": 1, "x": 0.5, "ok": true, "at": "2024-01-01"})");
    indices_.add(R"({"tag": "red", "n": 2, "x": 1.5, "ok": false, "at": "2024-01-01"})");
    indices_.add(R"({"tag": "green", "n": 3, "x": 1.5, "ok": true, "at": "2024-02-01"})");
    indices_.add(R"({"tag": ["red", "green"], "n": [4, 4], "ok": true})");
    indices_.add(R"({"n": 100000000000})");
    indices_.refresh();
  }
  std::string run(std::string_view terms, std::string_view sub = "{}") {
    const std::string all = indices_.run(R"({"t": {"terms": )" + std::string(terms) +
                                         R"(, "aggs": )" + std::string(sub) + "}}");
    // The part that differs.
    const std::size_t begin = all.find("\"sum_other");
    return begin == all.npos ? all : all.substr(begin, all.size() - begin - 2);
  }

  TestIndices indices_;
};

TEST_F(Terms, CountKeywordsOverSegmentsAndIndices) {
  EXPECT_EQ(indices_.run(R"({"t": {"meta": {"a": 1}, "terms": {"field": "tag"}}})"),
            R"({"t":{"meta":{"a":1},"doc_count_error_upper_bound":0,"sum_other_doc_count":0,)"
            R"("buckets":[{"key":"red","doc_count":3},{"key":"green","doc_count":2},)"
            R"({"key":"blue","doc_count":1}]}})");
  EXPECT_EQ(run(R"({"field": "tag", "size": 1})"),
            R"("sum_other_doc_count":3,"buckets":[{"key":"red","doc_count":3}])");
}

TEST_F(Terms, CountNumbersOnceForADocument) {
  EXPECT_EQ(run(R"({"field": "n", "size": 2})"),
            R"("sum_other_doc_count":3,"buckets":[{"key":1,"doc_count":1},)"
            R"({"key":2,"doc_count":1}])");
  EXPECT_EQ(run(R"({"field": "n", "include": [4, 100000000000]})"),
            R"("sum_other_doc_count":0,"buckets":[{"key":4,"doc_count":1},)"
            R"({"key":100000000000,"doc_count":1}])");
  EXPECT_EQ(run(R"({"field": "x"})"),
            R"("sum_other_doc_count":0,"buckets":[{"key":1.5,"doc_count":2},)"
            R"({"key":0.5,"doc_count":1}])");
  EXPECT_EQ(run(R"({"field": "ok"})"),
            R"("sum_other_doc_count":0,"buckets":[{"key":1,"key_as_string":"true","doc_count":3},)"
            R"({"key":0,"key_as_string":"false","doc_count":1}])");
  EXPECT_EQ(run(R"({"field": "at", "size": 1})"),
            R"("sum_other_doc_count":1,"buckets":[{"key":1704067200000,"key_as_string":)"
            R"("2024-01-01T00:00:00.000Z","doc_count":2}])");
}

TEST_F(Terms, AreOrderedAsAsked) {
  const auto keys = [&](std::string_view order) {
    const std::string all = run(R"({"field": "tag", "order": )" + std::string(order) + "}",
                                R"({"m": {"max": {"field": "n"}}, "s": {"stats": {"field": "x"}},
                "f": {"filter": {"term": {"ok": true}}, "aggs": {"n": {"min": {"field": "n"}}}}})");
    std::string found;
    for (std::size_t at = all.find("{\"key\":"); at != all.npos;
         at = all.find("{\"key\":", at + 1)) {
      found += all.substr(at + 8, 1);
    }
    return found.empty() ? all : found;
  };
  EXPECT_EQ(keys(R"({"_key": "asc"})"), "bgr");
  EXPECT_EQ(keys(R"({"_key": "desc"})"), "rgb");
  EXPECT_EQ(keys(R"({"_count": "asc"})"), "bgr");
  EXPECT_EQ(keys(R"({"m": "desc"})"), "grb");
  EXPECT_EQ(keys(R"({"m.value": "asc"})"), "bgr");
  EXPECT_EQ(keys(R"({"s.avg": "asc"})"), "brg");
  EXPECT_EQ(keys(R"([{"s.max": "desc"}, {"_count": "asc"}])"), "grb");
  EXPECT_EQ(keys(R"({"f": "desc"})"), "grb");
  EXPECT_EQ(keys(R"({"f>n": "asc"})"), "brg");
  EXPECT_EQ(keys(R"({"nothing": "asc"})").substr(0, 83),
            "aggregation_execution_exception: Invalid aggregator order path [nothing]. The provi");
  EXPECT_EQ(keys(R"({"_key": "up"})"), "parsing_exception: Unknown order direction [up]");
}

TEST_F(Terms, AreIncludedAndExcluded) {
  const auto keys = [&](std::string_view rest) {
    return run(R"({"field": "tag", "order": {"_key": "asc"}, )" + std::string(rest) + "}");
  };
  const std::string red = R"("sum_other_doc_count":0,"buckets":[{"key":"red","doc_count":3}])";
  EXPECT_EQ(keys(R"("include": "r.*")"), red);
  EXPECT_EQ(keys(R"("include": ["red", "pink"])"), red);
  EXPECT_EQ(keys(R"("exclude": ".*e.*n|blue")"), red);
  EXPECT_EQ(keys(R"("include": ".*e.*", "exclude": ["green", "blue"])"), red);
  EXPECT_EQ(run(R"({"field": "n", "include": "1.*"})").substr(0, 26), "illegal_argument_exception");
}

TEST_F(Terms, AreDealtOutInParts) {
  TestIndices indices(kMapping);
  for (const char* const doc : {R"({"tag": "abc", "n": 1234})", R"({"tag": "bcd", "n": 5678})"}) {
    indices.add(doc);
  }
  indices.refresh();
  const auto part = [&](const char* field, int number) {
    return indices
        .run(std::string(R"({"t": {"terms": {"field": ")") + field +
             R"(", "include": {"num_partitions": 2, "partition": )" + std::to_string(number) +
             "}}}}")
        .substr(72);
  };
  // As Elasticsearch's hashes have it.
  EXPECT_EQ(part("tag", 0), R"([{"key":"bcd","doc_count":1}]}})");
  EXPECT_EQ(part("tag", 1), R"([{"key":"abc","doc_count":1}]}})");
  EXPECT_EQ(part("n", 0), R"([{"key":5678,"doc_count":1}]}})");
  EXPECT_EQ(part("n", 1), R"([{"key":1234,"doc_count":1}]}})");
}

TEST_F(Terms, WithoutDocumentsAreShownIfAskedFor) {
  EXPECT_EQ(indices_.run(R"({"t": {"terms": {"field": "tag", "min_doc_count": 0},
                                   "aggs": {"m": {"max": {"field": "n"}}}}})",
                         R"({"term": {"tag": "blue"}})"),
            R"({"t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
            R"({"key":"blue","doc_count":1,"m":{"value":1.0}},)"
            R"({"key":"red","doc_count":1,"m":{"value":1.0}},)"
            R"({"key":"green","doc_count":0,"m":{"value":null}}]}})");
  EXPECT_EQ(run(R"({"field": "tag", "min_doc_count": 3})"),
            R"("sum_other_doc_count":0,"buckets":[{"key":"red","doc_count":3}])");
}

TEST_F(Terms, CountDocumentsWithoutAValueAsTheMissingOne) {
  EXPECT_EQ(run(R"({"field": "tag", "missing": "none", "size": 1, "order": {"_key": "desc"}})"),
            R"("sum_other_doc_count":4,"buckets":[{"key":"red","doc_count":3}])");
  EXPECT_EQ(run(R"({"field": "gone", "missing": "abc", "value_type": "string"})"),
            R"("sum_other_doc_count":0,"buckets":[{"key":"abc","doc_count":5}])");
  EXPECT_EQ(run(R"({"field": "gone", "missing": true, "value_type": "boolean"})"),
            R"("sum_other_doc_count":0,"buckets":[)"
            R"({"key":1,"key_as_string":"true","doc_count":5}])");
  EXPECT_EQ(run(R"({"field": "gone", "missing": 3.5, "value_type": "double"})"),
            R"("sum_other_doc_count":0,"buckets":[{"key":3.5,"doc_count":5}])");
  EXPECT_EQ(run(R"({"field": "gone"})"), R"("sum_other_doc_count":0,"buckets":[])");
}

TEST_F(Terms, NestToAnyDepth) {
  EXPECT_EQ(indices_.run(R"({"t": {"terms": {"field": "tag", "size": 2}, "aggs": {
                "u": {"terms": {"field": "ok"}, "aggs": {"v": {"sum": {"field": "n"}}}}}}})",
                         R"({"match_all": {}})", {.typed_keys = true}),
            R"({"sterms#t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":1,"buckets":[)"
            R"({"key":"red","doc_count":3,"lterms#u":{"doc_count_error_upper_bound":0,)"
            R"("sum_other_doc_count":0,"buckets":[{"key":1,"key_as_string":"true","doc_count":2,)"
            R"("sum#v":{"value":9.0}},{"key":0,"key_as_string":"false","doc_count":1,)"
            R"("sum#v":{"value":2.0}}]}},{"key":"green","doc_count":2,"lterms#u":)"
            R"({"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
            R"({"key":1,"key_as_string":"true","doc_count":2,"sum#v":{"value":11.0}}]}}]}})");
}

TEST_F(Terms, RareOnesComeRarestFirst) {
  EXPECT_EQ(indices_.run(R"({"t": {"rare_terms": {"field": "tag", "max_doc_count": 2}}})"),
            R"({"t":{"buckets":[{"key":"blue","doc_count":1},{"key":"green","doc_count":2}]}})");
  EXPECT_EQ(indices_.run(R"({"t": {"rare_terms": {"field": "tag", "max_doc_count": 0}}})"),
            "illegal_argument_exception: [max_doc_count] must be greater than 0. Found [0] in [t]");
}

TEST_F(Terms, OfTextAreRefused) {
  EXPECT_EQ(run(R"({"field": "t"})").substr(0, 59),
            "illegal_argument_exception: Text fields are not optimised f");
}

TEST_F(Terms, MayNotMakeTooManyBuckets) {
  EXPECT_EQ(indices_.run(R"({"t": {"terms": {"field": "tag"}}})", R"({"match_all": {}})",
                         {.max_buckets = 2}),
            "too_many_buckets_exception: Trying to create too many buckets. Must be less than or "
            "equal to: [2] but was [3]. This limit can be set by changing the [search.max_buckets] "
            "cluster level setting.");
}

TEST(TermsOfTwoTypes, BecomeReals) {
  TestIndices indices("{}", {.indices = 2});
  ASSERT_TRUE(indices.index(0).put_mapping(R"({"properties": {"n": {"type": "long"}}})"));
  ASSERT_TRUE(indices.index(1).put_mapping(R"({"properties": {"n": {"type": "double"}}})"));
  indices.add_to(0, R"({"n": 100})");
  indices.add_to(0, R"({"n": 10})");
  indices.add_to(1, R"({"n": 100.0})");
  indices.add_to(1, R"({"n": 14.6})");
  indices.refresh();
  EXPECT_EQ(
      indices.run(R"({"t": {"terms": {"field": "n"}}})"),
      R"({"t":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
      R"({"key":100.0,"doc_count":2},{"key":10.0,"doc_count":1},{"key":14.6,"doc_count":1}]}})");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
