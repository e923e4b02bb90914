#pragma once

// Aggregations over the results of others, computed when these are there.

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/value_format.h"

namespace hornbeam::search::aggregation {

/// What a pipeline aggregation does with results.
class Pipeline {
 public:
  virtual ~Pipeline() = default;

  /// Whether it adds to each bucket of its parent; else it stands beside what it reads.
  virtual bool is_in_buckets() const = 0;
  /// The paths of what it reads, as they were given.
  virtual std::vector<std::string> paths() const = 0;
  /// In each bucket of `parent`. Requires: `is_in_buckets()`.
  virtual void run_in(const Aggregation& asked, ResultNode& parent) const;
  /// Its result. Requires: not `is_in_buckets()`.
  virtual ResultNode run_beside(const Aggregation& asked,
                                const std::vector<ResultNode>& siblings) const;
};

/// Reads "format", a pattern for numbers; raw without one. Throws a Refusal.
ValueFormat read_number_format(Parameters& parameters);
/// Throws a Refusal at the top, where there are no buckets to work in.
void require_parent(std::string_view type, const Aggregation& asked, const Aggregation* parent);

/// Runs all pipelines of `asked` over the results of the rest of it, the innermost first.
void run_pipelines(const Aggregations& asked, std::vector<ResultNode>& results);

}  // namespace hornbeam::search::aggregation
