#include "hornbeam/search/index.h"

#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/query/planner.h"
#include "hornbeam/search/score/search_plan.h"
#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

std::unique_ptr<Index> new_index(std::string_view mapping = "{}") {
  auto index = Index::open(std::make_unique<testing::CrashDirectory>(),
                           {.shard = {.merges_in_background = false}});
  EXPECT_TRUE(index);
  EXPECT_TRUE((*index)->put_mapping(mapping));
  return std::move(*index);
}

std::string ids(const Index& index, std::string_view body) {
  const auto found = index.search(body);
  if (!found) return found.error().code + ": " + found.error().message;
  std::string all;
  for (const Hit& hit : found->hits) all += (all.empty() ? "" : " ") + hit.id;
  return all;
}

class Library : public ::testing::Test {
 protected:
  Library() : index_(new_index(R"({"properties": {"tags": {"type": "keyword"}}})")) {
    put("1", R"({"title": "the quick brown fox", "year": 1999, "tags": ["a", "b"], "price": 2.5})");
    put("2", R"({"title": "the lazy dog", "year": 2005, "tags": "b", "published": "2005-03-01"})");
    index_->refresh();
    put("3",
        R"({"title": "brown dogs and the quick dog", "year": 2010, "author": {"name": "Ann"}})");
    put("4", R"({"title": "foxes", "year": null, "in_print": true})");
    index_->refresh();
  }
  void put(std::string_view id, std::string_view json) {
    const auto outcome = index_->put(id, json);
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
  std::string find(std::string_view query) {
    return ids(*index_, fmt::format(R"({{"query": {}, "sort": "_doc"}})", query));
  }

  std::unique_ptr<Index> index_;
};

TEST_F(Library, AnswersEveryKindOfQuery) {
  struct Case {
    const char* query;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"match_all": {}})", "1 2 3 4"},
      {R"({"match_none": {}})", ""},
      {R"({"match": {"title": "quick dog"}})", "1 2 3"},
      {R"({"match": {"title": {"query": "quick dog", "operator": "and"}}})", "3"},
      {R"({"match": {"title": {"query": "quick brown dog", "minimum_should_match": "75%"}}})",
       "1 3"},
      {R"({"match": {"year": "1999"}})", "1"},
      {R"({"match": {"nowhere": "x"}})", ""},
      {R"({"term": {"tags": "a"}})", "1"},
      {R"({"term": {"title.keyword": "foxes"}})", "4"},
      {R"({"term": {"year": 2010}})", "3"},
      {R"({"term": {"in_print": true}})", "4"},
      {R"({"terms": {"tags": ["a", "b", "c"]}})", "1 2"},
      {R"({"range": {"year": {"gte": 1999, "lt": 2010}}})", "1 2"},
      {R"({"range": {"price": {"gt": 2.4}}})", "1"},
      {R"({"range": {"published": {"gte": "2005-02", "lte": "2005-03-01"}}})", "2"},
      {R"({"range": {"tags": {"gt": "a"}}})", "1 2"},
      {R"({"exists": {"field": "title"}})", "1 2 3 4"},
      {R"({"exists": {"field": "author"}})", "3"},
      {R"({"exists": {"field": "year"}})", "1 2 3"},
      {R"({"ids": {"values": ["4", "1", "9"]}})", "1 4"},
      {R"({"prefix": {"title": "fo"}})", "1 4"},
      {R"({"match_phrase": {"title": "quick brown"}})", "1"},
      {R"({"match_phrase": {"title": {"query": "quick fox", "slop": 1}}})", "1"},
      {R"({"match_phrase": {"title": {"query": "brown quick", "slop": 2}}})", "1"},
      {R"({"constant_score": {"filter": {"term": {"tags": "b"}}}})", "1 2"},
      {R"({"dis_max": {"queries": [{"term": {"tags": "a"}}, {"match": {"title": "lazy"}}]}})",
       "1 2"},
      {R"({"multi_match": {"query": "ann lazy", "fields": ["title", "author.name^2"]}})", "2 3"},
      {R"({"bool": {"must": {"match": {"title": "the"}}, "must_not": {"term": {"tags": "a"}}}})",
       "2 3"},
      {R"({"bool": {"must_not": {"match": {"title": "the"}}}})", "4"},
      {R"({"bool": {"should": [{"term": {"tags": "a"}}, {"term": {"tags": "b"}}],
                    "minimum_should_match": 2}})",
       "1"},
      {R"({"bool": {"filter": [{"exists": {"field": "tags"}},
                              {"range": {"year": {"gt": 2000}}}]}})",
       "2"},
      {R"({"bool": {}})", "1 2 3 4"},
  };
  for (const Case& one : cases) EXPECT_EQ(find(one.query), one.expected) << one.query;
}

