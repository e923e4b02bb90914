#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/collection/field_path.h"
#include "hornbeam/search/query/search_request.h"

namespace hornbeam::search {

/// See `Find::order_by`.
enum class Order : std::uint8_t { kAscending, kDescending };
inline constexpr Order ascending = Order::kAscending;
inline constexpr Order descending = Order::kDescending;

/// A search as a program writes it. A value: each call gives the search with one thing more.
///
///   Find(match(&Book::title, "foxes")).order_by(&Book::year, descending).first(20)
///
/// What it has no word for is in the request that it builds, and in the JSON that
/// `Collection::search` takes too.
class Find {
 public:
  Find(Query query) { request_.query = std::move(query); }

  /// The hits after the first `count` of them.
  Find skip(std::size_t count) &&;
  /// At most `count` hits; 10 if nothing is said.
  Find first(std::size_t count) &&;
  /// Ordered by values instead of by score; a second call orders those that are equal.
  Find order_by(const FieldPath& field, Order order = ascending) &&;
  /// All matches are counted, not only the first 10 000.
  Find count_all() &&;
  /// Shows the passages of a text that match, `<em>` around each match.
  Find highlight(const FieldPath& field) &&;
  /// Counts the matches by the values of a field, the `most` most common ones; read them with
  /// `Found::buckets`.
  Find count_by(std::string_view name, const FieldPath& field, std::size_t most = 10) &&;
  /// Computes one number of the matches by "avg", "sum", "min", "max", "cardinality" or
  /// "value_count"; read it with `Found::number`.
  Find compute(std::string_view name, std::string_view what, const FieldPath& field) &&;
  /// Any aggregation of Elasticsearch, as the JSON that stands under its name.
  Find aggregate(std::string_view name, std::string_view json) &&;

  /// The request, or what is wrong with an aggregation's JSON.
  base::Result<SearchRequest> request() const;

 private:
  SearchRequest request_{};
  std::string aggregations_;  ///< Members of the object under "aggs".
};

/// One value of a field, or one range of them, and how many matches have it.
struct BucketCount {
  std::string key;  ///< As text, dates as dates.
  std::uint64_t count = 0;
};

/// The buckets of an aggregation in a result's `aggregations`; none if it has no such aggregation.
std::vector<BucketCount> buckets_of(std::string_view aggregations, std::string_view name);
/// The value of an aggregation that computes one number.
std::optional<double> number_of(std::string_view aggregations, std::string_view name);

}  // namespace hornbeam::search
