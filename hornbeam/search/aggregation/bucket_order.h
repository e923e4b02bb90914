#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/parameters.h"

namespace hornbeam::search::aggregation {

/// What buckets are ordered by, first what counts most.
class BucketOrder {
 public:
  enum class By : std::uint8_t { kCount, kKey, kPath };
  struct Part {
    By by = By::kCount;
    bool is_ascending = false;
    std::vector<std::string> path{};  ///< Names of collectors below, from the outermost.
    std::string property{};           ///< The number of the last one; empty: its only one.
  };

  /// By count falling, then by key.
  static BucketOrder by_count();
  static BucketOrder by_key();
  /// Reads "order"; `otherwise` if there is none.
  static BucketOrder read(Parameters& parameters, BucketOrder otherwise);

  /// Throws a Refusal if a path leads nowhere.
  void check(const CollectorList& subs) const;
  const std::vector<Part>& parts() const noexcept { return parts_; }
  /// Whether it is as `by_count` has it.
  bool is_by_count() const noexcept {
    return parts_.size() == 2 && parts_[0].by == By::kCount && !parts_[0].is_ascending &&
           parts_[1].by == By::kKey && parts_[1].is_ascending;
  }
  bool is_by_key() const noexcept { return parts_.front().by == By::kKey; }

  /// The number a path gives for a bucket; NaN if there is none.
  static double number(const Part& part, const CollectorList& subs, BucketId bucket);

 private:
  void add(Parameters& parameters, base::JsonView json);
  void end_with_key();

  std::vector<Part> parts_;
};

/// A bucket about to be ordered.
struct OrderedBucket {
  BucketId bucket = kNoBucket;
  std::uint32_t key = 0;
  std::uint64_t count = 0;
  std::vector<double> numbers{};  ///< One for each path of the order.
};

/// Fills in the numbers of the paths and puts the first `size` in front, ordered; the rest is
/// behind them in any order. `is_before(a, b)` compares keys.
void order_buckets(std::vector<OrderedBucket>& buckets, std::size_t size, const BucketOrder& order,
                   const CollectorList& subs,
                   const std::function<bool(std::uint32_t, std::uint32_t)>& is_before);

}  // namespace hornbeam::search::aggregation
