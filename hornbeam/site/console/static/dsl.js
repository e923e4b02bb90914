// What the query language has: names, and what may stand inside of them. "" is a name that the writer chooses.

/// Whole-text queries take { field: ... }; others take parameters of their own.
export const kFieldQueries = ["match", "match_phrase", "match_phrase_prefix", "match_bool_prefix", "term", "terms", "range", "prefix",
  "wildcard", "regexp", "fuzzy", "intervals"];
const kOtherQueries = ["match_all", "match_none", "multi_match", "bool", "exists", "ids", "query_string", "simple_query_string",
  "constant_score", "dis_max", "function_score", "boosting", "nested", "more_like_this"];
export const kQueries = [...kFieldQueries, ...kOtherQueries].sort();

/// Where a query stands: { "term": ... }.
export const kQueryPlaces = new Set(["query", "must", "must_not", "should", "filter", "queries", "positive", "negative", "post_filter",
  "rescore_query", "organic"]);

export const kAggregations = ["terms", "histogram", "date_histogram", "range", "date_range", "filter", "filters", "global", "missing",
  "composite", "top_hits", "avg", "sum", "min", "max", "stats", "extended_stats", "percentiles", "percentile_ranks", "cardinality",
  "value_count", "median_absolute_deviation", "weighted_avg", "significant_terms", "rare_terms", "auto_date_histogram",
  "bucket_sort", "bucket_script", "bucket_selector", "derivative", "cumulative_sum", "avg_bucket", "sum_bucket", "max_bucket", "min_bucket"];

/// What may stand in the object of that name.
export const kParameters = {
  bool: ["must", "should", "must_not", "filter", "minimum_should_match", "boost"],
  multi_match: ["query", "fields", "type", "operator", "fuzziness", "minimum_should_match", "tie_breaker"],
  query_string: ["query", "fields", "default_field", "default_operator", "analyze_wildcard"],
  simple_query_string: ["query", "fields", "default_operator", "flags", "minimum_should_match"],
  exists: ["field", "boost"],
  ids: ["values"],
  constant_score: ["filter", "boost"],
  dis_max: ["queries", "tie_breaker"],
  boosting: ["positive", "negative", "negative_boost"],
  function_score: ["query", "functions", "score_mode", "boost_mode", "field_value_factor", "random_score"],
  nested: ["path", "query", "score_mode", "inner_hits"],
  more_like_this: ["fields", "like", "min_term_freq", "min_doc_freq", "max_query_terms"],
  highlight: ["fields", "pre_tags", "post_tags", "fragment_size", "number_of_fragments", "type", "order"],
  terms: ["field", "size", "order", "min_doc_count", "include", "exclude", "missing"],
  histogram: ["field", "interval", "min_doc_count", "offset", "extended_bounds"],
  date_histogram: ["field", "calendar_interval", "fixed_interval", "format", "time_zone", "min_doc_count", "offset"],
  auto_date_histogram: ["field", "buckets", "format"],
  percentiles: ["field", "percents", "keyed"],
  cardinality: ["field", "precision_threshold"],
  top_hits: ["size", "from", "sort", "_source"],
  composite: ["sources", "size", "after"],
  filters: ["filters", "other_bucket"],
  date_range: ["field", "ranges", "format"],
  sort: ["_score", "_doc"],
};

/// What a field is given in a query of that name.
export const kFieldParameters = {
  match: ["query", "operator", "fuzziness", "minimum_should_match", "analyzer", "boost"],
  match_phrase: ["query", "slop", "analyzer", "boost"],
  match_phrase_prefix: ["query", "slop", "max_expansions"],
  match_bool_prefix: ["query", "operator", "fuzziness"],
  term: ["value", "boost", "case_insensitive"],
  range: ["gte", "gt", "lte", "lt", "format", "time_zone", "boost"],
  prefix: ["value", "case_insensitive"],
  wildcard: ["value", "case_insensitive"],
  regexp: ["value", "flags", "case_insensitive"],
  fuzzy: ["value", "fuzziness", "prefix_length", "transpositions"],
};

/// Values of that name.
export const kValues = {
  operator: ["and", "or"],
  default_operator: ["and", "or"],
  type: ["best_fields", "most_fields", "cross_fields", "phrase", "phrase_prefix", "bool_prefix"],
  calendar_interval: ["minute", "hour", "day", "week", "month", "quarter", "year"],
  fuzziness: ["AUTO", "0", "1", "2"],
  order: ["asc", "desc"],
  score_mode: ["multiply", "sum", "avg", "first", "max", "min"],
};

/// What the body of a request to that endpoint has.
export const kBodies = {
  _search: ["query", "aggs", "size", "from", "sort", "_source", "fields", "highlight", "post_filter", "track_total_hits", "explain",
    "suggest", "collapse", "search_after", "min_score", "rescore", "docvalue_fields", "timeout"],
  _count: ["query"],
  _validate: ["query"],
  _explain: ["query"],
  _delete_by_query: ["query", "max_docs"],
  _update_by_query: ["query", "max_docs"],
  _analyze: ["analyzer", "text", "field", "tokenizer", "filter", "char_filter", "explain"],
  _mget: ["ids", "docs"],
  _update: ["doc", "doc_as_upsert", "upsert", "detect_noop"],
  _aliases: ["actions"],
  _mapping: ["properties", "dynamic"],
  _reindex: ["source", "dest", "max_docs"],
  "": ["settings", "mappings", "aliases"],
};

/// Paths below an index, and of the whole node.
export const kIndexEndpoints = ["_search", "_count", "_mapping", "_settings", "_doc/", "_source/", "_mget", "_msearch", "_analyze",
  "_validate/query", "_explain/", "_field_caps?fields=*", "_stats", "_segments", "_alias", "_bulk", "_update/", "_delete_by_query",
  "_update_by_query", "_refresh", "_flush", "_forcemerge"];
export const kNodeEndpoints = ["_search", "_cat", "_cat/indices?v", "_cat/aliases?v", "_cat/count?v", "_cat/health?v", "_cat/segments?v",
  "_cluster/health", "_cluster/stats", "_mapping", "_alias", "_analyze", "_bulk", "_msearch", "_stats", "_tasks", "_resolve/index/*",
  "_aliases", "_reindex"];
