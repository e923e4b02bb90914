#include <fmt/format.h>

#include "hornbeam/search/aggregation/cardinality_sketch.h"
#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/kind.h"

namespace hornbeam::search::aggregation {
namespace {

class Cardinality final : public Collector {
 public:
  Cardinality(const Aggregation& asked, const FieldRequest& request, std::uint32_t threshold)
      : Collector(asked),
        threshold_(threshold),
        values_(request, Accepts::kAnything, ValueKind::kKeyword) {}

  void open_index(const AggregatedIndex& index) override {
    values_.open_index(index, asked().type);
  }
  void open_segment(const SegmentView& view) override {
    values_.open_segment(view);
    const Column* const column = values_.column();
    const bool is_keyword = column && column->kind() == ColumnKind::kKeyword;
    hashes_.assign(is_keyword ? column->term_count() : 0, 0);
    seen_.assign(hashes_.size(), false);
  }
  void collect(const Batch& batch) override {
    while (sketches_.size() < batch.bucket_limit) sketches_.emplace_back(threshold_);
    const Column* const column = values_.column();
    if (!column && !values_.has_missing()) return;
    if (column && batch.buckets.empty() && !hashes_.empty() && !values_.has_missing()) {
      mark(*column, batch);
      return;
    }
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      CardinalitySketch& sketch = sketches_[batch.bucket(i)];
      const auto [begin, end] =
          column ? column->range(batch.docs[i]) : std::pair<std::size_t, std::size_t>(0, 0);
      if (begin == end && values_.has_missing()) sketch.add(hash_of_missing());
      for (std::size_t at = begin; at < end; ++at) sketch.add(hash_of(*column, at));
    }
  }
  void close_segment() override {
    for (std::size_t code = 0; code < seen_.size(); ++code) {
      if (seen_[code]) sketches_.front().add(hash_text(values_.column()->term(code)));
    }
    seen_.clear();
  }
  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("cardinality", ResultNode::Shape::kMetric);
    append_member(node.members, "value", std::to_string(count(bucket)));
    node.values.emplace_back("value", static_cast<double>(count(bucket)));
    return node;
  }
  std::optional<double> number(BucketId bucket, std::string_view property) const override {
    if (!property.empty() && property != "value") return std::nullopt;
    return static_cast<double>(count(bucket));
  }

 private:
  /// At the top only the ordinals are noted, and each is hashed once.
  void mark(const Column& column, const Batch& batch) {
    for (const DocId doc : batch.docs) {
      const auto [begin, end] = column.range(doc);
      for (std::size_t at = begin; at < end; ++at) seen_[column.code(at)] = true;
    }
  }
  std::uint64_t hash_of(const Column& column, std::size_t at) {
    if (hashes_.empty()) return hash_number(values_.coded(column.value(at)));
    std::uint64_t& hash = hashes_[column.code(at)];
    if (hash == 0) hash = hash_text(column.term(column.code(at)));
    return hash;
  }
  std::uint64_t hash_of_missing() const {
    return is_numeric(values_.kind()) ? hash_number(values_.missing_coded())
                                      : hash_text(values_.missing_term());
  }
  std::uint64_t count(BucketId bucket) const {
    return bucket < sketches_.size() ? sketches_[bucket].count() : 0;
  }

  std::uint32_t threshold_;
  FieldValues values_;
  std::vector<CardinalitySketch> sketches_;
  std::vector<std::uint64_t> hashes_;  ///< Of keywords by ordinal; 0: not known yet.
  std::vector<bool> seen_;             ///< Ordinals at the top.
};

class CardinalityKind final : public Kind {
 public:
  CardinalityKind(FieldRequest request, std::uint32_t threshold)
      : request_(std::move(request)), threshold_(threshold) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Cardinality>(asked, request_, threshold_);
  }
  bool takes_subs() const override { return false; }

 private:
  FieldRequest request_;
  std::uint32_t threshold_;
};

}  // namespace

KindPtr read_cardinality(Parameters& parameters) {
  FieldRequest request = read_field_request(parameters);
  constexpr std::int64_t kUsualThreshold = 3'000;
  constexpr std::int64_t kMostThreshold = 40'000;
  const std::int64_t threshold =
      parameters.integer("precision_threshold").value_or(kUsualThreshold);
  if (threshold < 0) {
    refuse_argument(
        fmt::format("[precisionThreshold] must be greater than or equal to 0. Found [{}] in [{}]",
                    threshold, parameters.name()));
  }
  parameters.find("execution_hint");
  parameters.finish();
  return std::make_shared<CardinalityKind>(
      std::move(request), static_cast<std::uint32_t>(std::min(threshold, kMostThreshold)));
}

}  // namespace hornbeam::search::aggregation
