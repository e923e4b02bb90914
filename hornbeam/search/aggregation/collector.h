#pragma once

// How an aggregation is computed. A collector is shown the documents of a segment in batches; each
// document comes with the bucket of the parent it lies in. Buckets are numbered 0, 1, 2, ... by the
// aggregation that makes them, for the whole run: a keyword that five segments of two indices have
// is one bucket, so nothing has to be merged at the end.
//
//   collector: (open_index (open_segment collect* close_segment)* close_index)* build*
//
// Top-level documents all lie in bucket 0.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hornbeam/search/aggregation/aggregation.h"
#include "hornbeam/search/aggregation/result_tree.h"

namespace hornbeam::search::aggregation {

using BucketId = std::uint32_t;

/// A bucket nothing was collected in: `build` gives the result of no documents.
inline constexpr BucketId kNoBucket = std::numeric_limits<BucketId>::max();

/// How many documents are shown at once.
inline constexpr std::size_t kBatchSize = 4096;

/// Documents of a segment. Those of a whole segment rise; one may come more than once, in different
/// buckets.
struct Batch {
  std::span<const DocId> docs;
  std::span<const BucketId> buckets{};  ///< Of each document; empty: bucket 0, and docs are unique.
  std::span<const float> scores{};      ///< Of each document; empty unless one is needed.
  BucketId bucket_limit = 1;            ///< All buckets are below it.

  BucketId bucket(std::size_t i) const noexcept { return buckets.empty() ? 0 : buckets[i]; }
  /// Whether the documents follow each other without a gap.
  bool is_run() const noexcept {
    return buckets.empty() && !docs.empty() && docs.back() - docs.front() + 1 == docs.size();
  }
};

/// What building shares: the limit of buckets.
class BuildLimits {
 public:
  explicit BuildLimits(std::size_t max_buckets) : max_buckets_(max_buckets) {}

  /// Counts buckets that go into the result; throws a Refusal past the limit.
  void add_buckets(std::size_t count);
  std::size_t max_buckets() const noexcept { return max_buckets_; }

 private:
  std::size_t max_buckets_;
  std::size_t count_ = 0;
};

class Collector {
 public:
  virtual ~Collector() = default;

  /// Looks up fields; throws a Refusal if the index has them with a type that does not fit.
  virtual void open_index(const AggregatedIndex& index) = 0;
  virtual void open_segment(const SegmentView& view) = 0;
  virtual void collect(const Batch& batch) = 0;
  virtual void close_segment() {}
  virtual void close_index() {}

  /// The result for the documents of a bucket of the parent.
  virtual ResultNode build(BucketId bucket, BuildLimits& limits) const = 0;

  /// A number of the result, to order the parent's buckets by: `property` is empty if the path
  /// names none. NaN: there is no value. Nothing: there is no such number.
  virtual std::optional<double> number(BucketId bucket, std::string_view property) const;
  /// The collector below it that a path means by that name; null if there is none, or if it makes
  /// many buckets.
  virtual const Collector* find_sub(std::string_view name) const;

  virtual bool needs_scores() const { return false; }
  /// Whether it wants every document of the index, not only those that match.
  virtual bool wants_all() const { return false; }

  const Aggregation& asked() const noexcept { return *asked_; }

 protected:
  /// Lifetime: `asked` outlives this.
  explicit Collector(const Aggregation& asked) : asked_(&asked) {}
  /// A result with the name and meta of this.
  ResultNode new_result(std::string type, ResultNode::Shape shape) const;

 private:
  const Aggregation* asked_;
};

using CollectorPtr = std::unique_ptr<Collector>;

/// The collectors of some aggregations, without those of pipelines.
class CollectorList {
 public:
  explicit CollectorList(const Aggregations& asked);

  bool empty() const noexcept { return all_.empty(); }
  void open_index(const AggregatedIndex& index);
  void open_segment(const SegmentView& view);
  void collect(const Batch& batch);
  void close_segment();
  void close_index();
  std::vector<ResultNode> build(BucketId bucket, BuildLimits& limits) const;
  const Collector* find(std::string_view name) const;
  bool needs_scores() const noexcept { return needs_scores_; }

 private:
  std::vector<CollectorPtr> all_;
  bool needs_scores_ = false;
};

/// Documents and their buckets on the way to the collectors below, handed over when there are many.
class SubBatch {
 public:
  explicit SubBatch(CollectorList& subs) : subs_(subs) {}

  void add(const Batch& batch, std::size_t i, BucketId bucket) {
    docs_.push_back(batch.docs[i]);
    buckets_.push_back(bucket);
    if (!batch.scores.empty()) scores_.push_back(batch.scores[i]);
  }
  /// A document that stays in its bucket.
  void keep(const Batch& batch, std::size_t i) { put(batch.docs[i], batch, i); }
  /// A document of another segment takes the place of one of the batch, in its bucket. Handed over
  /// as soon as there are many of them, since there may be any number for each.
  void move(DocId doc, const Batch& batch, std::size_t i) {
    put(doc, batch, i);
    if (docs_.size() == kBatchSize) flush(batch.bucket_limit);
  }
  /// Requires: `bucket_limit` is above all that were added.
  void flush(BucketId bucket_limit) {
    if (docs_.empty()) return;
    subs_.collect(
        {.docs = docs_, .buckets = buckets_, .scores = scores_, .bucket_limit = bucket_limit});
    docs_.clear();
    buckets_.clear();
    scores_.clear();
  }

 private:
  void put(DocId doc, const Batch& batch, std::size_t i) {
    docs_.push_back(doc);
    if (!batch.buckets.empty()) buckets_.push_back(batch.buckets[i]);
    if (!batch.scores.empty()) scores_.push_back(batch.scores[i]);
  }

  CollectorList& subs_;
  std::vector<DocId> docs_;
  std::vector<BucketId> buckets_;
  std::vector<float> scores_;
};

/// Counts by bucket that grow as they are needed.
class BucketCounts {
 public:
  /// Throws a Refusal past what memory may be used for.
  void grow(std::uint64_t limit) {
    if (counts_.size() >= limit) return;
    if (limit > kMostBuckets) refuse_size();
    counts_.resize(limit);
  }
  std::uint64_t& operator[](BucketId bucket) noexcept { return counts_[bucket]; }
  std::uint64_t at(BucketId bucket) const noexcept {
    return bucket < counts_.size() ? counts_[bucket] : 0;
  }

 private:
  /// Of one aggregation while it is computed; the result may have far fewer.
  static constexpr std::uint64_t kMostBuckets = std::uint64_t{1} << 24;
  [[noreturn]] static void refuse_size();

  std::vector<std::uint64_t> counts_;
};

}  // namespace hornbeam::search::aggregation
