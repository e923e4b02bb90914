#include "hornbeam/search/query/execute_search.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "hornbeam/search/query/fetch_hits.h"
#include "hornbeam/search/query/find_hits.h"
#include "hornbeam/search/query/inner_searches.h"
#include "hornbeam/search/query/planner.h"
#include "hornbeam/search/query/snapshot_place.h"
#include "hornbeam/search/score/function_plan.h"
#include "hornbeam/search/score/search_plan.h"
#include "hornbeam/search/suggest/suggester.h"

namespace hornbeam::search {
namespace {

bool comes_first(const FoundHit& a, const FoundHit& b, const std::vector<SortKey>& keys) {
  if (keys.empty()) {
    if (a.score != b.score) return a.score > b.score;
  } else if (const int order = compare_sorted(a.values, b.values, keys)) {
    return order < 0;
  }
  return std::tie(a.target, a.doc) < std::tie(b.target, b.doc);
}

/// Leaves out hits whose group an earlier one has: each index found its own first ones.
void collapse_again(std::vector<FoundHit>& hits) {
  std::vector<SortValue> seen;
  std::erase_if(hits, [&seen](const FoundHit& hit) {
    if (std::ranges::find(seen, *hit.collapsed_by) != seen.end()) return true;
    seen.push_back(*hit.collapsed_by);
    return false;
  });
}

/// What documents have that have the hit's value.
Query group_of(const SearchTarget& target, const std::string& field, const SortValue& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    return {BoolQuery{
        .must = {}, .filter = {}, .should = {}, .must_not = {{ExistsQuery{.field = field}}}}};
  }
  const FieldMapping* const mapping = target.mapping->find(target.mapping->target(field));
  std::string text = std::visit(
      [](const auto& one) -> std::string {
        using Value = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          return one;
        } else if constexpr (std::is_same_v<Value, std::monostate>) {
          return "";
        } else {
          return fmt::format("{}", one);
        }
      },
      value);
  if (mapping && mapping->type == FieldType::kBoolean) text = text == "0" ? "false" : "true";
  if (mapping && mapping->type == FieldType::kIp) text = ip_text(text);
  if (mapping && mapping->type == FieldType::kDate) {
    return {RangeQuery{.field = field,
                       .lower = RangeQuery::Bound{.value = text},
                       .upper = RangeQuery::Bound{.value = text},
                       .format = "epoch_millis"}};
  }
  return {TermQuery{.field = field, .value = std::move(text)}};
}

base::Result<void> add_inner_hits(std::span<const SearchTarget> targets,
                                  const SearchRequest& request, std::int64_t now, Hit& hit) {
  for (const InnerHits& inner : request.collapse->inner_hits) {
    SearchRequest own = *inner.request;
    BoolQuery query{.must = {request.query}, .filter = {}, .should = {}, .must_not = {}};
    query.filter.push_back(
        group_of(targets[hit.target], request.collapse->field, *hit.collapsed_by));
    if (request.post_filter) query.filter.push_back(*request.post_filter);
    own.query = {std::move(query)};
    base::Result<SearchResult> found = execute_search(targets, own, now);
    if (!found) return std::unexpected(found.error());
    hit.inner_hits.push_back(
        {.name = inner.name, .result = std::make_shared<const SearchResult>(std::move(*found))});
  }
  return {};
}

