#include "hornbeam/search/query/field_sort.h"

#include <algorithm>

#include "hornbeam/search/score/search_plan.h"

namespace hornbeam::search {
namespace {

SortValue value_of(const Segment& segment, const SortKey& key, DocId doc, DocId base,
                   Scorer& scorer) {
  if (key.field == "_doc") return std::int64_t{base} + doc;
  if (key.field == "_score") return double{scorer.score()};
  const Column* const column = segment.column(key.field);
  if (!column || !column->has(doc)) return {};
  const auto [begin, end] = column->range(doc);
  const std::int64_t found = column->value(key.is_descending ? end - 1 : begin);
  if (column->kind() == ColumnKind::kDouble) return double_from_sortable(found);
  if (column->kind() == ColumnKind::kInteger) return found;
  return std::string(column->term(static_cast<std::size_t>(found)));
}

template <class Value>
int compare(const Value& a, const Value& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

/// Below 0 if `a` comes first.
int compare_values(const SortValue& a, const SortValue& b, const SortKey& key) {
  const bool lacks_a = std::holds_alternative<std::monostate>(a);
  const bool lacks_b = std::holds_alternative<std::monostate>(b);
  if (lacks_a || lacks_b) {
    if (lacks_a == lacks_b) return 0;
    return lacks_a == key.is_missing_first ? -1 : 1;
  }
  const int order = std::visit(
      [](const auto& x, const auto& y) {
        using X = std::decay_t<decltype(x)>;
        using Y = std::decay_t<decltype(y)>;
        if constexpr (std::is_same_v<X, Y>) {
          return compare(x, y);
        } else if constexpr (std::is_arithmetic_v<X> && std::is_arithmetic_v<Y>) {
          return compare(static_cast<double>(x), static_cast<double>(y));
        } else {
          return std::is_arithmetic_v<X> ? -1 : 1;
        }
      },
      a, b);
  return key.is_descending ? -order : order;
}

int compare_all(const std::vector<SortValue>& a, const std::vector<SortValue>& b,
                const std::vector<SortKey>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const int order = compare_values(a[i], b[i], keys[i])) return order;
  }
  return 0;
}

}  // namespace

std::vector<SortedDoc> search_sorted(const Plan& plan, const Snapshot& snapshot,
                                     const std::vector<SortKey>& keys,
                                     const std::optional<std::vector<SortValue>>& after,
                                     std::size_t count, HitCount& total) {
  const auto comes_first = [&](const SortedDoc& a, const SortedDoc& b) {
    const int order = compare_all(a.values, b.values, keys);
    return order != 0 ? order < 0 : a.doc < b.doc;
  };
  // A heap whose top is the last of those that are kept.
  std::vector<SortedDoc> kept;
  for_each_match(plan, snapshot, [&](std::size_t at, Scorer& scorer) {
    ++total.value;
    if (count == 0) return;
    SortedDoc found{.values = {}, .doc = snapshot.bases[at] + scorer.doc()};
    for (const SortKey& key : keys) {
      found.values.push_back(
          value_of(*snapshot.segments[at].segment, key, scorer.doc(), snapshot.bases[at], scorer));
    }
    if (after && compare_all(found.values, *after, keys) <= 0) return;
    if (kept.size() == count) {
      if (!comes_first(found, kept.front())) return;
      std::pop_heap(kept.begin(), kept.end(), comes_first);
      kept.pop_back();
    }
    kept.push_back(std::move(found));
    std::push_heap(kept.begin(), kept.end(), comes_first);
  });
  std::sort(kept.begin(), kept.end(), comes_first);
  return kept;
}

}  // namespace hornbeam::search
