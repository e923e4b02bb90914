// filters and adjacency_matrix: buckets of what queries match.

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/doc_filter.h"
#include "hornbeam/search/aggregation/kind.h"

namespace hornbeam::search::aggregation {
namespace {

struct NamedFilter {
  std::string name;
  Query query;
};

struct FiltersRequest {
  std::vector<NamedFilter> filters{};
  bool is_keyed = true;
  bool has_others = false;
  std::string others_key = "_other_";

  std::uint32_t bucket_count() const {
    return static_cast<std::uint32_t>(filters.size()) + (has_others ? 1 : 0);
  }
};

/// The filters of an aggregation, ready for the segment that is open.
class OpenFilters {
 public:
  explicit OpenFilters(const std::vector<NamedFilter>& filters) {
    for (const NamedFilter& each : filters) all_.emplace_back(each.query);
  }
  void open_index(const AggregatedIndex& index) {
    for (DocFilter& each : all_) each.open_index(index);
  }
  void open_segment(const SegmentView& view) {
    for (DocFilter& each : all_) each.open_segment(view);
  }
  std::size_t size() const noexcept { return all_.size(); }
  bool matches(std::size_t filter, DocId doc) const { return all_[filter].matches(doc); }
  bool matches_none(DocId doc) const {
    return std::ranges::none_of(all_, [&](const DocFilter& each) { return each.matches(doc); });
  }

 private:
  std::vector<DocFilter> all_;
};

/// A fixed number of buckets for each of the parent's.
class FixedBuckets : public Collector {
 public:
  void open_index(const AggregatedIndex& index) override {
    filters_.open_index(index);
    subs_.open_index(index);
  }
  void open_segment(const SegmentView& view) override {
    filters_.open_segment(view);
    subs_.open_segment(view);
  }
  void close_segment() override { subs_.close_segment(); }
  void close_index() override { subs_.close_index(); }
  bool needs_scores() const override { return subs_.needs_scores(); }

 protected:
  FixedBuckets(const Aggregation& asked, const std::vector<NamedFilter>& filters,
               std::uint32_t bucket_count)
      : Collector(asked),
        bucket_count_(bucket_count),
        filters_(filters),
        subs_(asked.sub),
        below_(subs_) {}

  /// Puts the documents of which `is_in(doc)` is true into the bucket `at` of their owner's.
  template <class IsIn>
  void collect_into(const Batch& batch, std::uint32_t at, IsIn&& is_in) {
    counts_.grow(std::uint64_t{batch.bucket_limit} * bucket_count_);
    const bool has_subs = !subs_.empty();
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      if (!is_in(batch.docs[i])) continue;
      const BucketId bucket = batch.bucket(i) * bucket_count_ + at;
      ++counts_[bucket];
      if (has_subs) below_.add(batch, i, bucket);
    }
    below_.flush(batch.bucket_limit * bucket_count_);
  }
  BucketId bucket_of(BucketId owner, std::uint32_t at) const {
    return owner == kNoBucket ? kNoBucket : owner * bucket_count_ + at;
  }
  std::uint64_t count(BucketId owner, std::uint32_t at) const {
    return counts_.at(bucket_of(owner, at));
  }
  ResultBucket result(BucketId owner, std::uint32_t at, BuildLimits& limits) const {
    ResultBucket bucket{.doc_count = count(owner, at)};
    bucket.sub = subs_.build(bucket_of(owner, at), limits);
    return bucket;
  }
  const OpenFilters& filters() const { return filters_; }

 private:
  std::uint32_t bucket_count_;
  OpenFilters filters_;
  CollectorList subs_;
  SubBatch below_;
  BucketCounts counts_;
};

class Filters final : public FixedBuckets {
 public:
  Filters(const Aggregation& asked, const FiltersRequest& request)
      : FixedBuckets(asked, request.filters, request.bucket_count()), request_(request) {}

  void collect(const Batch& batch) override {
    const auto size = static_cast<std::uint32_t>(filters().size());
    for (std::uint32_t at = 0; at < size; ++at) {
      collect_into(batch, at, [&](DocId doc) { return filters().matches(at, doc); });
    }
    if (!request_.has_others) return;
    collect_into(batch, size, [&](DocId doc) { return filters().matches_none(doc); });
  }
  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result("filters", ResultNode::Shape::kBuckets);
    node.is_keyed = request_.is_keyed;
    limits.add_buckets(request_.bucket_count());
    for (std::uint32_t at = 0; at < request_.bucket_count(); ++at) {
      node.buckets.push_back(result(owner, at, limits));
      node.buckets.back().name =
          at < request_.filters.size() ? request_.filters[at].name : request_.others_key;
    }
    return node;
  }

