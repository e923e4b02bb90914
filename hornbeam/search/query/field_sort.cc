#include "hornbeam/search/query/field_sort.h"

#include <algorithm>
#include <map>
#include <utility>

#include "hornbeam/search/query/sort_values.h"
#include "hornbeam/search/score/search_plan.h"

namespace hornbeam::search {
namespace {

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
        } else if constexpr (std::is_integral_v<X> && std::is_integral_v<Y>) {
          return std::cmp_less(x, y) ? -1 : std::cmp_less(y, x) ? 1 : 0;
        } else if constexpr (std::is_arithmetic_v<X> && std::is_arithmetic_v<Y>) {
          return compare(static_cast<double>(x), static_cast<double>(y));
        } else {
          return std::is_arithmetic_v<X> ? -1 : 1;
        }
      },
      a, b);
  return key.is_descending ? -order : order;
}

}  // namespace

int compare_sorted(const std::vector<SortValue>& a, const std::vector<SortValue>& b,
                   const std::vector<SortKey>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const int order = compare_values(a[i], b[i], keys[i])) return order;
  }
  return 0;
}

namespace {

/// Keeps the first of what it is shown: a heap whose top is the last of those that are kept.
class FirstDocs {
 public:
  explicit FirstDocs(const FieldOrder& order) : order_(order) {}

  void add(SortedDoc found) {
    if (order_.count == 0) return;
    const auto before = [this](const auto& a, const auto& b) { return comes_first(a, b); };
    if (kept_.size() == order_.count) {
      if (!comes_first(found, kept_.front())) return;
      std::pop_heap(kept_.begin(), kept_.end(), before);
      kept_.pop_back();
    }
    kept_.push_back(std::move(found));
    std::push_heap(kept_.begin(), kept_.end(), before);
  }
  std::vector<SortedDoc> take() {
    std::ranges::sort(kept_, [this](const auto& a, const auto& b) { return comes_first(a, b); });
    return std::move(kept_);
  }
  bool comes_first(const SortedDoc& a, const SortedDoc& b) const {
    const int order = compare_sorted(a.values, b.values, order_.keys);
    return order != 0 ? order < 0 : a.doc < b.doc;
  }

 private:
  const FieldOrder& order_;
  std::vector<SortedDoc> kept_;
};

}  // namespace

std::vector<SortedDoc> search_sorted(const Plan& plan, const Snapshot& snapshot,
                                     const FieldOrder& order, HitCount& total) {
  FirstDocs first(order);
  std::map<SortValue, SortedDoc> groups;
  const SortKey collapse_key = {.field = std::string(order.collapse_field)};
  const SortReader collapse_reader(collapse_key, order.mapping);
  std::vector<SortReader> readers;
  for (std::size_t i = 0; i < order.keys.size(); ++i) {
    readers.emplace_back(order.keys[i], order.mapping,
                         i < order.nested.size() ? order.nested[i] : nullptr);
  }
  for_each_match(plan, snapshot, [&](std::size_t at, Scorer& scorer) {
    ++total.value;
    if (order.count == 0) return;
    const Segment& segment = *snapshot.segments[at].segment;
    const DocId doc = scorer.doc();
    SortedDoc found{.values = {}, .doc = snapshot.bases[at] + doc};
    for (const SortReader& reader : readers) {
      found.values.push_back(reader.value(segment, doc, snapshot.bases[at], scorer));
    }
    if (order.after && compare_sorted(found.values, *order.after, order.keys) <= 0) return;
    if (order.has_scores) found.score = scorer.score();
    if (order.collapse_field.empty()) return first.add(std::move(found));
    const Column* const column = segment.column(order.collapse_field);
    SortValue group;
    if (column && column->has(doc)) {
      group = collapse_reader.value(segment, doc, snapshot.bases[at], scorer);
    }
    found.collapsed_by = group;
    const auto [same, is_new] = groups.try_emplace(std::move(group), found);
    if (!is_new && first.comes_first(found, same->second)) same->second = std::move(found);
  });
  for (auto& [group, found] : groups) first.add(std::move(found));
  return first.take();
}

}  // namespace hornbeam::search
