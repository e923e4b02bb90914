#pragma once

// Which nested objects of a document count when it is ordered by a field of theirs.

#include <memory>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/nested_query.h"
#include "hornbeam/search/query/plan_context.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// A context for the nested documents of a snapshot. Lifetime: both outlive it.
PlanContext nested_context(const PlanContext& around, const Snapshot& nested);

/// Whether objects at a path are nested; an error is worded as OpenSearch words it.
base::Result<void> check_nested_path(const Mapping& mapping, const std::string& path);

/// A nested sort made ready for a snapshot.
struct NestedSortPlan {
  struct Level {
    std::string path;
    std::shared_ptr<const Snapshot> documents;
    PlanPtr filter{};  ///< Null: all count.
  };
  std::vector<Level> levels{};  ///< The outermost first.
  std::size_t max_children = 0;
};
base::Result<NestedSortPlan> plan_nested_sort(const NestedSort& sort, const PlanContext& context);

/// Finds the objects, segment by segment. Thread: one at a time.
class NestedSortReader {
 public:
  explicit NestedSortReader(std::shared_ptr<const NestedSortPlan> plan);

  /// The segment of the objects inside of one; null if it has none.
  const Segment* open(const Segment& around);
  /// The objects of a document that count. Requires: `open` gave a segment.
  std::vector<DocId> objects(DocId doc);

 private:
  void apply(const NestedSortPlan::Level& level);

  std::shared_ptr<const NestedSortPlan> plan_;
  const Segment* around_ = nullptr;
  const Segment* nested_ = nullptr;
  std::vector<bool> counts_;
  struct {
    DocId doc = 0;
    DocId first = 0;
  } last_{};
};

}  // namespace hornbeam::search
