#pragma once

// The inner hits of nested queries: which objects of a hit match. Each is a search of its own, in
// the nested documents that lie in the hit.

#include <memory>
#include <span>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/search_request.h"
#include "hornbeam/search/query/search_target.h"

namespace hornbeam::search {

/// Lifetime: what it is made of outlives it. Thread: one at a time.
class InnerSearches {
 public:
  InnerSearches(std::span<const SearchTarget> targets, const SearchRequest& request,
                std::int64_t now);

  /// Whether two of them have the same name, or ask for too much.
  base::Result<void> check() const;
  base::Result<void> add_to(Hit& hit);

 private:
  /// The nested documents of one path in one index, kept from hit to hit.
  struct Found {
    std::size_t target;
    const NestedQuery* query;
    std::shared_ptr<const Snapshot> documents;
  };
  std::shared_ptr<const Snapshot> documents_of(std::size_t target, const NestedQuery& query);
  SearchTarget objects_of(const Hit& hit, const NestedQuery& query);

  std::span<const SearchTarget> targets_;
  std::int64_t now_;
  std::vector<const NestedQuery*> asked_;
  std::vector<Found> found_;
};

}  // namespace hornbeam::search
