#pragma once

// The types of aggregations: each reads its parameters and makes its collector.

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/rounding.h"

namespace hornbeam::search::aggregation {

class Pipeline;

/// A type of aggregation with its parameters.
class Kind {
 public:
  virtual ~Kind() = default;

  /// What computes it. Lifetime: `asked` outlives the collector.
  virtual CollectorPtr collector(const Aggregation& asked) const = 0;
  /// Whether others may be below it.
  virtual bool takes_subs() const { return true; }
  /// What it computes from the results of others; null for all that look at documents.
  virtual const Pipeline* pipeline() const { return nullptr; }
  /// Throws a Refusal if it cannot stand where it does. `parent` is null at the top.
  virtual void check(const Aggregation& asked, const Aggregation* parent) const;
};

using KindPtr = std::shared_ptr<const Kind>;

/// Reads the parameters of a type. Throws a Refusal.
using KindReader = KindPtr (*)(Parameters& parameters);

struct KindEntry {
  std::string_view type;
  KindReader read;
};

/// All types, by name.
std::span<const KindEntry> kinds();

KindPtr read_adjacency_matrix(Parameters& parameters);
KindPtr read_avg(Parameters& parameters);
KindPtr read_avg_bucket(Parameters& parameters);
KindPtr read_bucket_script(Parameters& parameters);
KindPtr read_bucket_selector(Parameters& parameters);
KindPtr read_bucket_sort(Parameters& parameters);
KindPtr read_cardinality(Parameters& parameters);
KindPtr read_composite(Parameters& parameters);
KindPtr read_cumulative_sum(Parameters& parameters);
KindPtr read_date_histogram(Parameters& parameters);
KindPtr read_date_range(Parameters& parameters);
KindPtr read_derivative(Parameters& parameters);
KindPtr read_extended_stats(Parameters& parameters);
KindPtr read_extended_stats_bucket(Parameters& parameters);
KindPtr read_filter(Parameters& parameters);
KindPtr read_filters(Parameters& parameters);
KindPtr read_geo_distance(Parameters& parameters);
KindPtr read_global(Parameters& parameters);
KindPtr read_histogram(Parameters& parameters);
KindPtr read_ip_range(Parameters& parameters);
KindPtr read_max(Parameters& parameters);
KindPtr read_max_bucket(Parameters& parameters);
KindPtr read_median_absolute_deviation(Parameters& parameters);
KindPtr read_min(Parameters& parameters);
KindPtr read_min_bucket(Parameters& parameters);
KindPtr read_missing(Parameters& parameters);
KindPtr read_moving_fn(Parameters& parameters);
KindPtr read_multi_terms(Parameters& parameters);
KindPtr read_nested(Parameters& parameters);
KindPtr read_percentile_ranks(Parameters& parameters);
KindPtr read_percentiles(Parameters& parameters);
KindPtr read_percentiles_bucket(Parameters& parameters);
KindPtr read_range(Parameters& parameters);
KindPtr read_rare_terms(Parameters& parameters);
KindPtr read_reverse_nested(Parameters& parameters);
KindPtr read_sampler(Parameters& parameters);
KindPtr read_serial_diff(Parameters& parameters);
KindPtr read_significant_terms(Parameters& parameters);
KindPtr read_significant_text(Parameters& parameters);
KindPtr read_stats(Parameters& parameters);
KindPtr read_stats_bucket(Parameters& parameters);
KindPtr read_sum(Parameters& parameters);
KindPtr read_sum_bucket(Parameters& parameters);
KindPtr read_terms(Parameters& parameters);
KindPtr read_top_hits(Parameters& parameters);
KindPtr read_value_count(Parameters& parameters);
KindPtr read_variable_width_histogram(Parameters& parameters);
KindPtr read_weighted_avg(Parameters& parameters);

/// The interval of a date histogram: "calendar_interval", "fixed_interval" and "offset".
Rounding read_rounding(Parameters& parameters, const std::string& time_zone);
/// A parameter that must be above 0, and "min_doc_count".
std::size_t read_bucket_size(Parameters& parameters, std::string_view key, std::size_t otherwise);
std::uint64_t read_min_doc_count(Parameters& parameters, std::uint64_t otherwise);

}  // namespace hornbeam::search::aggregation
