#pragma once

#include <cstdint>
#include <vector>

#include "hornbeam/search/analysis/token.h"

namespace hornbeam::search {

/// A place in a text, counted both ways.
struct TextPlace {
  std::uint32_t offset = 0;  ///< In UTF-16 code units.
  std::uint32_t byte = 0;

  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};

/// Where the places of a changed text were before the change. Between two changes both texts run
/// side by side.
class OffsetMap {
 public:
  /// From `changed` on, the place before the change is `original`, and runs along with it.
  /// Requires: `changed` is not before that of the call before; the last one at a place counts.
  /// Inside of what was replaced, bytes say nothing: `holds_byte` keeps them where it begins.
  void add(TextPlace changed, TextPlace original, bool holds_byte = false);

  TextPlace original(TextPlace changed) const;
  bool empty() const noexcept { return changes_.empty(); }
  void clear() noexcept { changes_.clear(); }

 private:
  struct Change {
    TextPlace changed;
    TextPlace original;
    bool holds_byte = false;
  };
  std::vector<Change> changes_;
};

}  // namespace hornbeam::search
