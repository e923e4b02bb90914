#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/mapping/date_math.h"
#include "hornbeam/search/mapping/meta_fields.h"
#include "hornbeam/search/node/settings.h"
#include "hornbeam/search/query/base64.h"
#include "hornbeam/search/query/document_sets.h"
#include "hornbeam/search/query/planner_nodes.h"
#include "hornbeam/search/query/roaring_bitmap.h"
#include "hornbeam/search/score/covering_plan.h"

namespace hornbeam::search {
namespace {

/// Fields beside those of the mapping whose terms are found as they are.
bool is_meta_term(std::string_view field) {
  return field == kIdField || field == kRoutingField || field == kIgnoredField;
}

}  // namespace

std::int64_t Planner::number_of(const std::string& name, const FieldMapping& field,
                                const std::string& value) const {
  if (is_date(field.type)) {
    const RangeQuery::Bound bound{.value = value};
    return date_bound({.field = name}, field, bound, true);
  }
  const std::optional<std::int64_t> number = parse_number(field.type, value);
  if (number) return *number;
  if (field.type == FieldType::kBoolean) {
    refuse("illegal_argument_exception",
           fmt::format("Can't parse boolean value [{}], expected [true] or [false]", value));
  }
  refuse("query_shard_exception",
         fmt::format("failed to create query: For input string: \"{}\" (field [{}])", value, name));
}

std::string Planner::term_of(const std::string& name, const FieldMapping& field,
                             const std::string& value) const {
  if (field.type == FieldType::kIp) {
    const std::optional<std::string> term = ip_term(value);
    if (!term) {
      refuse("illegal_argument_exception", fmt::format("'{}' is not an IP string literal.", value));
    }
    return *term;
  }
  return is_number(field.type) ? number_term(number_of(name, field, value))
                               : field.normalized(value);
}

PlanPtr Planner::plan_node(const TermQuery& query, float boost) {
  const std::string text = fmt::format("{}:{}", query.field, query.value);
  if (is_meta_term(query.field)) return plan_any_of(query.field, {query.value}, boost, text);
  if (query.field == kIndexField) return plan_index({query.value}, boost);
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field || field->type == FieldType::kObject) return plan_none();
  if (is_date(field->type) || is_range(field->type)) {
    // "2024" is all of the year; a range has all values that lie in it.
    const RangeQuery::Bound bound{.value = query.value};
    return plan_node(RangeQuery{.field = query.field, .lower = bound, .upper = bound}, boost);
  }
  if (const auto network = field->type == FieldType::kIp ? ip_network(query.value) : std::nullopt) {
    return plan_node(RangeQuery{.field = query.field,
                                .lower = RangeQuery::Bound{.value = network->first},
                                .upper = RangeQuery::Bound{.value = network->second}},
                     boost);
  }
  if (is_number(field->type) || field->type == FieldType::kIp) {
    return plan_any_of(query.field, {term_of(query.field, *field, query.value)}, boost,
                       fmt::format("{0}:[{1} TO {1}]", query.field, query.value));
  }
  if (query.ignores_case) {
    return plan_matching(query.field,
                         match_exactly(field->normalized(query.value), LetterCase::kIgnored), text,
                         boost);
  }
  const std::string value = field->normalized(query.value);
  if (!field->is_indexed) return plan_any_of(query.field, {value}, boost, text);
  return plan_term(context_.snapshot, query.field, value, boost, context_.bm25);
}

PlanPtr Planner::plan_node(const TermsQuery& query, float boost) {
  if (query.lookup) {
    if (!context_.find_terms) {
      refuse("illegal_argument_exception", "[terms] lookups are not possible here");
    }
    base::Result<std::vector<std::string>> values = context_.find_terms(*query.lookup);
    if (!values) throw Refusal{values.error()};
    return plan_node(
        TermsQuery{
            .field = query.field, .values = std::move(*values), .is_bitmap = query.is_bitmap},
        boost);
  }
  if (query.is_bitmap) return plan_bitmap(query, boost);
  const std::size_t most = context_.settings.max_terms_count;
  if (query.values.size() > most) {
    refuse("illegal_argument_exception",
           fmt::format("The number of terms [{}] used in the Terms Query request has exceeded the "
                       "allowed maximum of [{}]. This maximum can be set by changing the "
                       "[index.max_terms_count] index level setting.",
                       query.values.size(), most));
  }
  std::string text = fmt::format("{}:({})", query.field, fmt::join(query.values, " "));
  if (is_meta_term(query.field)) return plan_any_of(query.field, query.values, boost, text);
  if (query.field == kIndexField) return plan_index(query.values, boost);
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field || field->type == FieldType::kObject) return plan_none();
  const bool has_network =
      field->type == FieldType::kIp &&
      std::ranges::any_of(query.values, [](const auto& one) { return one.contains('/'); });
  if (is_range(field->type) || has_network) {
    std::vector<PlanPtr> each;
    for (const std::string& value : query.values) {
      each.push_back(plan_node(TermQuery{.field = query.field, .value = value}, boost));
    }
    return plan_constant(plan_bool({.should = std::move(each), .minimum_should_match = 1}), boost);
  }
  std::vector<std::string> terms;
  terms.reserve(query.values.size());
  for (const std::string& value : query.values) {
    terms.push_back(term_of(query.field, *field, value));
  }
  return plan_any_of(query.field, std::move(terms), boost, std::move(text));
}

