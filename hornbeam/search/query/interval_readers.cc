#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

// "intervals" and the span queries, which are rules for intervals under other names. Rules nest as
// deep as JSON does, which is 64 deep.

namespace hornbeam::search::query_reader {
namespace {

using Kind = IntervalRule::Kind;
using Order = IntervalRule::Order;

[[noreturn]] void refuse_argument(std::string message) {
  throw Refusal{{.code = "illegal_argument_exception", .message = std::move(message)}};
}

IntervalRule read_rule(std::string_view kind, base::JsonView json);

std::pair<std::string_view, base::JsonView> only_member(std::string_view where,
                                                        base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject || json.size() != 1) {
    refuse(fmt::format("[{}] must be an object with one member", where));
  }
  return json.member(0);
}

IntervalRelation relation_of(std::string_view name) {
  static constexpr std::pair<std::string_view, IntervalRelation> kRelations[] = {
      {"after", IntervalRelation::kAfter},
      {"before", IntervalRelation::kBefore},
      {"containing", IntervalRelation::kContaining},
      {"contained_by", IntervalRelation::kContainedBy},
      {"overlapping", IntervalRelation::kOverlapping},
      {"not_containing", IntervalRelation::kNotContaining},
      {"not_contained_by", IntervalRelation::kNotContainedBy},
      {"not_overlapping", IntervalRelation::kNotOverlapping}};
  for (const auto& [known, relation] : kRelations) {
    if (name == known) return relation;
  }
  refuse(fmt::format("Unknown filter type [{}]", name));
}

IntervalFilter read_filter(base::JsonView json) {
  const auto [name, value] = only_member("filter", json);
  const IntervalRelation relation = relation_of(name);
  const auto [kind, inner] = only_member(name, value);
  return {.relation = relation,
          .rule = std::make_shared<const IntervalRule>(read_rule(kind, inner))};
}

void read_order(IntervalRule& rule, std::string_view name, base::JsonView value) {
  if (name == "ordered") {
    rule.order = flag("intervals", name, value) ? Order::kOneBehindTheOther : Order::kAny;
    return;
  }
  const std::string mode = scalar("intervals", value);
  if (mode == "ordered") {
    rule.order = Order::kOneBehindTheOther;
  } else if (mode == "unordered_no_overlap") {
    rule.order = Order::kAnyWithoutOverlap;
  } else if (mode != "unordered") {
    refuse_argument(fmt::format("[match] unknown mode [{}]", mode));
  }
}

void read_rules(IntervalRule& rule, base::JsonView json) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [kind, inner] = only_member("intervals", json.element(i));
    rule.rules.push_back(read_rule(kind, inner));
  }
}

bool read_rule_member(IntervalRule& rule, std::string_view kind, std::string_view name,
                      base::JsonView value) {
  std::optional<FuzzyOptions> fuzzy = rule.fuzzy;
  const bool is_group = rule.kind == Kind::kAllOf || rule.kind == Kind::kAnyOf;
  if (name == "filter") {
    rule.filter = read_filter(value);
  } else if (is_group && name == "intervals") {
    read_rules(rule, value);
  } else if (name == "max_gaps") {
    const auto gaps = value.find_int();
    if (gaps && *gaps >= 0) rule.max_gaps = static_cast<std::uint32_t>(*gaps);
  } else if (name == "ordered" || name == "mode") {
    read_order(rule, name, value);
  } else if (name == "use_field") {
    rule.field = scalar(kind, value);
  } else if (name == "analyzer") {
    rule.analyzer = scalar(kind, value);
  } else if (name == "case_insensitive") {
    rule.ignores_case = flag(kind, name, value);
  } else if (rule.kind == Kind::kFuzzy && fuzzy_member(kind, name, value, fuzzy)) {
    rule.fuzzy = *fuzzy;
  } else if (!is_group && (name == "query" || name == "term" || name == "pattern" ||
                           name == "value" || name == kind)) {
    rule.text = scalar(kind, value);
  } else {
    return name == "max_expansions" || name == "flags";
  }
  return true;
}

