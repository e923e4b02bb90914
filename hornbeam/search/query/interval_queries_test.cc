#include <cmath>

#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::matches;

class IntervalQueries : public ::testing::Test {
 protected:
  IntervalQueries()
      : index_(testing::new_index(R"({"properties": {"t": {"type": "text"},
            "k": {"type": "keyword"}}})")) {
    testing::put_all(*index_, {R"({"t": "some like it hot, some like it cold"})",
                               R"({"t": "it is cold outside, there is no kind of weather"})",
                               R"({"t": "baby there is cold outside"})",
                               R"({"t": "outside it is cold and wet"})"});
  }
  std::string rule(const std::string& json) {
    return matches(*index_, R"({"intervals": {"t": )" + json + "}}");
  }
  std::unique_ptr<Index> index_;
};

TEST_F(IntervalQueries, WordsStandInOrderOrNot) {
  EXPECT_EQ(rule(R"({"match": {"query": "cold outside", "ordered": true}})"), "2 3");
  EXPECT_EQ(rule(R"({"match": {"query": "cold outside"}})"), "2 3 4");
  EXPECT_EQ(rule(R"({"match": {"query": "cold outside", "max_gaps": 0}})"), "2 3");
  EXPECT_EQ(rule(R"({"match": {"query": "some like some", "ordered": true}})"), "1");
  EXPECT_EQ(rule(R"({"match": {"query": "it it it"}})"), "");
}

TEST_F(IntervalQueries, RulesAreCombined) {
  EXPECT_EQ(rule(R"({"any_of": {"intervals": [{"match": {"query": "hot"}},
                                             {"match": {"query": "wet"}}]}})"),
            "1 4");
  EXPECT_EQ(rule(R"({"all_of": {"ordered": true, "max_gaps": 1, "intervals": [
                      {"any_of": {"intervals": [{"match": {"query": "there"}},
                                                {"match": {"query": "it"}}]}},
                      {"match": {"query": "cold"}}]}})"),
            "1 2 3 4");
  EXPECT_EQ(rule(R"({"all_of": {"ordered": true, "max_gaps": 0, "intervals": [
                      {"prefix": {"prefix": "out"}}, {"wildcard": {"pattern": "?t"}}]}})"),
            "4");
  EXPECT_EQ(rule(R"({"fuzzy": {"term": "coldd"}})"), "1 2 3 4");
}

TEST_F(IntervalQueries, FiltersLookAtOtherIntervals) {
  const auto filtered = [&](const std::string& filter) {
    return rule(R"({"match": {"query": "cold", "filter": {")" + filter +
                R"(": {"match": {"query": "outside"}}}}})");
  };
  EXPECT_EQ(filtered("before"), "2 3");
  EXPECT_EQ(filtered("after"), "4");
  EXPECT_EQ(filtered("not_overlapping"), "1 2 3 4");
  EXPECT_EQ(rule(R"({"match": {"query": "it cold", "filter": {"containing":
                      {"match": {"query": "is"}}}}})"),
            "2 4");
  EXPECT_EQ(rule(R"({"match": {"query": "cold", "filter": {"near": {"match": {"query": "a"}}}}})"),
            "parsing_exception: Unknown filter type [near]");
}

TEST_F(IntervalQueries, MoreAndCloserScoresNearerToTheBoost) {
  const auto score = [&](const std::string& json) {
    const auto found = index_->search(R"({"query": {"intervals": {"t": )" + json + "}}}");
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return *found->hits.at(0).score;
  };
  EXPECT_FLOAT_EQ(score(R"({"match": {"query": "hot"}})"), 0.5F);
  EXPECT_FLOAT_EQ(score(R"({"match": {"query": "hot"}, "boost": 4})"), 2);
  EXPECT_FLOAT_EQ(score(R"({"match": {"query": "some like", "ordered": true}})"), 2.0F / 3);
  EXPECT_FLOAT_EQ(score(R"({"match": {"query": "hot cold"}})"), 0.2F);
}

TEST_F(IntervalQueries, SpansAreIntervalsUnderOtherNames) {
  const std::string cold = R"({"span_term": {"t": "cold"}})";
  const std::string outside = R"({"span_term": {"t": {"value": "outside"}}})";
  EXPECT_EQ(matches(*index_, cold), "1 2 3 4");
  const auto near = [&](const std::string& options) {
    return matches(*index_,
                   R"({"span_near": {"clauses": [)" + cold + "," + outside + "]" + options + "}}");
  };
  EXPECT_EQ(near(""), "2 3");
  EXPECT_EQ(near(R"(, "slop": 2, "in_order": false)"), "2 3 4");
  EXPECT_EQ(matches(*index_, R"({"span_first": {"match": )" + outside + R"(, "end": 1}})"), "4");
  EXPECT_EQ(matches(*index_, R"({"span_or": {"clauses": [{"span_term": {"t": "hot"}},
                                {"span_term": {"t": "wet"}}]}})"),
            "1 4");
  EXPECT_EQ(matches(*index_, R"({"span_not": {"include": )" + cold + R"(, "exclude": )" + outside +
                                 R"(, "post": 1}})"),
            "1 4");
  EXPECT_EQ(matches(*index_, R"({"span_near": {"clauses": [{"span_term": {"t": "is"}},
                                {"span_multi": {"match": {"prefix": {"t": "co"}}}}]}})"),
            "2 3 4");
  EXPECT_EQ(matches(*index_, R"({"span_containing": {"little": )" + cold + R"(, "big":
                                {"span_near": {"slop": 5, "clauses": [{"span_term": {"t": "it"}},
                                )" +
                                 outside + "]}}}}"),
            "2");
}

TEST_F(IntervalQueries, FieldsWithoutPositionsAreRefused) {
  EXPECT_EQ(matches(*index_, R"({"intervals": {"k": {"match": {"query": "a"}}}})"),
            "illegal_argument_exception: Cannot create intervals over field [k] with no positions "
            "indexed");
  EXPECT_EQ(matches(*index_, R"({"intervals": {"none": {"match": {"query": "a"}}}})"), "");
  EXPECT_EQ(rule(R"({"sentence": {"query": "a"}})").substr(0, 50),
            "parsing_exception: Unknown interval type [sentence");
}

}  // namespace
}  // namespace hornbeam::search
