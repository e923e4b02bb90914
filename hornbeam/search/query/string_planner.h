#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/planner_nodes.h"
#include "hornbeam/search/query/string_node.h"

namespace hornbeam::search {

/// What both syntaxes plan their parts with.
struct StringOptions {
  std::vector<BoostedField> fields{};  ///< Of parts that name none; no patterns any more.
  TextOperator default_operator = TextOperator::kOr;
  std::string analyzer{};
  std::string quote_analyzer{};
  std::string quote_field_suffix{};
  std::string time_zone{};
  std::uint32_t phrase_slop = 0;
  FuzzyOptions fuzzy{};
  std::optional<float> tie_breaker{};
  bool analyzes_wildcards = false;  ///< The words before a '*' are words of their own.
  std::optional<MultiMatchQuery::Type> multi_type{};  ///< None: the best of the fields.
  bool is_lenient = false;  ///< Parts that are no values of a field match nothing in it.
};

/// Plans the parts of a query text.
class StringPlanner {
 public:
  using PlanOne = std::function<PlanPtr(const Query&, float boost)>;

  StringPlanner(const Mapping& mapping, StringOptions options, PlanOne plan_one)
      : mapping_(mapping), options_(std::move(options)), plan_one_(std::move(plan_one)) {}

  /// At least `minimum` of the alternatives at the top must match.
  PlanPtr plan(const StringNode& node, float boost, std::size_t minimum = 0) const;

 private:
  PlanPtr plan_leaf(const StringNode& node, float boost) const;
  Query query_in(const StringNode& node, const std::string& field) const;
  Query term_query(const StringNode& node, const std::string& field) const;
  Query phrase_query(const StringNode& node, const std::string& field) const;
  Query fuzzy_query(const StringNode& node, const std::string& field) const;
  std::string normalized_pattern(const std::string& field, const std::string& pattern) const;
  std::string normalized(const std::string& field, const std::string& text) const;

  const Mapping& mapping_;
  StringOptions options_;
  PlanOne plan_one_;
};

}  // namespace hornbeam::search
