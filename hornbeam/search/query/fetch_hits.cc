#include "hornbeam/search/query/fetch_hits.h"

#include <memory>

#include <fmt/format.h>

#include "hornbeam/search/highlight/highlighter.h"
#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/query/snapshot_place.h"
#include "hornbeam/search/query/sort_values.h"

namespace hornbeam::search {
namespace {

void add_matched_queries(const PlannedSearch& search, const SnapshotPlace& place,
                         const SearchRequest& request, Hit& hit) {
  for (const auto& [name, plan] : search.named) {
    const ScorerPtr scorer = plan->scorer(place.view);
    if (!scorer || scorer->advance(place.doc) != place.doc) continue;
    hit.matched_queries.push_back(name);
    if (request.reports_query_scores) hit.matched_scores.push_back(scorer->score());
  }
}

Explanation explain_hit(const PlannedSearch& search, const SnapshotPlace& place,
                        const SearchRequest& request, const FoundHit& found) {
  Explanation all = search.query->explain(place.view, place.doc);
  if (!request.sort.empty()) return all;
  for (std::size_t i = 0; i < found.rescored.size(); ++i) {
    const Rescore& rescore = request.rescore[i];
    std::vector<Explanation> parts;
    parts.push_back(
        {.value = all.value * rescore.query_weight,
         .description = "product of:",
         .details = {all, {.value = rescore.query_weight, .description = "primaryWeight"}}});
    std::optional<float> again;
    Explanation second = search.rescores[i]->explain(place.view, place.doc);
    if (found.rescored[i] && second.is_match) {
      again = second.value;
      const float weight = rescore.rescore_query_weight;
      parts.push_back(
          {.value = second.value * weight,
           .description = "product of:",
           .details = {std::move(second), {.value = weight, .description = "secondaryWeight"}}});
    }
    all = {.value = rescored(rescore, all.value, again),
           .description = "sum of:",
           .details = std::move(parts)};
  }
  return all;
}

std::string source_of(const Segment& segment, DocId doc, const std::vector<NestedPlace>& nested) {
  std::string source = root_of(segment, doc).source();
  return nested.empty() ? source : nested_source(source, nested);
}

}  // namespace

base::Result<std::vector<Hit>> fetch_hits(std::span<const SearchTarget> targets,
                                          std::span<const PlannedSearch> searches,
                                          std::vector<FoundHit>& found,
                                          const SearchRequest& request, std::int64_t now) {
  std::vector<PlanContext> contexts;
  for (const SearchTarget& target : targets) contexts.push_back(target.context(now));
  std::vector<std::unique_ptr<Highlighter>> highlighters(targets.size());
  const bool needs_sources = request.loads_sources || request.highlight;
  std::vector<Hit> hits;
  hits.reserve(found.size());
  for (FoundHit& one : found) {
    const PlannedSearch& search = searches[one.target];
    const SnapshotPlace place = SnapshotPlace::of(*targets[one.target].snapshot, one.doc);
    const Segment& segment = *place.view.segment;
    std::vector<NestedPlace> nested = nested_places(segment, place.doc);
    Hit hit{.id = root_of(segment, place.doc).id(),
            .score = one.score,
            .source = needs_sources ? source_of(segment, place.doc, nested) : std::string(),
            .nested = std::move(nested),
            .sort = std::move(one.values),
            .target = one.target,
            .doc = one.doc,
            .collapsed_by = std::move(one.collapsed_by)};
    for (std::size_t i = 0; i < hit.sort.size(); ++i) {
      const SortReader reader(request.sort[i], *targets[one.target].mapping);
      hit.sort[i] = reader.shown(std::move(hit.sort[i]));
    }
    add_matched_queries(search, place, request, hit);
    if (request.explains) hit.explanation = explain_hit(search, place, request, one);
    if (request.highlight) {
      std::unique_ptr<Highlighter>& highlighter = highlighters[one.target];
      if (!highlighter) {
        base::Result<Highlighter> made = Highlighter::create(
            *request.highlight, *search.query, contexts[one.target], targets[one.target].name);
        if (!made) return std::unexpected(made.error());
        highlighter = std::make_unique<Highlighter>(std::move(*made));
      }
      const auto document = base::JsonDocument::parse(inside_of_path(segment.path(), hit.source));
      if (document) {
        base::Result<Highlights> shown = highlighter->highlight(hit.id, document->root());
        if (!shown) return std::unexpected(shown.error());
        hit.highlight = std::move(*shown);
      }
    }
    hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace hornbeam::search
