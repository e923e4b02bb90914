#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {

namespace {

/// Of ranges with ranges; a single value within one is within by each of them.
RangeRelation read_relation(base::JsonView json) {
  std::string text = scalar("range", json);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  if (text == "INTERSECTS") return RangeRelation::kIntersects;
  if (text == "CONTAINS") return RangeRelation::kContains;
  if (text == "WITHIN") return RangeRelation::kWithin;
  throw Refusal{{.code = "illegal_argument_exception",
                 .message = fmt::format("{} is not a valid relation", scalar("range", json))}};
}

TermsLookup read_lookup(base::JsonView json) {
  TermsLookup lookup;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "index") {
      lookup.index = scalar("terms", value);
    } else if (name == "id") {
      lookup.id = scalar("terms", value);
    } else if (name == "path") {
      lookup.path = scalar("terms", value);
    } else if (name == "routing") {
      lookup.routing = scalar("terms", value);
    } else if (name == "query") {
      lookup.query = std::make_shared<const Query>(read_query(value));
    } else if (name != "store") {
      refuse(fmt::format("[terms_lookup] unknown field [{}]", name));
    }
  }
  if (lookup.index.empty()) refuse("[terms] query lookup element requires specifying the index.");
  if (lookup.path.empty()) refuse("[terms] query lookup element requires specifying the path.");
  if (lookup.id.empty() && !lookup.query) {
    refuse("[terms] query lookup element requires specifying either the id or the query.");
  }
  return lookup;
}

}  // namespace

Query read_term(base::JsonView json) {
  Query query;
  TermQuery term;
  term.field = field("term", json, "value", query, [&](auto name, base::JsonView value) {
    if (name == "case_insensitive") {
      term.ignores_case = flag("term", name, value);
      return true;
    }
    if (name != "value") return false;
    term.value = scalar("term", value);
    return true;
  });
  query.node = std::move(term);
  return query;
}

Query read_prefix(base::JsonView json) {
  Query query;
  PrefixQuery prefix;
  prefix.field = field("prefix", json, "value", query, [&](auto name, base::JsonView value) {
    if (name == "case_insensitive") {
      prefix.ignores_case = flag("prefix", name, value);
      return true;
    }
    if (name == "rewrite") return true;
    if (name != "value" && name != "prefix") return false;
    prefix.prefix = scalar("prefix", value);
    return true;
  });
  query.node = std::move(prefix);
  return query;
}

Query read_terms(base::JsonView json) {
  Query query;
  TermsQuery terms;
  members("terms", json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "value_type") {
      const std::string type = scalar("terms", value);
      if (type != "default" && type != "bitmap") {
        throw Refusal{{.code = "illegal_argument_exception",
                       .message = fmt::format("value_type type [{}] not supported", type)}};
      }
      terms.is_bitmap = type == "bitmap";
      return true;
    }
    const bool is_lookup = value.kind() == base::JsonKind::kObject;
    if (value.kind() != base::JsonKind::kArray && !is_lookup) return false;
    if (!terms.field.empty()) {
      refuse("[terms] query does not support multiple fields");
    }
    terms.field = name;
    if (is_lookup) {
      terms.lookup = read_lookup(value);
      return true;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      terms.values.push_back(scalar("terms", value.element(i)));
    }
    return true;
  });
  if (terms.field.empty())
    refuse(
        "[terms] query requires a field name, followed by array of terms or a document lookup "
        "specification");
  query.node = std::move(terms);
  return query;
}

Query read_range(base::JsonView json) {
  Query query;
  RangeQuery range;
  bool includes_lower = true;
  bool includes_upper = true;
  range.field = field("range", json, "gte", query, [&](auto name, base::JsonView value) {
    std::optional<RangeQuery::Bound>* bound = nullptr;
    if (name == "format") {
      range.format = scalar("range", value);
      return true;
    }
    if (name == "time_zone") {
      range.time_zone = scalar("range", value);
      return true;
    }
    if (name == "include_lower" || name == "include_upper") {
      auto& side = name == "include_lower" ? range.lower : range.upper;
      (name == "include_lower" ? includes_lower : includes_upper) = flag("range", name, value);
      if (side) side->is_included = flag("range", name, value);
      return true;
    }
    if (name == "relation") {
      range.relation = read_relation(value);
      return true;
    }
    if (name == "gte" || name == "gt" || name == "from") bound = &range.lower;
    if (name == "lte" || name == "lt" || name == "to") bound = &range.upper;
    if (!bound) return false;
    if (!value.is_null()) {
      const bool included = name == "from" ? includes_lower : name != "to" || includes_upper;
      *bound = {.value = scalar("range", value),
                .is_included = included && name != "gt" && name != "lt"};
    }
    return true;
  });
  query.node = std::move(range);
  return query;
}

Query read_exists(base::JsonView json) {
  Query query;
  ExistsQuery exists;
  members("exists", json, query, [&](auto name, base::JsonView value) {
    if (name != "field") return false;
    exists.field = scalar("exists", value);
    return true;
  });
  if (exists.field.empty()) refuse("[exists] must be provided with a [field]");
  query.node = std::move(exists);
  return query;
}

Query read_ids(base::JsonView json) {
  Query query;
  IdsQuery ids;
  members("ids", json, query, [&](auto name, base::JsonView value) {
    if (name != "values") return false;
    if (value.kind() != base::JsonKind::kArray) ids.ids.push_back(scalar("ids", value));
    for (std::size_t i = 0; value.kind() == base::JsonKind::kArray && i < value.size(); ++i) {
      ids.ids.push_back(scalar("ids", value.element(i)));
    }
    return true;
  });
  query.node = std::move(ids);
  return query;
}

Query read_bool(base::JsonView json) {
  Query query;
  BoolQuery clauses;
  members("bool", json, query, [&](auto name, base::JsonView value) {
    if (name == "adjust_pure_negative") return true;
    if (name == "must") {
      clauses.must = read_queries(value);
    } else if (name == "filter") {
      clauses.filter = read_queries(value);
    } else if (name == "should") {
      clauses.should = read_queries(value);
    } else if (name == "must_not" || name == "mustNot") {
      clauses.must_not = read_queries(value);
    } else if (name == "minimum_should_match") {
      clauses.minimum_should_match = {scalar("bool", value)};
    } else {
      return false;
    }
    return true;
  });
  query.node = std::move(clauses);
  return query;
}

Query read_constant_score(base::JsonView json) {
  Query query;
  ConstantScoreQuery constant;
  members("constant_score", json, query, [&](auto name, base::JsonView value) {
    if (name != "filter") return false;
    constant.filter = std::make_shared<const Query>(read_query(value));
    return true;
  });
  if (!constant.filter) refuse("[constant_score] requires a 'filter' element");
  query.node = std::move(constant);
  return query;
}

Query read_dis_max(base::JsonView json) {
  Query query;
  DisMaxQuery dis_max;
  members("dis_max", json, query, [&](auto name, base::JsonView value) {
    if (name == "queries") {
      dis_max.queries = read_queries(value);
    } else if (name == "tie_breaker") {
      dis_max.tie_breaker = number("dis_max", name, value);
    } else {
      return false;
    }
    return true;
  });
  if (dis_max.queries.empty()) {
    refuse("[dis_max] requires 'queries' field with at least one clause");
  }
  query.node = std::move(dis_max);
  return query;
}

}  // namespace hornbeam::search::query_reader