TEST_F(Library, RefusesQueriesInTheWordsOfElasticsearch) {
  EXPECT_EQ(find(R"({"mtach": {}})"), "parsing_exception: unknown query [mtach]");
  EXPECT_EQ(find(R"({"match": {"title": {"query": "a", "fuzz": 1}}})"),
            "parsing_exception: [match] query does not support [fuzz]");
  EXPECT_EQ(find(R"({"match": {"a": "x", "b": "y"}})"),
            "parsing_exception: [match] query doesn't support multiple fields, found [a] and [b]");
  EXPECT_EQ(find("{}"), "illegal_argument_exception: query malformed, empty clause found");
  EXPECT_EQ(find(R"({"term": {"year": "soon"}})"),
            "query_shard_exception: failed to create query: For input string: \"soon\" (field "
            "[year])");
}

TEST_F(Library, SortsAndPages) {
  EXPECT_EQ(ids(*index_, R"({"sort": [{"year": "desc"}]})"), "3 2 1 4");
  EXPECT_EQ(ids(*index_, R"({"sort": [{"year": {"order": "asc", "missing": "_first"}}]})"),
            "4 1 2 3");
  EXPECT_EQ(ids(*index_, R"({"sort": [{"tags": "asc"}, "_doc"], "size": 2})"), "1 2");
  EXPECT_EQ(ids(*index_, R"({"sort": "year", "search_after": [1999], "size": 1})"), "2");
  EXPECT_EQ(ids(*index_, R"({"sort": "year", "from": 1, "size": 2})"), "2 3");
  EXPECT_EQ(ids(*index_, R"({"size": 10001})").substr(0, 26), "illegal_argument_exception");
}

TEST(IndexMapping, IsGuessedAsElasticsearchGuesses) {
  const auto index = new_index();
  ASSERT_TRUE(index->put("1", R"({"n": 1, "x": 1.5, "ok": true, "at": "2024-02-29T12:00:00Z",
                                  "title": "words", "who": {"name": "Ann"}, "none": null,
                                  "year": "2024"})"));
  EXPECT_EQ(index->mapping(),
            R"({"properties":{"at":{"type":"date"},"n":{"type":"long"},"ok":{"type":"boolean"},)"
            R"("title":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},)"
            R"("who":{"properties":{"name":{"type":"text","fields":{"keyword":{"type":"keyword",)"
            R"("ignore_above":256}}}}},"x":{"type":"float"},"year":{"type":"text","fields":)"
            R"({"keyword":{"type":"keyword","ignore_above":256}}}}})");
}

TEST(IndexMapping, RefusesADocumentAsAWhole) {
  const auto index = new_index(R"({"properties": {"n": {"type": "byte"}}})");
  const auto refused = index->put("1", R"({"fresh": "field", "n": 300})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "mapper_parsing_exception");
  EXPECT_EQ(refused.error().message,
            "failed to parse field [n] of type [byte] in document with id '1'. Preview of field's "
            "value: '300'");
  EXPECT_EQ(index->mapping(), R"({"properties":{"n":{"type":"byte"}}})");
  index->refresh();
  EXPECT_EQ(index->document_count(), 0U);
  const auto conflict =
      index->put_mapping(R"({"properties": {"m": {"type": "long"}, "n": {"type": "text"}}})");
  EXPECT_EQ(conflict.error().message, "mapper [n] cannot be changed from type [byte] to [text]");
  EXPECT_EQ(index->mapping(), R"({"properties":{"n":{"type":"byte"}}})");
}

TEST(IndexMapping, FollowsItsParameters) {
  const auto index = new_index(R"({"dynamic": "strict", "properties": {
      "code": {"type": "keyword", "ignore_above": 3, "null_value": "none", "copy_to": "all"},
      "all": {"type": "text"}}})");
  ASSERT_TRUE(index->put("1", R"({"code": ["abc", "toolong"]})"));
  ASSERT_TRUE(index->put("2", R"({"code": null})"));
  EXPECT_EQ(index->put("3", R"({"other": 1})").error().code, "strict_dynamic_mapping_exception");
  index->refresh();
  EXPECT_EQ(ids(*index, R"({"query": {"term": {"code": "abc"}}})"), "1");
  EXPECT_EQ(ids(*index, R"({"query": {"term": {"code": "toolong"}}})"), "");
  EXPECT_EQ(ids(*index, R"({"query": {"match": {"all": "toolong"}}})"), "1");
}

