#include "hornbeam/denorm/internal/query_json.h"

#include <fmt/format.h>

namespace hornbeam::denorm::internal {

using namespace search;
using base::JsonWriter;

JsonWriter& QueryWriter::begin(std::string_view kind) {
  return out_.begin_object().key(kind).begin_object();
}

JsonWriter& QueryWriter::begin(std::string_view kind, std::string_view field) {
  return begin(kind).key(field).begin_object();
}

void QueryWriter::write_common() {
  if (query_.boost != 1) out_.member("boost", query_.boost);
  if (!query_.name.empty()) out_.member("_name", query_.name);
}

void QueryWriter::end(int objects) {
  write_common();
  for (int each = 0; each < objects + 1; ++each) out_.end_object();
}

void QueryWriter::write_pattern(std::string_view kind, std::string_view field,
                                const std::string& pattern, bool ignores_case) {
  begin(kind, field).member("value", pattern);
  if (ignores_case) out_.member("case_insensitive", true);
  end(2);
}

void QueryWriter::write_minimum(const std::optional<MinimumShouldMatch>& minimum) {
  if (minimum) out_.member("minimum_should_match", minimum->text);
}

void QueryWriter::write_clauses(std::string_view name, const std::vector<Query>& clauses) {
  if (clauses.empty()) return;
  out_.key(name).begin_array();
  for (const Query& each : clauses) write_query(out_, each);
  out_.end_array();
}

void write_fuzzy(JsonWriter& out, const FuzzyOptions& fuzzy, const FuzzyNames& names) {
  const Fuzziness& how = fuzzy.fuzziness;
  out.member("fuzziness",
             how.edits ? std::to_string(*how.edits) : fmt::format("AUTO:{},{}", how.low, how.high));
  out.member(names.prefix_length, fuzzy.prefix_length);
  if (!names.max_expansions.empty()) out.member(names.max_expansions, fuzzy.max_expansions);
  out.member(names.transpositions, fuzzy.transpositions);
}

void QueryWriter::operator()(const MatchAllQuery& /*all*/) {
  begin("match_all");
  end(1);
}

void QueryWriter::operator()(const MatchNoneQuery& /*none*/) {
  begin("match_none");
  end(1);
}

void QueryWriter::operator()(const TermQuery& term) {
  write_pattern("term", term.field, term.value, term.ignores_case);
}

void QueryWriter::operator()(const TermsQuery& terms) {
  begin("terms");
  if (terms.is_bitmap) out_.member("value_type", "bitmap");
  if (!terms.lookup) {
    out_.member(terms.field, terms.values);
    return end(1);
  }
  const TermsLookup& lookup = *terms.lookup;
  out_.key(terms.field).begin_object().member("index", lookup.index).member("path", lookup.path);
  if (!lookup.id.empty()) out_.member("id", lookup.id);
  if (!lookup.routing.empty()) out_.member("routing", lookup.routing);
  if (lookup.query) {
    out_.key("query");
    write_query(out_, *lookup.query);
  }
  out_.end_object();
  end(1);
}

void QueryWriter::operator()(const TermsSetQuery& terms) {
  begin("terms_set", terms.field).member("terms", terms.values);
  out_.member("minimum_should_match_field", terms.minimum_should_match_field);
  end(2);
}

void QueryWriter::operator()(const RangeQuery& range) {
  constexpr const char* kRelations[] = {"intersects", "within", "contains"};
  begin("range", range.field);
  if (range.lower) out_.member(range.lower->is_included ? "gte" : "gt", range.lower->value);
  if (range.upper) out_.member(range.upper->is_included ? "lte" : "lt", range.upper->value);
  if (!range.format.empty()) out_.member("format", range.format);
  if (!range.time_zone.empty()) out_.member("time_zone", range.time_zone);
  if (range.relation != RangeRelation::kIntersects) {
    out_.member("relation", std::string_view(kRelations[static_cast<int>(range.relation)]));
  }
  end(2);
}

void QueryWriter::operator()(const ExistsQuery& exists) {
  begin("exists").member("field", exists.field);
  end(1);
}

void QueryWriter::operator()(const IdsQuery& ids) {
  begin("ids").member("values", ids.ids);
  end(1);
}

void QueryWriter::operator()(const PrefixQuery& prefix) {
  write_pattern("prefix", prefix.field, prefix.prefix, prefix.ignores_case);
}

void QueryWriter::operator()(const WildcardQuery& wildcard) {
  write_pattern("wildcard", wildcard.field, wildcard.pattern, wildcard.ignores_case);
}

void QueryWriter::operator()(const RegexpQuery& regexp) {
  write_pattern("regexp", regexp.field, regexp.pattern, regexp.ignores_case);
}

void QueryWriter::operator()(const FuzzyQuery& fuzzy) {
  begin("fuzzy", fuzzy.field).member("value", fuzzy.value);
  write_fuzzy(out_, fuzzy.fuzzy, {.transpositions = "transpositions"});
  end(2);
}

void QueryWriter::operator()(const BoolQuery& all) {
  begin("bool");
  write_clauses("must", all.must);
  write_clauses("filter", all.filter);
  write_clauses("should", all.should);
  write_clauses("must_not", all.must_not);
  write_minimum(all.minimum_should_match);
  end(1);
}

void QueryWriter::operator()(const ConstantScoreQuery& constant) {
  begin("constant_score").key("filter");
  write_query(out_, *constant.filter);
  end(1);
}

void QueryWriter::operator()(const DisMaxQuery& best) {
  begin("dis_max");
  write_clauses("queries", best.queries);
  if (best.tie_breaker > 0) out_.member("tie_breaker", best.tie_breaker);
  end(1);
}

void QueryWriter::operator()(const NestedQuery& nested) {
  constexpr const char* kScores[] = {"avg", "sum", "min", "max", "none"};
  begin("nested").member("path", nested.path).key("query");
  write_query(out_, *nested.query);
  out_.member("score_mode", std::string_view(kScores[static_cast<int>(nested.score_mode)]));
  if (nested.ignores_unmapped) out_.member("ignore_unmapped", true);
  if (nested.inner_hits) out_.raw_member("inner_hits", nested.inner_hits->json);
  end(1);
}

void write_query(JsonWriter& out, const Query& query) {
  using Variant = std::decay_t<decltype(query.node)>::variant;
  std::visit(QueryWriter(out, query), static_cast<const Variant&>(query.node));
}

}  // namespace hornbeam::denorm::internal
