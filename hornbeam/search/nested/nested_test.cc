// Objects that are found by themselves: the nested query, its inner hits, aggregations and sorts,
// and that they come and go with their documents.

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/index.h"
#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/testing/new_index.h"
#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search {
namespace {

using testing::ids;
using testing::matches;

constexpr std::string_view kMapping = R"({"properties": {
    "title": {"type": "text"}, "n": {"type": "long"},
    "comments": {"type": "nested", "properties": {
      "by": {"type": "keyword"}, "stars": {"type": "long"}, "text": {"type": "text"},
      "answers": {"type": "nested", "properties": {
        "by": {"type": "keyword"}, "votes": {"type": "long"}}}}}}})";

/// Two books with comments, one without.
class Nested : public ::testing::Test {
 protected:
  Nested() {
    testing::put_all(*index_, {R"({"title": "one", "n": 1, "comments": [
        {"by": "ann", "stars": 1, "text": "dull dull book", "answers": [
          {"by": "bob", "votes": 3}, {"by": "cat", "votes": 9}]},
        {"by": "bob", "stars": 5, "text": "fine book"}]})",
                               R"({"title": "two", "n": 2})",
                               R"({"title": "three", "n": 3, "comments": [
        {"by": "ann", "stars": 5, "text": "a fine tale"},
        {"by": "cat", "stars": 2, "text": "dull", "answers": {"by": "ann", "votes": 4}},
        {"by": "dan", "stars": 4}]})"});
  }
  std::string find(std::string_view query) const { return matches(*index_, query); }
  std::string run(std::string_view aggregations) const {
    const auto found = index_->search(fmt::format(R"({{"size": 0, "aggs": {}}})", aggregations));
    return found ? found->aggregations : found.error().code + ": " + found.error().message;
  }
  SearchResult search(std::string_view body) const { return index_->search(body).value(); }

  std::unique_ptr<Index> index_ = testing::new_index(kMapping);
};

std::string in_comments(std::string_view query, std::string_view more = "") {
  return fmt::format(R"({{"nested": {{"path": "comments", "query": {}{}}}}})", query, more);
}

TEST_F(Nested, MatchesValuesOfOneObjectOnly) {
  const auto both = [](const char* by, int stars) {
    return in_comments(fmt::format(R"({{"bool": {{"must": [{{"term": {{"comments.by": "{}"}}}},
                                            {{"term": {{"comments.stars": {}}}}}]}}}})",
                                   by, stars));
  };
  EXPECT_EQ(find(both("ann", 1)), "1");
  EXPECT_EQ(find(both("ann", 5)), "3");
  EXPECT_EQ(find(both("bob", 1)), "");
  EXPECT_EQ(find(in_comments(R"({"match_all": {}})")), "1 3");
  EXPECT_EQ(find(in_comments(R"({"exists": {"field": "comments.text"}})")), "1 3");
  EXPECT_EQ(find(in_comments(R"({"bool": {"must_not": {"exists": {"field": "comments.text"}}}})")),
            "3");
}

TEST_F(Nested, IsSeenByNoQueryOfDocuments) {
  EXPECT_EQ(index_->document_count(), 3U);
  EXPECT_EQ(find(R"({"match_all": {}})"), "1 2 3");
  EXPECT_EQ(find(R"({"term": {"comments.by": "ann"}})"), "");
  EXPECT_EQ(find(R"({"exists": {"field": "comments.by"}})"), "");
  EXPECT_EQ(find(R"({"bool": {"must_not": {"match": {"title": "one"}}}})"), "2 3");
  EXPECT_EQ(run(R"({"a": {"value_count": {"field": "n"}}, "b": {"terms": {"field": "comments.by"}},
                   "c": {"missing": {"field": "n"}}})"),
            R"({"a":{"value":3},"b":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,)"
            R"("buckets":[]},"c":{"doc_count":0}})");
}

TEST_F(Nested, FindsObjectsInsideOfObjects) {
  const auto answers = [](std::string_view query) {
    return fmt::format(R"({{"nested": {{"path": "comments.answers", "query": {}}}}})", query);
  };
  const std::string by_ann = answers(R"({"term": {"comments.answers.by": "ann"}})");
  EXPECT_EQ(find(by_ann), "3");
  EXPECT_EQ(find(answers(R"({"range": {"comments.answers.votes": {"gt": 3}}})")), "1 3");
  EXPECT_EQ(find(in_comments(fmt::format(
                R"({{"bool": {{"must": [{{"term": {{"comments.by": "cat"}}}}, {}]}}}})", by_ann))),
            "3");
  EXPECT_EQ(find(in_comments(fmt::format(
                R"({{"bool": {{"must": [{{"term": {{"comments.by": "ann"}}}}, {}]}}}})", by_ann))),
            "");
}

