#include "hornbeam/search/query/execute_search.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::ids;

class ExecuteSearch : public ::testing::Test {
 protected:
  ExecuteSearch()
      : index_(testing::new_index(R"({"properties": {"group": {"type": "integer"},
            "tag": {"type": "keyword"}}})")) {
    testing::put_all(*index_, {R"({"t": "a", "group": 1, "tag": "A", "sort": 10})",
                               R"({"t": "a b", "group": 1, "tag": "B", "sort": 6})",
                               R"({"t": "a a", "group": 1, "tag": "A", "sort": 24})",
                               R"({"t": "b", "group": 25, "tag": "B", "sort": 10})",
                               R"({"t": "a b c", "group": 25, "tag": "A", "sort": 5})",
                               R"({"t": "c", "tag": "B", "sort": 36})"});
  }
  SearchResult search(std::string_view body) {
    auto found = index_->search(body);
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return std::move(*found);
  }
  SearchResult search_explained(std::string_view query) {
    return search(fmt::format(R"({{"query": {}, "explain": true}})", query));
  }
  std::unique_ptr<Index> index_;
};

TEST_F(ExecuteSearch, CollapsesByAField) {
  const SearchResult found =
      search(R"({"collapse": {"field": "group"}, "sort": [{"sort": "desc"}]})");
  EXPECT_EQ(found.total.value, 6U);
  ASSERT_EQ(found.hits.size(), 3U);
  EXPECT_EQ(found.hits[0].id, "6");
  EXPECT_EQ(found.hits[0].collapsed_by, SortValue());
  EXPECT_EQ(found.hits[1].id, "3");
  EXPECT_EQ(found.hits[1].collapsed_by, SortValue(std::int64_t{1}));
  EXPECT_EQ(found.hits[2].id, "4");
  EXPECT_EQ(ids(*index_, R"({"collapse": {"field": "tag"}, "query": {"match": {"t": "b"}}})"),
            "4 5");
  EXPECT_EQ(ids(*index_, R"({"collapse": {"field": "group"}, "from": 2,
      "sort": [{"sort": "desc"}]})"),
            "4");
  EXPECT_EQ(ids(*index_, R"({"collapse": {"field": "t"}})"),
            "illegal_argument_exception: unknown type for collapse field `t`, only keywords and "
            "numbers are accepted");
}

TEST_F(ExecuteSearch, ShowsTheOthersOfAGroup) {
  const SearchResult found = search(R"({"sort": [{"sort": "desc"}], "collapse": {"field": "group",
      "inner_hits": [{"name": "low", "size": 2, "sort": [{"sort": "asc"}], "version": true},
                     {"name": "tags", "collapse": {"field": "tag"}}]}})");
  ASSERT_EQ(found.hits.size(), 3U);
  const auto show = [](const InnerResult& inner) {
    std::string all = fmt::format("{} of {}:", inner.name, inner.result->total.value);
    for (const Hit& hit : inner.result->hits) all += " " + hit.id;
    return all;
  };
  EXPECT_EQ(show(found.hits[0].inner_hits.at(0)), "low of 1: 6");
  EXPECT_EQ(show(found.hits[1].inner_hits.at(0)), "low of 3: 2 1");
  EXPECT_EQ(show(found.hits[1].inner_hits.at(1)), "tags of 3: 1 2");
  EXPECT_EQ(show(found.hits[2].inner_hits.at(0)), "low of 2: 5 4");
  EXPECT_EQ(ids(*index_, R"({"collapse": {"field": "group",
      "inner_hits": {"collapse": {"field": "tag", "inner_hits": {}}}}})")
                .substr(0, 25),
            "x_content_parse_exception");
  EXPECT_EQ(ids(*index_, R"({"collapse": {"field": "group", "collapse": {"field": "tag"}}})"),
            "x_content_parse_exception: [collapse] unknown field [collapse]");
}

TEST_F(ExecuteSearch, RescoresTheBest) {
  const SearchResult found = search(R"({"query": {"match_all": {}}, "explain": true, "size": 3,
      "rescore": {"window_size": 2, "query": {"rescore_query": {"match_all": {}},
      "query_weight": 5, "rescore_query_weight": 10}}})");
  ASSERT_EQ(found.hits.size(), 3U);
  EXPECT_EQ(found.max_score, 15);
  const float expected[] = {15, 15, 5};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found.hits[i].score, expected[i]);
    EXPECT_EQ(found.hits[i].explanation->value, expected[i]);
  }
  EXPECT_EQ(ids(*index_, R"({"query": {"match": {"t": "a"}}, "size": 1, "rescore": {
      "query": {"rescore_query": {"term": {"t": "c"}}, "rescore_query_weight": 100}}})"),
            "5");
  EXPECT_EQ(ids(*index_, R"({"rescore": {"window_size": 10001,
      "query": {"rescore_query": {"match_all": {}}}}})")
                .substr(0, 79),
            "illegal_argument_exception: Rescore window [10001] is too large. It must be les");
}

