#include "hornbeam/search/score/intervals.h"

#include <algorithm>
#include <tuple>

namespace hornbeam::search {
namespace {

bool contains(const Interval& outer, const Interval& inner) {
  return outer.start <= inner.start && inner.end <= outer.end;
}

bool overlap(const Interval& a, const Interval& b) {
  return a.start <= b.end && b.start <= a.end;
}

bool is_related(const Interval& one, IntervalRelation relation, const Interval& other) {
  switch (relation) {
    case IntervalRelation::kAfter:
      return one.start > other.end;
    case IntervalRelation::kBefore:
      return one.end < other.start;
    case IntervalRelation::kContaining:
    case IntervalRelation::kNotContaining:
      return contains(one, other);
    case IntervalRelation::kContainedBy:
    case IntervalRelation::kNotContainedBy:
      return contains(other, one);
    case IntervalRelation::kOverlapping:
    case IntervalRelation::kNotOverlapping:
      return overlap(one, other);
  }
  return false;
}

bool is_negative(IntervalRelation relation) {
  return relation == IntervalRelation::kNotContaining ||
         relation == IntervalRelation::kNotContainedBy ||
         relation == IntervalRelation::kNotOverlapping;
}

bool has_empty(std::span<const Intervals> parts) {
  return parts.empty() || std::ranges::any_of(parts, &Intervals::empty);
}

}  // namespace

Intervals minimal(Intervals all) {
  // By falling ends and rising starts: whoever comes later and begins no earlier is inside.
  std::ranges::sort(all, [](const Interval& a, const Interval& b) {
    return std::tie(a.start, b.end) < std::tie(b.start, a.end);
  });
  Intervals kept;
  for (const Interval& one : all) {
    while (!kept.empty() && contains(kept.back(), one)) kept.pop_back();
    kept.push_back(one);
  }
  return kept;
}

Intervals in_order(std::span<const Intervals> parts) {
  if (has_empty(parts)) return {};
  Intervals found;
  for (const Interval& first : parts.front()) {
    Interval made = first;
    bool is_whole = true;
    for (const Intervals& part : parts.subspan(1)) {
      const auto next = std::ranges::upper_bound(part, made.end, {}, &Interval::start);
      is_whole = next != part.end();
      if (!is_whole) break;
      made.end = next->end;
      made.width += next->width;
    }
    if (!is_whole) break;  // What begins later finds no more.
    found.push_back(made);
  }
  return minimal(std::move(found));
}

// A window over one interval of each part: the one that begins first moves on. Ends, since each
// round uses one of them up.
Intervals in_any_order(std::span<const Intervals> parts, bool may_overlap) {
  if (has_empty(parts)) return {};
  Intervals found;
  std::vector<std::size_t> at(parts.size(), 0);
  const auto current = [&](std::size_t part) -> const Interval& { return parts[part][at[part]]; };
  while (true) {
    std::size_t first = 0;
    Interval made = current(0);
    bool is_free = true;
    for (std::size_t part = 1; part < parts.size(); ++part) {
      const Interval& one = current(part);
      if (std::tie(one.start, one.end) < std::tie(current(first).start, current(first).end)) {
        first = part;
      }
      made.start = std::min(made.start, one.start);
      made.end = std::max(made.end, one.end);
      made.width += one.width;
      for (std::size_t other = 0; other < part && !may_overlap; ++other) {
        is_free = is_free && !overlap(one, current(other));
      }
    }
    if (is_free) found.push_back(made);
    if (++at[first] == parts[first].size()) return minimal(std::move(found));
  }
}

Intervals any_of(std::span<const Intervals> parts) {
  Intervals all;
  for (const Intervals& part : parts) all.insert(all.end(), part.begin(), part.end());
  return minimal(std::move(all));
}

Intervals related(const Intervals& all, IntervalRelation relation, const Intervals& others) {
  Intervals found;
  for (const Interval& one : all) {
    const bool is_any = std::ranges::any_of(
        others, [&](const Interval& other) { return is_related(one, relation, other); });
    if (is_any != is_negative(relation)) found.push_back(one);
  }
  return found;
}

}  // namespace hornbeam::search
