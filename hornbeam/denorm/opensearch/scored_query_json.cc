#include <fmt/format.h>

#include "hornbeam/denorm/internal/query_json.h"

namespace hornbeam::denorm::internal {

using namespace search;
using base::JsonWriter;

namespace {

using Kind = IntervalRule::Kind;
using Order = IntervalRule::Order;

/// How a number becomes text: the shortest that is read as the same number.
std::string text_of(double number) {
  return fmt::format("{}", number);
}

void write_rule(JsonWriter& out, const IntervalRule& rule);

void write_rules(JsonWriter& out, std::string_view name, const std::vector<IntervalRule>& rules,
                 void (*write)(JsonWriter& out, const IntervalRule& rule)) {
  out.key(name).begin_array();
  for (const IntervalRule& each : rules) write(out, each);
  out.end_array();
}

void write_filter(JsonWriter& out, const IntervalFilter& filter) {
  constexpr const char* kRelations[] = {
      "after",       "before",         "containing",       "contained_by",
      "overlapping", "not_containing", "not_contained_by", "not_overlapping"};
  out.key("filter").begin_object();
  out.key(kRelations[static_cast<int>(filter.relation)]);
  write_rule(out, *filter.rule);
  out.end_object();
}

void write_order(JsonWriter& out, const IntervalRule& rule) {
  if (rule.order == Order::kOneBehindTheOther) out.member("ordered", true);
  if (rule.order == Order::kAnyWithoutOverlap) out.member("mode", "unordered_no_overlap");
  if (rule.max_gaps) out.member("max_gaps", *rule.max_gaps);
}

/// The member that a rule is, by its kind.
void write_rule_member(JsonWriter& out, const IntervalRule& rule) {
  // A single term is a text that is not analyzed.
  constexpr std::pair<const char*, const char*> kNames[] = {
      {"match", "query"},    {"match", "query"}, {"prefix", "prefix"},    {"wildcard", "pattern"},
      {"regexp", "pattern"}, {"fuzzy", "term"},  {"all_of", "intervals"}, {"any_of", "intervals"}};
  const auto [kind, text] = kNames[static_cast<int>(rule.kind)];
  out.key(kind).begin_object();
  if (rule.kind == Kind::kAllOf || rule.kind == Kind::kAnyOf) {
    write_rules(out, text, rule.rules, &write_rule);
  } else {
    out.member(text, rule.text);
    const bool is_term = rule.kind == Kind::kTerm;
    if (is_term || !rule.analyzer.empty()) {
      out.member("analyzer", is_term ? "keyword" : rule.analyzer);
    }
    if (!rule.field.empty()) out.member("use_field", rule.field);
    if (rule.ignores_case) out.member("case_insensitive", true);
  }
  if (rule.kind == Kind::kFuzzy) {
    write_fuzzy(out, rule.fuzzy, {.max_expansions = {}, .transpositions = "transpositions"});
  }
  write_order(out, rule);
  if (rule.filter) write_filter(out, *rule.filter);
  out.end_object();
}

void write_rule(JsonWriter& out, const IntervalRule& rule) {
  out.begin_object();
  write_rule_member(out, rule);
  out.end_object();
}

void write_span(JsonWriter& out, const IntervalRule& rule);

/// One span that another one limits: two span queries in one.
void write_limited_span(JsonWriter& out, const IntervalRule& rule) {
  const IntervalFilter& filter = *rule.filter;
  const bool is_not = filter.relation == IntervalRelation::kNotOverlapping;
  const bool is_within = filter.relation == IntervalRelation::kContainedBy;
  out.begin_object().key(is_not ? "span_not" : is_within ? "span_within" : "span_containing");
  out.begin_object().key(is_not ? "include" : is_within ? "little" : "big");
  write_span(out, rule.rules.front());
  out.key(is_not ? "exclude" : is_within ? "big" : "little");
  write_span(out, *filter.rule);
  if (is_not) out.member("pre", filter.after).member("post", filter.before);
  out.end_object().end_object();
}

/// A term, or what stands for many.
void write_leaf_span(JsonWriter& out, const IntervalRule& rule) {
  const bool is_term = rule.kind == Kind::kTerm || rule.kind == Kind::kMatch;
  constexpr const char* kKinds[] = {"", "", "prefix", "wildcard", "regexp", "fuzzy", "", ""};
  out.begin_object();
  if (is_term) {
    out.key("span_term").begin_object();
  } else {
    out.key("span_multi").begin_object().key("match").begin_object();
    out.key(kKinds[static_cast<int>(rule.kind)]).begin_object();
  }
  out.key(rule.field).begin_object().member("value", rule.text);
  if (rule.ignores_case) out.member("case_insensitive", true);
  if (rule.kind == Kind::kFuzzy) {
    write_fuzzy(out, rule.fuzzy, {.transpositions = "transpositions"});
  }
  out.end_object().end_object();
  if (!is_term) out.end_object().end_object();
  out.end_object();
}

/// A rule that was read from a span query, as that query.
void write_span(JsonWriter& out, const IntervalRule& rule) {
  if (rule.filter) return write_limited_span(out, rule);
  if (rule.max_end) {
    out.begin_object().key("span_first").begin_object().key("match");
    write_span(out, rule.rules.front());
    out.member("end", *rule.max_end).end_object().end_object();
    return;
  }
  if (rule.kind != Kind::kAllOf && rule.kind != Kind::kAnyOf) return write_leaf_span(out, rule);
  const bool is_near = rule.kind == Kind::kAllOf;
  out.begin_object().key(is_near ? "span_near" : "span_or").begin_object();
  write_rules(out, "clauses", rule.rules, &write_span);
  if (is_near) {
    out.member("slop", rule.max_gaps.value_or(0));
    out.member("in_order", rule.order == Order::kOneBehindTheOther);
  }
  out.end_object().end_object();
}

void write_function(JsonWriter& out, const FieldValueFactor& factor) {
  constexpr const char* kModifiers[] = {"none", "log",  "log1p",  "log2p", "ln",
                                        "ln1p", "ln2p", "square", "sqrt",  "reciprocal"};
  out.key("field_value_factor").begin_object().member("field", factor.field);
  out.member("factor", factor.factor);
  out.member("modifier", std::string_view(kModifiers[static_cast<int>(factor.modifier)]));
  if (factor.missing) out.member("missing", *factor.missing);
  out.end_object();
}

void write_function(JsonWriter& out, const RandomScore& random) {
  out.key("random_score").begin_object().member("seed", random.seed);
  if (!random.field.empty()) out.member("field", random.field);
  out.end_object();
}

void write_function(JsonWriter& out, const DecayFunction& decay) {
  constexpr const char* kShapes[] = {"gauss", "exp", "linear"};
  constexpr const char* kSeveral[] = {"min", "max", "avg", "sum"};
  out.key(kShapes[static_cast<int>(decay.shape)]).begin_object();
  out.key(decay.field).begin_object();
  if (decay.origin) out.member("origin", *decay.origin);
  out.member("scale", decay.scale).member("offset", decay.offset).member("decay", decay.decay);
  out.end_object();
  out.member("multi_value_mode", std::string_view(kSeveral[static_cast<int>(decay.several)]));
  out.end_object();
}

void write_function(JsonWriter& /*out*/, const std::monostate& /*none*/) {}

}  // namespace

void write_place(JsonWriter& out, const Place& place) {
  out.begin_object().member("lat", place.latitude).member("lon", place.longitude).end_object();
}

void QueryWriter::operator()(const IntervalQuery& intervals) {
  if (intervals.scoring == IntervalQuery::Scoring::kBm25) {
    const bool is_plain = query_.boost == 1 && query_.name.empty();
    if (is_plain) return write_span(out_, intervals.rule);
    // Spans inside of spans say nothing of a boost: it stands around all of them.
    begin("bool").key("must").begin_array();
    write_span(out_, intervals.rule);
    out_.end_array();
    return end(1);
  }
  begin("intervals", intervals.field);
  write_rule_member(out_, intervals.rule);
  end(2);
}

void QueryWriter::operator()(const BoostingQuery& boosting) {
  begin("boosting").key("positive");
  write_query(out_, *boosting.positive);
  out_.key("negative");
  write_query(out_, *boosting.negative);
  out_.member("negative_boost", boosting.negative_boost);
  end(1);
}

void QueryWriter::operator()(const FunctionScoreQuery& scored) {
  constexpr const char* kScoreModes[] = {"multiply", "sum", "avg", "first", "max", "min"};
  constexpr const char* kBoostModes[] = {"multiply", "replace", "sum", "avg", "max", "min"};
  begin("function_score");
  if (scored.query) {
    out_.key("query");
    write_query(out_, *scored.query);
  }
  if (!scored.functions.empty()) out_.key("functions").begin_array();
  for (const FunctionScoreQuery::Function& each : scored.functions) {
    out_.begin_object();
    if (each.filter) {
      out_.key("filter");
      write_query(out_, *each.filter);
    }
    std::visit([this](const auto& function) { write_function(out_, function); }, each.function);
    if (each.weight) out_.member("weight", *each.weight);
    out_.end_object();
  }
  if (!scored.functions.empty()) out_.end_array();
  out_.member("score_mode", std::string_view(kScoreModes[static_cast<int>(scored.score_mode)]));
  out_.member("boost_mode", std::string_view(kBoostModes[static_cast<int>(scored.boost_mode)]));
  if (scored.max_boost) out_.member("max_boost", *scored.max_boost);
  if (scored.min_score) out_.member("min_score", *scored.min_score);
  end(1);
}

void QueryWriter::operator()(const GeoDistanceQuery& distance) {
  begin("geo_distance").member("distance", text_of(distance.metres) + "m");
  out_.key(distance.field);
  write_place(out_, distance.center);
  if (distance.ignores_unmapped) out_.member("ignore_unmapped", true);
  end(1);
}

void QueryWriter::operator()(const GeoBoundingBoxQuery& box) {
  begin("geo_bounding_box").key(box.field).begin_object();
  out_.member("top", box.top).member("left", box.left);
  out_.member("bottom", box.bottom).member("right", box.right).end_object();
  if (box.ignores_unmapped) out_.member("ignore_unmapped", true);
  end(1);
}

void QueryWriter::operator()(const DistanceFeatureQuery& feature) {
  begin("distance_feature").member("field", feature.field);
  if (feature.place) {
    out_.key("origin");
    write_place(out_, *feature.place);
  } else {
    out_.member("origin", feature.origin);
  }
  out_.member("pivot", feature.pivot);
  end(1);
}

}  // namespace hornbeam::denorm::internal