TEST(IndexCommit, KeepsDocumentsMappingAndCursorTogether) {
  auto directory = std::make_unique<testing::CrashDirectory>();
  testing::CrashDirectory& disk = *directory;
  auto index = Index::open(std::move(directory)).value();
  ASSERT_TRUE(index->put("1", R"({"title": "kept", "n": 7})"));
  index->commit("cursor 1");
  ASSERT_TRUE(index->put("2", R"({"title": "lost"})"));
  auto opened = Index::open(disk.after_crash(testing::CrashDirectory::Kept::kNothing)).value();
  EXPECT_EQ(opened->user_data(), "cursor 1");
  EXPECT_EQ(opened->mapping(), index->mapping());
  EXPECT_EQ(ids(*opened, R"({"query": {"range": {"n": {"gte": 7}}}})"), "1");
  EXPECT_EQ(opened->find("1")->source, R"({"title":"kept","n":7})");
}

/// 15 000 documents of words w0, w1, ..., each more frequent than the next.
std::unique_ptr<Index> index_of_words(std::mt19937& random, bool is_merged) {
  std::unique_ptr<Index> index = new_index();
  std::geometric_distribution<int> word(0.05);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t words = random() % 30 + 1; words > 0; --words) {
      text += fmt::format("w{} ", word(random));
    }
    EXPECT_TRUE(index->put(std::to_string(i % 15'000), fmt::format(R"({{"t": "{}"}})", text)));
    if (i % 7'000 == 6'999) index->refresh();
  }
  index->refresh();
  if (is_merged) index->shard().merge_all();
  return index;
}

std::string random_query(std::mt19937& random) {
  std::geometric_distribution<int> word(0.05);
  std::string text;
  for (std::size_t words = random() % 5 + 1; words > 0; --words) {
    text += fmt::format("w{} ", word(random));
  }
  switch (random() % 4) {
    case 0:
      return fmt::format(R"({{"match": {{"t": {{"query": "{}", "operator": "and"}}}}}})", text);
    case 1:
      return fmt::format(R"({{"match_phrase": {{"t": "w{} w{}"}}}})", word(random), word(random));
    case 2:
      return fmt::format(R"({{"prefix": {{"t": "w{}"}}}})", 1 + random() % 9);
    default:
      return fmt::format(R"({{"match": {{"t": "{}"}}}})", text);
  }
}

// Whatever is skipped, the best documents are those that looking at all of them finds, and they are
// counted right as far as they are counted.
void expect_pruned_as_exhaustive(bool is_merged) {
  std::mt19937 random(11);
  const auto index = index_of_words(random, is_merged);
  for (int round = 0; round < 200; ++round) {
    const std::string body =
        fmt::format(R"("query": {}, "size": {})", random_query(random), random() % 20 + 1);
    // An order by fields looks at every match.
    const auto all = index->search(
        fmt::format(R"({{{}, "track_total_hits": true, "sort": ["_score", "_doc"]}})", body));
    ASSERT_TRUE(all) << body;
    for (const std::string limit : {"false", "true", "100"}) {
      const auto pruned =
          index->search(fmt::format(R"({{{}, "track_total_hits": {}}})", body, limit));
      ASSERT_TRUE(pruned) << body;
      ASSERT_EQ(all->hits.size(), pruned->hits.size()) << body;
      for (std::size_t i = 0; i < all->hits.size(); ++i) {
        ASSERT_EQ(all->hits[i].id, pruned->hits[i].id) << body;
        ASSERT_EQ(all->hits[i].score, pruned->hits[i].score) << body;
      }
      const std::uint64_t most = limit == "true" ? all->total.value : limit == "100" ? 100 : 0;
      ASSERT_EQ(pruned->total.value, std::min(all->total.value, most)) << body << limit;
      ASSERT_EQ(pruned->total.is_exact, all->total.value <= most) << body << limit;
    }
  }
}

TEST(Pruning, FindsTheSameAsLookingAtEverything) {
  expect_pruned_as_exhaustive(false);
}

TEST(Pruning, FindsTheSameInOneSegmentWithoutDeletedDocuments) {
  expect_pruned_as_exhaustive(true);
}

}  // namespace
}  // namespace hornbeam::search
