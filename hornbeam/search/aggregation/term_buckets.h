#pragma once

#include <optional>
#include <vector>

#include "hornbeam/search/aggregation/bucket_index.h"
#include "hornbeam/search/aggregation/segment_keys.h"

namespace hornbeam::search::aggregation {

/// A bucket for each different value of a field: what terms, rare terms and significant terms
/// collect.
class TermBuckets {
 public:
  /// Lifetime: `request` outlives this.
  TermBuckets(const FieldRequest& request, IncludeExclude wanted, const Aggregations& subs,
              Accepts accepts = Accepts::kKeys);
  TermBuckets(const TermBuckets&) = delete;
  TermBuckets& operator=(const TermBuckets&) = delete;

  void open_index(const AggregatedIndex& index, const Aggregation& asked);
  void open_segment(const SegmentView& view);
  void collect(const Batch& batch);
  void close_segment();

  /// Keeps no more than the `size` buckets with the highest counts, of equal ones those of the
  /// first keys, if they are all in the open segment and there is nothing below them: the others
  /// need no names then. `min_doc_count` is for them too.
  void keep_best(std::size_t size, std::uint64_t min_doc_count) {
    best_ = size;
    min_doc_count_ = min_doc_count;
  }
  /// What those have that were not kept.
  std::uint64_t not_kept() const noexcept { return not_kept_; }

  /// Gives all values of the open segment a key, whether or not their documents match.
  void add_all_keys(const SegmentView& view);
  /// Calls `visit(doc, key)` for all values of the open segment's live documents.
  template <class Visit>
  void for_each_in_segment(const SegmentView& view, Visit&& visit);

  const KeyTable& keys() const noexcept { return table_; }
  const FieldValues& values() const noexcept { return values_; }
  const BucketIndex& buckets() const noexcept { return buckets_; }
  std::uint64_t count(BucketId bucket) const { return counts_.at(bucket); }
  const CollectorList& subs() const noexcept { return subs_; }
  CollectorList& subs() noexcept { return subs_; }

  /// A bucket of the result, with the results below it.
  ResultBucket result(BucketId bucket, std::uint32_t key, BuildLimits& limits) const;
  /// "sterms" of the suffix "terms": the type of the keys goes in front.
  std::string typed_name(std::string_view suffix) const;

 private:
  void count_codes(const Batch& batch);
  void count_buckets(const Batch& batch);
  void drop_all_but_best();

  KeyTable table_;
  IncludeExclude wanted_;
  FieldValues values_;
  SegmentKeys keys_;
  BucketIndex buckets_;
  BucketCounts counts_;
  CollectorList subs_;
  SubBatch below_;
  std::vector<std::uint32_t> code_counts_;  ///< Of the open segment.
  std::optional<std::size_t> best_{};       ///< How many buckets are kept.
  std::uint64_t min_doc_count_ = 1;
  std::uint64_t not_kept_ = 0;
};

template <class Visit>
void TermBuckets::for_each_in_segment(const SegmentView& view, Visit&& visit) {
  std::vector<DocId> docs;
  const auto flush = [&] {
    keys_.for_each({.docs = docs}, [&](std::size_t i, std::uint32_t key) { visit(docs[i], key); });
    docs.clear();
  };
  for (DocId doc = 0; doc < view.segment->doc_count(); ++doc) {
    if (view.is_live(doc)) docs.push_back(doc);
    if (docs.size() == kBatchSize) flush();
  }
  flush();
}

}  // namespace hornbeam::search::aggregation
