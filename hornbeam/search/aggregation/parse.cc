#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/kind.h"

namespace hornbeam::search {
namespace aggregation {
namespace {

constexpr KindEntry kKinds[] = {
    {"adjacency_matrix", read_adjacency_matrix},
    {"avg", read_avg},
    {"avg_bucket", read_avg_bucket},
    {"bucket_script", read_bucket_script},
    {"bucket_selector", read_bucket_selector},
    {"bucket_sort", read_bucket_sort},
    {"cardinality", read_cardinality},
    {"composite", read_composite},
    {"cumulative_sum", read_cumulative_sum},
    {"date_histogram", read_date_histogram},
    {"date_range", read_date_range},
    {"derivative", read_derivative},
    {"extended_stats", read_extended_stats},
    {"extended_stats_bucket", read_extended_stats_bucket},
    {"filter", read_filter},
    {"filters", read_filters},
    {"geo_distance", read_geo_distance},
    {"global", read_global},
    {"histogram", read_histogram},
    {"ip_range", read_ip_range},
    {"max", read_max},
    {"max_bucket", read_max_bucket},
    {"median_absolute_deviation", read_median_absolute_deviation},
    {"min", read_min},
    {"min_bucket", read_min_bucket},
    {"missing", read_missing},
    {"moving_fn", read_moving_fn},
    {"multi_terms", read_multi_terms},
    {"nested", read_nested},
    {"percentile_ranks", read_percentile_ranks},
    {"percentiles", read_percentiles},
    {"percentiles_bucket", read_percentiles_bucket},
    {"range", read_range},
    {"rare_terms", read_rare_terms},
    {"reverse_nested", read_reverse_nested},
    {"sampler", read_sampler},
    {"serial_diff", read_serial_diff},
    {"significant_terms", read_significant_terms},
    {"significant_text", read_significant_text},
    {"stats", read_stats},
    {"stats_bucket", read_stats_bucket},
    {"sum", read_sum},
    {"sum_bucket", read_sum_bucket},
    {"terms", read_terms},
    {"top_hits", read_top_hits},
    {"value_count", read_value_count},
    {"variable_width_histogram", read_variable_width_histogram},
    {"weighted_avg", read_weighted_avg},
};

Aggregations read_all(base::JsonView json, const Aggregation* parent);

void check_name(std::string_view name) {
  if (!name.empty() && name.find_first_of("[]>") == name.npos) return;
  refuse("parsing_exception",
         fmt::format("Invalid aggregation name [{}]. Aggregation names can contain any character "
                     "except '[', ']', and '>'",
                     name));
}

KindPtr read_kind(std::string_view type, const std::string& name, base::JsonView json) {
  for (const KindEntry& each : kinds()) {
    if (each.type != type) continue;
    Parameters parameters(std::string(type), name, json);
    return each.read(parameters);
  }
  std::vector<std::string> known;
  for (const KindEntry& each : kinds()) known.emplace_back(each.type);
  refuse("parsing_exception",
         fmt::format("Unknown aggregation type [{}]{}", type, did_you_mean(type, known)));
}

void read_type(Aggregation& aggregation, std::string_view type, base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse("parsing_exception", fmt::format("Expected [START_OBJECT] under [{}], but got a [{}] in "
                                            "[{}]",
                                            type, token_of(json), aggregation.name));
  }
  if (aggregation.kind) {
    refuse("parsing_exception",
           fmt::format("Found two aggregation type definitions in [{}]: [{}] and [{}]",
                       aggregation.name, aggregation.type, type));
  }
  aggregation.type = type;
  aggregation.kind = read_kind(type, aggregation.name, json);
}

Aggregation read_one(std::string_view name, base::JsonView json, const Aggregation* parent) {
  check_name(name);
  Aggregation aggregation{.name = std::string(name), .type = {}, .kind = {}};
  if (json.kind() != base::JsonKind::kObject) {
    refuse("parsing_exception", fmt::format("Aggregation definition for [{} starts with a [{}], "
                                            "expected a [START_OBJECT].",
                                            name, token_of(json)));
  }
  std::optional<base::JsonView> subs;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [key, value] = json.member(i);
    if (key == "meta" && value.kind() == base::JsonKind::kObject) {
      aggregation.meta = value.text();
    } else if (key == "aggs" || key == "aggregations") {
      if (subs) {
        refuse("parsing_exception",
               fmt::format("Found two sub aggregation definitions under [{}]", name));
      }
      subs = value;
    } else {
      read_type(aggregation, key, value);
    }
  }
  if (!aggregation.kind) {
    refuse("parsing_exception", fmt::format("Missing definition for aggregation [{}]", name));
  }
  // JSON nests 64 deep at most, so that this ends.
  if (subs) aggregation.sub = read_all(*subs, &aggregation);
  if (!aggregation.sub.empty() && !aggregation.kind->takes_subs()) {
    refuse("aggregation_initialization_exception",
           fmt::format("Aggregator [{}] of type [{}] cannot accept sub-aggregations", name,
                       aggregation.type));
  }
  aggregation.kind->check(aggregation, parent);
  return aggregation;
}

Aggregations read_all(base::JsonView json, const Aggregation* parent) {
  if (json.kind() != base::JsonKind::kObject) {
    refuse("parsing_exception",
           fmt::format("Unexpected token {} in [aggs]: aggregations definitions must start with "
                       "the name of the aggregation.",
                       token_of(json)));
  }
  // Siblings are looked up one after the other.
  constexpr std::size_t kMostSiblings = 1'024;
  if (json.size() > kMostSiblings) {
    refuse_argument(fmt::format("An object may have at most [{}] aggregations, found [{}]",
                                kMostSiblings, json.size()));
  }
  Aggregations all;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (std::ranges::find(all, name, &Aggregation::name) != all.end()) {
      refuse_argument(
          fmt::format("Two sibling aggregations cannot have the same name: [{}]", name));
    }
    all.push_back(read_one(name, value, parent));
  }
  return all;
}

}  // namespace

std::span<const KindEntry> kinds() {
  return kKinds;
}

}  // namespace aggregation

base::Result<Aggregations> parse_aggregations(base::JsonView json) {
  try {
    Aggregations all = aggregation::read_all(json, nullptr);
    // What only the collectors can tell, such as whether an order's path leads somewhere.
    const aggregation::CollectorList tried(all);
    return all;
  } catch (const aggregation::Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

}  // namespace hornbeam::search
