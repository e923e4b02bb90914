#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::ids;
using testing::matches;

class CompoundQueries : public ::testing::Test {
 protected:
  CompoundQueries()
      : index_(testing::new_index(R"({"properties": {"tag": {"type": "keyword"},
            "n": {"type": "integer"}, "x": {"type": "double"}, "at": {"type": "date"}}})")) {
    testing::put_all(
        *index_, {R"({"title": "red fox", "tag": ["a", "b"], "n": 1, "x": 10, "at": "2024-01-01"})",
                  R"({"title": "red dog", "tag": ["a"], "n": 2, "x": 20, "at": "2024-01-11"})",
                  R"({"title": "blue fox", "tag": ["a", "b", "c"], "n": 2, "at": "2024-01-06"})",
                  R"({"title": "blue bird", "n": 3, "x": 40})"});
  }
  std::vector<float> scores(const std::string& query) {
    const auto found = index_->search(
        fmt::format(R"({{"query": {}, "sort": ["_doc"], "track_scores": true}})", query));
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    std::vector<float> all;
    for (const Hit& hit : found->hits) all.push_back(*hit.score);
    return all;
  }
  std::vector<float> function(const std::string& body) {
    return scores(R"({"function_score": {"query": {"match_all": {}}, )" + body + "}}");
  }
  using Scores = std::vector<float>;
  std::unique_ptr<Index> index_;
};

TEST(ManyKeywords, AreFoundThoughTheirPostingsHaveNoFrequencies) {
  const auto index = testing::new_index(R"({"properties": {"tag": {"type": "keyword"}}})");
  testing::put_all(*index, std::vector<std::string>(400, R"({"tag": "a"})"), 400);
  EXPECT_EQ(ids(*index, R"({"query": {"term": {"tag": "a"}}, "size": 2})"), "1 2");
}

TEST_F(CompoundQueries, BoostingLowersScores) {
  EXPECT_EQ(scores(R"({"boosting": {"positive": {"match_all": {}},
      "negative": {"term": {"tag": "b"}}, "negative_boost": 0.25}})"),
            (Scores{0.25F, 1, 0.25F, 1}));
}

TEST_F(CompoundQueries, FunctionsScoreDocuments) {
  EXPECT_EQ(function(R"("field_value_factor": {"field": "x", "factor": 2, "missing": 1})"),
            (Scores{20, 40, 2, 80}));
  EXPECT_EQ(function(R"("field_value_factor": {"field": "n", "modifier": "square"})"),
            (Scores{1, 4, 4, 9}));
  EXPECT_EQ(function(R"("weight": 3, "boost_mode": "sum")"), (Scores{4, 4, 4, 4}));
  EXPECT_EQ(function(R"("functions": [{"filter": {"term": {"tag": "a"}}, "weight": 2},
                        {"filter": {"term": {"tag": "b"}}, "weight": 5}])"),
            (Scores{10, 2, 10, 1}));
  EXPECT_EQ(function(R"("functions": [{"filter": {"term": {"tag": "a"}}, "weight": 2},
                        {"filter": {"term": {"tag": "b"}}, "weight": 5}], "score_mode": "sum")"),
            (Scores{7, 2, 7, 1}));
  EXPECT_EQ(function(R"("functions": [{"filter": {"term": {"tag": "a"}}, "weight": 2},
                        {"filter": {"term": {"tag": "b"}}, "weight": 5}], "score_mode": "first",
                        "boost_mode": "replace")"),
            (Scores{2, 2, 2, 1}));
  EXPECT_EQ(function(R"("functions": [{"weight": 2}, {"weight": 5}], "score_mode": "max",
                        "max_boost": 4)"),
            (Scores{4, 4, 4, 4}));
  EXPECT_EQ(function(R"("field_value_factor": {"field": "n"}, "min_score": 2)"), (Scores{2, 2, 3}));
}

