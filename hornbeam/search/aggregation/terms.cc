// terms and rare_terms.

#include <limits>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/bucket_order.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/term_buckets.h"

namespace hornbeam::search::aggregation {
namespace {

struct TermsRequest {
  FieldRequest values;
  IncludeExclude wanted;
  BucketOrder order = BucketOrder::by_count();
  std::size_t size = 10;
  std::uint64_t min_doc_count = 1;
  bool shows_error = false;  ///< Of counts, which is always 0.
};

class Terms final : public Collector {
 public:
  Terms(const Aggregation& asked, const TermsRequest& request)
      : Collector(asked), request_(request), terms_(request.values, request.wanted, asked.sub) {
    request_.order.check(terms_.subs());
  }

  void open_index(const AggregatedIndex& index) override {
    terms_.open_index(index, asked());
    if (index.is_only && index.snapshot.segments.size() == 1 && request_.min_doc_count > 0 &&
        request_.order.is_by_count() && terms_.subs().empty()) {
      terms_.keep_best(request_.size, request_.min_doc_count);
    }
  }
  void open_segment(const SegmentView& view) override {
    terms_.open_segment(view);
    if (request_.min_doc_count == 0) terms_.add_all_keys(view);
  }
  void collect(const Batch& batch) override { terms_.collect(batch); }
  void close_segment() override { terms_.close_segment(); }
  void close_index() override { terms_.subs().close_index(); }
  bool needs_scores() const override { return terms_.subs().needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result(terms_.typed_name("terms"), ResultNode::Shape::kBuckets);
    std::vector<OrderedBucket> buckets = candidates(owner);
    const KeyTable& keys = terms_.keys();
    order_buckets(buckets, request_.size, request_.order, terms_.subs(),
                  [&](std::uint32_t a, std::uint32_t b) { return keys.is_before(a, b); });
    std::uint64_t others = terms_.not_kept();
    for (std::size_t i = request_.size; i < buckets.size(); ++i) others += buckets[i].count;
    if (buckets.size() > request_.size) buckets.resize(request_.size);
    limits.add_buckets(buckets.size());
    append_member(node.members, "doc_count_error_upper_bound", "0");
    append_member(node.members, "sum_other_doc_count", std::to_string(others));
    for (const OrderedBucket& each : buckets) {
      node.buckets.push_back(terms_.result(each.bucket, each.key, limits));
      if (request_.shows_error) node.buckets.back().tail = ",\"doc_count_error_upper_bound\":0";
    }
    return node;
  }

 private:
  std::vector<OrderedBucket> candidates(BucketId owner) const {
    std::vector<OrderedBucket> buckets;
    if (request_.min_doc_count == 0) {
      for (std::uint32_t key = 0; key < terms_.keys().size(); ++key) {
        const BucketId bucket = terms_.buckets().find(owner, key);
        buckets.push_back({.bucket = bucket, .key = key, .count = terms_.count(bucket)});
      }
      return buckets;
    }
    for (const BucketId bucket : terms_.buckets().of(owner)) {
      const std::uint64_t count = terms_.count(bucket);
      if (count < request_.min_doc_count) continue;
      buckets.push_back({.bucket = bucket, .key = terms_.buckets().key(bucket), .count = count});
    }
    return buckets;
  }

  const TermsRequest& request_;
  TermBuckets terms_;
};

class TermsKind final : public Kind {
 public:
  explicit TermsKind(TermsRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Terms>(asked, request_);
  }

 private:
  TermsRequest request_;
};

struct RareTermsRequest {
  FieldRequest values;
  IncludeExclude wanted;
  std::uint64_t max_doc_count = 1;
};

class RareTerms final : public Collector {
 public:
  RareTerms(const Aggregation& asked, const RareTermsRequest& request)
      : Collector(asked), request_(request), terms_(request.values, request.wanted, asked.sub) {}