PlanPtr Planner::plan_bitmap(const TermsQuery& query, float boost) {
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!field) return plan_none();
  if (!is_number(field->type) || column_kind(field->type) != ColumnKind::kInteger) {
    refuse("illegal_argument_exception",
           fmt::format("Field [{}] of type [{}] does not support bitmap queries", query.field,
                       name_of(field->type)));
  }
  std::vector<RoaringBitmap> bitmaps;
  for (const std::string& value : query.values) {
    const std::optional<std::string> bytes = decode_base64(value);
    auto bitmap =
        bytes ? RoaringBitmap::read(*bytes, field->type == FieldType::kLong) : std::nullopt;
    if (!bitmap) {
      refuse("illegal_argument_exception", "Failed to deserialize the bitmap.");
    }
    bitmaps.push_back(std::move(*bitmap));
  }
  const auto find = [name = query.field, bitmaps = std::move(bitmaps)](const SegmentView& view) {
    std::vector<DocId> docs;
    const Column* const column = view.segment->column(name);
    for (DocId doc = 0; column && doc < view.segment->doc_count(); ++doc) {
      const auto [begin, end] = column->range(doc);
      bool is_found = false;
      for (std::size_t i = begin; i < end && !is_found; ++i) {
        const auto number = static_cast<std::uint64_t>(column->value(i));
        is_found = std::ranges::any_of(
            bitmaps, [number](const RoaringBitmap& one) { return one.contains(number); });
      }
      if (is_found) docs.push_back(doc);
    }
    return docs;
  };
  return plan_constant(plan_documents(find, {.text = fmt::format("{}:(bitmap)", query.field)}),
                       boost);
}

PlanPtr Planner::plan_any_of(std::string field, std::vector<std::string> terms, float boost,
                             std::string text) {
  std::ranges::sort(terms);
  const auto repeated = std::ranges::unique(terms);
  terms.erase(repeated.begin(), repeated.end());
  const auto all = std::make_shared<const std::vector<std::string>>(std::move(terms));
  const TermMatcher matcher = {
      .lower = all->empty() ? "" : all->front(),
      .upper = all->empty() ? "" : all->back(),
      .matches = [all](std::string_view term) { return std::ranges::binary_search(*all, term); }};
  const auto find = [field, all](const SegmentView& view) {
    return documents_of_terms(view, field, *all);
  };
  return plan_constant(
      plan_documents(find, {.text = std::move(text), .field = field, .matcher = matcher}), boost);
}

PlanPtr Planner::plan_index(const std::vector<std::string>& names, float boost) const {
  const bool is_named = std::ranges::any_of(
      names, [this](const std::string& name) { return matches_pattern(name, context_.index); });
  return is_named ? plan_constant(plan_all(), boost) : plan_none();
}

PlanPtr Planner::plan_node(const ExistsQuery& query, float boost) {
  if (query.field == kIdField || query.field == kIndexField || query.field == kSeqNoField) {
    return plan_constant(plan_all(), boost);
  }
  if (query.field == kSourceField) {
    refuse("query_shard_exception", "The _source field is not searchable");
  }
  if (query.field == kFieldNamesField) {
    refuse("query_shard_exception", "Cannot run exists query on _field_names");
  }
  const auto find = [field = query.field](const SegmentView& view) {
    return documents_with(view, field);
  };
  std::string text = fmt::format("ConstantScore(FieldExistsQuery [field={}])", query.field);
  return plan_constant(plan_documents(find, {.text = std::move(text)}), boost);
}

PlanPtr Planner::plan_node(const IdsQuery& query, float boost) {
  return plan_any_of(std::string(kIdField), query.ids, boost,
                     fmt::format("_id:({})", fmt::join(query.ids, " ")));
}

PlanPtr Planner::plan_node(const TermsSetQuery& query, float boost) {
  check_clause_count(query.values.size());
  if (!context_.mapping.find(query.field)) return plan_none();
  std::vector<PlanPtr> clauses;
  for (const std::string& value : query.values) {
    clauses.push_back(plan_node(TermQuery{.field = query.field, .value = value}, boost));
  }
  const FieldMapping* const minimum = context_.mapping.find(query.minimum_should_match_field);
  if (!minimum) {
    refuse("query_shard_exception", fmt::format("failed to find minimum_should_match field [{}]",
                                                query.minimum_should_match_field));
  }
  return plan_covering(std::move(clauses), query.minimum_should_match_field);
}

}  // namespace hornbeam::search