base::Result<SearchResult> execute(std::span<const SearchTarget> targets,
                                   const SearchRequest& request, std::int64_t now) {
  SearchResult result;
  InnerSearches inner(targets, request, now);
  if (const base::Result<void> fine = inner.check(); !fine) return std::unexpected(fine.error());
  std::vector<FoundHit> hits;
  std::vector<PlannedSearch> searches;
  AggregationRun aggregations(request.aggregations, request.aggregation_options);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    base::Result<PlannedSearch> search = plan_search(targets[i], request, now);
    if (!search) return std::unexpected(search.error());
    FoundHits found = find_hits(*search, targets[i], request);
    for (FoundHit& hit : found.hits) {
      hit.target = i;
      hits.push_back(std::move(hit));
    }
    result.total.value += found.total.value;
    result.total.is_exact = result.total.is_exact && found.total.is_exact;
    result.terminated_early = result.terminated_early || found.terminated_early;
    if (!request.aggregations.empty()) {
      const auto collected =
          aggregations.collect(*search->all, {.snapshot = *targets[i].snapshot,
                                              .mapping = *targets[i].mapping,
                                              .bm25 = targets[i].bm25,
                                              .name = targets[i].name,
                                              .is_only = targets.size() == 1,
                                              .find_terms = &targets[i].find_terms});
      if (!collected) return std::unexpected(collected.error());
    }
    searches.push_back(std::move(*search));
  }
  if (!request.aggregations.empty()) {
    base::Result<std::string> computed = aggregations.result();
    if (!computed) return std::unexpected(computed.error());
    result.aggregations = std::move(*computed);
  }
  if (result.total.value > request.track_total_hits) {
    result.total = {.value = request.track_total_hits, .is_exact = false};
  }
  if (targets.size() > 1) {
    std::ranges::sort(hits, [&](const FoundHit& a, const FoundHit& b) {
      return comes_first(a, b, request.sort);
    });
    if (request.collapse) collapse_again(hits);
  }
  if (request.sort.empty() && !hits.empty()) result.max_score = hits.front().score;
  if (request.tracks_scores) {
    for (const FoundHit& hit : hits) result.max_score = std::max(result.max_score, hit.score);
  }
  if (hits.size() > request.from + request.size) hits.resize(request.from + request.size);
  hits.erase(hits.begin(),
             hits.begin() + static_cast<std::ptrdiff_t>(std::min(request.from, hits.size())));
  base::Result<std::vector<Hit>> fetched = fetch_hits(targets, searches, hits, request, now);
  if (!fetched) return std::unexpected(fetched.error());
  result.hits = std::move(*fetched);
  for (Hit& hit : result.hits) {
    const base::Result<void> added = inner.add_to(hit);
    if (!added) return std::unexpected(added.error());
  }
  for (std::size_t i = 0; request.collapse && i < result.hits.size(); ++i) {
    const base::Result<void> added = add_inner_hits(targets, request, now, result.hits[i]);
    if (!added) return std::unexpected(added.error());
  }
  if (request.suggest) {
    auto suggestions = suggest(targets, *request.suggest);
    if (!suggestions) return std::unexpected(suggestions.error());
    result.suggestions = std::move(*suggestions);
  }
  return result;
}

/// Gives a key the type that its field has in one of the indices, so that the others are as if
/// they had the field without values.
base::Result<void> complete_key(std::span<const SearchTarget> targets, SortKey& key) {
  std::optional<FieldType> type;
  for (const SearchTarget& target : targets) {
    const FieldMapping* const field = target.mapping->find(key.field);
    if (!field) continue;
    const bool is_one_unsigned =
        type && *type != field->type &&
        (*type == FieldType::kUnsignedLong || field->type == FieldType::kUnsignedLong);
    if (is_one_unsigned) {
      return base::error("illegal_argument_exception",
                         "Can't do sort across indices, as a field has [unsigned_long] type in "
                         "one index, and different type in another index!");
    }
    if (!type) type = field->type;
  }
  if (type && key.unmapped_type.empty()) key.unmapped_type = name_of(*type);
  return {};
}

}  // namespace

base::Result<SearchResult> execute_search(std::span<const SearchTarget> targets,
                                          const SearchRequest& request, std::int64_t now) {
  try {
    if (targets.size() < 2 || request.sort.empty()) return execute(targets, request, now);
    SearchRequest completed = request;
    for (SortKey& key : completed.sort) {
      const base::Result<void> fits = complete_key(targets, key);
      if (!fits) return std::unexpected(fits.error());
    }
    return execute(targets, completed, now);
  } catch (const ScoringFailure& failure) {
    return std::unexpected(failure.error);
  }
}

base::Result<std::uint64_t> count_matches(const SearchTarget& target, const Query& query,
                                          std::int64_t now) {
  const base::Result<PlannedQuery> planned = plan_query(query, target.context(now));
  if (!planned) return std::unexpected(planned.error());
  try {
    std::uint64_t count = 0;
    for_each_match(*planned->plan, *target.snapshot, [&count](std::size_t, Scorer&) { ++count; });
    return count;
  } catch (const ScoringFailure& failure) {
    return std::unexpected(failure.error);
  }
}

base::Result<std::optional<Explanation>> explain_match(const SearchTarget& target,
                                                       const Query& query, std::string_view id,
                                                       std::int64_t now) {
  const base::Result<PlannedQuery> planned = plan_query(query, target.context(now));
  if (!planned) return std::unexpected(planned.error());
  try {
    for (const SegmentView& view : target.snapshot->segments) {
      const std::optional<DocId> doc = view.segment->find(id, *view.live);
      if (doc) return std::optional(planned->plan->explain(view, *doc));
    }
  } catch (const ScoringFailure& failure) {
    return std::unexpected(failure.error);
  }
  return std::optional<Explanation>();
}

base::Result<std::string> explain_query(const SearchTarget& target, const Query& query,
                                        std::int64_t now) {
  const base::Result<PlannedQuery> planned = plan_query(query, target.context(now));
  if (!planned) return std::unexpected(planned.error());
  return planned->plan->text();
}

std::int64_t current_time() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return now.time_since_epoch().count();
}

}  // namespace hornbeam::search
