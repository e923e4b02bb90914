// multi_terms, composite, top_hits, sampler, significant terms, variable_width_histogram.

#include <gtest/gtest.h>

#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::TestIndices;

constexpr std::string_view kMapping = R"({"properties": {
    "tag": {"type": "keyword"}, "n": {"type": "long"}, "x": {"type": "double"},
    "ok": {"type": "boolean"}, "at": {"type": "date"}, "t": {"type": "text"},
    "counted": {"type": "text", "fielddata": true}}})";

class MoreBuckets : public ::testing::Test {
 protected:
  MoreBuckets() : indices_(kMapping, {.indices = 2, .documents_per_segment = 2}) {
    indices_.add(R"({"tag": "a", "n": 1, "ok": true, "at": "2024-01-01", "t": "one two two"})");
    indices_.add(R"({"tag": ["a", "b"], "n": 2, "ok": false, "at": "2024-01-02", "t": "two"})");
    indices_.add(R"({"tag": "b", "n": 1, "ok": true, "at": "2024-02-01", "t": "three"})");
    indices_.add(R"({"tag": "a", "n": 1, "ok": true, "at": "2024-02-01", "t": "two three"})");
    indices_.add(R"({"n": 5, "counted": "to be or not to be"})");
    indices_.refresh();
  }
  std::string run(std::string_view aggregation, std::string_view query = R"({"match_all": {}})") {
    const std::string all = indices_.run(R"({"a": )" + std::string(aggregation) + "}", query);
    if (!all.starts_with(R"({"a":)")) return all;
    return all.substr(5, all.size() - 6);
  }

  TestIndices indices_;
};

TEST_F(MoreBuckets, OfSeveralTermsAtOnce) {
  EXPECT_EQ(run(R"({"multi_terms": {"terms": [{"field": "tag"}, {"field": "n"}, {"field": "ok"}],
                                    "size": 2}, "aggs": {"m": {"max": {"field": "at"}}}})"),
            R"({"doc_count_error_upper_bound":0,"sum_other_doc_count":2,"buckets":[)"
            R"({"key":["a",1,true],"key_as_string":"a|1|true","doc_count":2,"m":)"
            R"({"value":1.7067456E12,"value_as_string":"2024-02-01T00:00:00.000Z"}},)"
            R"({"key":["a",2,false],"key_as_string":"a|2|false","doc_count":1,"m":)"
            R"({"value":1.7041536E12,"value_as_string":"2024-01-02T00:00:00.000Z"}}]})");
  EXPECT_EQ(
      run(R"({"multi_terms": {"terms": [{"field": "tag", "missing": "-"}, {"field": "at"}],
                                    "order": [{"m": "asc"}, {"_key": "desc"}], "size": 1},
                    "aggs": {"m": {"min": {"field": "n"}}}})"),
      R"({"doc_count_error_upper_bound":0,"sum_other_doc_count":4,"buckets":[)"
      R"({"key":["b","2024-02-01T00:00:00.000Z"],"key_as_string":"b|2024-02-01T00:00:00.000Z",)"
      R"("doc_count":1,"m":{"value":1.0}}]})");
  EXPECT_EQ(run(R"({"multi_terms": {"terms": [{"field": "tag"}, {"field": "n"}],
                                    "min_doc_count": 0}})",
                R"({"term": {"n": 2}})"),
            R"({"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
            R"({"key":["a",2],"key_as_string":"a|2","doc_count":1},)"
            R"({"key":["b",2],"key_as_string":"b|2","doc_count":1},)"
            R"({"key":["a",1],"key_as_string":"a|1","doc_count":0},)"
            R"({"key":["b",1],"key_as_string":"b|1","doc_count":0}]})");
  EXPECT_EQ(run(R"({"multi_terms": {"terms": [{"field": "tag"}]}})").substr(0, 80),
            "illegal_argument_exception: multi term aggregation must has at least 2 terms. Fo");
}

TEST_F(MoreBuckets, OfACompositeCanBePaged) {
  const auto page = [&](std::string_view after) {
    return run(R"({"composite": {"size": 2, "sources": [
                     {"month": {"date_histogram": {"field": "at", "calendar_interval": "month",
                                                   "format": "yyyy-MM", "order": "desc"}}},
                     {"tag": {"terms": {"field": "tag", "missing_bucket": true}}}])" +
               std::string(after) + "}}");
  };
  EXPECT_EQ(page(""), R"({"after_key":{"month":"2024-02","tag":"b"},"buckets":[)"
                      R"({"key":{"month":"2024-02","tag":"a"},"doc_count":1},)"
                      R"({"key":{"month":"2024-02","tag":"b"},"doc_count":1}]})");
  EXPECT_EQ(page(R"(, "after": {"month": "2024-02", "tag": "b"})"),
            R"({"after_key":{"month":"2024-01","tag":"b"},"buckets":[)"
            R"({"key":{"month":"2024-01","tag":"a"},"doc_count":2},)"
            R"({"key":{"month":"2024-01","tag":"b"},"doc_count":1}]})");
  EXPECT_EQ(page(R"(, "after": {"month": "2024-01", "tag": "b"})"), R"({"buckets":[]})");
  EXPECT_EQ(
      run(R"({"composite": {"sources": [
                     {"n": {"histogram": {"field": "n", "interval": 2}}},
                     {"tag": {"terms": {"field": "tag", "missing_bucket": true}}}]}})"),
      R"({"after_key":{"n":4.0,"tag":null},"buckets":[{"key":{"n":0.0,"tag":"a"},"doc_count":2},)"
      R"({"key":{"n":0.0,"tag":"b"},"doc_count":1},{"key":{"n":2.0,"tag":"a"},"doc_count":1},)"
      R"({"key":{"n":2.0,"tag":"b"},"doc_count":1},{"key":{"n":4.0,"tag":null},"doc_count":1}]})");
  // A date that looks like a number is still one.
  EXPECT_EQ(run(R"({"composite": {"after": {"year": "2023"}, "sources": [
                     {"year": {"date_histogram": {"field": "at", "calendar_interval": "year",
                                                  "format": "yyyy"}}}]}})"),
            R"({"after_key":{"year":"2024"},"buckets":[{"key":{"year":"2024"},"doc_count":4}]})");
  EXPECT_EQ(run(R"({"composite": {"sources": []}})"),
            "illegal_argument_exception: Composite [sources] cannot be null or empty");
}

