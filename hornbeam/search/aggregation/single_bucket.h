#pragma once

#include "hornbeam/search/aggregation/collector.h"

namespace hornbeam::search::aggregation {

/// An aggregation that makes one bucket of each of the parent's; it has the same number.
class SingleBucket : public Collector {
 public:
  explicit SingleBucket(const Aggregation& asked)
      : Collector(asked), subs_(asked.sub), below_(subs_) {}

  void open_index(const AggregatedIndex& index) override { subs_.open_index(index); }
  void open_segment(const SegmentView& view) override { subs_.open_segment(view); }
  void close_segment() override { subs_.close_segment(); }
  void close_index() override { subs_.close_index(); }
  bool needs_scores() const override { return subs_.needs_scores(); }

  ResultNode build(BucketId bucket, BuildLimits& limits) const override {
    ResultNode node = new_result(asked().type, ResultNode::Shape::kSingle);
    node.doc_count = counts_.at(bucket);
    node.sub = subs_.build(bucket, limits);
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    if (!property.empty() && property != "doc_count" && property != "_count") return std::nullopt;
    return static_cast<double>(counts_.at(bucket));
  }
  const Collector* find_sub(std::string_view name) const override { return subs_.find(name); }

 protected:
  /// Keeps the documents of which `is_in(doc)` is true.
  template <class IsIn>
  void collect_if(const Batch& batch, IsIn&& is_in) {
    counts_.grow(batch.bucket_limit);
    const bool has_subs = !subs_.empty();
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      if (!is_in(batch.docs[i])) continue;
      ++counts_[batch.bucket(i)];
      if (has_subs) below_.keep(batch, i);
    }
    below_.flush(batch.bucket_limit);
  }

  CollectorList subs_;
  SubBatch below_;
  BucketCounts counts_;
};

}  // namespace hornbeam::search::aggregation