TEST_F(CompoundQueries, FunctionsDecay) {
  const Scores linear = function(R"("linear": {"x": {"origin": 10, "scale": 10}})");
  EXPECT_FLOAT_EQ(linear[0], 1);
  EXPECT_FLOAT_EQ(linear[1], 0.5F);
  EXPECT_FLOAT_EQ(linear[2], 1);  // No value: at the origin.
  EXPECT_FLOAT_EQ(linear[3], 0);
  const Scores gauss = function(R"("gauss": {"x": {"origin": 10, "scale": 10, "offset": 10}})");
  EXPECT_FLOAT_EQ(gauss[1], 1);
  EXPECT_FLOAT_EQ(gauss[3], std::pow(0.5F, 4));
  const Scores dates = function(R"("exp": {"at": {"origin": "2024-01-01", "scale": "5d"}})");
  EXPECT_FLOAT_EQ(dates[1], 0.25F);
  EXPECT_FLOAT_EQ(dates[2], 0.5F);
  const Scores random = function(R"("random_score": {"seed": 1, "field": "n"})");
  EXPECT_EQ(random[1], random[2]);
  EXPECT_NE(random[0], random[1]);
}

TEST_F(CompoundQueries, FunctionsRefuseWhatHasNoScore) {
  EXPECT_EQ(matches(*index_, R"({"function_score": {"field_value_factor": {"field": "x"}}})"),
            "1 2 3 4");  // By document: nothing asks for the score.
  EXPECT_EQ(ids(*index_, R"({"query": {"function_score":
      {"field_value_factor": {"field": "x"}}}})"),
            "exception: Missing value for field [x]");
  EXPECT_EQ(ids(*index_, R"({"query": {"function_score":
      {"field_value_factor": {"field": "n", "factor": -1}}}})")
                .substr(0, 26),
            "illegal_argument_exception");
  EXPECT_EQ(matches(*index_, R"({"function_score": {"gauss": {"x": {"origin": 1, "scale": 0}}}})"),
            "illegal_argument_exception: function_score : scale must be > 0.0.");
  EXPECT_EQ(matches(*index_, R"({"boosting": {"positive": {"match_all": {}}}})"),
            "parsing_exception: [boosting] query requires 'negative' query to be set'");
}

TEST_F(CompoundQueries, TermsSetsAskTheDocumentHowManyTerms) {
  EXPECT_EQ(matches(*index_, R"({"terms_set": {"tag": {"terms": ["a", "b", "x"],
      "minimum_should_match_field": "n"}}})"),
            "1 3");
  EXPECT_EQ(matches(*index_, R"({"terms_set": {"tag": {"terms": ["a"]}}})"),
            "illegal_argument_exception: No minimum should match has been specified");
}

TEST_F(CompoundQueries, MoreLikeThisFindsWhatIsAlike) {
  const char* const options = R"("min_term_freq": 1, "min_doc_freq": 1)";
  EXPECT_EQ(ids(*index_, fmt::format(R"({{"query": {{"more_like_this": {{"fields": ["title"],
      "like": "a fox of blue", {}, "minimum_should_match": "100%"}}}}}})",
                                     options)),
            "3");
  EXPECT_EQ(ids(*index_, fmt::format(R"({{"query": {{"more_like_this": {{"fields": ["title"],
      "like": [{{"_id": "1"}}], {}}}}}, "sort": "_doc"}})",
                                     options)),
            "2 3");
  EXPECT_EQ(ids(*index_, fmt::format(R"({{"query": {{"more_like_this": {{"fields": ["title"],
      "like": {{"_id": "1"}}, "unlike": "red", "include": true, {}}}}}, "sort": "_doc"}})",
                                     options)),
            "1 3");
}