TEST_F(ExecuteSearch, FiltersHits) {
  const SearchResult filtered = search(R"({"query": {"match": {"t": "a"}},
      "post_filter": {"term": {"tag": "B"}}})");
  EXPECT_EQ(filtered.total.value, 1U);
  EXPECT_EQ(filtered.hits.front().id, "2");
  EXPECT_EQ(ids(*index_, R"({"query": {"constant_score": {"filter": {"match_all": {}}}},
      "min_score": 1.5})"),
            "");
  std::size_t sliced = 0;
  for (const char* const id : {"0", "1", "2"}) {
    sliced += search(fmt::format(R"({{"slice": {{"id": {}, "max": 3}}}})", id)).total.value;
  }
  EXPECT_EQ(sliced, 6U);
  EXPECT_EQ(ids(*index_, R"({"slice": {"id": 3, "max": 3}})"),
            "illegal_argument_exception: max must be greater than id");
}

TEST_F(ExecuteSearch, TerminatesEarly) {
  const SearchResult early = search(R"({"terminate_after": 3})");
  EXPECT_TRUE(early.terminated_early);
  EXPECT_EQ(early.total.value, 3U);
  const SearchResult all = search(R"({"terminate_after": 6})");
  EXPECT_FALSE(all.terminated_early);
  EXPECT_EQ(all.total.value, 6U);
}

TEST_F(ExecuteSearch, SearchesSeveralIndicesAtOnce) {
  const auto other = testing::new_index();
  testing::put_all(*other, {R"({"t": "a", "sort": 7})"});
  std::vector<SearchTarget> targets = {index_->target(), other->target()};
  targets[1].boost = 100;
  SearchRequest request{.query = {MatchQuery{.field = "t", .text = "a"}}, .size = 2};
  const auto boosted = execute_search(targets, request, 0);
  ASSERT_TRUE(boosted);
  EXPECT_EQ(boosted->total.value, 5U);
  ASSERT_EQ(boosted->hits.size(), 2U);
  EXPECT_EQ(boosted->hits[0].target, 1U);
  EXPECT_EQ(boosted->hits[1].target, 0U);
  request.sort = {{.field = "sort"}};
  const auto sorted = execute_search(targets, request, 0);
  ASSERT_TRUE(sorted);
  EXPECT_EQ(sorted->hits[0].sort.front(), SortValue(std::int64_t{5}));
  EXPECT_EQ(sorted->hits[1].sort.front(), SortValue(std::int64_t{6}));
}

TEST_F(ExecuteSearch, ExplainsScoresAsLucene) {
  const SearchTarget target = index_->target();
  const auto found =
      explain_match(target, {TermQuery{.field = "t", .value = "b"}}, "2", 0).value().value();
  EXPECT_TRUE(found.is_match);
  EXPECT_EQ(found.description, "weight(t:b in 1) [PerFieldSimilarity], result of:");
  ASSERT_EQ(found.details.size(), 1U);
  EXPECT_EQ(found.details[0].description, "score(freq=1.0), computed as boost * idf * tf from:");
  ASSERT_EQ(found.details[0].details.size(), 2U);
  const Explanation& idf = found.details[0].details[0];
  const Explanation& tf = found.details[0].details[1];
  EXPECT_FLOAT_EQ(found.value, idf.value * tf.value);
  EXPECT_EQ(idf.details[0].value, 3);
  EXPECT_EQ(idf.details[1].value, 6);
  EXPECT_EQ(tf.details.size(), 5U);

  const auto search = search_explained(R"({"bool": {"must": {"match": {"t": "a"}},
      "filter": {"term": {"tag": "A"}}, "should": {"match_phrase": {"t": "a b"}}}})");
  for (const Hit& hit : search.hits) EXPECT_FLOAT_EQ(hit.explanation->value, *hit.score) << hit.id;
  const auto missed =
      explain_match(target, {TermQuery{.field = "t", .value = "b"}}, "1", 0).value().value();
  EXPECT_FALSE(missed.is_match);
  EXPECT_FALSE(explain_match(target, {}, "nobody", 0).value());
}

TEST_F(ExecuteSearch, PrintsQueriesAsLucene) {
  struct Case {
    const char* query;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"match_all": {}})", "*:*"},
      {R"({"term": {"t": "foo"}})", "t:foo"},
      {R"({"term": {"t": {"value": "foo", "boost": 2}}})", "(t:foo)^2.0"},
      {R"({"bool": {"must": {"term": {"t": "a"}}, "filter": {"term": {"tag": "x"}},
          "must_not": {"term": {"t": "b"}}}})",
       "+t:a #tag:x -t:b"},
      {R"({"match": {"t": {"query": "a b c", "minimum_should_match": 2}}})", "(t:a t:b t:c)~2"},
      {R"({"dis_max": {"queries": [{"term": {"t": "a"}}, {"term": {"t": "b"}}],
          "tie_breaker": 0.5}})",
       "(t:a | t:b)~0.5"},
      {R"({"constant_score": {"filter": {"term": {"t": "a"}}}})", "ConstantScore(t:a)"},
      {R"({"range": {"group": {"gte": 1, "lt": 5}}})", "group:[1 TO 5}"},
      {R"({"match_none": {}})", "MatchNoDocsQuery(\"\")"},
  };
  for (const Case& one : cases) {
    const auto json = base::JsonDocument::parse(one.query);
    EXPECT_EQ(explain_query(index_->target(), parse_query(json->root()).value(), 0).value(),
              one.expected);
  }
}

}  // namespace
}  // namespace hornbeam::search
