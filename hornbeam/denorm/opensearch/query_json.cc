// A query, written as the query language has it. What is said at its default is left out.

#include "hornbeam/denorm/internal/query_json.h"

#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/base/json_writer.h"

namespace hornbeam::denorm::internal {

namespace {

using namespace search;
using base::JsonWriter;

/// Writes one query: its kind, its field if it has one, what it says, and its boost and name.
class QueryWriter {
 public:
  QueryWriter(JsonWriter& out, const Query& query) : out_(out), query_(query) {}

  void operator()(const MatchAllQuery&) { alone("match_all"); }
  void operator()(const MatchNoneQuery&) { alone("match_none"); }
  void operator()(const MatchQuery& match) {
    begin("match", match.field).member("query", match.text);
    if (match.text_operator == TextOperator::kAnd) out_.member("operator", "and");
    write_minimum(match.minimum_should_match);
    if (!match.analyzer.empty()) out_.member("analyzer", match.analyzer);
    if (match.matches_all_if_empty) out_.member("zero_terms_query", "all");
    if (match.lenient) out_.member("lenient", true);
    if (!match.generates_phrases) out_.member("auto_generate_synonyms_phrase_query", false);
    if (match.fuzzy) write_fuzzy(*match.fuzzy);
    end(2);
  }
  void operator()(const MatchPhraseQuery& phrase) {
    begin("match_phrase", phrase.field).member("query", phrase.text);
    if (phrase.slop > 0) out_.member("slop", phrase.slop);
    if (!phrase.analyzer.empty()) out_.member("analyzer", phrase.analyzer);
    if (phrase.matches_all_if_empty) out_.member("zero_terms_query", "all");
    end(2);
  }
  void operator()(const MatchPhrasePrefixQuery& phrase) {
    begin("match_phrase_prefix", phrase.field).member("query", phrase.text);
    out_.member("slop", phrase.slop).member("max_expansions", phrase.max_expansions);
    end(2);
  }
  void operator()(const MatchBoolPrefixQuery& match) {
    begin("match_bool_prefix", match.field).member("query", match.text);
    if (match.text_operator == TextOperator::kAnd) out_.member("operator", "and");
    write_minimum(match.minimum_should_match);
    if (match.fuzzy) write_fuzzy(*match.fuzzy);
    end(2);
  }
  void operator()(const MultiMatchQuery& match) {
    constexpr const char* kTypes[] = {"best_fields",  "most_fields",   "phrase",
                                      "cross_fields", "phrase_prefix", "bool_prefix"};
    begin("multi_match").member("query", match.text);
    write_fields(match.fields);
    out_.member("type", std::string_view(kTypes[static_cast<int>(match.type)]));
    if (match.text_operator == TextOperator::kAnd) out_.member("operator", "and");
    if (match.tie_breaker) out_.member("tie_breaker", *match.tie_breaker);
    write_minimum(match.minimum_should_match);
    if (!match.analyzer.empty()) out_.member("analyzer", match.analyzer);
    if (match.slop > 0) out_.member("slop", match.slop);
    if (match.fuzzy) write_fuzzy(*match.fuzzy);
    if (match.lenient) out_.member("lenient", *match.lenient);
    end(1);
  }
  void operator()(const TermQuery& term) {
    begin("term", term.field).member("value", term.value);
    if (term.ignores_case) out_.member("case_insensitive", true);
    end(2);
  }
  void operator()(const TermsQuery& terms) {
    if (terms.lookup || terms.is_bitmap) refuse("terms with a lookup or a bitmap");
    begin("terms").member(terms.field, terms.values);
    end(1);
  }
  void operator()(const RangeQuery& range) {
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
  void operator()(const ExistsQuery& exists) {
    begin("exists").member("field", exists.field);
    end(1);
  }
  void operator()(const IdsQuery& ids) {
    begin("ids").member("values", ids.ids);
    end(1);
  }
  void operator()(const PrefixQuery& prefix) {
    write_pattern("prefix", prefix.field, prefix.prefix, prefix.ignores_case);
  }
  void operator()(const WildcardQuery& wildcard) {
    write_pattern("wildcard", wildcard.field, wildcard.pattern, wildcard.ignores_case);
  }
  void operator()(const BoolQuery& all) {
    begin("bool");
    write_clauses("must", all.must);
    write_clauses("filter", all.filter);
    write_clauses("should", all.should);
    write_clauses("must_not", all.must_not);
    write_minimum(all.minimum_should_match);
    end(1);
  }
  void operator()(const ConstantScoreQuery& constant) {
    begin("constant_score").key("filter");
    write_query(out_, *constant.filter);
    end(1);
  }
  void operator()(const DisMaxQuery& best) {
    begin("dis_max");
    write_clauses("queries", best.queries);
    if (best.tie_breaker > 0) out_.member("tie_breaker", best.tie_breaker);
    end(1);
  }
  void operator()(const QueryStringQuery& query) {
    begin("query_string").member("query", query.text);
    write_fields(query.fields);
    if (query.default_operator == TextOperator::kAnd) out_.member("default_operator", "and");
    if (!query.analyzer.empty()) out_.member("analyzer", query.analyzer);
    if (query.lenient) out_.member("lenient", *query.lenient);
    write_minimum(query.minimum_should_match);
    end(1);
  }
  void operator()(const SimpleQueryStringQuery& query) {
    if (query.flags != SimpleQueryStringQuery::kAll) refuse("simple_query_string with flags");
    begin("simple_query_string").member("query", query.text);
    write_fields(query.fields);
    if (query.default_operator == TextOperator::kAnd) out_.member("default_operator", "and");
    if (!query.analyzer.empty()) out_.member("analyzer", query.analyzer);
    write_minimum(query.minimum_should_match);
    end(1);
  }
  template <class Other>
  void operator()(const Other&) {
    refuse("this kind of query");
  }

 private:
  [[noreturn]] static void refuse(std::string_view what) {
    throw std::invalid_argument(
        fmt::format("{} is not sent to a cluster yet. Mend: say it by other queries", what));
  }

  JsonWriter& begin(std::string_view kind) { return out_.begin_object().key(kind).begin_object(); }
  JsonWriter& begin(std::string_view kind, std::string_view field) {
    return begin(kind).key(field).begin_object();
  }
  void alone(std::string_view kind) {
    begin(kind);
    end(1);
  }
  void end(int objects) {
    if (query_.boost != 1) out_.member("boost", query_.boost);
    if (!query_.name.empty()) out_.member("_name", query_.name);
    for (int each = 0; each < objects + 1; ++each) out_.end_object();
  }
  void write_pattern(std::string_view kind, std::string_view field, const std::string& pattern,
                     bool ignores_case) {
    begin(kind, field).member("value", pattern);
    if (ignores_case) out_.member("case_insensitive", true);
    end(2);
  }
  void write_minimum(const std::optional<MinimumShouldMatch>& minimum) {
    if (minimum) out_.member("minimum_should_match", minimum->text);
  }
  void write_fuzzy(const FuzzyOptions& fuzzy) {
    const Fuzziness& how = fuzzy.fuzziness;
    out_.member("fuzziness", how.edits ? std::to_string(*how.edits)
                                       : fmt::format("AUTO:{},{}", how.low, how.high));
    out_.member("prefix_length", fuzzy.prefix_length)
        .member("max_expansions", fuzzy.max_expansions)
        .member("fuzzy_transpositions", fuzzy.transpositions);
  }
  void write_fields(const std::vector<BoostedField>& fields) {
    if (fields.empty()) return;
    out_.key("fields").begin_array();
    for (const BoostedField& each : fields) {
      out_.value(each.boost == 1 ? each.name : fmt::format("{}^{}", each.name, each.boost));
    }
    out_.end_array();
  }
  void write_clauses(std::string_view name, const std::vector<Query>& clauses) {
    if (clauses.empty()) return;
    out_.key(name).begin_array();
    for (const Query& each : clauses) write_query(out_, each);
    out_.end_array();
  }

  JsonWriter& out_;
  const Query& query_;
};

}  // namespace

void write_query(JsonWriter& out, const Query& query) {
  using Variant = std::decay_t<decltype(query.node)>::variant;
  std::visit(QueryWriter(out, query), static_cast<const Variant&>(query.node));
}

}  // namespace hornbeam::denorm::internal
