#pragma once

// What is computed over the documents of a search beside its hits: the "aggs" of Elasticsearch.
//
//   auto wanted = parse_aggregations(json.root());        // {"tags": {"terms": {"field": "tag"}}}
//   AggregationRun run(*wanted);
//   run.collect(plan, {snapshot, mapping, bm25, "books"});  // once for each index
//   std::string json = run.result().value();              // {"tags":{"buckets":[...]}}
//
// A run goes over any number of indices, one after the other; its result is the same as if all
// documents lay in one segment.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/plan_context.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

namespace aggregation {
class Kind;
class Collector;
}  // namespace aggregation

/// One aggregation that is asked for. A value: what it computes never changes.
struct Aggregation {
  std::string name;  ///< In the result.
  std::string type;  ///< Such as "terms".
  /// The type with its parameters.
  std::shared_ptr<const aggregation::Kind> kind;
  std::vector<Aggregation> sub{};  ///< Of each of its buckets.
  std::string meta{};              ///< JSON that comes back as it is; empty: none.
};

using Aggregations = std::vector<Aggregation>;

/// Reads the object under "aggs". An error is worded as OpenSearch's; its code is their type.
base::Result<Aggregations> parse_aggregations(base::JsonView json);

/// An index as a run sees it.
/// Lifetime: the call's.
struct AggregatedIndex {
  const Snapshot& snapshot;
  const Mapping& mapping;
  const Bm25Options& bm25;
  std::string_view name{};  ///< "_index" of hits.
  bool is_only = false;     ///< No other index is asked the same.
  /// Finds the terms of queries that look them up; null: none may.
  const FindTerms* find_terms = nullptr;
  /// Of nested documents: their path, and the index they lie in.
  std::string_view path{};
  const AggregatedIndex* around = nullptr;
};

struct AggregationOptions {
  /// How many buckets a result may have at most.
  std::size_t max_buckets = 65'535;
  /// Names in the result say the type too: "sterms#tags".
  bool typed_keys = false;
};

/// Computes aggregations. Must be used as `collect* result`.
/// Thread: one at a time.
class AggregationRun {
 public:
  explicit AggregationRun(Aggregations aggregations, AggregationOptions options = {});
  AggregationRun(const AggregationRun&) = delete;
  AggregationRun& operator=(const AggregationRun&) = delete;
  ~AggregationRun();

  /// Takes the documents of an index that match.
  base::Result<void> collect(const Plan& query, const AggregatedIndex& index);
  /// The object that belongs under "aggregations", as JSON.
  base::Result<std::string> result();

 private:
  void collect_segment(const Plan& query, const SegmentView& view,
                       const std::vector<aggregation::Collector*>& collectors);

  Aggregations aggregations_;
  AggregationOptions options_;
  std::vector<std::unique_ptr<aggregation::Collector>> collectors_;
  std::vector<aggregation::Collector*> of_query_;  ///< Of `collectors_`: over what matches.
  std::vector<aggregation::Collector*> of_all_;    ///< Over every document.
};

}  // namespace hornbeam::search
