#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "hornbeam/search/mapping/date_math.h"
#include "hornbeam/search/mapping/range_value.h"
#include "hornbeam/search/query/document_sets.h"
#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {
namespace {

/// Of the numbers of an integer type.
struct Limits {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

template <class Integer>
Limits limits_as() {
  return {.low = std::numeric_limits<Integer>::min(), .high = std::numeric_limits<Integer>::max()};
}

Limits limits_of(FieldType type) {
  switch (type) {
    case FieldType::kInteger:
      return limits_as<std::int32_t>();
    case FieldType::kShort:
      return limits_as<std::int16_t>();
    case FieldType::kByte:
      return limits_as<std::int8_t>();
    default:
      return {};
  }
}

bool is_integer(FieldType type) {
  return type == FieldType::kLong || type == FieldType::kInteger || type == FieldType::kShort ||
         type == FieldType::kByte;
}

/// The first whole number that a lower bound lets in (or the last one, of an upper bound), where
/// the value is no number of the field's type: it has a fraction, or is out of its range.
std::optional<std::int64_t> whole_bound(FieldType type, const std::string& value, bool is_lower) {
  double number = 0;
  const char* const end = value.data() + value.size();
  const auto found = std::from_chars(value.data(), end, number);
  if (found.ec != std::errc() || found.ptr != end || std::isnan(number)) return std::nullopt;
  const Limits limits = limits_of(type);
  const double whole = is_lower ? std::ceil(number) : std::floor(number);
  if (whole >= static_cast<double>(limits.high)) return limits.high;
  if (whole <= static_cast<double>(limits.low)) return limits.low;
  return static_cast<std::int64_t>(whole);
}

/// A moment that is written out to its end, which date math would cut to milliseconds.
std::optional<std::int64_t> exact_nanos(const std::string& text) {
  const std::size_t point = text.find('.');
  return point == std::string::npos ? std::nullopt : parse_date_nanos(text);
}

bool is_beyond(FieldType type, const std::string& value, bool is_lower) {
  double number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  const Limits limits = limits_of(type);
  return is_lower ? number > static_cast<double>(limits.high)
                  : number < static_cast<double>(limits.low);
}

std::string bound_text(const std::optional<RangeQuery::Bound>& bound) {
  return bound ? bound->value : "*";
}

std::string range_text(const RangeQuery& query) {
  const bool is_open = query.lower && !query.lower->is_included;
  const bool is_cut = query.upper && !query.upper->is_included;
  return fmt::format("{}:{}{} TO {}{}", query.field, is_open ? '{' : '[', bound_text(query.lower),
                     bound_text(query.upper), is_cut ? '}' : ']');
}

}  // namespace

PlanPtr Planner::plan_node(const RangeQuery& query, float boost) {
  const bool is_meta = query.field == kIdField;
  const FieldMapping* const field = context_.mapping.find(query.field);
  if (!is_meta && (!field || field->type == FieldType::kObject)) return plan_none();
  if (field && is_number(field->type)) return plan_number_range(query, *field, boost);
  if (field && is_range(field->type)) return plan_range_of_ranges(query, *field, boost);
  if (!context_.settings.allows_expensive_queries && (!field || field->type != FieldType::kIp)) {
    refuse("exception",
           "[range] queries on [text] or [keyword] fields cannot be executed when "
           "'search.allow_expensive_queries' is set to false.");
  }
  TermRange range;
  const auto term = [&](const RangeQuery::Bound& bound) {
    return field ? term_of(query.field, *field, bound.value) : bound.value;
  };
  if (query.lower) {
    range.lower = {.term = term(*query.lower), .is_included = query.lower->is_included};
  }
  if (query.upper) {
    range.upper = {.term = term(*query.upper), .is_included = query.upper->is_included};
  }
  const TermMatcher matcher = {
      .lower = range.lower ? range.lower->term : "",
      .upper = range.upper ? range.upper->term : "",
      .matches = [range](std::string_view term) { return range.has(term); }};
  const auto find = [name = query.field, range](const SegmentView& view) {
    return documents_in_range(view, name, range);
  };
  return plan_constant(
      plan_documents(find, {.text = range_text(query), .field = query.field, .matcher = matcher}),
      boost);
}

std::int64_t Planner::date_bound(const RangeQuery& query, const FieldMapping& field,
                                 const RangeQuery::Bound& bound, bool is_lower) const {
  // What is open in a date counts as within for "gte" and "lte", and as without for the others.
  const bool is_up = is_lower != bound.is_included;
  const std::string& format = query.format.empty() ? field.format : query.format;
  const bool is_exact = field.type == FieldType::kDateNanos && format.empty();
  if (const auto nanos = is_exact ? exact_nanos(bound.value) : std::nullopt) return *nanos;
  const auto date =
      parse_date_math(bound.value, is_up ? DateRounding::kUp : DateRounding::kDown,
                      {.now = context_.now, .time_zone = query.time_zone, .format = format});
  if (!date) throw Refusal{date.error()};
  if (field.type != FieldType::kDateNanos) return *date;
  // The last moment of a millisecond is that of its nanoseconds.
  constexpr std::int64_t kNanos = 1'000'000;
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max() / kNanos;
  return std::clamp<std::int64_t>(*date, 0, kLatest - 1) * kNanos + (is_up ? kNanos - 1 : 0);
}

PlanPtr Planner::plan_range_of_ranges(const RangeQuery& query, const FieldMapping& field,
                                      float boost) {
  RangeEnds wanted{.low = open_end(field.type, RangeEnd::kLow),
                   .high = open_end(field.type, RangeEnd::kHigh)};
  for (const RangeEnd end : {RangeEnd::kLow, RangeEnd::kHigh}) {
    const bool is_lower = end == RangeEnd::kLow;
    const std::optional<RangeQuery::Bound>& bound = is_lower ? query.lower : query.upper;
    if (!bound) continue;
    std::optional<std::string> term = field.type == FieldType::kDateRange
                                          ? number_term(date_bound(query, field, *bound, is_lower))
                                          : end_term(field.type, bound->value);
    if (!term) {
      refuse("query_shard_exception",
             fmt::format("failed to create query: For input string: \"{}\" (field [{}])",
                         bound->value, query.field));
    }
    if (!bound->is_included) term = next_inside(field.type, *term, end);
    if (!term) return plan_none();
    (is_lower ? wanted.low : wanted.high) = std::move(*term);
  }
  if (wanted.low > wanted.high) return plan_none();
  // Terms are in the order of their lower ends.
  TermMatcher matcher{.matches = [wanted, relation = query.relation](std::string_view term) {
    const std::string_view low = term.substr(0, term.size() / 2);
    const std::string_view high = term.substr(term.size() / 2);
    switch (relation) {
      case RangeRelation::kWithin:
        return low >= wanted.low && high <= wanted.high;
      case RangeRelation::kContains:
        return low <= wanted.low && high >= wanted.high;
      case RangeRelation::kIntersects:
        break;
    }
    return low <= wanted.high && high >= wanted.low;
  }};
  if (query.relation == RangeRelation::kWithin) matcher.lower = wanted.low;
  const bool contains = query.relation == RangeRelation::kContains;
  matcher.upper = (contains ? wanted.low : wanted.high) + std::string(wanted.high.size(), '\xff');
  return plan_matching(query.field, std::move(matcher), range_text(query), boost);
}

PlanPtr Planner::plan_number_range(const RangeQuery& query, const FieldMapping& field,
                                   float boost) {
  const auto bound_of = [&](const RangeQuery::Bound& bound, bool is_lower) {
    TermRange::Bound found{.is_included = bound.is_included};
    if (is_date(field.type)) {
      found.term = number_term(date_bound(query, field, bound, is_lower));
      return found;
    }
    const bool has_fraction = bound.value.find_first_of(".eE") != std::string::npos;
    if (is_integer(field.type) && (has_fraction || !parse_number(field.type, bound.value))) {
      if (const auto whole = whole_bound(field.type, bound.value, is_lower)) {
        found.term = number_term(*whole);
        // 2.5 is no value itself; 2.0 is.
        const auto exact = parse_number(FieldType::kDouble, bound.value);
        const bool is_whole = exact && double_from_sortable(*exact) == static_cast<double>(*whole);
        found.is_included = bound.is_included || !is_whole;
        return found;
      }
    }
    found.term = term_of(query.field, field, bound.value);
    return found;
  };
  TermRange range;
  for (const bool is_lower : {true, false}) {
    const std::optional<RangeQuery::Bound>& bound = is_lower ? query.lower : query.upper;
    if (!bound) continue;
    if (is_integer(field.type) && is_beyond(field.type, bound->value, is_lower)) return plan_none();
    (is_lower ? range.lower : range.upper) = bound_of(*bound, is_lower);
  }
  const auto find = [name = query.field, range = std::move(range)](const SegmentView& view) {
    return documents_in_range(view, name, range);
  };
  return plan_constant(plan_documents(find, {.text = range_text(query)}), boost);
}

}  // namespace hornbeam::search
