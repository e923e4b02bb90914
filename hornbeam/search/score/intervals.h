#pragma once

// Stretches of positions in a text, and how they are put together: what "intervals" and span
// queries ask for. As in Lucene only the least count, those that have no other inside them (Clarke,
// Cormack and Burkowski 1995, "An algebra for structured text search"):
//
//   text        a b x b c
//   a           [0]
//   b           [1] [3]
//   a, then b   [0 1]            not [0 3], which has [0 1] inside
//   b and c     [3 4]            in any order

#include <cstdint>
#include <span>
#include <vector>

namespace hornbeam::search {

/// From the position of its first word to that of its last.
struct Interval {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t width = 1;  ///< How many positions the words take that it is made of.

  /// Positions that are none of those words'.
  std::uint32_t gaps() const noexcept {
    const std::uint32_t length = end - start + 1;
    return length > width ? length - width : 0;
  }
  bool operator==(const Interval&) const = default;
};
/// Those of one document. Starts and ends rise.
using Intervals = std::vector<Interval>;

/// Leaves out what has another inside.
Intervals minimal(Intervals all);
/// One of each, one behind the other.
Intervals in_order(std::span<const Intervals> parts);
/// One of each in any order, which share words only if they may overlap.
Intervals in_any_order(std::span<const Intervals> parts, bool may_overlap);
/// One of any.
Intervals any_of(std::span<const Intervals> parts);

/// How an interval lies to another.
enum class IntervalRelation : std::uint8_t {
  kAfter,
  kBefore,
  kContaining,
  kContainedBy,
  kOverlapping,
  kNotContaining,
  kNotContainedBy,
  kNotOverlapping,
};
/// Those that lie so to one of the others, or for what is "not", to none of them.
Intervals related(const Intervals& all, IntervalRelation relation, const Intervals& others);

}  // namespace hornbeam::search
