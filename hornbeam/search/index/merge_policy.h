#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hornbeam::search {

/// What a merge policy looks at.
struct SegmentSize {
  std::uint64_t bytes = 0;
  double deleted = 0;       ///< The part of its documents that is deleted, 0 to 1.
  bool is_merging = false;  ///< Left alone.
};

/// When segments are merged, and how far.
struct MergeOptions {
  std::size_t segments_per_tier = 10;
  std::uint64_t smallest_tier = 2ULL << 20;  ///< Segments below that many bytes count as equal.
  std::uint64_t largest_merged = 5ULL << 30;
  double most_deleted = 0.33;  ///< A segment with more is rewritten.
};

/// The next segments to merge, by index; empty if the index is well as it is. Segments of about
/// the same size form a tier, each `segments_per_tier` times the one below; a full tier becomes one
/// segment of the next ("tiered" in Lucene), so each document is rewritten once for each tier.
std::vector<std::size_t> choose_merge(std::span<const SegmentSize> segments,
                                      const MergeOptions& options);

}  // namespace hornbeam::search
