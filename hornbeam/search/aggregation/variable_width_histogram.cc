#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/metric_collector.h"

namespace hornbeam::search::aggregation {
namespace {

/// How many clusters are kept for each that is asked for, as OpenSearch's shards do.
constexpr std::size_t kClustersEach = 50;

struct Cluster {
  double min = 0;
  double max = 0;
  double sum = 0;
  std::uint64_t count = 0;

  double mean() const noexcept { return sum / static_cast<double>(count); }
};

/// Merges neighbours, always the two that are nearest, until `size` are left. Requires: they rise.
void merge_nearest(std::vector<Cluster>& clusters, std::size_t size) {
  while (clusters.size() > size) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i + 1 < clusters.size(); ++i) {
      const double distance = clusters[i + 1].mean() - clusters[i].mean();
      if (distance < clusters[nearest + 1].mean() - clusters[nearest].mean()) nearest = i;
    }
    Cluster& left = clusters[nearest];
    const Cluster& right = clusters[nearest + 1];
    left.min = std::min(left.min, right.min);
    left.max = std::max(left.max, right.max);
    left.sum += right.sum;
    left.count += right.count;
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(nearest) + 1);
  }
}

/// Clusters of the numbers seen so far: single numbers as long as there are few.
class ClusterState {
 public:
  explicit ClusterState(std::size_t size) : size_(size) {}

  void add(double value) {
    clusters_.push_back({.min = value, .max = value, .sum = value, .count = 1});
    // Twice as many, so that sorting pays.
    if (clusters_.size() >= 2 * size_ * kClustersEach) shrink(clusters_, size_ * kClustersEach);
  }
  std::vector<Cluster> clusters() const {
    std::vector<Cluster> all = clusters_;
    shrink(all, size_ * kClustersEach);
    merge_nearest(all, size_);
    return all;
  }

 private:
  static void shrink(std::vector<Cluster>& clusters, std::size_t size) {
    std::ranges::sort(clusters, {}, &Cluster::mean);
    std::vector<Cluster> distinct;
    for (const Cluster& each : clusters) {
      if (!distinct.empty() && distinct.back().mean() == each.mean()) {
        Cluster& last = distinct.back();
        last = {.min = std::min(last.min, each.min),
                .max = std::max(last.max, each.max),
                .sum = last.sum + each.sum,
                .count = last.count + each.count};
      } else {
        distinct.push_back(each);
      }
    }
    merge_nearest(distinct, size);
    clusters = std::move(distinct);
  }

  std::size_t size_;
  std::vector<Cluster> clusters_;
};

class VariableWidth final : public NumbersCollector<ClusterState> {
 public:
  using NumbersCollector<ClusterState>::NumbersCollector;

  ResultNode build(BucketId bucket, BuildLimits& limits) const override {
    ResultNode node = new_result("variable_width_histogram", ResultNode::Shape::kBuckets);
    for (const Cluster& each : state(bucket).clusters()) {
      node.buckets.push_back(
          {.name = format().text(each.mean()),
           .head = end("min", each.min) + end("key", each.mean()) + end("max", each.max),
           .key = each.mean(),
           .doc_count = each.count});
    }
    limits.add_buckets(node.buckets.size());
    return node;
  }

 private:
  std::string end(std::string_view name, double value) const {
    std::string out;
    append_member(out, name, json_double(value));
    if (!format().is_raw()) {
      std::string text;
      base::append_json_string(text, format().text(value));
      append_member(out, std::string(name) + "_as_string", text);
    }
    return out + ",";
  }
};

class VariableWidthKind final : public Kind {
 public:
  VariableWidthKind(FieldRequest field, std::size_t size) : field_(std::move(field)), size_(size) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<VariableWidth>(asked, field_, ClusterState(size_));
  }
  // What lies in a bucket is only known when all numbers have been seen.
  bool takes_subs() const override { return false; }

 private:
  FieldRequest field_;
  std::size_t size_;
};

}  // namespace

KindPtr read_variable_width_histogram(Parameters& parameters) {
  FieldRequest field = read_field_request(parameters);
  constexpr std::size_t kUsual = 10;
  constexpr std::size_t kMost = 1'000;
  const std::size_t size = read_bucket_size(parameters, "buckets", kUsual);
  if (size > kMost) {
    refuse_argument(fmt::format("buckets must be less than {}. Found [{}] in [{}]", kMost, size,
                                parameters.name()));
  }
  parameters.find("shard_size");
  parameters.find("initial_buffer");
  parameters.finish();
  return std::make_shared<VariableWidthKind>(std::move(field), size);
}

}  // namespace hornbeam::search::aggregation
