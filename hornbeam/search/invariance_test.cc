// What must not change what is found: how far skipping goes, and how segments were cut and merged.
// Each is asked of random documents and of such as are made to mislead it.

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/index.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using Random = std::mt19937;

constexpr std::string_view kMapping = R"({"properties": {
    "t": {"type": "text"}, "u": {"type": "text"}, "k": {"type": "keyword"},
    "n": {"type": "long"}}})";

/// Documents of one kind, whose words are `w0`, `w1`, ...
struct Corpus {
  const char* name;
  std::function<std::string(int doc, Random& random)> text;
};

std::string words(std::size_t count, const std::function<int()>& word) {
  std::string text;
  for (; count > 0; --count) text += fmt::format("w{} ", word());
  return text;
}

const std::vector<Corpus>& corpora() {
  static const std::vector<Corpus> all = {
      {"random",
       [](int, Random& random) {
         std::geometric_distribution<int> word(0.1);
         return words(random() % 30 + 1, [&] { return word(random); });
       }},
      // All score the same: only the order of the documents is left.
      {"equal", [](int, Random&) { return std::string("w0 w1 w2 w3"); }},
      // Each document is better than all before it, so that nothing may be skipped.
      {"rising",
       [](int doc, Random&) {
         return words(static_cast<std::size_t>(doc / 40 + 1), [] { return 0; }) + "w1 w2";
       }},
      // Each is worse: all but the first may be skipped.
      {"falling",
       [](int doc, Random&) {
         return "w0 " + words(static_cast<std::size_t>(doc / 20), [] { return 9; }) + "w1";
       }},
      // The best stands alone at the ends of blocks, and where two terms meet that else do not.
      {"ends",
       [](int doc, Random& random) {
         if (doc % 128 == 127) return std::string("w0 w0 w0 w1 w1 w2");
         if (doc % 4096 == 0) return std::string("w3 w4");
         return words(1 + random() % 9, [&] { return static_cast<int>(random() % 2) * 5; });
       }},
      // One very long document has most of the occurrences.
      {"long",
       [](int doc, Random& random) {
         const std::size_t length = doc == 700 ? 5'000 : 4;
         return words(length, [&] { return static_cast<int>(random() % 6); });
       }},
  };
  return all;
}

struct Documents {
  std::vector<std::string> json;
  explicit Documents(const Corpus& corpus, int count) {
    Random random(3);
    for (int doc = 0; doc < count; ++doc) {
      json.push_back(fmt::format(R"({{"t": "{}", "u": "{}", "k": "k{}", "n": {}}})",
                                 corpus.text(doc, random), corpus.text(doc / 2, random),
                                 random() % 5, random() % 1'000));
    }
  }
};

/// Queries of every kind that scores.
std::vector<std::string> queries(Random& random) {
  const auto some = [&](std::size_t most) {
    return words(random() % most + 1, [&] { return static_cast<int>(random() % 10); });
  };
  const auto match = [&](std::string_view field) {
    return fmt::format(R"({{"match": {{"{}": {{"query": "{}", "boost": {}}}}}}})", field, some(4),
                       random() % 3 + 1);
  };
  return {
      match("t"),
      fmt::format(R"({{"match": {{"t": {{"query": "{}", "operator": "and"}}}}}})", some(3)),
      fmt::format(R"({{"match": {{"t": {{"query": "{}", "minimum_should_match": 2}}}}}})", some(5)),
      fmt::format(R"({{"match_phrase": {{"t": {{"query": "{}", "slop": {}}}}}}})", some(3),
                  random() % 3),
      fmt::format(R"({{"multi_match": {{"query": "{}", "fields": ["t", "u^2"]}}}})", some(3)),
      fmt::format(R"({{"bool": {{"must": {}, "should": [{}, {}], "must_not": {}}}}})", match("t"),
                  match("u"), match("t"), match("u")),
      fmt::format(R"({{"bool": {{"should": [{}, {}], "filter": {{"term": {{"k": "k1"}}}}}}}})",
                  match("t"), match("u")),
      fmt::format(R"({{"dis_max": {{"queries": [{}, {}], "tie_breaker": 0.3}}}})", match("t"),
                  match("u")),
      fmt::format(R"({{"boosting": {{"positive": {}, "negative": {}, "negative_boost": 0.4}}}})",
                  match("t"), match("u")),
      fmt::format(R"({{"constant_score": {{"filter": {}}}}})", match("t")),
      fmt::format(R"({{"bool": {{"should": [{}, {{"constant_score": {{"filter": {}, "boost": 3}}}},
                      {{"range": {{"n": {{"gte": 500}}}}}}]}}}})",
                  match("t"), match("u")),
      fmt::format(R"({{"function_score": {{"query": {}, "field_value_factor":
                      {{"field": "n", "modifier": "log1p"}}}}}})",
                  match("t")),
  };
}

class Invariance : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Corpus& corpus() const { return corpora()[GetParam()]; }
};

