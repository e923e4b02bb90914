#include "hornbeam/search/index/merge_policy.h"

#include <gtest/gtest.h>

namespace hornbeam::search {
namespace {

constexpr MergeOptions kThree{.segments_per_tier = 3, .smallest_tier = 10, .largest_merged = 1000};

using Chosen = std::vector<std::size_t>;

TEST(MergePolicy, MergesAFullTierOnly) {
  const std::vector<SegmentSize> two_tiers = {{.bytes = 25}, {.bytes = 5}, {.bytes = 9}};
  EXPECT_EQ(choose_merge(two_tiers, kThree), Chosen{});
  const std::vector<SegmentSize> full = {{.bytes = 25}, {.bytes = 5}, {.bytes = 9}, {.bytes = 1}};
  EXPECT_EQ(choose_merge(full, kThree), (Chosen{1, 2, 3}));
}

TEST(MergePolicy, RewritesWhatIsMostlyDeleted) {
  const std::vector<SegmentSize> segments = {{.bytes = 900}, {.bytes = 900, .deleted = 0.4}};
  EXPECT_EQ(choose_merge(segments, kThree), Chosen{1});
}

TEST(MergePolicy, LeavesLargeSegmentsAndThoseBeingMergedAlone) {
  const std::vector<SegmentSize> large(5, {.bytes = 600});
  EXPECT_EQ(choose_merge(large, kThree), Chosen{});
  const std::vector<SegmentSize> busy(3, {.bytes = 5, .is_merging = true});
  EXPECT_EQ(choose_merge(busy, kThree), Chosen{});
}

// However much is added, few segments are left, and no document is rewritten often.
TEST(MergePolicy, RewritesEachDocumentOncePerTier) {
  std::vector<SegmentSize> segments;
  std::uint64_t rewritten = 0;
  for (int i = 0; i < 243; ++i) {
    segments.push_back({.bytes = 1});
    for (Chosen chosen = choose_merge(segments, kThree); !chosen.empty();
         chosen = choose_merge(segments, kThree)) {
      SegmentSize merged;
      for (const std::size_t index : chosen) merged.bytes += segments[index].bytes;
      for (auto at = chosen.rbegin(); at != chosen.rend(); ++at) {
        segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(*at));
      }
      rewritten += merged.bytes;
      segments.push_back(merged);
    }
  }
  EXPECT_LE(segments.size(), 10U);
  EXPECT_LE(rewritten, 243U * 7);
}

}  // namespace
}  // namespace hornbeam::search