TEST_F(Nested, ScoresByWhatItsObjectsScore) {
  const auto score = [&](std::string_view mode) {
    const SearchResult found = search(fmt::format(
        R"({{"query": {{"bool": {{"must": {}, "filter": {{"ids": {{"values": ["1"]}}}}}}}}}})",
        in_comments(R"({"function_score": {"query": {"match_all": {}}, "boost_mode": "replace",
                     "field_value_factor": {"field": "comments.stars"}}})",
                    fmt::format(R"(, "score_mode": "{}")", mode))));
    return found.hits.empty() ? -1 : found.hits[0].score.value_or(-2);
  };
  EXPECT_EQ(score("avg"), 3);
  EXPECT_EQ(score("sum"), 6);
  EXPECT_EQ(score("min"), 1);
  EXPECT_EQ(score("max"), 5);
  EXPECT_EQ(score("none"), 0);
}

TEST_F(Nested, ScoresAsIfObjectsWereDocumentsOfAnIndex) {
  const auto alone = testing::new_index(R"({"properties": {"text": {"type": "text"}}})");
  testing::put_all(*alone,
                   {R"({"text": "dull dull book"})", R"({"text": "fine book"})",
                    R"({"text": "a fine tale"})", R"({"text": "dull"})"},
                   4);
  const float expected =
      alone->search(R"({"query": {"match": {"text": "tale"}}})")->hits[0].score.value_or(0);
  testing::put_all(*index_, {}, 1);
  index_->shard().merge_all();
  index_->refresh();
  const SearchResult found =
      search(R"({"query": )" + in_comments(R"({"match": {"comments.text": "tale"}})") + "}");
  ASSERT_EQ(found.hits.size(), 1U);
  EXPECT_FLOAT_EQ(found.hits[0].score.value_or(-1), expected);
}

TEST_F(Nested, ComesAndGoesWithItsDocument) {
  const std::string by_cat = in_comments(R"({"term": {"comments.by": "cat"}})");
  EXPECT_EQ(find(by_cat), "3");
  ASSERT_TRUE(index_->put("3", R"({"comments": {"by": "eve"}})"));
  index_->refresh();
  EXPECT_EQ(find(by_cat), "");
  EXPECT_EQ(find(in_comments(R"({"term": {"comments.by": "eve"}})")), "3");
  const std::string count = R"({"c": {"nested": {"path": "comments"}}})";
  EXPECT_EQ(run(count), R"({"c":{"doc_count":3}})");
  ASSERT_TRUE(index_->remove("1"));
  index_->refresh();
  EXPECT_EQ(run(count), R"({"c":{"doc_count":1}})");
  index_->shard().merge_all();
  index_->refresh();
  EXPECT_EQ(run(count), R"({"c":{"doc_count":1}})");
  EXPECT_EQ(find(in_comments(R"({"match_all": {}})")), "3");
}

TEST_F(Nested, RefusesPathsThatAreNotNested) {
  const auto refused = [&](std::string_view path, bool ignores_unmapped = false) {
    return find(fmt::format(
        R"({{"nested": {{"path": "{}", "query": {{"match_all": {{}}}}, "ignore_unmapped": {}}}}})",
        path, ignores_unmapped));
  };
  EXPECT_EQ(refused("title"),
            "query_shard_exception: failed to create query: [nested] nested object under path "
            "[title] is not of nested type");
  EXPECT_EQ(refused("none"),
            "query_shard_exception: failed to create query: [nested] failed to find nested object "
            "under path [none]");
  EXPECT_EQ(refused("none", true), "");
  EXPECT_EQ(find(R"({"nested": {"path": "comments"}})"),
            "illegal_argument_exception: [nested] requires 'query' field");
  EXPECT_EQ(find(R"({"nested": {"query": {"match_all": {}}}})"),
            "illegal_argument_exception: [nested] requires 'path' field");
  EXPECT_EQ(find(in_comments(R"({"match_all": {}})", R"(, "score_mode": "best")")),
            "illegal_argument_exception: No score mode for child query [best] found");
}