 private:
  const FiltersRequest& request_;
};

class FiltersKind final : public Kind {
 public:
  explicit FiltersKind(FiltersRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Filters>(asked, request_);
  }

 private:
  FiltersRequest request_;
};

struct AdjacencyRequest {
  std::vector<NamedFilter> filters{};
  std::string separator = "&";
  bool shows_only_pairs = false;
  /// The filters of each bucket; those of one filter have it twice.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs{};
};

class AdjacencyMatrix final : public FixedBuckets {
 public:
  AdjacencyMatrix(const Aggregation& asked, const AdjacencyRequest& request)
      : FixedBuckets(asked, request.filters, static_cast<std::uint32_t>(request.pairs.size())),
        request_(request) {}

  void collect(const Batch& batch) override {
    for (std::uint32_t at = 0; at < request_.pairs.size(); ++at) {
      const auto [first, second] = request_.pairs[at];
      collect_into(batch, at, [&](DocId doc) {
        return filters().matches(first, doc) && filters().matches(second, doc);
      });
    }
  }
  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result("adjacency_matrix", ResultNode::Shape::kBuckets);
    for (std::uint32_t at = 0; at < request_.pairs.size(); ++at) {
      if (count(owner, at) == 0) continue;
      const auto [first, second] = request_.pairs[at];
      ResultBucket bucket = result(owner, at, limits);
      bucket.name = request_.filters[first].name;
      if (first != second) bucket.name += request_.separator + request_.filters[second].name;
      bucket.head = "\"key\":";
      base::append_json_string(bucket.head, bucket.name);
      bucket.head += ',';
      node.buckets.push_back(std::move(bucket));
    }
    limits.add_buckets(node.buckets.size());
    std::ranges::sort(node.buckets, {}, &ResultBucket::name);
    return node;
  }

 private:
  const AdjacencyRequest& request_;
};

class AdjacencyKind final : public Kind {
 public:
  explicit AdjacencyKind(AdjacencyRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<AdjacencyMatrix>(asked, request_);
  }

 private:
  AdjacencyRequest request_;
};

std::vector<NamedFilter> read_named_filters(base::JsonView json) {
  std::vector<NamedFilter> filters;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, query] = json.member(i);
    filters.push_back({.name = std::string(name), .query = query_reader::read_query(query)});
  }
  return filters;
}

}  // namespace

KindPtr read_filters(Parameters& parameters) {
  FiltersRequest request;
  const auto json = parameters.find("filters");
  if (json && json->kind() == base::JsonKind::kArray) {
    request.is_keyed = false;
    for (std::size_t i = 0; i < json->size(); ++i) {
      request.filters.push_back(
          {.name = std::to_string(i), .query = query_reader::read_query(json->element(i))});
    }
  } else if (json) {
    request.filters = read_named_filters(*json);
    // As OpenSearch, which orders them for the sake of its caches.
    std::ranges::sort(request.filters, {}, &NamedFilter::name);
  }
  if (request.filters.empty()) refuse_argument("[filters] cannot be empty.");
  const auto others_key = parameters.text("other_bucket_key");
  request.has_others = parameters.flag("other_bucket", others_key.has_value());
  if (others_key) request.others_key = *others_key;
  request.is_keyed = parameters.flag("keyed", request.is_keyed) && request.is_keyed;
  parameters.finish();
  return std::make_shared<FiltersKind>(std::move(request));
}

KindPtr read_adjacency_matrix(Parameters& parameters) {
  AdjacencyRequest request;
  const auto json = parameters.find("filters");
  if (json) request.filters = read_named_filters(*json);
  if (request.filters.empty()) refuse_argument("[filters] cannot be empty.");
  constexpr std::size_t kMostFilters = 100;
  if (request.filters.size() > kMostFilters) {
    refuse_argument(
        fmt::format("Number of filters is too large, must be less than or equal to: "
                    "[{}] but was [{}].",
                    kMostFilters, request.filters.size()));
  }
  request.separator = parameters.text("separator").value_or(request.separator);
  request.shows_only_pairs = parameters.flag("show_only_intersecting", false);
  parameters.finish();
  std::ranges::sort(request.filters, {}, &NamedFilter::name);
  for (std::uint32_t i = 0; i < request.filters.size(); ++i) {
    for (std::uint32_t j = i; j < request.filters.size(); ++j) {
      if (i != j || !request.shows_only_pairs) request.pairs.emplace_back(i, j);
    }
  }
  return std::make_shared<AdjacencyKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation
