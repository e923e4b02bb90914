// nested, reverse_nested: from documents to the objects inside of them, and back.

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/single_bucket.h"
#include "hornbeam/search/nested/nested_documents.h"

namespace hornbeam::search::aggregation {
namespace {

class Nested final : public SingleBucket {
 public:
  Nested(const Aggregation& asked, const std::string& path)
      : SingleBucket(asked), path_(path), moved_(subs_) {}

  void open_index(const AggregatedIndex& index) override {
    const bool is_there = index.mapping.find(path_) != nullptr;
    if (is_there && !index.mapping.is_nested(path_)) {
      refuse("aggregation_execution_exception",
             fmt::format("[nested] nested path [{}] is not nested", path_));
    }
    around_.emplace(index);
    documents_ = nested_snapshot(index.snapshot, path_);
    inside_.emplace(AggregatedIndex{.snapshot = *documents_,
                                    .mapping = index.mapping,
                                    .bm25 = index.bm25,
                                    .name = index.name,
                                    .is_only = index.is_only,
                                    .find_terms = index.find_terms,
                                    .path = path_,
                                    .around = &*around_});
    SingleBucket::open_index(*inside_);
  }
  void open_segment(const SegmentView& view) override {
    segment_ = view.segment.get();
    last_ = 0;
    first_ = 0;
    nested_ = find_nested(*segment_, path_);
    const SegmentView* const inside = nested_ ? find_view(*documents_, *nested_) : nullptr;
    if (inside) SingleBucket::open_segment(*inside);
  }
  void close_segment() override {
    if (nested_) SingleBucket::close_segment();
  }

  void collect(const Batch& batch) override {
    counts_.grow(batch.bucket_limit);
    if (!nested_) return;
    // A document in several buckets takes its objects into all of them, one after the other, so
    // that they rise as it does.
    for (std::size_t i = 0; i < batch.docs.size();) {
      std::size_t end = i + 1;
      while (end < batch.docs.size() && batch.docs[end] == batch.docs[i]) ++end;
      // Batches may begin anew, as those of several filters do.
      const DocId hint = batch.docs[i] >= last_ ? first_ : 0;
      const DocRange inside = nested_range(*nested_, *segment_, batch.docs[i], hint);
      last_ = batch.docs[i];
      first_ = inside.begin;
      for (DocId doc = inside.begin; doc < inside.end; ++doc) {
        for (std::size_t same = i; same < end; ++same) {
          ++counts_[batch.bucket(same)];
          if (!subs_.empty()) moved_.move(doc, batch, same);
        }
      }
      i = end;
    }
    moved_.flush(batch.bucket_limit);
  }

 private:
  const std::string& path_;
  std::optional<AggregatedIndex> around_;
  std::shared_ptr<const Snapshot> documents_;
  std::optional<AggregatedIndex> inside_;
  const Segment* segment_ = nullptr;
  const Segment* nested_ = nullptr;
  DocId last_ = 0;   ///< The last document ...
  DocId first_ = 0;  ///< ... and its first object.
  SubBatch moved_;
};

class ReverseNested final : public SingleBucket {
 public:
  ReverseNested(const Aggregation& asked, const std::string& path)
      : SingleBucket(asked), path_(path), moved_(subs_) {}

  void open_index(const AggregatedIndex& index) override {
    if (!index.around) {
      refuse_argument(fmt::format(
          "Reverse nested aggregation [{}] can only be used inside a [nested] aggregation",
          asked().name));
    }
    around_ = index.around;
    while (around_->path != path_ && around_->around) around_ = around_->around;
    if (around_->path != path_) {
      refuse("aggregation_execution_exception",
             fmt::format("[reverse_nested] nested path [{}] is not nested around it", path_));
    }
    SingleBucket::open_index(*around_);
  }
  void open_segment(const SegmentView& view) override {
    nested_ = view.segment.get();
    segment_ = nested_->parent();
    while (segment_->path() != path_) segment_ = segment_->parent();
    last_.clear();
    SingleBucket::open_segment(*find_view(around_->snapshot, *segment_));
  }

  void collect(const Batch& batch) override {
    counts_.grow(batch.bucket_limit);
    last_.resize(std::max<std::size_t>(last_.size(), batch.bucket_limit), kNoMoreDocs);
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      const BucketId bucket = batch.bucket(i);
      const DocId doc = document_around(*nested_, batch.docs[i], *segment_);
      // Of several of its objects the first brings it along.
      if (last_[bucket] == doc) continue;
      last_[bucket] = doc;
      ++counts_[bucket];
      if (!subs_.empty()) moved_.move(doc, batch, i);
    }
    moved_.flush(batch.bucket_limit);
  }

 private:
  const std::string& path_;
  const AggregatedIndex* around_ = nullptr;
  const Segment* nested_ = nullptr;
  const Segment* segment_ = nullptr;
  std::vector<DocId> last_;  ///< Of each bucket.
  SubBatch moved_;
};

template <class Collector>
class PathKind final : public Kind {
 public:
  explicit PathKind(std::string path) : path_(std::move(path)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Collector>(asked, path_);
  }

 private:
  std::string path_;
};

}  // namespace

KindPtr read_nested(Parameters& parameters) {
  const std::optional<std::string> path = parameters.text("path");
  if (!path) {
    refuse("parsing_exception",
           fmt::format("Missing [path] field for nested aggregation [{}]", parameters.name()));
  }
  parameters.finish();
  return std::make_shared<PathKind<Nested>>(*path);
}

KindPtr read_reverse_nested(Parameters& parameters) {
  std::string path = parameters.text("path").value_or("");
  parameters.finish();
  return std::make_shared<PathKind<ReverseNested>>(std::move(path));
}

}  // namespace hornbeam::search::aggregation
