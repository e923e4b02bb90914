// Random documents with objects two levels deep, some of them written again and some deleted, in
// segments cut and merged in several ways: each finds what a walk over the documents finds, and all
// answer the same.

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "hornbeam/search/index.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using Random = std::mt19937;

constexpr std::string_view kMapping = R"({"properties": {
    "n": {"type": "long"},
    "c": {"type": "nested", "properties": {
      "k": {"type": "keyword"}, "s": {"type": "long"}, "t": {"type": "text"},
      "a": {"type": "nested", "properties": {"k": {"type": "keyword"}, "v": {"type": "long"}}}}}}})";

struct Answer {
  int key = 0;
  int votes = 0;
};
struct Comment {
  int key = 0;
  int stars = 0;
  std::vector<Answer> answers{};
};
struct Book {
  int number = 0;
  std::vector<Comment> comments{};
};

Book random_book(Random& random) {
  Book book{.number = static_cast<int>(random() % 100)};
  // Many have none, one has very many.
  const std::size_t count = random() % 200 == 0 ? 300 : random() % 3 == 0 ? 0 : random() % 5;
  for (std::size_t i = 0; i < count; ++i) {
    Comment comment{.key = static_cast<int>(random() % 6), .stars = static_cast<int>(random() % 6)};
    for (std::size_t k = random() % 4; k > 1; --k) {
      comment.answers.push_back(
          {.key = static_cast<int>(random() % 6), .votes = static_cast<int>(random() % 10)});
    }
    book.comments.push_back(std::move(comment));
  }
  return book;
}

std::string json_of(const Book& book) {
  std::vector<std::string> comments;
  for (const Comment& comment : book.comments) {
    std::vector<std::string> answers;
    for (const Answer& one : comment.answers) {
      answers.push_back(fmt::format(R"({{"k": "k{}", "v": {}}})", one.key, one.votes));
    }
    comments.push_back(fmt::format(R"({{"k": "k{0}", "s": {1}, "t": "w{0} w{1}", "a": [{2}]}})",
                                   comment.key, comment.stars, fmt::join(answers, ",")));
  }
  return fmt::format(R"({{"n": {}, "c": [{}]}})", book.number, fmt::join(comments, ","));
}

/// What was written in which order; the last of a number counts.
struct Writes {
  struct Write {
    int id;
    bool is_removal;
    Book book{};
  };
  std::vector<Write> all;

  explicit Writes(int count) {
    Random random(7);
    for (int i = 0; i < count; ++i) {
      const bool is_again = i > 10 && random() % 4 == 0;
      const int id = is_again ? static_cast<int>(random() % static_cast<unsigned>(i)) : i;
      all.push_back({.id = id, .is_removal = random() % 9 == 0, .book = random_book(random)});
    }
  }
  std::vector<std::pair<int, Book>> books() const {
    std::map<int, Book> left;
    for (const Write& write : all) {
      left.erase(write.id);
      if (!write.is_removal) left[write.id] = write.book;
    }
    return {left.begin(), left.end()};
  }
};

std::unique_ptr<Index> laid_out(const Writes& writes, std::size_t every, bool is_merged_between,
                                bool is_merged) {
  auto index = testing::new_index(kMapping);
  for (std::size_t i = 0; i < writes.all.size(); ++i) {
    const Writes::Write& write = writes.all[i];
    const std::string id = std::to_string(write.id);
    if (write.is_removal) {
      EXPECT_TRUE(index->remove(id));
    } else {
      EXPECT_TRUE(index->put(id, json_of(write.book)));
    }
    if ((i + 1) % every == 0) index->refresh();
    if (is_merged_between && i == writes.all.size() / 2) index->shard().merge_all();
  }
  index->refresh();
  if (is_merged) index->shard().merge_all();
  index->refresh();
  return index;
}