TEST_F(MoreBuckets, ShowTheirBestHits) {
  EXPECT_EQ(run(R"({"terms": {"field": "tag", "size": 1}, "aggs": {"h": {"top_hits": {
                      "size": 2, "sort": [{"n": "desc"}], "_source": false}}}})"),
            R"({"doc_count_error_upper_bound":0,"sum_other_doc_count":2,"buckets":[)"
            R"({"key":"a","doc_count":3,"h":{"hits":{"total":{"value":3,"relation":"eq"},)"
            R"("max_score":null,"hits":[{"_index":"test","_id":"1","_score":null,"sort":[2]},)"
            R"({"_index":"test","_id":"0","_score":null,"sort":[1]}]}}}]})");
  EXPECT_EQ(run(R"({"top_hits": {"size": 1, "version": true, "seq_no_primary_term": true}})",
                R"({"constant_score": {"filter": {"term": {"n": 5}}}})"),
            R"({"hits":{"total":{"value":1,"relation":"eq"},"max_score":1.0,"hits":[)"
            R"({"_index":"test","_id":"4","_version":1,"_seq_no":2,"_primary_term":1,"_score":1.0,)"
            R"("_source":{"n":5,"counted":"to be or not to be"}}]}})");
}

TEST_F(MoreBuckets, RefuseHitsTheyCannotShow) {
  EXPECT_EQ(run(R"({"top_hits": {"_source": 5}})"),
            "x_content_parse_exception: [top_hits] _source doesn't support values of type: "
            "VALUE_NUMBER");
  EXPECT_EQ(run(R"({"top_hits": {"size": 101}})").substr(0, 64),
            "illegal_argument_exception: Top hits result window is too large,");
}

TEST_F(MoreBuckets, OfASampleHaveTheBestDocuments) {
  // "two" is twice in one document of the first index.
  EXPECT_EQ(run(R"({"sampler": {"shard_size": 1}, "aggs": {"n": {"sum": {"field": "n"}}}})",
                R"({"match": {"t": "two"}})"),
            R"({"doc_count":2,"n":{"value":3.0}})");
}

TEST_F(MoreBuckets, OfTelltaleTermsAreScored) {
  EXPECT_EQ(run(R"({"significant_terms": {"field": "tag", "min_doc_count": 1}})",
                R"({"term": {"n": 2}})"),
            R"({"doc_count":1,"bg_count":5,"buckets":[)"
            R"({"key":"b","doc_count":1,"score":1.5,"bg_count":2},)"
            R"({"key":"a","doc_count":1,"score":0.6666666666666667,"bg_count":3}]})");
  EXPECT_EQ(run(R"({"significant_text": {"field": "t", "min_doc_count": 1, "percentage": {}}})",
                R"({"term": {"tag": "a"}})"),
            R"({"doc_count":3,"bg_count":5,"buckets":[)"
            R"({"key":"one","doc_count":1,"score":1.0,"bg_count":1},)"
            R"({"key":"two","doc_count":3,"score":1.0,"bg_count":3},)"
            R"({"key":"three","doc_count":1,"score":0.5,"bg_count":2}]})");
  EXPECT_EQ(run(R"({"significant_terms": {"field": "tag", "jlp": {}}})"),
            "x_content_parse_exception: [significant_terms] unknown field [jlp] did you mean "
            "[jlh]?");
}

TEST_F(MoreBuckets, OfATextCountItsTermsOnceForADocument) {
  EXPECT_EQ(run(R"({"terms": {"field": "counted", "order": {"_key": "asc"}, "size": 2}})"),
            R"({"doc_count_error_upper_bound":0,"sum_other_doc_count":2,"buckets":[)"
            R"({"key":"be","doc_count":1},{"key":"not","doc_count":1}]})");
}

TEST(VariableWidthHistogram, PutsNeighboursTogether) {
  TestIndices indices(kMapping);
  for (const int n : {5, -3, 1, -2, 4}) indices.add(R"({"n": )" + std::to_string(n) + "}");
  indices.refresh();
  EXPECT_EQ(indices.run(R"({"a": {"variable_width_histogram": {"field": "n", "buckets": 3}}})"),
            R"({"a":{"buckets":[{"min":-3.0,"key":-2.5,"max":-2.0,"doc_count":2},)"
            R"({"min":1.0,"key":1.0,"max":1.0,"doc_count":1},)"
            R"({"min":4.0,"key":4.5,"max":5.0,"doc_count":2}]}})");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