  void open_index(const AggregatedIndex& index) override { terms_.open_index(index, asked()); }
  void open_segment(const SegmentView& view) override { terms_.open_segment(view); }
  void collect(const Batch& batch) override { terms_.collect(batch); }
  void close_segment() override { terms_.close_segment(); }
  void close_index() override { terms_.subs().close_index(); }
  bool needs_scores() const override { return terms_.subs().needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result(terms_.typed_name("rareterms"), ResultNode::Shape::kBuckets);
    std::vector<std::pair<std::uint64_t, BucketId>> buckets;
    for (const BucketId bucket : terms_.buckets().of(owner)) {
      if (terms_.count(bucket) <= request_.max_doc_count) {
        buckets.emplace_back(terms_.count(bucket), bucket);
      }
    }
    std::ranges::sort(buckets, [&](const auto& a, const auto& b) {
      if (a.first != b.first) return a.first < b.first;
      return terms_.keys().is_before(terms_.buckets().key(a.second),
                                     terms_.buckets().key(b.second));
    });
    limits.add_buckets(buckets.size());
    for (const auto& [count, bucket] : buckets) {
      node.buckets.push_back(terms_.result(bucket, terms_.buckets().key(bucket), limits));
    }
    return node;
  }

 private:
  const RareTermsRequest& request_;
  TermBuckets terms_;
};

class RareTermsKind final : public Kind {
 public:
  explicit RareTermsKind(RareTermsRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<RareTerms>(asked, request_);
  }

 private:
  RareTermsRequest request_;
};

}  // namespace

std::size_t read_bucket_size(Parameters& parameters, std::string_view key, std::size_t otherwise) {
  const auto size = parameters.integer(key);
  if (size && *size <= 0) {
    refuse_argument(fmt::format("[{}] must be greater than 0. Found [{}] in [{}]", key, *size,
                                parameters.name()));
  }
  return size ? static_cast<std::size_t>(*size) : otherwise;
}

std::uint64_t read_min_doc_count(Parameters& parameters, std::uint64_t otherwise) {
  const auto count = parameters.integer("min_doc_count");
  if (count && *count < 0) {
    refuse_argument(
        fmt::format("[minDocCount] must be greater than or equal to 0. Found [{}] in [{}]", *count,
                    parameters.name()));
  }
  return count ? static_cast<std::uint64_t>(*count) : otherwise;
}

KindPtr read_terms(Parameters& parameters) {
  TermsRequest request{.values = read_field_request(parameters),
                       .wanted = IncludeExclude::read(parameters)};
  request.order = BucketOrder::read(parameters, BucketOrder::by_count());
  request.size = read_bucket_size(parameters, "size", request.size);
  // What the distribution over shards and memory would need; results here are exact without.
  read_bucket_size(parameters, "shard_size", 0);
  parameters.find("shard_min_doc_count");
  parameters.find("collect_mode");
  parameters.find("execution_hint");
  request.min_doc_count = read_min_doc_count(parameters, 1);
  request.shows_error = parameters.flag("show_term_doc_count_error", false);
  parameters.finish();
  return std::make_shared<TermsKind>(std::move(request));
}

KindPtr read_rare_terms(Parameters& parameters) {
  RareTermsRequest request{.values = read_field_request(parameters),
                           .wanted = IncludeExclude::read(parameters)};
  const auto most = parameters.integer("max_doc_count");
  constexpr std::int64_t kLargest = 100;
  if (most && *most <= 0) {
    refuse_argument(fmt::format("[max_doc_count] must be greater than 0. Found [{}] in [{}]", *most,
                                parameters.name()));
  }
  if (most && *most > kLargest) {
    refuse_argument(fmt::format("[max_doc_count] must be smaller than {} in [{}]", kLargest,
                                parameters.name()));
  }
  if (most) request.max_doc_count = static_cast<std::uint64_t>(*most);
  parameters.find("precision");
  parameters.finish();
  return std::make_shared<RareTermsKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation
