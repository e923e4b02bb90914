#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/buckets_path.h"
#include "hornbeam/search/aggregation/pipeline.h"

namespace hornbeam::search::aggregation {
namespace {

struct SortPart {
  BucketsPath path;
  bool is_descending = false;
};

/// Puts the buckets of its parent in order and keeps some of them.
class BucketSort final : public Kind, public Pipeline {
 public:
  explicit BucketSort(Parameters& parameters) : gaps_(read_gap_policy(parameters)) {
    if (const auto sort = parameters.find("sort")) {
      if (sort->kind() == base::JsonKind::kArray) {
        for (std::size_t i = 0; i < sort->size(); ++i) add(parameters, sort->element(i));
      } else {
        add(parameters, *sort);
      }
    }
    const std::int64_t from = parameters.integer("from").value_or(0);
    if (from < 0) {
      refuse_argument(fmt::format("[from] must be a non-negative integer: [{}]", from));
    }
    from_ = static_cast<std::size_t>(from);
    const auto size = parameters.integer("size");
    if (size && *size <= 0) {
      refuse_argument(fmt::format("[size] must be a positive integer: [{}]", *size));
    }
    if (size) size_ = static_cast<std::size_t>(*size);
    if (parts_.empty() && !size && from == 0) {
      refuse("action_request_validation_exception",
             fmt::format("Validation Failed: 1: [{}] is configured to perform nothing. Please set "
                         "either of [sort, size, from] to use bucket_sort;",
                         parameters.name()));
    }
  }

  CollectorPtr collector(const Aggregation&) const override { return nullptr; }
  bool takes_subs() const override { return false; }
  const Pipeline* pipeline() const override { return this; }
  void check(const Aggregation& asked, const Aggregation* parent) const override {
    require_parent("bucket_sort", asked, parent);
  }
  bool is_in_buckets() const override { return true; }
  std::vector<std::string> paths() const override {
    std::vector<std::string> all;
    for (const SortPart& part : parts_) all.push_back(part.path.text());
    return all;
  }
  void run_in(const Aggregation&, ResultNode& parent) const override {
    struct Entry {
      std::vector<double> values;
      std::size_t bucket;
    };
    std::vector<Entry> order;
    for (std::size_t i = 0; i < parent.buckets.size(); ++i) {
      Entry entry{.values = {}, .bucket = i};
      for (const SortPart& part : parts_) {
        entry.values.push_back(part.path.value_in(parent.buckets[i], gaps_));
      }
      // A bucket with none of the values is left out.
      const bool has_any = parts_.empty() || std::ranges::any_of(entry.values, [](double v) {
                             return !std::isnan(v);
                           });
      if (has_any) order.push_back(std::move(entry));
    }
    std::ranges::sort(order, [&](const Entry& a, const Entry& b) {
      for (std::size_t i = 0; i < parts_.size(); ++i) {
        const double x = a.values[i];
        const double y = b.values[i];
        if (std::isnan(x) != std::isnan(y)) return std::isnan(y);
        if (x != y && !std::isnan(x)) return parts_[i].is_descending ? x > y : x < y;
      }
      return a.bucket < b.bucket;
    });
    std::vector<ResultBucket> kept;
    for (std::size_t i = from_; i < order.size() && kept.size() < size_; ++i) {
      kept.push_back(std::move(parent.buckets[order[i].bucket]));
    }
    parent.buckets = std::move(kept);
  }

 private:
  void add(Parameters& parameters, base::JsonView json) {
    if (const auto path = json.find_string()) {
      parts_.push_back({.path = BucketsPath(*path)});
      return;
    }
    if (json.kind() != base::JsonKind::kObject || json.size() != 1) {
      parameters.refuse_type("sort", json);
    }
    const auto [path, value] = json.member(0);
    const auto direction = find_scalar(value.find("order").value_or(value)).value_or("");
    if (direction != "asc" && direction != "desc") {
      refuse_argument(fmt::format("Unknown SortOrder [{}]", direction));
    }
    parts_.push_back({.path = BucketsPath(path), .is_descending = direction == "desc"});
  }

  std::vector<SortPart> parts_;
  GapPolicy gaps_;
  std::size_t from_ = 0;
  std::size_t size_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace

KindPtr read_bucket_sort(Parameters& parameters) {
  auto kind = std::make_shared<BucketSort>(parameters);
  parameters.finish();
  return kind;
}

}  // namespace hornbeam::search::aggregation
