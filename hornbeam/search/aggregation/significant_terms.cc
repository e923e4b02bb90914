// significant_terms and significant_text.

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/doc_filter.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/significance.h"
#include "hornbeam/search/aggregation/term_buckets.h"

namespace hornbeam::search::aggregation {
namespace {

struct SignificantRequest {
  FieldRequest values{};
  IncludeExclude wanted{};
  Significance significance{};
  std::optional<Query> background{};
  std::size_t size = 10;
  std::uint64_t min_doc_count = 3;
  Accepts accepts = Accepts::kKeys;
};

class SignificantTerms final : public Collector {
 public:
  SignificantTerms(const Aggregation& asked, const SignificantRequest& request)
      : Collector(asked),
        request_(request),
        terms_(request.values, request.wanted, asked.sub, request.accepts) {
    if (request.background) background_.emplace(*request.background);
  }

  void open_index(const AggregatedIndex& index) override {
    terms_.open_index(index, asked());
    if (background_) background_->open_index(index);
  }
  void open_segment(const SegmentView& view) override {
    terms_.open_segment(view);
    if (background_) background_->open_segment(view);
    count_background(view);
  }
  void collect(const Batch& batch) override {
    subset_sizes_.grow(batch.bucket_limit);
    for (std::size_t i = 0; i < batch.docs.size(); ++i) ++subset_sizes_[batch.bucket(i)];
    terms_.collect(batch);
  }
  void close_segment() override { terms_.close_segment(); }
  void close_index() override { terms_.subs().close_index(); }
  bool needs_scores() const override { return terms_.subs().needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    struct Scored {
      double score;
      BucketId bucket;
    };
    std::vector<Scored> found;
    for (const BucketId bucket : terms_.buckets().of(owner)) {
      if (terms_.count(bucket) < request_.min_doc_count) continue;
      const double score = score_of(owner, bucket);
      if (score > 0) found.push_back({.score = score, .bucket = bucket});
    }
    std::ranges::sort(found, [&](const Scored& a, const Scored& b) {
      if (a.score != b.score) return a.score > b.score;
      return terms_.keys().is_before(terms_.buckets().key(a.bucket),
                                     terms_.buckets().key(b.bucket));
    });
    if (found.size() > request_.size) found.resize(request_.size);
    limits.add_buckets(found.size());
    ResultNode node = new_result(name(), ResultNode::Shape::kBuckets);
    append_member(node.members, "doc_count", std::to_string(subset_sizes_.at(owner)));
    append_member(node.members, "bg_count", std::to_string(superset_size_));
    for (const Scored& each : found) {
      const std::uint32_t key = terms_.buckets().key(each.bucket);
      node.buckets.push_back(terms_.result(each.bucket, key, limits));
      node.buckets.back().tail =
          fmt::format(R"(,"score":{},"bg_count":{})", json_double(each.score), in_superset(key));
    }
    return node;
  }

 private:
  void count_background(const SegmentView& view) {
    for (DocId doc = 0; doc < view.segment->doc_count(); ++doc) {
      if (view.is_live(doc) && is_background(doc)) ++superset_size_;
    }
    terms_.for_each_in_segment(view, [&](DocId doc, std::uint32_t key) {
      if (!is_background(doc)) return;
      if (key >= in_superset_.size()) in_superset_.resize(key + 1);
      ++in_superset_[key];
    });
  }
  bool is_background(DocId doc) const { return !background_ || background_->matches(doc); }
  std::uint64_t in_superset(std::uint32_t key) const {
    return key < in_superset_.size() ? in_superset_[key] : 0;
  }
  double score_of(BucketId owner, BucketId bucket) const {
    const std::uint32_t key = terms_.buckets().key(bucket);
    return request_.significance.score({.in_subset = static_cast<double>(terms_.count(bucket)),
                                        .subset_size = static_cast<double>(subset_sizes_.at(owner)),
                                        .in_superset = static_cast<double>(in_superset(key)),
                                        .superset_size = static_cast<double>(superset_size_)});
  }
  std::string name() const {
    const bool is_known = terms_.values().was_mapped();
    return !is_known ? "umsigterms" : terms_.keys().is_keyword() ? "sigsterms" : "siglterms";
  }

  const SignificantRequest& request_;
  TermBuckets terms_;
  std::optional<DocFilter> background_{};
  BucketCounts subset_sizes_;
  std::uint64_t superset_size_ = 0;
  std::vector<std::uint64_t> in_superset_;  ///< By key.
};

class SignificantKind final : public Kind {
 public:
  explicit SignificantKind(SignificantRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<SignificantTerms>(asked, request_);
  }

 private:
  SignificantRequest request_;
};

KindPtr read_significant(Parameters& parameters, Accepts accepts) {
  SignificantRequest request{.values = read_field_request(parameters), .accepts = accepts};
  request.wanted = IncludeExclude::read(parameters);
  request.significance = Significance::read(parameters);
  if (const auto filter = parameters.find("background_filter")) {
    request.background = query_reader::read_query(*filter);
  }
  request.size = read_bucket_size(parameters, "size", request.size);
  read_bucket_size(parameters, "shard_size", 0);
  parameters.find("shard_min_doc_count");
  parameters.find("execution_hint");
  request.min_doc_count = read_min_doc_count(parameters, request.min_doc_count);
  if (accepts == Accepts::kTerms) {
    parameters.find("source_fields");
    if (parameters.flag("filter_duplicate_text", false)) {
      refuse_argument(
          "[significant_text] cannot leave out repeated text: [filter_duplicate_text] "
          "must be false");
    }
  }
  parameters.finish();
  return std::make_shared<SignificantKind>(std::move(request));
}

}  // namespace

KindPtr read_significant_terms(Parameters& parameters) {
  return read_significant(parameters, Accepts::kKeys);
}

KindPtr read_significant_text(Parameters& parameters) {
  return read_significant(parameters, Accepts::kTerms);
}

}  // namespace hornbeam::search::aggregation
