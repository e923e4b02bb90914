#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/bucket_order.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/tuple_keys.h"

namespace hornbeam::search::aggregation {
namespace {

struct MultiTermsRequest {
  std::vector<FieldRequest> fields{};
  KeyRounding rounding{};  ///< None.
  BucketOrder order = BucketOrder::by_count();
  std::size_t size = 10;
  std::uint64_t min_doc_count = 1;
  bool shows_error = false;

  std::vector<TupleBuckets::Source> sources() const {
    std::vector<TupleBuckets::Source> all;
    for (const FieldRequest& each : fields)
      all.push_back({.request = &each, .rounding = &rounding});
    return all;
  }
};

class MultiTerms final : public Collector {
 public:
  MultiTerms(const Aggregation& asked, const MultiTermsRequest& request)
      : Collector(asked), request_(request), tuples_(request.sources(), asked.sub) {
    request_.order.check(tuples_.subs());
  }

  void open_index(const AggregatedIndex& index) override { tuples_.open_index(index, asked()); }
  void open_segment(const SegmentView& view) override {
    tuples_.open_segment(view);
    if (request_.min_doc_count == 0) tuples_.add_all(view);
  }
  void collect(const Batch& batch) override { tuples_.collect(batch); }
  void close_segment() override { tuples_.close_segment(); }
  void close_index() override { tuples_.subs().close_index(); }
  bool needs_scores() const override { return tuples_.subs().needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result("multi_terms", ResultNode::Shape::kBuckets);
    std::vector<OrderedBucket> buckets = candidates(owner);
    order_buckets(buckets, request_.size, request_.order, tuples_.subs(),
                  [&](std::uint32_t a, std::uint32_t b) { return is_before(a, b); });
    std::uint64_t others = 0;
    for (std::size_t i = request_.size; i < buckets.size(); ++i) others += buckets[i].count;
    if (buckets.size() > request_.size) buckets.resize(request_.size);
    limits.add_buckets(buckets.size());
    append_member(node.members, "doc_count_error_upper_bound", "0");
    append_member(node.members, "sum_other_doc_count", std::to_string(others));
    for (const OrderedBucket& each : buckets) node.buckets.push_back(result(each, limits));
    return node;
  }

 private:
  bool is_before(std::uint32_t a, std::uint32_t b) const {
    const auto& left = tuples_.tuples().tuple(a);
    const auto& right = tuples_.tuples().tuple(b);
    for (std::size_t at = 0; at < tuples_.width(); ++at) {
      const int order = tuples_.source(at).compare(left[at], right[at]);
      if (order != 0) return order < 0;
    }
    return false;
  }
  std::vector<OrderedBucket> candidates(BucketId owner) const {
    std::vector<OrderedBucket> buckets;
    if (request_.min_doc_count == 0) {
      for (std::uint32_t key = 0; key < tuples_.tuples().size(); ++key) {
        const BucketId bucket = tuples_.buckets().find(owner, key);
        buckets.push_back({.bucket = bucket, .key = key, .count = tuples_.count(bucket)});
      }
      return buckets;
    }
    for (const BucketId bucket : tuples_.buckets().of(owner)) {
      const std::uint64_t count = tuples_.count(bucket);
      if (count < request_.min_doc_count) continue;
      buckets.push_back({.bucket = bucket, .key = tuples_.buckets().key(bucket), .count = count});
    }
    return buckets;
  }
  ResultBucket result(const OrderedBucket& each, BuildLimits& limits) const {
    ResultBucket bucket{.doc_count = each.count};
    const auto& tuple = tuples_.tuples().tuple(each.key);
    std::string key;
    for (std::size_t at = 0; at < tuples_.width(); ++at) {
      key += (at == 0 ? "" : ",") + tuples_.source(at).json(tuple[at], true);
      bucket.name += (at == 0 ? "" : "|") + tuples_.source(at).text(tuple[at]);
    }
    bucket.head = "\"key\":[" + key + "],\"key_as_string\":";
    base::append_json_string(bucket.head, bucket.name);
    bucket.head += ',';
    if (request_.shows_error) bucket.tail = ",\"doc_count_error_upper_bound\":0";
    bucket.sub = tuples_.subs().build(each.bucket, limits);
    return bucket;
  }

  const MultiTermsRequest& request_;
  TupleBuckets tuples_;
};

class MultiTermsKind final : public Kind {
 public:
  explicit MultiTermsKind(MultiTermsRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<MultiTerms>(asked, request_);
  }

 private:
  MultiTermsRequest request_;
};

}  // namespace

KindPtr read_multi_terms(Parameters& parameters) {
  MultiTermsRequest request;
  const auto terms = parameters.find("terms");
  if (terms && terms->kind() != base::JsonKind::kArray) parameters.refuse_type("terms", *terms);
  for (std::size_t i = 0; terms && i < terms->size(); ++i) {
    Parameters one("multi_terms", parameters.name(), terms->element(i));
    request.fields.push_back(read_field_request(one));
    one.finish();
  }
  if (request.fields.size() < 2) {
    refuse_argument(
        fmt::format("multi term aggregation must has at least 2 terms. Found [{}] in "
                    "[{}]. Use terms aggregation for single term aggregation",
                    request.fields.size(), parameters.name()));
  }
  request.order = BucketOrder::read(parameters, BucketOrder::by_count());
  request.size = read_bucket_size(parameters, "size", request.size);
  read_bucket_size(parameters, "shard_size", 0);
  parameters.find("shard_min_doc_count");
  parameters.find("collect_mode");
  request.min_doc_count = read_min_doc_count(parameters, 1);
  request.shows_error = parameters.flag("show_term_doc_count_error", false);
  parameters.finish();
  return std::make_shared<MultiTermsKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation
