#include "hornbeam/search/query/find_hits.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <xxhash.h>

#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/query/planner.h"
#include "hornbeam/search/query/snapshot_place.h"
#include "hornbeam/search/query/sort_values.h"
#include "hornbeam/search/score/function_plan.h"
#include "hornbeam/search/score/search_plan.h"

namespace hornbeam::search {
namespace {

base::Result<void> check(const SearchTarget& target, const SearchRequest& request) {
  const auto refuse = [](std::string message) {
    return base::error("illegal_argument_exception", std::move(message));
  };
  const std::size_t window = target.settings.max_result_window;
  if (request.from + request.size > window) {
    return refuse(fmt::format(
        "Result window is too large, from + size must be less than or equal to: [{}] but was [{}]. "
        "See the scroll api for a more efficient way to request large data sets. This limit can be "
        "set by changing the [index.max_result_window] index level setting.",
        window, request.from + request.size));
  }
  if (request.slice && request.slice->max > target.settings.max_slices) {
    return refuse(fmt::format(
        "The number of slices [{}] is too large. It must be less than [{}]. This limit can be set "
        "by changing the [index.max_slices_per_scroll] index level setting.",
        request.slice->max, target.settings.max_slices));
  }
  for (const Rescore& rescore : request.rescore) {
    const std::size_t most = target.settings.max_rescore_window;
    if (rescore.window_size <= most) continue;
    return refuse(fmt::format(
        "Rescore window [{}] is too large. It must be less than [{}]. This prevents allocating "
        "massive heaps for storing the results to be rescored. This limit can be set by changing "
        "the [index.max_rescore_window] index level setting.",
        rescore.window_size, most));
  }
  for (const SortKey& key : request.sort) {
    if (const base::Result<void> fine = check_sort(key, *target.mapping); !fine) return fine;
  }
  if (!request.collapse) return {};
  const std::string_view name = target.mapping->target(request.collapse->field);
  const FieldMapping* const field = target.mapping->find(name);
  if (!field) return refuse(fmt::format("no mapping found for `{}` in order to collapse on", name));
  if (field->type == FieldType::kText || field->type == FieldType::kObject || !field->has_column) {
    return refuse(fmt::format(
        "unknown type for collapse field `{}`, only keywords and numbers are accepted", name));
  }
  return {};
}

/// Every `max`-th document by its id, or by a number of it.
PlanPtr plan_slice(const Slice& slice) {
  const auto find = [slice](const SegmentView& view) {
    std::vector<DocId> docs;
    const bool is_by_id = slice.field == kIdField;
    const Column* const column = is_by_id ? nullptr : view.segment->column(slice.field);
    for (DocId doc = 0; doc < view.segment->doc_count(); ++doc) {
      std::uint64_t hash = 0;
      if (is_by_id) {
        const std::string id = root_of(*view.segment, doc).id();
        hash = XXH3_64bits(id.data(), id.size());
      } else if (const auto value = column ? column->first(doc) : std::nullopt) {
        hash = XXH3_64bits(&*value, sizeof *value);
      }
      if (hash % slice.max == slice.id) docs.push_back(doc);
    }
    return docs;
  };
  return plan_documents(find, {.text = fmt::format("Slice[{}/{}]", slice.id, slice.max)});
}

/// The documents up to the one that is the `count`-th match; null if there are not more.
PlanPtr plan_first(const Plan& plan, const Snapshot& snapshot, std::uint64_t count) {
  std::uint64_t seen = 0;
  const Segment* last_segment = nullptr;
  DocId last_doc = 0;
  for (const SegmentView& view : snapshot.segments) {
    const ScorerPtr scorer = plan.scorer(view);
    if (!scorer) continue;
    while (scorer->next() != kNoMoreDocs) {
      if (!view.is_live(scorer->doc())) continue;
      if (seen == count) {
        // One more than is wanted: those before it are all.
        std::vector<const Segment*> before;
        for (const SegmentView& one : snapshot.segments) {
          if (one.segment.get() == last_segment) break;
          before.push_back(one.segment.get());
        }
        return plan_documents([before, last_segment, last_doc](const SegmentView& one) {
          const Segment* const segment = one.segment.get();
          const bool is_before = std::ranges::find(before, segment) != before.end();
          const DocId end = is_before                 ? segment->doc_count()
                            : segment == last_segment ? last_doc + 1
                                                      : 0;
          std::vector<DocId> docs(end);
          for (DocId doc = 0; doc < end; ++doc) docs[doc] = doc;
          return docs;
        });
      }
      ++seen;
      last_segment = view.segment.get();
      last_doc = scorer->doc();
    }
  }
  return nullptr;
}

PlanPtr filtered(PlanPtr plan, PlanPtr filter) {
  return plan_bool({.must = {std::move(plan)}, .filter = {std::move(filter)}});
}

FoundHits find_by_score(const PlannedSearch& search, const Snapshot& snapshot,
                        const SearchRequest& request, std::size_t count) {
  TopDocsCollector collector{.top = TopDocs(count), .count_limit = request.track_total_hits};
  search_plan(*search.hits, snapshot, collector);
  FoundHits found{.total = collector.count};
  for (const ScoredDoc& one : collector.top.take()) {
    found.hits.push_back({.doc = one.doc, .score = one.score});
  }
  return found;
}

FoundHits find_by_fields(const PlannedSearch& search, const SearchTarget& target,
                         const SearchRequest& request, std::size_t count) {
  const Snapshot& snapshot = *target.snapshot;
  // A collapsed search is one by fields, if only by the score.
  const std::vector<SortKey> by_score = {{.field = "_score", .is_descending = true}};
  const bool is_by_score = request.sort.empty();
  const bool sorts_by_score =
      std::ranges::find(request.sort, "_score", &SortKey::field) != request.sort.end();
  FoundHits found;
  const FieldOrder order = {.keys = is_by_score ? by_score : request.sort,
                            .mapping = *target.mapping,
                            .after = search.after,
                            .count = count,
                            .has_scores = is_by_score || sorts_by_score || request.tracks_scores,
                            .nested = search.nested_sorts,
                            .collapse_field = request.collapse
                                                  ? target.mapping->target(request.collapse->field)
                                                  : std::string_view()};
  for (SortedDoc& one : search_sorted(*search.hits, snapshot, order, found.total)) {
    found.hits.push_back({.doc = one.doc,
                          .score = one.score,
                          .values = is_by_score ? std::vector<SortValue>() : std::move(one.values),
                          .collapsed_by = std::move(one.collapsed_by)});
  }
  return found;
}

void rescore_hits(const Rescore& rescore, const Plan& plan, const Snapshot& snapshot,
                  std::vector<FoundHit>& hits) {
  const auto better = [](const FoundHit& a, const FoundHit& b) {
    return a.score != b.score ? a.score > b.score : a.doc < b.doc;
  };
  const std::size_t window = std::min(rescore.window_size, hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    std::optional<float> again;
    if (i < window) {
      const SnapshotPlace place = SnapshotPlace::of(snapshot, hits[i].doc);
      const ScorerPtr scorer = plan.scorer(place.view);
      if (scorer && scorer->advance(place.doc) == place.doc) again = scorer->score();
    }
    hits[i].score = rescored(rescore, hits[i].score.value_or(0), again);
    hits[i].rescored.push_back(i < window);
  }
  std::ranges::sort(hits, better);
}

}  // namespace

float rescored(const Rescore& rescore, float score, std::optional<float> again) {
  const float first = score * rescore.query_weight;
  if (!again) return first;
  const float second = *again * rescore.rescore_query_weight;
  switch (rescore.mode) {
    case Rescore::Mode::kTotal:
      return first + second;
    case Rescore::Mode::kMultiply:
      return first * second;
    case Rescore::Mode::kAverage:
      return (first + second) / 2;
    case Rescore::Mode::kMax:
      return std::max(first, second);
    case Rescore::Mode::kMin:
      break;
  }
  return std::min(first, second);
}

base::Result<PlannedSearch> plan_search(const SearchTarget& target, const SearchRequest& request,
                                        std::int64_t now) {
  if (const base::Result<void> fine = check(target, request); !fine) {
    return std::unexpected(fine.error());
  }
  const PlanContext context = target.context(now);
  base::Result<PlannedQuery> query = plan_query(request.query, context);
  if (!query) return std::unexpected(query.error());
  PlannedSearch search{.all = query->plan, .query = query->plan, .named = std::move(query->named)};
  const auto plan_also = [&](const Query& also) -> base::Result<PlanPtr> {
    base::Result<PlannedQuery> planned = plan_query(also, context);
    if (!planned) return std::unexpected(planned.error());
    std::ranges::move(planned->named, std::back_inserter(search.named));
    return std::move(planned->plan);
  };
  if (!target.filters.empty()) {
    const base::Result<PlanPtr> any = plan_also(
        {.node = BoolQuery{.must = {}, .filter = {}, .should = target.filters, .must_not = {}}});
    if (!any) return std::unexpected(any.error());
    search.all = filtered(search.all, *any);
  }
  if (target.only) search.all = filtered(search.all, target.only);
  if (request.slice) search.all = filtered(search.all, plan_slice(*request.slice));
  if (request.min_score) {
    search.all = plan_function_score(search.all, {.functions = {}, .min_score = request.min_score});
  }
  if (request.terminate_after > 0) {
    if (PlanPtr first = plan_first(*search.all, *target.snapshot, request.terminate_after)) {
      search.all = filtered(search.all, std::move(first));
      search.terminated_early = true;
    }
  }
  for (const SortKey& key : request.sort) {
    std::shared_ptr<const NestedSortPlan>& nested = search.nested_sorts.emplace_back();
    if (!key.nested) continue;
    base::Result<NestedSortPlan> planned = plan_nested_sort(*key.nested, context);
    if (!planned) return std::unexpected(planned.error());
    nested = std::make_shared<const NestedSortPlan>(std::move(*planned));
  }
  for (std::size_t i = 0; request.search_after && i < request.sort.size(); ++i) {
    if (!search.after) search.after.emplace();
    const SortReader reader(request.sort[i], *target.mapping);
    base::Result<SortValue> value = reader.parsed((*request.search_after)[i]);
    if (!value) return std::unexpected(value.error());
    search.after->push_back(std::move(*value));
  }
  search.hits = search.all;
  if (request.post_filter) {
    const base::Result<PlanPtr> filter = plan_also(*request.post_filter);
    if (!filter) return std::unexpected(filter.error());
    search.hits = filtered(search.all, *filter);
  }
  for (const Rescore& rescore : request.rescore) {
    base::Result<PlanPtr> plan = plan_also(rescore.query);
    if (!plan) return std::unexpected(plan.error());
    search.rescores.push_back(std::move(*plan));
  }
  return search;
}

FoundHits find_hits(const PlannedSearch& search, const SearchTarget& target,
                    const SearchRequest& request) {
  std::size_t count = request.from + request.size;
  if (request.size > 0) {
    for (const Rescore& rescore : request.rescore) count = std::max(count, rescore.window_size);
  }
  const bool is_by_score = request.sort.empty() && !request.collapse && !request.search_after;
  FoundHits found = is_by_score ? find_by_score(search, *target.snapshot, request, count)
                                : find_by_fields(search, target, request, count);
  found.terminated_early = search.terminated_early;
  if (request.sort.empty()) {
    for (std::size_t i = 0; i < search.rescores.size(); ++i) {
      rescore_hits(request.rescore[i], *search.rescores[i], *target.snapshot, found.hits);
    }
  }
  return found;
}

}  // namespace hornbeam::search