struct Layouts {
  Writes writes{400};
  std::vector<std::unique_ptr<Index>> all;
  Layouts() {
    all.push_back(laid_out(writes, 10'000, false, false));
    all.push_back(laid_out(writes, 23, false, false));
    all.push_back(laid_out(writes, 130, true, false));
    all.push_back(laid_out(writes, 40, true, true));
  }
};

const Layouts& layouts() {
  static const Layouts made;
  return made;
}

using IsWanted = std::function<bool(const Book&)>;

bool any_comment(const Book& book, const std::function<bool(const Comment&)>& is_wanted) {
  return std::ranges::any_of(book.comments, is_wanted);
}

TEST(NestedProperty, FindsWhatAWalkOverTheDocumentsFinds) {
  Random random(11);
  for (int round = 0; round < 6; ++round) {
    const int key = static_cast<int>(random() % 6);
    const int stars = static_cast<int>(random() % 6);
    const int votes = static_cast<int>(random() % 10);
    const std::string comment = fmt::format(
        R"({{"term": {{"c.k": "k{}"}}}}, {{"range": {{"c.s": {{"gte": {}}}}}}})", key, stars);
    const std::string answer = fmt::format(
        R"({{"nested": {{"path": "c.a", "query": {{"range": {{"c.a.v": {{"gt": {}}}}}}}}}}})",
        votes);
    const auto has_votes = [&](const Comment& one) {
      return std::ranges::any_of(one.answers, [&](const Answer& a) { return a.votes > votes; });
    };
    const auto is_comment = [&](const Comment& one) {
      return one.key == key && one.stars >= stars;
    };
    const std::pair<std::string, IsWanted> queries[] = {
        {fmt::format(R"({{"nested": {{"path": "c", "query": {{"bool": {{"filter": [{}]}}}}}}}})",
                     comment),
         [&](const Book& book) { return any_comment(book, is_comment); }},
        {answer, [&](const Book& book) { return any_comment(book, has_votes); }},
        {fmt::format(
             R"({{"nested": {{"path": "c", "query": {{"bool": {{"filter": [{}, {}]}}}}}}}})",
             comment, answer),
         [&](const Book& book) {
           return any_comment(
               book, [&](const Comment& one) { return is_comment(one) && has_votes(one); });
         }},
        {fmt::format(R"({{"nested": {{"path": "c", "query": {{"bool": {{"filter": [{}],
                          "must_not": {}}}}}}}}})",
                     comment, answer),
         [&](const Book& book) {
           return any_comment(
               book, [&](const Comment& one) { return is_comment(one) && !has_votes(one); });
         }},
        {fmt::format(R"({{"bool": {{"must_not": {{"nested": {{"path": "c", "query":
                          {{"bool": {{"filter": [{}]}}}}}}}}}}}})",
                     comment),
         [&](const Book& book) { return !any_comment(book, is_comment); }},
    };
    for (const auto& [query, is_wanted] : queries) {
      std::set<std::string> expected;
      for (const auto& [id, book] : layouts().writes.books()) {
        if (is_wanted(book)) expected.insert(std::to_string(id));
      }
      for (const auto& index : layouts().all) {
        const auto found = index->search(fmt::format(R"({{"query": {}, "size": 1000}})", query));
        ASSERT_TRUE(found) << found.error().message;
        std::set<std::string> ids;
        for (const Hit& hit : found->hits) ids.insert(hit.id);
        ASSERT_EQ(ids, expected) << query;
        ASSERT_EQ(found->total.value, expected.size()) << query;
      }
    }
  }
}

