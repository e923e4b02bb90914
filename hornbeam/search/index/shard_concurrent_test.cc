#include <map>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/testing/crash_directory.h"
#include "hornbeam/search/testing/shard_contents.h"

namespace hornbeam::search {
namespace {

using testing::contents;
using testing::document;

TEST(ShardMerges, KeepDeletesThatComeWhileTheyRun) {
  ShardOptions options{.buffer_bytes = 1};
  options.merges = {.segments_per_tier = 3};
  Shard shard(std::make_unique<testing::CrashDirectory>(), options);
  std::map<std::string, std::string> expected;
  std::mt19937 random(7);
  for (int i = 0; i < 600; ++i) {
    const std::string id = std::to_string(random() % 50);
    if (random() % 4 == 0) {
      ASSERT_TRUE(shard.remove(id));
      expected.erase(id);
    } else {
      expected[id] = std::to_string(i);
      ASSERT_TRUE(shard.put(document(id, expected[id])));
    }
    if (i % 50 == 0) {
      shard.refresh();
      EXPECT_EQ(contents(*shard.snapshot()), expected);
    }
  }
  shard.wait_for_merges();
  EXPECT_EQ(shard.merge_failure(), std::nullopt);
  shard.refresh();
  EXPECT_EQ(contents(*shard.snapshot()), expected);
  EXPECT_LT(shard.snapshot()->segments.size(), 60U);
}

}  // namespace
}  // namespace hornbeam::search