TEST_F(Nested, ShowsTheObjectsThatMatch) {
  const SearchResult found =
      search(R"({"query": )" +
             in_comments(R"({"bool": {"should": [{"match": {"comments.text": "dull"}}, {"nested": {
          "path": "comments.answers", "query": {"range": {"comments.answers.votes": {"gt": 3}}},
          "inner_hits": {}}}]}})",
                         R"(, "inner_hits": {"highlight": {"fields": {"comments.text": {}}}})") +
             R"(, "sort": "n"})");
  ASSERT_EQ(found.hits.size(), 2U);
  const Hit& first = found.hits[0];
  ASSERT_EQ(first.inner_hits.size(), 1U);
  EXPECT_EQ(first.inner_hits[0].name, "comments");
  const SearchResult& inner = *first.inner_hits[0].result;
  ASSERT_EQ(inner.hits.size(), 1U);
  EXPECT_EQ(inner.total.value, 1U);
  EXPECT_EQ(inner.hits[0].id, "1");
  EXPECT_EQ(nested_json(inner.hits[0].nested), R"({"field":"comments","offset":0})");
  EXPECT_EQ(inner.hits[0].highlight.at("comments.text")[0], "<em>dull</em> <em>dull</em> book");
  ASSERT_EQ(inner.hits[0].inner_hits.size(), 1U);
  const SearchResult& answers = *inner.hits[0].inner_hits[0].result;
  ASSERT_EQ(answers.hits.size(), 1U);
  EXPECT_EQ(answers.hits[0].source, R"({"by":"cat","votes":9})");
  EXPECT_EQ(nested_json(answers.hits[0].nested),
            R"({"field":"comments","offset":0,"_nested":{"field":"answers","offset":1}})");
  EXPECT_EQ(found.hits[1].inner_hits[0].result->hits[0].nested[0].offset, 1U);
}

TEST_F(Nested, PagesAndSortsInnerHits) {
  const SearchResult found =
      search(R"({"query": )" +
             in_comments(R"({"match_all": {}})",
                         R"(, "inner_hits": {"name": "c", "from": 1, "size": 1,
                             "sort": [{"comments.stars": "desc"}]})") +
             R"(, "sort": [{"n": "desc"}]})");
  ASSERT_EQ(found.hits.size(), 2U);
  const SearchResult& inner = *found.hits[0].inner_hits[0].result;
  EXPECT_EQ(inner.total.value, 3U);
  ASSERT_EQ(inner.hits.size(), 1U);
  EXPECT_EQ(inner.hits[0].source, R"({"by":"dan","stars":4})");
}

TEST_F(Nested, RefusesInnerHitsOfOneNameAndTooMany) {
  const auto refused = [&](std::string_view options) {
    const auto found = index_->search(
        R"({"query": {"bool": {"must": [)" +
        in_comments(R"({"match_all": {}})", fmt::format(R"(, "inner_hits": {})", options)) + "," +
        in_comments(R"({"match_all": {}})", R"(, "inner_hits": {})") + "]}}}");
    return found ? "" : found.error().message;
  };
  EXPECT_EQ(refused("{}"), "[inner_hits] already contains an entry for key [comments]");
  EXPECT_TRUE(refused(R"({"size": 101, "name": "c"})").starts_with("Inner result window is too"));
  EXPECT_EQ(refused(R"({"name": "c"})"), "");
}

TEST_F(Nested, AggregatesObjectsAndTheDocumentsAroundThem) {
  EXPECT_EQ(run(R"({"c": {"nested": {"path": "comments"}, "aggs": {
              "by": {"terms": {"field": "comments.by", "size": 2}, "aggs": {
                "stars": {"sum": {"field": "comments.stars"}},
                "books": {"reverse_nested": {}, "aggs": {"n": {"sum": {"field": "n"}}}},
                "answers": {"nested": {"path": "comments.answers"}, "aggs": {
                  "votes": {"max": {"field": "comments.answers.votes"}},
                  "around": {"reverse_nested": {"path": "comments"}, "aggs": {
                    "s": {"sum": {"field": "comments.stars"}}}}}}}}}}})"),
            R"({"c":{"doc_count":5,"by":{"doc_count_error_upper_bound":0,"sum_other_doc_count":2,)"
            R"("buckets":[{"key":"ann","doc_count":2,"stars":{"value":6.0},)"
            R"("books":{"doc_count":2,"n":{"value":4.0}},"answers":{"doc_count":2,)"
            R"("votes":{"value":9.0},"around":{"doc_count":1,"s":{"value":1.0}}}},)"
            R"({"key":"bob","doc_count":1,"stars":{"value":5.0},"books":{"doc_count":1,)"
            R"("n":{"value":1.0}},"answers":{"doc_count":0,"votes":{"value":null},)"
            R"("around":{"doc_count":0,"s":{"value":0.0}}}}]}}})");
  EXPECT_EQ(run(R"({"c": {"nested": {"path": "nowhere"}}})"), R"({"c":{"doc_count":0}})");
  EXPECT_EQ(run(R"({"c": {"nested": {"path": "title"}}})"),
            "aggregation_execution_exception: [nested] nested path [title] is not nested");
  EXPECT_EQ(run(R"({"c": {"reverse_nested": {}}})"),
            "illegal_argument_exception: Reverse nested aggregation [c] can only be used inside a "
            "[nested] aggregation");
}

