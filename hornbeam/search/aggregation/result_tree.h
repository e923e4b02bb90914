#pragma once

// The result of aggregations as a tree, before it becomes JSON: pipeline aggregations read it and
// add to it.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::search::aggregation {

struct ResultNode;

struct ResultBucket {
  std::string name;  ///< The key as text: what a keyed bucket is called.
  std::string head;  ///< JSON members before "doc_count", each followed by a comma.
  std::string tail;  ///< JSON members behind it, each after a comma.
  double key = std::numeric_limits<double>::quiet_NaN();  ///< If it is a number.
  std::uint64_t doc_count = 0;
  std::vector<ResultNode> sub;
};

/// The result of one aggregation.
struct ResultNode {
  enum class Shape : std::uint8_t {
    kMetric,   ///< `members` are all there is.
    kSingle,   ///< One bucket: `doc_count` and `sub`.
    kBuckets,  ///< `buckets`.
  };

  std::string name{};
  std::string type{};  ///< As typed keys call it, such as "sterms".
  std::string meta{};
  Shape shape = Shape::kMetric;
  std::string members{};  ///< JSON members, separated by commas.
  /// The numbers of a metric by name, for `buckets_path`; the first is meant if none is named.
  std::vector<std::pair<std::string, double>> values{};
  /// More than one number, none of which stands for the others.
  bool is_multi_value = false;
  std::uint64_t doc_count = 0;
  bool is_keyed = false;
  std::vector<ResultBucket> buckets{};
  std::vector<ResultNode> sub{};
};

/// Appends `"name":{...}` for each, between braces.
void write_results(std::string& out, const std::vector<ResultNode>& results, bool typed_keys);

/// Appends `"name":` and JSON; with a comma before it if `out` holds a member already.
void append_member(std::string& out, std::string_view name, std::string_view json);

}  // namespace hornbeam::search::aggregation
