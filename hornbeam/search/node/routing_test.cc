#include "hornbeam/search/node/routing.h"

#include <gtest/gtest.h>

namespace hornbeam::search {
namespace {

NodeIndex index_with(const std::string& shards, const std::string& replicas = "1") {
  NodeIndex index{.name = "books"};
  index.settings.set("index.number_of_shards", shards);
  index.settings.set("index.number_of_replicas", replicas);
  return index;
}

// Expected: OpenSearch's Murmur3HashFunctionTests.
TEST(Routing, HashesAsOpenSearchDoes) {
  const std::pair<std::string_view, std::uint32_t> kCases[] = {
      {"hell", 0x5a0cb7c3},
      {"hello", 0xd7c31989},
      {"hello w", 0x22ab2984},
      {"hello wo", 0xdf0ca123},
      {"hello wor", 0xe7744d61},
      {"The quick brown fox jumps over the lazy dog", 0xe07db09c},
      {"The quick brown fox jumps over the lazy cog", 0x4e63d2ad},
  };
  for (const auto& [text, hash] : kCases) {
    EXPECT_EQ(static_cast<std::uint32_t>(routing_hash(text)), hash) << text;
  }
}

TEST(Routing, LeadsToTheSameShardAlways) {
  const NodeIndex five = index_with("5");
  EXPECT_EQ(shard_of(five, "1", "5"), shard_of(five, "other", "5"));
  EXPECT_EQ(shard_of(five, "1", ""), shard_of(five, "other", "1"));
  EXPECT_NE(shard_of(five, "1", "4"), shard_of(five, "1", "5"));
  EXPECT_EQ(shard_of(index_with("1"), "1", "4"), 0u);
  EXPECT_LT(shard_of(five, "\xff\xfe", ""), 5u) << "bytes that are no UTF-8";
}

TEST(Routing, CountsShardsAndCopies) {
  EXPECT_EQ(shard_count(index_with("3")), 3u);
  EXPECT_EQ(copy_count(index_with("3", "2")), 9u);
  EXPECT_EQ(copy_count(index_with("3", "0")), 3u);
  EXPECT_EQ(shard_count(index_with("no number")), 1u);
}

}  // namespace
}  // namespace hornbeam::search