/// The hits as text: ids with scores, in order.
std::string hits_of(const Index& index, const std::string& body) {
  const auto found = index.search(body);
  EXPECT_TRUE(found) << found.error().message << body;
  if (!found) return "";
  std::string text;
  for (const Hit& hit : found->hits) {
    text += fmt::format("{}:{}", hit.id, hit.score.value_or(-1));
    for (const auto& [field, fragments] : hit.highlight) text += fmt::format("{}", fragments[0]);
    text += ' ';
  }
  return text + found->aggregations;
}

TEST_P(Invariance, SkippingFindsWhatLookingAtEverythingFinds) {
  const auto index = testing::new_index(kMapping);
  const Documents documents(corpus(), 3'000);
  for (std::size_t i = 0; i < documents.json.size(); ++i) {
    ASSERT_TRUE(index->put(std::to_string(i), documents.json[i]));
    if (i == 2'500) index->refresh();
  }
  // Some are gone, the best among them.
  for (std::size_t i = 0; i < documents.json.size(); i += 61) {
    ASSERT_TRUE(index->remove(std::to_string(i)));
  }
  index->refresh();
  Random random(17);
  for (int round = 0; round < 3; ++round) {
    for (const std::string& query : queries(random)) {
      for (const int size : {1, 10, 200}) {
        const std::string body = fmt::format(R"({{"query": {}, "size": {})", query, size);
        ASSERT_EQ(hits_of(*index, body + R"(, "track_total_hits": false})"),
                  hits_of(*index, body + R"(, "track_total_hits": true})"))
            << corpus().name << ": " << body;
      }
    }
  }
}

/// The same documents in segments cut after every `every` of them, some of which are merged.
std::unique_ptr<Index> laid_out(const Documents& documents, std::size_t every, bool is_merged) {
  auto index = testing::new_index(kMapping);
  for (std::size_t i = 0; i < documents.json.size(); ++i) {
    EXPECT_TRUE(index->put(std::to_string(i), documents.json[i]));
    if ((i + 1) % every == 0) index->refresh();
    if (is_merged && i == documents.json.size() * 2 / 3) index->shard().merge_all();
  }
  index->refresh();
  return index;
}

TEST_P(Invariance, ResultsDoNotDependOnHowSegmentsWereCutAndMerged) {
  const Documents documents(corpus(), 600);
  const auto whole = laid_out(documents, 1'000, false);
  std::vector<std::unique_ptr<Index>> others;
  others.push_back(laid_out(documents, 7, false));
  others.push_back(laid_out(documents, 129, false));
  others.push_back(laid_out(documents, 50, true));
  others.push_back(laid_out(documents, 11, false));
  others.back()->shard().merge_all();
  Random random(23);
  for (const std::string& query : queries(random)) {
    for (const char* const more :
         {R"("size": 20, "track_total_hits": false, "highlight": {"fields": {"t": {}}})",
          R"("size": 30, "sort": [{"k": "desc"}, {"n": "asc"}, "_doc"])",
          R"("size": 600, "aggs": {
             "k": {"terms": {"field": "k"}, "aggs": {"n": {"stats": {"field": "n"}}}},
             "h": {"histogram": {"field": "n", "interval": 90}}})"}) {
      const std::string body = fmt::format(R"({{"query": {}, {}}})", query, more);
      const std::string expected = hits_of(*whole, body);
      for (std::size_t i = 0; i < others.size(); ++i) {
        ASSERT_EQ(hits_of(*others[i], body), expected)
            << corpus().name << ", " << i << ": " << body;
      }
    }
  }
}

// Documents that were replaced or deleted count in statistics until they are merged away; then
// nothing is left of them.
TEST_P(Invariance, NothingIsLeftOfWhatWasReplacedOnceItIsMerged) {
  const Documents documents(corpus(), 400);
  const auto clean = laid_out(documents, 1'000, false);
  const auto index = testing::new_index(kMapping);
  Random random(5);
  for (std::size_t i = 0; i < documents.json.size(); ++i) {
    // Other versions before it, and documents that go again.
    ASSERT_TRUE(index->put(std::to_string(i), documents.json[random() % 400]));
    ASSERT_TRUE(index->put(fmt::format("gone{}", i), documents.json[random() % 400]));
    if (i % 37 == 0) index->refresh();
    ASSERT_TRUE(index->put(std::to_string(i), documents.json[i]));
    if (i % 53 == 0) index->refresh();
    ASSERT_TRUE(index->remove(fmt::format("gone{}", i)));
    if (i == 250) index->shard().merge_all();
  }
  index->shard().merge_all();
  ASSERT_EQ(index->document_count(), 400U);
  for (const std::string& query : queries(random)) {
    const std::string body = fmt::format(
        R"({{"query": {}, "size": 400, "aggs": {{"k": {{"terms": {{"field": "k"}}}}}}}})", query);
    ASSERT_EQ(hits_of(*index, body), hits_of(*clean, body)) << corpus().name << ": " << body;
  }
}

INSTANTIATE_TEST_SUITE_P(Corpora, Invariance, ::testing::Range(std::size_t{0}, corpora().size()),
                         [](const auto& info) { return corpora()[info.param].name; });

}  // namespace
}  // namespace hornbeam::search
