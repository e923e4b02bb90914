#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hornbeam/search/query/query.h"

namespace hornbeam::search {

/// Scores the best hits of an index again.
struct Rescore {
  enum class Mode : std::uint8_t { kTotal, kMultiply, kAverage, kMax, kMin };
  std::size_t window_size = 10;  ///< How many of the best.
  Query query{};
  float query_weight = 1;
  float rescore_query_weight = 1;
  Mode mode = Mode::kTotal;
};

/// Keeps the first hit only of those that have the same value in a field.
struct Collapse {
  std::string field;
  std::vector<InnerHits> inner_hits{};  ///< Of each hit: those that have its value.
};

/// One part of a search that is cut into as many as `max`.
struct Slice {
  std::string field = "_id";
  std::size_t id = 0;
  std::size_t max = 2;
};

/// Read the objects of those names. They throw query_reader::Refusal.
Rescore read_rescore(base::JsonView json);
Collapse read_collapse(base::JsonView json);
Slice read_slice(base::JsonView json);
/// The name of inner hits that have none is `otherwise`.
InnerHits read_inner_hits(base::JsonView json, const std::string& otherwise);

}  // namespace hornbeam::search