TEST_F(CompoundQueries, PartsWithNamesAreToldApart) {
  const auto found = index_->search(R"({"query": {"bool": {"should": [
      {"match": {"title": {"query": "red", "_name": "by title"}}},
      {"term": {"tag": {"value": "b", "_name": "by tag", "boost": 3}}}]}},
      "sort": "_doc", "include_named_queries_score": true})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hits.size(), 3U);
  EXPECT_EQ(found->hits[0].matched_queries, (std::vector<std::string>{"by title", "by tag"}));
  EXPECT_EQ(found->hits[1].matched_queries, (std::vector<std::string>{"by title"}));
  EXPECT_EQ(found->hits[2].matched_queries, (std::vector<std::string>{"by tag"}));
  EXPECT_EQ(found->hits[0].matched_scores.size(), 2U);
}

TEST_F(CompoundQueries, WrappersAreUnwrapped) {
  // {"term": {"tag": "c"}}
  EXPECT_EQ(matches(*index_, R"({"wrapper": {"query": "eyJ0ZXJtIjogeyJ0YWciOiAiYyJ9fQ=="}})"), "3");
  EXPECT_EQ(matches(*index_, R"({"wrapper": {"query": "?"}})").substr(0, 17), "parsing_exception");
}

TEST_F(CompoundQueries, ManyFieldsAreAskedAtOnce) {
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "red", "fields": ["ti*", "tag^2"]}})"),
            "1 2");
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "2"}})"), "2 3");
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "blue fo", "type": "phrase_prefix",
      "fields": ["title"]}})"),
            "3");
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "red fo", "type": "bool_prefix",
      "fields": ["title"]}})"),
            "1 2 3");
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "x", "fields": ["n"]}})").substr(0, 21),
            "query_shard_exception");
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "x", "fields": ["n"],
      "lenient": true}})"),
            "");
}

TEST_F(CompoundQueries, OptionsMustFitTheType) {
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "a", "fields": ["title"],
      "type": "bool_prefix", "slop": 1}})"),
            "parsing_exception: [slop] not allowed for type [bool_prefix]");
  EXPECT_EQ(matches(*index_, R"({"multi_match": {"query": "a", "fields": ["title"],
      "type": "cross_fields", "fuzziness": 1}})"),
            "parsing_exception: Fuzziness not allowed for type [cross_fields]");
}

TEST(CrossFields, MixTheFields) {
  const auto index = testing::new_index();
  testing::put_all(
      *index, {R"({"first": "will", "last": "smith"})", R"({"first": "smith", "last": "jones"})",
               R"({"first": "will", "last": "jones"})"});
  EXPECT_EQ(matches(*index, R"({"multi_match": {"query": "will smith", "type": "cross_fields",
      "fields": ["first", "last"], "operator": "and"}})"),
            "1");
  const auto found = index->search(R"({"query": {"multi_match": {"query": "smith",
      "type": "cross_fields", "fields": ["first", "last^100"], "tie_breaker": 0.1}}})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hits.size(), 2U);
  EXPECT_EQ(found->hits[0].id, "1");
  EXPECT_GT(found->hits[1].score, 0);
}

TEST_F(CompoundQueries, TermsMayBeLookedUp) {
  const auto json = base::JsonDocument::parse(
      R"({"terms": {"tag": {"index": "lists", "id": "7", "path": "wanted"}}})");
  const Query query = parse_query(json->root()).value();
  SearchTarget target = index_->target();
  EXPECT_FALSE(count_matches(target, query, 0));
  target.find_terms = [](const TermsLookup& lookup) -> base::Result<std::vector<std::string>> {
    EXPECT_EQ(lookup.index + lookup.id + lookup.path, "lists7wanted");
    return std::vector<std::string>{"c", "x"};
  };
  EXPECT_EQ(count_matches(target, query, 0).value(), 1U);
}

