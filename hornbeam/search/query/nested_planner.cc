#include <fmt/format.h>

#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/nested/nested_plan.h"
#include "hornbeam/search/query/nested_sort.h"
#include "hornbeam/search/query/planner.h"
#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {

PlanContext nested_context(const PlanContext& around, const Snapshot& nested) {
  return {.snapshot = nested,
          .mapping = around.mapping,
          .bm25 = around.bm25,
          .settings = around.settings,
          .now = around.now,
          .boost = around.boost,
          .index = around.index,
          .find_terms = around.find_terms};
}

base::Result<void> check_nested_path(const Mapping& mapping, const std::string& path) {
  if (mapping.is_nested(path)) return {};
  const std::string_view problem = mapping.find(path)
                                       ? "nested object under path [{}] is not of nested type"
                                       : "failed to find nested object under path [{}]";
  return base::error(
      "query_shard_exception",
      fmt::format("failed to create query: [nested] {}", fmt::format(fmt::runtime(problem), path)));
}

PlanPtr Planner::plan_node(const NestedQuery& query, float boost) {
  check_expensive("joining");
  if (const auto found = check_nested_path(context_.mapping, query.path); !found) {
    if (query.ignores_unmapped && !context_.mapping.find(query.path)) return plan_none();
    throw Refusal{found.error()};
  }
  std::shared_ptr<const Snapshot> nested = nested_snapshot(context_.snapshot, query.path);
  const PlanContext context = nested_context(context_, *nested);
  // Its names are those of inner hits.
  Planner inside(context);
  inside.bool_depth_ = bool_depth_;
  PlanPtr matches = inside.plan(*query.query, boost);
  return plan_nested(std::move(nested), query.path, std::move(matches), query.score_mode);
}

base::Result<NestedSortPlan> plan_nested_sort(const NestedSort& sort, const PlanContext& context) {
  NestedSortPlan plan;
  for (const NestedSort* level = &sort; level; level = level->inner.get()) {
    if (const auto found = check_nested_path(context.mapping, level->path); !found) {
      return std::unexpected(found.error());
    }
    NestedSortPlan::Level planned{.path = level->path,
                                  .documents = nested_snapshot(context.snapshot, level->path)};
    if (level->filter) {
      const auto filter = plan_query(*level->filter, nested_context(context, *planned.documents));
      if (!filter) return std::unexpected(filter.error());
      planned.filter = filter->plan;
    }
    plan.max_children = level->max_children;
    plan.levels.push_back(std::move(planned));
  }
  return plan;
}

NestedSortReader::NestedSortReader(std::shared_ptr<const NestedSortPlan> plan)
    : plan_(std::move(plan)) {}

const Segment* NestedSortReader::open(const Segment& around) {
  if (around_ == &around) return nested_;
  around_ = &around;
  nested_ = find_nested(around, plan_->levels.back().path);
  last_ = {};
  if (!nested_) return nullptr;
  counts_.assign(nested_->doc_count(), true);
  for (const NestedSortPlan::Level& level : plan_->levels) {
    if (level.filter) apply(level);
  }
  return nested_;
}

void NestedSortReader::apply(const NestedSortPlan::Level& level) {
  const Segment* at = nested_;
  while (at != around_ && at->path() != level.path) at = at->parent();
  const SegmentView* const view = find_view(*level.documents, *at);
  std::vector<bool> matches(at->doc_count());
  const ScorerPtr scorer = view ? level.filter->scorer(*view) : nullptr;
  while (scorer && scorer->next() != kNoMoreDocs) matches[scorer->doc()] = true;
  for (DocId doc = 0; doc < counts_.size(); ++doc) {
    if (counts_[doc] && !matches[document_around(*nested_, doc, *at)]) counts_[doc] = false;
  }
}

std::vector<DocId> NestedSortReader::objects(DocId doc) {
  // Documents mostly rise.
  const DocId hint = doc >= last_.doc ? last_.first : 0;
  const DocRange inside = nested_range(*nested_, *around_, doc, hint);
  last_ = {.doc = doc, .first = inside.begin};
  std::vector<DocId> objects;
  for (DocId at = inside.begin; at < inside.end; ++at) {
    if (!counts_[at]) continue;
    if (plan_->max_children != 0 && objects.size() == plan_->max_children) break;
    objects.push_back(at);
  }
  return objects;
}

}  // namespace hornbeam::search