IntervalRule read_rule(std::string_view kind, base::JsonView json) {
  static constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"match", Kind::kMatch},   {"prefix", Kind::kPrefix}, {"wildcard", Kind::kWildcard},
      {"regexp", Kind::kRegexp}, {"fuzzy", Kind::kFuzzy},   {"all_of", Kind::kAllOf},
      {"any_of", Kind::kAnyOf}};
  IntervalRule rule;
  bool is_known = false;
  for (const auto& [name, value] : kKinds) {
    if (kind == name) rule.kind = value, is_known = true;
  }
  if (!is_known) {
    refuse(fmt::format(
        "Unknown interval type [{}], expecting one of [match, any_of, all_of, prefix, wildcard, "
        "regexp]",
        kind));
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (!read_rule_member(rule, kind, name, value)) {
      refuse(fmt::format("[{}] unknown field [{}]", kind, name));
    }
  }
  return rule;
}

/// A span query inside of another: its rule, and the field that all of them must have.
IntervalRule read_span(base::JsonView json, std::string& field, Query& common);

IntervalRule read_term_span(std::string_view kind, base::JsonView json, std::string& field,
                            Query& common) {
  IntervalRule rule{.kind = Kind::kTerm};
  const std::string name = query_reader::field(kind, json, "value", common,
                                               [&](std::string_view key, base::JsonView value) {
                                                 if (key != "value" && key != "term") return false;
                                                 rule.text = scalar(kind, value);
                                                 return true;
                                               });
  if (field.empty()) field = name;
  rule.field = name;
  return rule;
}

/// A query for many terms, as what finds each of them.
IntervalRule read_multi_span(base::JsonView json, std::string& field) {
  const auto match = json.find("match");
  if (!match) refuse("[span_multi] must have [match] query clause");
  const Query query = read_query(*match);
  IntervalRule rule;
  std::visit(
      [&](const auto& node) {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, PrefixQuery>) {
          rule = {.kind = Kind::kPrefix,
                  .text = node.prefix,
                  .field = node.field,
                  .ignores_case = node.ignores_case};
        } else if constexpr (std::is_same_v<Node, WildcardQuery> ||
                             std::is_same_v<Node, RegexpQuery>) {
          rule = {.kind = std::is_same_v<Node, RegexpQuery> ? Kind::kRegexp : Kind::kWildcard,
                  .text = node.pattern,
                  .field = node.field,
                  .ignores_case = node.ignores_case};
        } else if constexpr (std::is_same_v<Node, FuzzyQuery>) {
          rule = {
              .kind = Kind::kFuzzy, .text = node.value, .field = node.field, .fuzzy = node.fuzzy};
        } else {
          refuse("[span_multi] [match] must be of type MultiTermQueryBuilder");
        }
      },
      query.node);
  if (field.empty()) field = rule.field;
  return rule;
}

IntervalRule read_near_span(base::JsonView json, bool is_or, std::string& field, Query& common) {
  const std::string_view kind = is_or ? "span_or" : "span_near";
  IntervalRule rule{.kind = is_or ? Kind::kAnyOf : Kind::kAllOf,
                    .order = Order::kOneBehindTheOther};
  if (!is_or) rule.max_gaps = 0;
  members(kind, json, common, [&](std::string_view name, base::JsonView value) {
    if (name == "clauses") {
      Query ignored;
      for (std::size_t i = 0; i < value.size(); ++i) {
        rule.rules.push_back(read_span(value.element(i), field, ignored));
      }
    } else if (name == "slop" && !is_or) {
      rule.max_gaps = static_cast<std::uint32_t>(count(kind, name, value));
    } else if (name == "in_order" && !is_or) {
      rule.order = flag(kind, name, value) ? Order::kOneBehindTheOther : Order::kAnyWithoutOverlap;
    } else {
      return false;
    }
    return true;
  });
  if (rule.rules.empty()) refuse(fmt::format("[{}] must include [clauses]", kind));
  return rule;
}