TEST(FunctionScore, ComputesWithNumbersOfEveryKind) {
  const auto index = testing::new_index(R"({"properties": {"u": {"type": "unsigned_long"},
      "s": {"type": "scaled_float", "scaling_factor": 10}, "ip": {"type": "ip"}}})");
  testing::put_all(*index, {R"({"u": 5, "s": 2.5, "ip": "10.0.0.1"})"});
  const auto score = [&](std::string_view field) {
    const auto found = index->search(fmt::format(
        R"({{"query": {{"function_score": {{"field_value_factor": {{"field": "{}"}}}}}}}})",
        field));
    return found->hits.at(0).score.value_or(0);
  };
  EXPECT_FLOAT_EQ(score("u"), 5);
  EXPECT_FLOAT_EQ(score("s"), 2.5F);
  EXPECT_EQ(matches(*index, R"({"prefix": {"ip": "10"}})").substr(0, 21), "query_shard_exception");
}

TEST(BitmapTerms, AreSetsOfNumbers) {
  const auto index =
      testing::new_index(R"({"properties": {"n": {"type": "integer"}, "wide": {"type": "long"}}})");
  testing::put_all(*index, {R"({"n": 111})", R"({"n": [5, 222]})", R"({"n": 333})",
                            R"({"wide": 1000000000000})"});
  const auto find = [&](std::string_view field, std::string_view bitmap) {
    return matches(*index, fmt::format(R"({{"terms": {{"{}": ["{}"], "value_type": "bitmap"}}}})",
                                       field, bitmap));
  };
  EXPECT_EQ(find("n", "OjAAAAEAAAAAAAEAEAAAAG8A3gA="), "1 2");  // 111 and 222.
  EXPECT_EQ(find("n", "OjAAAAEAAAAAAAAAEAAAAE0B"), "3");
  // The run from 100 to 400.
  EXPECT_EQ(find("n", "OzAAAAEAACwBAQBkACwB"), "1 2 3");
  EXPECT_EQ(find("wide", "AQAAAAAAAADoAAAAOjAAAAEAAACl1AAAEAAAAAAQ"), "4");
  for (const char* const broken : {"", "OjAAAAEA", "OjAAAP////8AAAEAEAAAAG8A3gA=", "?"}) {
    EXPECT_EQ(find("n", broken), "illegal_argument_exception: Failed to deserialize the bitmap.");
  }
}

TEST(Limits, BoundHowDeepQueriesNest) {
  const auto index = testing::new_index();
  testing::put_all(*index, {R"({"t": "a"})"});
  const auto nested = [](int depth) {
    std::string query = R"({"match_all": {}})";
    for (int i = 0; i < depth; ++i) query = R"({"bool": {"must": )" + query + "}}";
    return query;
  };
  EXPECT_EQ(matches(*index, nested(20)), "1");
  EXPECT_EQ(matches(*index, nested(21)),
            "illegal_argument_exception: The nested depth of the query exceeds the maximum nested "
            "depth for bool queries set in [indices.query.bool.max_nested_depth]");
}

TEST(Limits, AreThoseOfTheSettings) {
  const auto index = testing::new_index(R"({"properties": {"tag": {"type": "keyword"}}})");
  std::string clauses;
  for (int i = 0; i < 1025; ++i) {
    clauses += fmt::format(R"({}{{"term": {{"tag": "{}"}}}})", i == 0 ? "" : ",", i);
  }
  EXPECT_EQ(matches(*index, R"({"bool": {"should": [)" + clauses + "]}}"),
            "too_many_clauses: maxClauseCount is set to 1024");
  SearchTarget target = index->target();
  target.settings.max_terms_count = 2;
  const auto refused =
      count_matches(target, {TermsQuery{.field = "tag", .values = {"a", "b", "c"}}}, 0);
  EXPECT_EQ(refused.error().message,
            "The number of terms [3] used in the Terms Query request has exceeded the allowed "
            "maximum of [2]. This maximum can be set by changing the [index.max_terms_count] index "
            "level setting.");
  target.settings.allows_expensive_queries = false;
  EXPECT_EQ(count_matches(target, {PrefixQuery{.field = "tag", .prefix = "a"}}, 0).error().message,
            "[prefix] queries cannot be executed when 'search.allow_expensive_queries' is set to "
            "false. For optimised prefix queries on text fields please enable [index_prefixes].");
}

}  // namespace
}  // namespace hornbeam::search