TEST(NestedProperty, CountsWhatAWalkOverTheDocumentsCounts) {
  std::map<int, std::array<long, 4>> by_key;  // Comments, stars, votes, documents.
  for (const auto& [id, book] : layouts().writes.books()) {
    std::set<int> keys;
    for (const Comment& comment : book.comments) {
      std::array<long, 4>& counts = by_key[comment.key];
      ++counts[0];
      counts[1] += comment.stars;
      for (const Answer& answer : comment.answers) counts[2] += answer.votes;
      keys.insert(comment.key);
    }
    for (const int key : keys) ++by_key[key][3];
  }
  for (const auto& index : layouts().all) {
    const auto found = index->search(R"({"size": 0, "aggs": {"c": {"nested": {"path": "c"}, "aggs":
        {"k": {"terms": {"field": "c.k", "order": {"_key": "asc"}}, "aggs": {
          "s": {"sum": {"field": "c.s"}},
          "a": {"nested": {"path": "c.a"}, "aggs": {"v": {"sum": {"field": "c.a.v"}}}},
          "r": {"reverse_nested": {}, "aggs": {"n": {"value_count": {"field": "n"}}}}}}}}}})");
    ASSERT_TRUE(found) << found.error().message;
    for (const auto& [key, counts] : by_key) {
      const std::string begin = fmt::format(R"({{"key":"k{}","doc_count":{},"s":{{"value":{}.0}},)",
                                            key, counts[0], counts[1]);
      const std::string votes = fmt::format(R"("v":{{"value":{}.0}}}},)", counts[2]);
      const std::string around =
          fmt::format(R"("r":{{"doc_count":{0},"n":{{"value":{0}}}}}}})", counts[3]);
      const std::size_t at = found->aggregations.find(begin);
      ASSERT_NE(at, std::string::npos) << begin << found->aggregations;
      const std::size_t end = found->aggregations.find(R"({"key":)", at + 1);
      const std::string bucket = found->aggregations.substr(at, end - at);
      EXPECT_NE(bucket.find(votes), std::string::npos) << votes << bucket;
      EXPECT_NE(bucket.find(around), std::string::npos) << around << bucket;
    }
  }
}

/// Ids, scores, what they are ordered by, and inner hits.
std::string hits_of(const Index& index, const std::string& body) {
  const auto found = index.search(body);
  EXPECT_TRUE(found) << found.error().message << body;
  if (!found) return "";
  std::string text;
  for (const Hit& hit : found->hits) {
    text += fmt::format("{}:{}", hit.id, hit.score.value_or(-1));
    for (const SortValue& value : hit.sort) {
      if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
        text += fmt::format("={}", *whole);
      }
    }
    for (const InnerResult& inner : hit.inner_hits) {
      for (const Hit& one : inner.result->hits) {
        text += fmt::format("[{}:{}]", one.nested.front().offset, one.source);
      }
    }
    text += ' ';
  }
  return text + found->aggregations;
}

TEST(NestedProperty, AnswersDoNotDependOnHowSegmentsWereCutAndMerged) {
  const std::string constant = R"({"constant_score": {"filter": {"match": {"c.t": "w1 w2"}}}})";
  for (const std::string& body : {
           fmt::format(R"({{"size": 50, "query": {{"nested": {{"path": "c", "query": {},
                            "score_mode": "sum", "inner_hits": {{"size": 100}}}}}},
                            "sort": ["_score", "n"]}})",
                       constant),
           std::string(R"({"size": 900, "sort": [{"c.s": {"mode": "sum", "order": "desc",
                            "nested": {"path": "c"}}}, {"c.a.v": {"nested": {"path": "c",
                            "filter": {"term": {"c.k": "k1"}}, "nested": {"path": "c.a"}}}},
                            "n"]})"),
           std::string(R"({"size": 0, "aggs": {"n": {"terms": {"field": "n", "size": 100}, "aggs": {
                            "c": {"nested": {"path": "c"}, "aggs": {
                              "f": {"filter": {"match": {"c.t": "w3"}}, "aggs": {
                                "s": {"stats": {"field": "c.s"}}}}}}}}}})"),
       }) {
    const std::string expected = hits_of(*layouts().all.front(), body);
    for (const auto& index : layouts().all) EXPECT_EQ(hits_of(*index, body), expected) << body;
  }
}

}  // namespace
}  // namespace hornbeam::search
