#include "hornbeam/search/analysis/offset_map.h"

#include <algorithm>

namespace hornbeam::search {

void OffsetMap::add(TextPlace changed, TextPlace original) {
  if (!changes_.empty() && changes_.back().changed == changed) {
    changes_.back().original = original;
    return;
  }
  changes_.push_back({changed, original});
}

TextPlace OffsetMap::original(TextPlace changed) const {
  const auto behind = std::ranges::upper_bound(
      changes_, changed.offset, {}, [](const Change& change) { return change.changed.offset; });
  if (behind == changes_.begin()) return changed;
  const Change& change = *std::prev(behind);
  return {.offset = change.original.offset + (changed.offset - change.changed.offset),
          .byte = change.original.byte + (changed.byte - change.changed.byte)};
}

}  // namespace hornbeam::search
