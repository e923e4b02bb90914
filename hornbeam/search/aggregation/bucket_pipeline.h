#pragma once

#include <string>
#include <vector>

#include "hornbeam/search/aggregation/buckets_path.h"
#include "hornbeam/search/aggregation/metric_collector.h"
#include "hornbeam/search/aggregation/pipeline.h"

namespace hornbeam::search::aggregation {

/// A pipeline over the buckets of a histogram, in their order.
class BucketPipeline : public Kind, public Pipeline {
 public:
  explicit BucketPipeline(Parameters& parameters);

  CollectorPtr collector(const Aggregation&) const final { return nullptr; }
  bool takes_subs() const final { return false; }
  const Pipeline* pipeline() const final { return this; }
  void check(const Aggregation& asked, const Aggregation* parent) const override;
  bool is_in_buckets() const final { return true; }
  std::vector<std::string> paths() const final { return {path_.text()}; }

 protected:
  /// What the path gives in each bucket; NaN for none.
  std::vector<double> values_of(const ResultNode& parent) const;
  ResultNode number_result(const Aggregation& asked, double value) const;

 private:
  BucketsPath path_;
  GapPolicy gaps_;
  std::string type_;
  ValueFormat format_;
};

}  // namespace hornbeam::search::aggregation