// A document in several buckets brings its objects into each of them.
TEST_F(Nested, AggregatesObjectsOfDocumentsInSeveralBuckets) {
  EXPECT_EQ(run(R"({"f": {"filters": {"filters": [{"match_all": {}}, {"range": {"n": {"lt": 3}}}]},
                    "aggs": {"c": {"nested": {"path": "comments"}, "aggs": {
                      "s": {"sum": {"field": "comments.stars"}},
                      "r": {"reverse_nested": {}}}}}}})"),
            R"({"f":{"buckets":[{"doc_count":3,"c":{"doc_count":5,"s":{"value":17.0},)"
            R"("r":{"doc_count":2}}},{"doc_count":2,"c":{"doc_count":2,"s":{"value":6.0},)"
            R"("r":{"doc_count":1}}}]}})");
}

TEST_F(Nested, ShowsObjectsAsTopHits) {
  EXPECT_EQ(run(R"({"c": {"nested": {"path": "comments"}, "aggs": {"t": {"top_hits": {
                    "size": 1, "sort": [{"comments.stars": "asc"}],
                    "_source": {"includes": ["comments.by"]}}}}}})"),
            R"({"c":{"doc_count":5,"t":{"hits":{"total":{"value":5,"relation":"eq"},)"
            R"("max_score":null,"hits":[{"_index":"","_id":"1",)"
            R"("_nested":{"field":"comments","offset":0},"_score":null,)"
            R"("_source":{"by":"ann"},"sort":[1]}]}}}})");
}

TEST_F(Nested, OrdersDocumentsByTheirObjects) {
  const auto order = [&](std::string_view options) {
    return ids(*index_, fmt::format(R"({{"sort": [{{"comments.stars": {{{}}}}}]}})", options));
  };
  EXPECT_EQ(order(R"("order": "asc", "nested": {"path": "comments"})"), "1 3 2");
  EXPECT_EQ(order(R"("order": "asc", "mode": "sum", "nested": {"path": "comments"})"), "1 3 2");
  EXPECT_EQ(order(R"("order": "desc", "mode": "avg", "nested": {"path": "comments"})"), "3 1 2");
  EXPECT_EQ(order(R"("order": "asc", "nested": {"path": "comments",
                     "filter": {"term": {"comments.by": "ann"}}})"),
            "1 3 2");
  EXPECT_EQ(order(R"("order": "asc", "missing": "_first", "nested": {"path": "comments",
                     "filter": {"term": {"comments.by": "cat"}}})"),
            "1 2 3");
  EXPECT_EQ(order(R"("nested": {"path": "title"})"),
            "query_shard_exception: failed to create query: [nested] nested object under path "
            "[title] is not of nested type");
  EXPECT_EQ(ids(*index_, R"({"sort": [{"comments.answers.votes": {"order": "desc", "nested": {
                "path": "comments", "filter": {"term": {"comments.by": "cat"}},
                "nested": {"path": "comments.answers"}}}}]})"),
            "3 1 2");
}

TEST(NestedMapping, SharesFieldsWithWhatIsAround) {
  const auto index = testing::new_index(R"({"properties": {
      "a": {"type": "nested", "include_in_root": true, "properties": {"x": {"type": "keyword"},
        "b": {"type": "nested", "include_in_parent": true,
              "properties": {"y": {"type": "keyword", "copy_to": "all"}}}}},
      "all": {"type": "keyword"}}})");
  testing::put_all(*index, {R"({"a": [{"x": "1", "b": {"y": "2"}}, {"x": "3"}, null]})"});
  index->refresh();
  EXPECT_EQ(matches(*index, R"({"term": {"a.x": "3"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"term": {"a.b.y": "2"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"term": {"all": "2"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"nested": {"path": "a", "query": {"bool": {"must": [
                  {"term": {"a.x": "1"}}, {"term": {"a.b.y": "2"}}]}}}})"),
            "1");
  EXPECT_EQ(matches(*index, R"({"nested": {"path": "a", "query": {"term": {"all": "2"}}}})"), "");
}

TEST(NestedMapping, RefusesADocumentWithTooManyObjects) {
  const auto index = testing::new_index(R"({"properties": {"a": {"type": "nested"}}})");
  std::string json = R"({"a": [{})";
  for (int i = 1; i < 10'000; ++i) json += ",{}";
  EXPECT_TRUE(index->put("1", json + "]}"));
  const auto refused = index->put("2", json + ",{}]}");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("The number of nested documents has exceeded"));
  index->refresh();
  EXPECT_EQ(matches(*index, R"({"nested": {"path": "a", "query": {"match_all": {}}}})"), "1");
}

}  // namespace
}  // namespace hornbeam::search
