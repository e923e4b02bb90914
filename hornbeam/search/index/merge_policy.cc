#include "hornbeam/search/index/merge_policy.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace hornbeam::search {
namespace {

/// What a segment weighs: what is deleted does not come along.
std::uint64_t live_bytes(const SegmentSize& segment) {
  return static_cast<std::uint64_t>(static_cast<double>(segment.bytes) * (1 - segment.deleted));
}

std::size_t tier_of(std::uint64_t bytes, const MergeOptions& options) {
  std::size_t tier = 0;
  for (double top = static_cast<double>(options.smallest_tier); static_cast<double>(bytes) > top;
       top *= static_cast<double>(options.segments_per_tier)) {
    ++tier;
  }
  return tier;
}

}  // namespace

std::vector<std::size_t> choose_merge(std::span<const SegmentSize> segments,
                                      const MergeOptions& options) {
  std::map<std::size_t, std::vector<std::size_t>> tiers;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::uint64_t bytes = live_bytes(segments[i]);
    if (segments[i].is_merging) continue;
    if (segments[i].deleted > options.most_deleted) return {i};
    if (bytes < options.largest_merged / 2) tiers[tier_of(bytes, options)].push_back(i);
  }
  for (auto& [tier, members] : tiers) {
    if (members.size() < options.segments_per_tier) continue;
    std::vector<std::size_t> chosen;
    std::uint64_t sum = 0;
    for (const std::size_t member : members) {
      sum += live_bytes(segments[member]);
      if (sum > options.largest_merged) break;
      chosen.push_back(member);
      if (chosen.size() == options.segments_per_tier) break;
    }
    if (chosen.size() > 1) return chosen;
  }
  return {};
}

}  // namespace hornbeam::search
