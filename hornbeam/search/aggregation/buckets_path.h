#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/result_tree.h"

namespace hornbeam::search::aggregation {

/// What a bucket without a value counts as.
enum class GapPolicy : std::uint8_t { kSkip, kInsertZeros };

/// Reads "gap_policy".
GapPolicy read_gap_policy(Parameters& parameters);

/// Where a pipeline finds a number: "histogram>filter>avg.value", "_count", "terms['key']>sum".
class BucketsPath {
 public:
  /// Reads "buckets_path", one path. Throws a Refusal.
  static BucketsPath read(Parameters& parameters);
  explicit BucketsPath(std::string_view text);

  const std::string& text() const noexcept { return text_; }
  /// The name of what it begins with.
  const std::string& first() const noexcept { return steps_.front().name; }
  /// The same path without what it begins with. Requires: there is more.
  BucketsPath rest() const;
  bool has_rest() const noexcept { return steps_.size() > 1 || !property_.empty(); }

  /// The number in a bucket; NaN for none. Throws a Refusal if it leads to no number.
  double value_in(const ResultBucket& bucket, GapPolicy gaps) const;

 private:
  struct Step {
    std::string name;
    std::string key{};  ///< In brackets: of a bucket, or a number of a metric.
  };
  double number_of(const ResultBucket& bucket) const;
  double number_at(const std::vector<ResultNode>& results, std::size_t step) const;

  std::string text_;
  std::vector<Step> steps_;
  std::string property_{};  ///< Behind the dot of the last step.
};

}  // namespace hornbeam::search::aggregation
