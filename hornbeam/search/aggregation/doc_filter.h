#pragma once

#include <cstdint>
#include <vector>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/query/query.h"

namespace hornbeam::search::aggregation {

/// Which documents of a segment a query matches.
class DocFilter {
 public:
  /// Lifetime: `query` outlives this.
  explicit DocFilter(const Query& query) : query_(&query) {}

  /// Throws a Refusal if the query does not fit the index.
  void open_index(const AggregatedIndex& index);
  void open_segment(const SegmentView& view);
  bool matches(DocId doc) const noexcept { return ((words_[doc / 64] >> (doc % 64)) & 1) != 0; }

 private:
  const Query* query_;
  PlanPtr plan_;
  std::vector<std::uint64_t> words_;
};

}  // namespace hornbeam::search::aggregation
