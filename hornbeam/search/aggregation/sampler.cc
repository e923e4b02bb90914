#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/single_bucket.h"

namespace hornbeam::search::aggregation {
namespace {

/// Shows the aggregations below it the best documents of each bucket only, of each index as many as
/// a shard has in OpenSearch. Which they are is known when all have been seen, so that the
/// aggregations below begin when an index ends.
class Sampler final : public SingleBucket {
 public:
  Sampler(const Aggregation& asked, std::size_t size) : SingleBucket(asked), size_(size) {}

  void open_segment(const SegmentView& view) override { views_.push_back(view); }
  void collect(const Batch& batch) override {
    if (samples_.size() < batch.bucket_limit) samples_.resize(batch.bucket_limit);
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      add(samples_[batch.bucket(i)], {.score = batch.scores[i],
                                      .segment = static_cast<std::uint32_t>(views_.size() - 1),
                                      .doc = batch.docs[i]});
    }
  }
  // Its segments are shown to those below when the index closes.
  void close_segment() override {}
  void close_index() override {
    show_samples();
    subs_.close_index();
  }
  bool needs_scores() const override { return true; }

 private:
  struct Sampled {
    float score = 0;
    std::uint32_t segment = 0;
    DocId doc = 0;
  };
  using Sample = std::vector<Sampled>;  ///< A heap whose front is the worst.

  static bool is_better(const Sampled& a, const Sampled& b) {
    if (a.score != b.score) return a.score > b.score;
    return std::pair(a.segment, a.doc) < std::pair(b.segment, b.doc);
  }
  void add(Sample& sample, const Sampled& found) const {
    if (sample.size() == size_) {
      if (!is_better(found, sample.front())) return;
      std::ranges::pop_heap(sample, is_better);
      sample.pop_back();
    }
    sample.push_back(found);
    std::ranges::push_heap(sample, is_better);
  }
  void show_samples() {
    struct Place {
      Sampled found;
      BucketId bucket;
    };
    std::vector<Place> places;
    const auto limit = static_cast<BucketId>(samples_.size());
    counts_.grow(limit);
    for (BucketId bucket = 0; bucket < limit; ++bucket) {
      counts_[bucket] += samples_[bucket].size();
      for (const Sampled& each : samples_[bucket]) {
        places.push_back({.found = each, .bucket = bucket});
      }
    }
    std::ranges::sort(places, {}, [](const Place& place) {
      return std::tuple(place.found.segment, place.found.doc, place.bucket);
    });
    auto next = places.begin();
    for (std::uint32_t segment = 0; segment < views_.size(); ++segment) {
      subs_.open_segment(views_[segment]);
      for (; next != places.end() && next->found.segment == segment; ++next) {
        const Batch one{.docs = {&next->found.doc, 1}, .scores = {&next->found.score, 1}};
        below_.add(one, 0, next->bucket);
      }
      below_.flush(limit);
      subs_.close_segment();
    }
    views_.clear();
    samples_.clear();
  }

  std::size_t size_;
  std::vector<SegmentView> views_;  ///< Of the index that is open.
  std::vector<Sample> samples_;     ///< By bucket.
};

class SamplerKind final : public Kind {
 public:
  explicit SamplerKind(std::size_t size) : size_(size) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Sampler>(asked, size_);
  }

 private:
  std::size_t size_;
};

}  // namespace

KindPtr read_sampler(Parameters& parameters) {
  constexpr std::size_t kUsualSize = 100;
  const std::size_t size = read_bucket_size(parameters, "shard_size", kUsualSize);
  parameters.finish();
  return std::make_shared<SamplerKind>(size);
}

}  // namespace hornbeam::search::aggregation
