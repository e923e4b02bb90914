#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/plan_context.h"
#include "hornbeam/search/query/query.h"

namespace hornbeam::search {

/// One index as a search sees it.
struct SearchTarget {
  std::shared_ptr<const Snapshot> snapshot;
  std::shared_ptr<const Mapping> mapping;
  SearchSettings settings{};
  Bm25Options bm25{};
  float boost = 1;     ///< What its scores are multiplied by.
  std::string name{};  ///< For messages.
  /// Only what one of them matches is there, such as the filters of an alias; empty: everything.
  std::vector<Query> filters{};
  PlanPtr only{};          ///< Only what it matches is there; null: everything.
  FindTerms find_terms{};  ///< For terms queries that look their terms up.

  PlanContext context(std::int64_t now) const {
    return {.snapshot = *snapshot,
            .mapping = *mapping,
            .bm25 = bm25,
            .settings = settings,
            .now = now,
            .boost = boost,
            .index = name,
            .find_terms = find_terms};
  }
};

}  // namespace hornbeam::search
