#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/tuple_keys.h"

namespace hornbeam::search::aggregation {
namespace {

struct CompositeSource {
  std::string name{};
  FieldRequest field{};
  KeyRounding rounding{};
  bool is_descending = false;
  bool has_null = false;
  bool is_null_first = true;
};

struct CompositeRequest {
  std::vector<CompositeSource> sources{};
  std::size_t size = 10;
  /// The values of the last bucket of the page before; a null is absent.
  std::optional<std::vector<std::optional<std::string>>> after{};

  std::vector<TupleBuckets::Source> tuple_sources() const {
    std::vector<TupleBuckets::Source> all;
    for (const CompositeSource& each : sources) {
      all.push_back(
          {.request = &each.field, .rounding = &each.rounding, .has_null = each.has_null});
    }
    return all;
  }
};

class Composite final : public Collector {
 public:
  Composite(const Aggregation& asked, const CompositeRequest& request)
      : Collector(asked), request_(request), tuples_(request.tuple_sources(), asked.sub) {}

  void open_index(const AggregatedIndex& index) override {
    tuples_.open_index(index, asked());
    if (!request_.after) return;
    after_.clear();
    for (std::size_t at = 0; at < tuples_.width(); ++at) {
      const std::optional<std::string>& value = (*request_.after)[at];
      after_.push_back(value ? tuples_.source(at).key_of(*value) : kNullKey);
    }
  }
  void open_segment(const SegmentView& view) override { tuples_.open_segment(view); }
  void collect(const Batch& batch) override { tuples_.collect(batch); }
  void close_segment() override { tuples_.close_segment(); }
  void close_index() override { tuples_.subs().close_index(); }
  bool needs_scores() const override { return tuples_.subs().needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result("composite", ResultNode::Shape::kBuckets);
    std::vector<BucketId> buckets = tuples_.buckets().of(owner);
    if (!after_.empty()) {
      std::erase_if(buckets, [&](BucketId b) { return compare(tuple_of(b), after_) <= 0; });
    }
    const auto middle =
        buckets.begin() + static_cast<std::ptrdiff_t>(std::min(request_.size, buckets.size()));
    std::partial_sort(buckets.begin(), middle, buckets.end(), [&](BucketId a, BucketId b) {
      return compare(tuple_of(a), tuple_of(b)) < 0;
    });
    buckets.erase(middle, buckets.end());
    limits.add_buckets(buckets.size());
    if (!buckets.empty()) append_member(node.members, "after_key", key(tuple_of(buckets.back())));
    for (const BucketId bucket : buckets) {
      node.buckets.push_back({.name = key(tuple_of(bucket)),
                              .head = "\"key\":" + key(tuple_of(bucket)) + ",",
                              .doc_count = tuples_.count(bucket),
                              .sub = tuples_.subs().build(bucket, limits)});
    }
    return node;
  }

 private:
  using Tuple = std::vector<std::uint32_t>;

  const Tuple& tuple_of(BucketId bucket) const {
    return tuples_.tuples().tuple(tuples_.buckets().key(bucket));
  }
  int compare(const Tuple& a, const Tuple& b) const {
    for (std::size_t at = 0; at < tuples_.width(); ++at) {
      const CompositeSource& source = request_.sources[at];
      const bool lacks_a = a[at] == kNullKey;
      const bool lacks_b = b[at] == kNullKey;
      if (lacks_a || lacks_b) {
        if (lacks_a == lacks_b) continue;
        return lacks_a == source.is_null_first ? -1 : 1;
      }
      const int order = tuples_.source(at).compare(a[at], b[at]);
      if (order != 0) return source.is_descending ? -order : order;
    }
    return 0;
  }
  std::string key(const Tuple& tuple) const {
    std::string out = "{";
    for (std::size_t at = 0; at < tuples_.width(); ++at) {
      const CompositeSource& source = request_.sources[at];
      append_member(out, source.name,
                    tuples_.source(at).json(tuple[at], !source.field.format.empty()));
    }
    return out + "}";
  }

  const CompositeRequest& request_;
  TupleBuckets tuples_;
  Tuple after_;  ///< Empty: from the beginning.
};

class CompositeKind final : public Kind {
 public:
  explicit CompositeKind(CompositeRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Composite>(asked, request_);
  }
  void check(const Aggregation&, const Aggregation* parent) const override {
    if (!parent || parent->type == "nested" || parent->type == "filter") return;
    refuse_argument(
        fmt::format("[composite] aggregation cannot be used with a parentAggregation of type: [{}]",
                    parent->type));
  }

 private:
  CompositeRequest request_;
};

void read_interval(CompositeSource& source, std::string_view type, Parameters& parameters) {
  if (type == "histogram") {
    source.rounding.interval = parameters.number("interval").value_or(0);
    if (!(source.rounding.interval > 0)) {
      refuse_argument("[interval] must be greater than 0 for [histogram] source");
    }
  } else if (type == "date_histogram") {
    source.rounding.calendar = read_rounding(parameters, source.field.time_zone);
  } else if (type != "terms") {
    refuse("parsing_exception", fmt::format("invalid source type: {}", type));
  }
}

CompositeSource read_source(Parameters& parameters, base::JsonView json) {
  const bool is_named = json.kind() == base::JsonKind::kObject && json.size() == 1;
  if (!is_named || json.member(0).second.size() != 1) parameters.refuse_type("sources", json);
  const auto [name, value] = json.member(0);
  const auto [type, inner] = value.member(0);
  Parameters members(std::string(type), parameters.name(), inner);
  CompositeSource source{.name = std::string(name), .field = read_field_request(members)};
  read_interval(source, type, members);
  const std::string order = members.text("order").value_or("asc");
  if (order != "asc" && order != "desc") {
    refuse_argument(fmt::format("Unknown SortOrder [{}]", order));
  }
  source.is_descending = order == "desc";
  source.has_null = members.flag("missing_bucket", false);
  const std::string missing = members.text("missing_order").value_or("default");
  source.is_null_first = missing == "default" ? !source.is_descending : missing == "first";
  members.finish();
  return source;
}

void read_after(CompositeRequest& request, base::JsonView json) {
  if (json.size() != request.sources.size()) {
    refuse_argument(fmt::format("[after] has {} value(s) but [sources] has {}", json.size(),
                                request.sources.size()));
  }
  request.after.emplace();
  for (const CompositeSource& each : request.sources) {
    const auto value = json.find(each.name);
    if (!value) {
      refuse_argument(fmt::format("Missing value for [after.{}]", each.name));
    }
    if (value->is_null() && !each.has_null) {
      refuse_argument(fmt::format("Missing value for [after.{}]", each.name));
    }
    request.after->push_back(find_scalar(*value));
  }
}

}  // namespace

KindPtr read_composite(Parameters& parameters) {
  CompositeRequest request;
  const auto sources = parameters.find("sources");
  for (std::size_t i = 0; sources && i < sources->size(); ++i) {
    if (sources->kind() != base::JsonKind::kArray) parameters.refuse_type("sources", *sources);
    CompositeSource source = read_source(parameters, sources->element(i));
    const auto same = std::ranges::find(request.sources, source.name, &CompositeSource::name);
    if (same != request.sources.end()) {
      refuse_argument(fmt::format("Composite source names must be unique, found duplicates: [{}]",
                                  source.name));
    }
    request.sources.push_back(std::move(source));
  }
  if (request.sources.empty()) refuse_argument("Composite [sources] cannot be null or empty");
  request.size = read_bucket_size(parameters, "size", request.size);
  if (const auto after = parameters.find("after")) read_after(request, *after);
  parameters.finish();
  return std::make_shared<CompositeKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation
