#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/json_text.h"
#include "hornbeam/search/mapping/range_value.h"

namespace hornbeam::search::aggregation {
namespace {

/// Addresses from the first up to before the second, as terms; an end that is absent is open.
struct AddressRange {
  std::string key{};
  std::optional<std::string> from{};
  std::optional<std::string> to{};

  bool has(std::string_view term) const { return (!from || term >= *from) && (!to || term < *to); }
};

struct AddressRequest {
  FieldRequest field{};
  std::vector<AddressRange> ranges{};  ///< By where they begin.
  bool is_keyed = false;
};

class IpRange final : public Collector {
 public:
  IpRange(const Aggregation& asked, const AddressRequest& request)
      : Collector(asked),
        request_(request),
        values_(request.field, Accepts::kIps, ValueKind::kIp),
        bucket_count_(static_cast<std::uint32_t>(request.ranges.size())),
        subs_(asked.sub),
        below_(subs_) {}

  void open_index(const AggregatedIndex& index) override {
    values_.open_index(index, asked().type);
    subs_.open_index(index);
  }
  void open_segment(const SegmentView& view) override {
    values_.open_segment(view);
    subs_.open_segment(view);
  }
  void collect(const Batch& batch) override {
    counts_.grow(std::uint64_t{batch.bucket_limit} * bucket_count_);
    // A document counts once in a range, however many of its addresses lie there.
    seen_.assign(bucket_count_, 0);
    const Column* const column = values_.column();
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      const auto [begin, end] =
          column ? column->range(batch.docs[i]) : std::pair<std::size_t, std::size_t>(0, 0);
      if (begin == end && values_.has_missing()) add(batch, i, values_.missing_term());
      for (std::size_t at = begin; at < end; ++at) {
        add(batch, i, column->term(column->code(at)));
      }
    }
    below_.flush(batch.bucket_limit * bucket_count_);
  }
  void close_segment() override { subs_.close_segment(); }
  void close_index() override { subs_.close_index(); }
  bool needs_scores() const override { return subs_.needs_scores(); }

  ResultNode build(BucketId owner, BuildLimits& limits) const override {
    ResultNode node = new_result("ip_range", ResultNode::Shape::kBuckets);
    node.is_keyed = request_.is_keyed;
    limits.add_buckets(bucket_count_);
    for (std::uint32_t at = 0; at < bucket_count_; ++at) {
      const BucketId bucket = owner == kNoBucket ? kNoBucket : owner * bucket_count_ + at;
      node.buckets.push_back({.name = request_.ranges[at].key,
                              .head = head(request_.ranges[at]),
                              .doc_count = counts_.at(bucket),
                              .sub = subs_.build(bucket, limits)});
    }
    return node;
  }

 private:
  void add(const Batch& batch, std::size_t i, std::string_view term) {
    for (std::uint32_t at = 0; at < bucket_count_; ++at) {
      if (!request_.ranges[at].has(term) || seen_[at] == i + 1) continue;
      seen_[at] = i + 1;
      const BucketId bucket = batch.bucket(i) * bucket_count_ + at;
      ++counts_[bucket];
      if (!subs_.empty()) below_.add(batch, i, bucket);
    }
  }
  std::string head(const AddressRange& range) const {
    std::string members;
    if (!request_.is_keyed) append_member(members, "key", json_text(range.key));
    if (range.from) append_member(members, "from", json_text(ip_text(*range.from)));
    if (range.to) append_member(members, "to", json_text(ip_text(*range.to)));
    return members.empty() ? members : members + ",";
  }

  const AddressRequest& request_;
  FieldValues values_;
  std::uint32_t bucket_count_;
  CollectorList subs_;
  SubBatch below_;
  BucketCounts counts_;
  std::vector<std::size_t> seen_;
};

class IpRangeKind final : public Kind {
 public:
  explicit IpRangeKind(AddressRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<IpRange>(asked, request_);
  }

 private:
  AddressRequest request_;
};

std::string read_address(const std::string& text) {
  auto term = ip_term(text);
  if (!term) refuse_argument(fmt::format("'{}' is not an IP string literal.", text));
  return std::move(*term);
}

/// "10.0.0.0/8": its ends are open where there is nothing beyond.
void read_block(AddressRange& range, const std::string& text) {
  const auto block = parse_address_block(text);
  if (!block) refuse_argument(fmt::format("Expected [ip/prefix] but was [{}]", text));
  if (next_address(block->low, RangeEnd::kHigh)) range.from = block->low;
  range.to = next_address(block->high, RangeEnd::kLow);
  if (range.key.empty()) range.key = text;
}

AddressRange read_one(Parameters& parameters, base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject) parameters.refuse_type("ranges", json);
  AddressRange range;
  std::optional<std::string> block;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    const auto text = find_scalar(value);
    if (name == "key") {
      range.key = text.value_or("");
    } else if (name == "mask") {
      block = text;
    } else if (name == "from" || name == "to") {
      if (text) (name == "from" ? range.from : range.to) = read_address(*text);
    } else {
      refuse("x_content_parse_exception", fmt::format("[range] unknown field [{}]", name));
    }
  }
  if (block) read_block(range, *block);
  if (range.key.empty()) {
    range.key = fmt::format("{}-{}", range.from ? ip_text(*range.from) : "*",
                            range.to ? ip_text(*range.to) : "*");
  }
  return range;
}

}  // namespace

KindPtr read_ip_range(Parameters& parameters) {
  AddressRequest request{.field = read_field_request(parameters)};
  const auto ranges = parameters.find("ranges");
  if (ranges && ranges->kind() != base::JsonKind::kArray) parameters.refuse_type("ranges", *ranges);
  for (std::size_t i = 0; ranges && i < ranges->size(); ++i) {
    request.ranges.push_back(read_one(parameters, ranges->element(i)));
  }
  if (request.ranges.empty()) {
    refuse_argument(
        fmt::format("No [ranges] specified for the [{}] aggregation", parameters.name()));
  }
  // An upper end that is absent is behind all others.
  std::ranges::sort(request.ranges, {}, [](const AddressRange& range) {
    return std::tuple(range.from, !range.to, range.to, range.key);
  });
  request.is_keyed = parameters.flag("keyed", false);
  parameters.finish();
  return std::make_shared<IpRangeKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation
