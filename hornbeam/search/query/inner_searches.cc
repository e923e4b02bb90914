#include "hornbeam/search/query/inner_searches.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/query/snapshot_place.h"

namespace hornbeam::search {
namespace {

/// How far inner hits may be looked at.
constexpr std::size_t kWindow = 100;

/// Some documents of one segment that follow each other.
PlanPtr plan_range(std::shared_ptr<const Segment> segment, DocRange range) {
  return plan_documents([segment = std::move(segment), range](const SegmentView& view) {
    std::vector<DocId> docs;
    if (view.segment != segment) return docs;
    docs.resize(range.end - range.begin);
    std::iota(docs.begin(), docs.end(), range.begin);
    return docs;
  });
}

}  // namespace

InnerSearches::InnerSearches(std::span<const SearchTarget> targets, const SearchRequest& request,
                             std::int64_t now)
    : targets_(targets), now_(now), asked_(nested_with_inner_hits(request.query)) {
  if (!request.post_filter) return;
  std::ranges::move(nested_with_inner_hits(*request.post_filter), std::back_inserter(asked_));
}

base::Result<void> InnerSearches::check() const {
  for (auto one = asked_.begin(); one != asked_.end(); ++one) {
    const InnerHits& inner = *(*one)->inner_hits;
    const bool is_named_twice = std::any_of(asked_.begin(), one, [&](const NestedQuery* other) {
      return other->inner_hits->name == inner.name;
    });
    if (is_named_twice) {
      return base::error(
          "illegal_argument_exception",
          fmt::format("[inner_hits] already contains an entry for key [{}]", inner.name));
    }
    const std::size_t window = inner.request->from + inner.request->size;
    if (window <= kWindow) continue;
    return base::error(
        "illegal_argument_exception",
        fmt::format("Inner result window is too large, the inner hit definition's [{}]'s from + "
                    "size must be less than or equal to: [{}] but was [{}]. This limit can be set "
                    "by changing the [index.max_inner_result_window] index level setting.",
                    inner.name, kWindow, window));
  }
  return {};
}

std::shared_ptr<const Snapshot> InnerSearches::documents_of(std::size_t target,
                                                            const NestedQuery& query) {
  for (const Found& one : found_) {
    if (one.target == target && one.query == &query) return one.documents;
  }
  found_.push_back({.target = target,
                    .query = &query,
                    .documents = nested_snapshot(*targets_[target].snapshot, query.path)});
  return found_.back().documents;
}

SearchTarget InnerSearches::objects_of(const Hit& hit, const NestedQuery& query) {
  const SearchTarget& around = targets_[hit.target];
  const SnapshotPlace place = SnapshotPlace::of(*around.snapshot, hit.doc);
  SearchTarget target = around;
  target.snapshot = documents_of(hit.target, query);
  target.filters.clear();
  target.only = plan_none();
  const Segment* const nested = find_nested(*place.view.segment, query.path);
  if (!nested) return target;
  target.only = plan_range(std::shared_ptr<const Segment>(place.view.segment, nested),
                           nested_range(*nested, *place.view.segment, place.doc));
  return target;
}

base::Result<void> InnerSearches::add_to(Hit& hit) {
  for (const NestedQuery* const query : asked_) {
    if (!targets_[hit.target].mapping->is_nested(query->path)) continue;
    auto target = std::make_shared<const SearchTarget>(objects_of(hit, *query));
    base::Result<SearchResult> found =
        execute_search({target.get(), 1}, *query->inner_hits->request, now_);
    if (!found) return std::unexpected(found.error());
    hit.inner_hits.push_back({.name = query->inner_hits->name,
                              .result = std::make_shared<const SearchResult>(std::move(*found)),
                              .target = std::move(target)});
  }
  return {};
}

}  // namespace hornbeam::search
