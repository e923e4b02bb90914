#pragma once

#include <algorithm>

#include "hornbeam/search/index/shard.h"

namespace hornbeam::search {

/// A document of a snapshot in its segment.
struct SnapshotPlace {
  const SegmentView& view;
  DocId doc;

  /// Requires: `doc` is one of the snapshot's.
  static SnapshotPlace of(const Snapshot& snapshot, DocId doc) {
    const auto next = std::ranges::upper_bound(snapshot.bases, doc);
    const auto at = static_cast<std::size_t>(next - snapshot.bases.begin()) - 1;
    return {.view = snapshot.segments[at], .doc = doc - snapshot.bases[at]};
  }
};

}  // namespace hornbeam::search