IntervalRule read_first_span(base::JsonView json, std::string& field, Query& common) {
  IntervalRule rule;
  std::uint32_t end = 0;
  members("span_first", json, common, [&](std::string_view name, base::JsonView value) {
    Query ignored;
    if (name == "match") {
      rule = read_span(value, field, ignored);
    } else if (name == "end") {
      end = static_cast<std::uint32_t>(count("span_first", name, value));
    } else {
      return false;
    }
    return true;
  });
  // In a group of its own, since the rule may have an end itself.
  return {.kind = Kind::kAnyOf, .max_end = end, .rules = {std::move(rule)}};
}

/// "span_not", "span_containing" and "span_within": one span query that another one limits.
IntervalRule read_limited_span(std::string_view kind, base::JsonView json, std::string& field,
                               Query& common) {
  IntervalRule one;
  IntervalRule other;
  IntervalFilter filter;
  const bool is_not = kind == "span_not";
  const bool is_within = kind == "span_within";
  members(kind, json, common, [&](std::string_view name, base::JsonView value) {
    Query ignored;
    const auto number = [&] { return static_cast<std::uint32_t>(count(kind, name, value)); };
    if (name == (is_not ? "include" : is_within ? "little" : "big")) {
      one = read_span(value, field, ignored);
    } else if (name == (is_not ? "exclude" : is_within ? "big" : "little")) {
      other = read_span(value, field, ignored);
    } else if (is_not && (name == "pre" || name == "dist")) {
      filter.after = number();
      if (name == "dist") filter.before = filter.after;
    } else if (is_not && name == "post") {
      filter.before = number();
    } else {
      return false;
    }
    return true;
  });
  filter.relation = is_not      ? IntervalRelation::kNotOverlapping
                    : is_within ? IntervalRelation::kContainedBy
                                : IntervalRelation::kContaining;
  filter.rule = std::make_shared<const IntervalRule>(std::move(other));
  return {.kind = Kind::kAnyOf, .rules = {std::move(one)}, .filter = std::move(filter)};
}

IntervalRule read_span_of(std::string_view kind, base::JsonView json, std::string& field,
                          Query& common) {
  if (kind == "span_term") return read_term_span(kind, json, field, common);
  if (kind == "span_multi") return read_multi_span(json, field);
  if (kind == "span_near") return read_near_span(json, false, field, common);
  if (kind == "span_or") return read_near_span(json, true, field, common);
  if (kind == "span_first") return read_first_span(json, field, common);
  if (kind == "span_not" || kind == "span_containing" || kind == "span_within") {
    return read_limited_span(kind, json, field, common);
  }
  refuse(fmt::format("[{}] is no span query", kind));
}

IntervalRule read_span(base::JsonView json, std::string& field, Query& common) {
  const auto [kind, inner] = only_member("span", json);
  return read_span_of(kind, inner, field, common);
}

}  // namespace

Query read_intervals(base::JsonView json) {
  Query query;
  IntervalQuery intervals;
  bool has_rule = false;
  intervals.field =
      field("intervals", json, "", query, [&](std::string_view kind, base::JsonView value) {
        if (has_rule) refuse("Only one interval rule can be specified");
        intervals.rule = read_rule(kind, value);
        return has_rule = true;
      });
  if (!has_rule) refuse("Missing intervals from interval query definition");
  query.node = std::move(intervals);
  return query;
}

Query read_span_query(std::string_view kind, base::JsonView json) {
  Query query;
  IntervalQuery intervals{.field = {}, .scoring = IntervalQuery::Scoring::kBm25};
  intervals.rule = read_span_of(kind, json, intervals.field, query);
  query.node = std::move(intervals);
  return query;
}

}  // namespace hornbeam::search::query_reader
