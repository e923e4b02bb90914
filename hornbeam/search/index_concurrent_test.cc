#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/index.h"
#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

constexpr int kDocuments = 12;
constexpr int kRounds = 12;
constexpr int kReaders = 8;

/// Writes every document anew, and shows all of them in one step.
void write_round(Index& index, int round) {
  for (int i = 0; i < kDocuments; ++i) {
    const std::string id = std::to_string(i);
    // Gone for a moment that no reader may see.
    if (i % 5 == round % 5) ASSERT_TRUE(index.remove(id));
    // Now and then with a field that is new.
    const std::string extra = i == 0 ? fmt::format(R"(, "new_{}": {})", round % 7, round) : "";
    ASSERT_TRUE(index.put(
        id, fmt::format(R"({{"text": "{} fox of round r{}", "round": {}, "kind": "k{}"{}}})",
                        i % 2 == 0 ? "quick" : "lazy", round, round, i % 3, extra)));
  }
  index.refresh();
  if (round % 4 == 3) index.commit(std::to_string(round));
}

/// Searches once; the round that everything found is of.
std::int64_t read_round(const Index& index) {
  const auto found = index.search(R"({
      "query": {"bool": {"must": {"match": {"text": "quick"}},
                         "filter": {"exists": {"field": "round"}}}},
      "size": 100, "sort": [{"round": "desc"}, "_score"], "track_scores": true,
      "highlight": {"fields": {"text": {}}},
      "aggs": {"rounds": {"terms": {"field": "round"},
                          "aggs": {"kinds": {"terms": {"field": "kind.keyword"}}}}}})");
  EXPECT_TRUE(found) << found.error().message;
  if (!found) return -1;
  EXPECT_EQ(found->total.value, kDocuments / 2U);
  EXPECT_EQ(found->hits.size(), kDocuments / 2U);
  const auto first = std::get<std::int64_t>(found->hits.at(0).sort.at(0));
  const std::string text = fmt::format("<em>quick</em> fox of round r{}", first);
  for (const Hit& hit : found->hits) {
    EXPECT_EQ(std::get<std::int64_t>(hit.sort.at(0)), first) << "one round at a time";
    EXPECT_EQ(hit.highlight.at("text").at(0), text);
  }
  EXPECT_TRUE(found->aggregations.contains(
      fmt::format(R"("buckets":[{{"key":{},"doc_count":{},)", first, kDocuments / 2)))
      << found->aggregations;
  return first;
}

// Whatever is written, committed and merged meanwhile, a search sees all of one moment, and what a
// reader saw once never comes back older.
TEST(IndexReaders, SeeOneMomentWhileOneWritesAndOthersMerge) {
  ShardOptions options{.buffer_bytes = 8 * 1024};
  options.merges = {.segments_per_tier = 2, .smallest_tier = 1};
  auto index = Index::open(std::make_unique<testing::CrashDirectory>(), {.shard = options}).value();
  write_round(*index, 0);
  std::atomic<bool> is_done = false;
  std::vector<std::jthread> readers;
  for (int reader = 0; reader < kReaders; ++reader) {
    readers.emplace_back([&] {
      std::int64_t last = 0;
      while (!is_done) {
        const std::int64_t round = read_round(*index);
        EXPECT_GE(round, last);
        last = round;
        const auto document = index->find("3");
        EXPECT_TRUE(document && document->source.contains("lazy fox"));
        EXPECT_EQ(index->document_count(), static_cast<std::uint64_t>(kDocuments));
        if (::testing::Test::HasFailure()) return;
      }
    });
  }
  for (int round = 1; round <= kRounds; ++round) write_round(*index, round);
  is_done = true;
  readers.clear();
  index->shard().wait_for_merges();
  EXPECT_EQ(index->shard().merge_failure(), std::nullopt);
  EXPECT_EQ(read_round(*index), kRounds);
}

}  // namespace
}  // namespace hornbeam::search
