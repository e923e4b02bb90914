#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hornbeam::search {

struct Query;
struct SearchRequest;

/// What the scores of nested documents make of that of the document they are in.
enum class NestedScore : std::uint8_t { kAverage, kSum, kMin, kMax, kNone };

/// Hits that are shown inside of another hit.
struct InnerHits {
  std::string name;
  /// What is searched there. Of a collapsed search the query is that of the whole.
  std::shared_ptr<const SearchRequest> request;
  std::string json;  ///< The whole object, for those who show the hits.
};

/// Documents that have a nested object which matches.
struct NestedQuery {
  std::string path;
  std::shared_ptr<const Query> query;
  NestedScore score_mode = NestedScore::kAverage;
  bool ignores_unmapped = false;                  ///< Finds nothing where there is no such path.
  std::shared_ptr<const InnerHits> inner_hits{};  ///< Shows the objects that match; null: no.
};

/// The parts of a query whose matching objects are shown in the hits. Those inside of another
/// nested query belong to its inner hits.
/// Lifetime: they are parts of `query`.
std::vector<const NestedQuery*> nested_with_inner_hits(const Query& query);

/// Orders by a field of nested objects.
struct NestedSort {
  std::string path;
  std::shared_ptr<const Query> filter{};      ///< Only objects that match count; null: all.
  std::size_t max_children = 0;               ///< How many of a document count; 0: all.
  std::shared_ptr<const NestedSort> inner{};  ///< The field is in objects further inside.
};

}  // namespace hornbeam::search
