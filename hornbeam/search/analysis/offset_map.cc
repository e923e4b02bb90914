#include "hornbeam/search/analysis/offset_map.h"

#include <algorithm>

namespace hornbeam::search {

void OffsetMap::add(TextPlace changed, TextPlace original, bool holds_byte) {
  if (!changes_.empty() && changes_.back().changed == changed) {
    changes_.back() = {changed, original, holds_byte};
    return;
  }
  changes_.push_back({changed, original, holds_byte});
}

TextPlace OffsetMap::original(TextPlace changed) const {
  // Apart, since inside of what was replaced by a filter after this one they are at odds.
  const auto last_before = [&](auto TextPlace::* member) {
    const auto behind =
        std::ranges::upper_bound(changes_, changed.*member, {},
                                 [&](const Change& change) { return change.changed.*member; });
    return behind == changes_.begin() ? Change{} : *std::prev(behind);
  };
  const Change units = last_before(&TextPlace::offset);
  const Change bytes = last_before(&TextPlace::byte);
  const std::uint32_t behind = bytes.holds_byte ? 0 : changed.byte - bytes.changed.byte;
  return {.offset = units.original.offset + (changed.offset - units.changed.offset),
          .byte = bytes.original.byte + behind};
}

}  // namespace hornbeam::search
