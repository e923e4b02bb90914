#include "hornbeam/search/query/sort_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/value_format.h"
#include "hornbeam/search/nested/nested_documents.h"

namespace hornbeam::search {
namespace {

constexpr std::uint64_t kHighestBit = std::uint64_t{1} << 63;

bool is_special(std::string_view field) {
  return field == "_doc" || field == "_score";
}

/// The least or the greatest number, as all that have a value stand before those without.
template <class Number>
Number extreme(bool is_low) {
  using Limits = std::numeric_limits<Number>;
  if constexpr (Limits::has_infinity) {
    return is_low ? -Limits::infinity() : Limits::infinity();
  } else {
    return is_low ? Limits::min() : Limits::max();
  }
}

bool is_small_integer(FieldType type) {
  return type == FieldType::kInteger || type == FieldType::kShort || type == FieldType::kByte;
}

double to_double(const SortValue& value) {
  return std::visit(
      [](const auto& one) -> double {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(one)>>) {
          return static_cast<double>(one);
        } else {
          return 0;
        }
      },
      value);
}

/// The middle of `values`, which rise; of two in the middle what lies between them.
long double middle(const std::vector<long double>& values) {
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

double distance_between(const Place& a, const Place& b) noexcept {
  constexpr double kEarthRadius = 6'371'008.7714;
  constexpr double kRadian = std::numbers::pi / 180;
  const double north = a.latitude * kRadian;
  const double south = b.latitude * kRadian;
  const double east = (a.longitude - b.longitude) * kRadian;
  // The haversine formula.
  const double h =
      (1 - std::cos(north - south)) + std::cos(north) * std::cos(south) * (1 - std::cos(east));
  return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h / 2)));
}

base::Result<void> check_sort(const SortKey& key, const Mapping& mapping) {
  if (is_special(key.field)) return {};
  const FieldMapping* const field = mapping.find(key.field);
  if (!field) {
    const bool is_given = !key.unmapped_type.empty() || key.field.starts_with('_') ||
                          (key.distance && key.distance->ignores_unmapped);
    if (is_given) return {};
    return base::error(
        key.distance ? "illegal_argument_exception" : "query_shard_exception",
        key.distance
            ? fmt::format("failed to find mapper for [{}] for geo distance based sort", key.field)
            : fmt::format("No mapping found for [{}] in order to sort on", key.field));
  }
  if (key.distance && field->type != FieldType::kGeoPoint) {
    return base::error("illegal_argument_exception",
                       fmt::format("field [{}] isn't a geo point", key.field));
  }
  if (field->type == FieldType::kText && !field->has_fielddata) {
    return base::error(
        "illegal_argument_exception",
        fmt::format("Text fields are not optimised for operations that require per-document field "
                    "data like aggregations and sorting, so these operations are disabled by "
                    "default. Please use a keyword field instead. Alternatively, set "
                    "fielddata=true on [{}] in order to load field data by uninverting the "
                    "inverted index. Note that this can use significant memory.",
                    key.field));
  }
  if (field->type != FieldType::kText && field->type != FieldType::kObject && !field->has_column) {
    return base::error("illegal_argument_exception",
                       fmt::format("Can't load fielddata on [{}] because fielddata is unsupported "
                                   "on fields of type [{}]. Use doc values instead.",
                                   key.field, name_of(field->type)));
  }
  return {};
}

SortReader::SortReader(const SortKey& key, const Mapping& mapping,
                       std::shared_ptr<const NestedSortPlan> nested)
    : key_(key), field_(mapping.find(key.field)) {
  if (nested) nested_ = std::make_shared<NestedSortReader>(std::move(nested));
  if (field_) {
    type_ = field_->type;
  } else {
    type_ = find_field_type(key.unmapped_type).value_or(FieldType::kKeyword);
  }
  if (key.distance || key.field == "_score") {
    kind_ = Kind::kReal;
  } else if (type_ == FieldType::kUnsignedLong) {
    kind_ = Kind::kUnsigned;
  } else if (is_number(type_) || key.field.starts_with('_')) {
    kind_ = column_kind(type_) == ColumnKind::kDouble ? Kind::kReal : Kind::kInteger;
  }
  if (key.field == "_id" || key.field == "_index") kind_ = Kind::kKeyword;
  if (key.numeric_type == "double" && kind_ != Kind::kKeyword) kind_ = Kind::kReal;
  if (key.numeric_type == "long" && kind_ == Kind::kReal) kind_ = Kind::kInteger;
  missing_ = missing();
}

SortValue SortReader::missing() const {
  if (is_special(key_.field)) return {};
  if (!key_.missing.empty()) return parsed_text(key_.missing).value_or(SortValue());
  const bool is_low = key_.is_missing_first != key_.is_descending;
  if (kind_ == Kind::kReal) return extreme<double>(is_low);
  if (kind_ == Kind::kUnsigned) return extreme<std::uint64_t>(is_low);
  if (kind_ == Kind::kKeyword) return {};
  if (is_small_integer(type_)) return std::int64_t{extreme<std::int32_t>(is_low)};
  return extreme<std::int64_t>(is_low);
}

SortValue SortReader::number(std::int64_t stored) const {
  const bool is_real = column_kind(type_) == ColumnKind::kDouble;
  if (kind_ == Kind::kUnsigned) return static_cast<std::uint64_t>(stored) ^ kHighestBit;
  if (kind_ == Kind::kReal)
    return is_real ? double_from_sortable(stored) : number_value(type_, stored);
  return is_real ? static_cast<std::int64_t>(double_from_sortable(stored)) : stored;
}

SortValue SortReader::combined(std::span<const std::int64_t> values) const {
  // Of an even number of values the two in the middle make the median.
  if (key_.mode == SortMode::kMedian) {
    values = values.subspan((values.size() - 1) / 2, values.size() % 2 == 1 ? 1 : 2);
  }
  const std::size_t count = values.size();
  const bool is_sum = key_.mode == SortMode::kSum;
  if (kind_ == Kind::kReal) {
    double total = 0;
    for (const std::int64_t value : values) total += to_double(number(value));
    return is_sum ? total : total / static_cast<double>(count);
  }
  // Sums go round at 64 bits, as theirs do.
  std::uint64_t total = 0;
  for (const std::int64_t stored : values) {
    const SortValue value = number(stored);
    const auto* const whole = std::get_if<std::int64_t>(&value);
    total += whole ? static_cast<std::uint64_t>(*whole) : std::get<std::uint64_t>(value);
  }
  if (kind_ == Kind::kUnsigned) {
    const std::uint64_t rest = total % count;
    return is_sum ? total : total / count + (2 * rest >= count ? 1 : 0);
  }
  const auto whole = static_cast<std::int64_t>(total);
  if (is_sum || count == 1) return whole;
  // As Java rounds a double: a half goes up.
  const double rounded = std::floor(static_cast<double>(whole) / static_cast<double>(count) + 0.5);
  return static_cast<std::int64_t>(rounded);
}

SortValue SortReader::distance(const Column& column, std::span<const DocId> docs) const {
  std::vector<long double> metres;
  for (const DocId doc : docs) {
    const auto [begin, end] = column.range(doc);
    for (std::size_t i = begin; i < end; ++i) {
      const Place place = Place::decoded(column.value(i));
      for (const Place& point : key_.distance->points) {
        metres.push_back(distance_between(place, point));
      }
    }
  }
  if (metres.empty()) return missing_;
  std::ranges::sort(metres);
  long double made = key_.is_descending ? metres.back() : metres.front();
  if (key_.mode == SortMode::kMin) made = metres.front();
  if (key_.mode == SortMode::kMax) made = metres.back();
  if (key_.mode == SortMode::kSum || key_.mode == SortMode::kAverage) {
    made = std::accumulate(metres.begin(), metres.end(), 0.0L);
  }
  if (key_.mode == SortMode::kAverage) made /= static_cast<long double>(metres.size());
  if (key_.mode == SortMode::kMedian) made = middle(metres);
  return static_cast<double>(made) / key_.distance->unit;
}

bool SortReader::is_made_of_several() const {
  return key_.mode != SortMode::kDefault && key_.mode != SortMode::kMin &&
         key_.mode != SortMode::kMax && kind_ != Kind::kKeyword;
}

bool SortReader::is_greatest() const {
  return key_.mode == SortMode::kMax || (key_.mode != SortMode::kMin && key_.is_descending);
}

SortValue SortReader::chosen(const Column& column, std::int64_t value) const {
  if (column.kind() != ColumnKind::kKeyword) return number(value);
  return std::string(column.term(static_cast<std::size_t>(value)));
}

SortValue SortReader::nested_value(const Segment& segment, DocId doc) const {
  const Segment* const nested = nested_ ? nested_->open(segment) : nullptr;
  const Column* const column = nested ? nested->column(key_.field) : nullptr;
  if (!column) return missing_;
  const std::vector<DocId> objects = nested_->objects(doc);
  if (key_.distance) return distance(*column, objects);
  std::vector<std::int64_t> values;
  for (const DocId object : objects) {
    const auto [begin, end] = column->range(object);
    for (std::size_t i = begin; i < end; ++i) values.push_back(column->value(i));
  }
  if (values.empty()) return missing_;
  std::ranges::sort(values);
  if (is_made_of_several() && values.size() > 1) return combined(values);
  return chosen(*column, is_greatest() ? values.back() : values.front());
}

SortValue SortReader::value(const Segment& segment, DocId doc, DocId base, Scorer& scorer) const {
  if (key_.field == "_doc") return std::int64_t{base} + doc;
  if (key_.field == "_score") return double{scorer.score()};
  if (key_.field == "_id") return root_of(segment, doc).id();
  if (key_.nested) return nested_value(segment, doc);
  const Column* const column = segment.column(key_.field);
  if (!column || !column->has(doc)) return missing_;
  if (key_.distance) return distance(*column, {&doc, 1});
  const auto [begin, end] = column->range(doc);
  if (is_made_of_several() && end - begin > 1) {
    std::vector<std::int64_t> values;
    for (std::size_t i = begin; i < end; ++i) values.push_back(column->value(i));
    return combined(values);
  }
  return chosen(*column, column->value(is_greatest() ? end - 1 : begin));
}

base::Result<SortValue> SortReader::parsed_text(const std::string& text) const {
  const auto refuse = [&] {
    return base::error(
        "illegal_argument_exception",
        fmt::format("Failed to parse search_after value for field [{}].", key_.field));
  };
  if (kind_ == Kind::kKeyword) {
    if (type_ != FieldType::kIp) return SortValue(text);
    const std::optional<std::string> term = ip_term(text);
    return term ? base::Result<SortValue>(*term) : refuse();
  }
  if (kind_ == Kind::kReal) {
    double real = 0;
    const char* const end = text.data() + text.size();
    const bool is_infinite = text == "Infinity" || text == "-Infinity";
    if (is_infinite) return SortValue(extreme<double>(text.starts_with('-')));
    const auto read = std::from_chars(text.data(), end, real);
    if (read.ec != std::errc() || read.ptr != end) return refuse();
    return SortValue(real);
  }
  const auto whole = [&]<class Number>(Number number) -> base::Result<SortValue> {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return refuse();
    return SortValue(number);
  };
  if (kind_ == Kind::kUnsigned) return whole(std::uint64_t{});
  if (type_ == FieldType::kDate) {
    try {
      const aggregation::ValueFormat format =
          aggregation::format_of(aggregation::kind_of(type_), field_, key_.format, "");
      if (const auto date = format.read(text, 0))
        return SortValue(static_cast<std::int64_t>(*date));
    } catch (const query_reader::Refusal& refusal) {
      return std::unexpected(refusal.error);
    }
  }
  const std::optional<std::int64_t> stored =
      is_number(type_) ? parse_number(type_, text) : std::nullopt;
  if (stored && column_kind(type_) == ColumnKind::kInteger) return SortValue(*stored);
  return whole(std::int64_t{});
}

base::Result<SortValue> SortReader::parsed(const SortValue& given) const {
  if (std::holds_alternative<std::monostate>(given)) return missing_;
  if (is_special(key_.field)) return given;
  if (const auto* const text = std::get_if<std::string>(&given)) return parsed_text(*text);
  if (kind_ == Kind::kReal) return SortValue(to_double(given));
  const auto* const real = std::get_if<double>(&given);
  if (kind_ == Kind::kKeyword) {
    return std::visit(
        [](const auto& one) -> SortValue {
          if constexpr (std::is_arithmetic_v<std::decay_t<decltype(one)>>) {
            return fmt::format("{}", one);
          } else {
            return one;
          }
        },
        given);
  }
  if (real) return parsed_text(fmt::format("{:.0f}", std::trunc(*real)));
  const auto* const whole = std::get_if<std::int64_t>(&given);
  if (kind_ == Kind::kUnsigned && whole) {
    return SortValue(static_cast<std::uint64_t>(std::max<std::int64_t>(*whole, 0)));
  }
  return given;
}

SortValue SortReader::shown(SortValue value) const {
  if (const auto* const term = std::get_if<std::string>(&value);
      term && type_ == FieldType::kIp && field_) {
    return ip_text(*term);
  }
  const auto* const date = std::get_if<std::int64_t>(&value);
  if (!date || key_.format.empty() || !is_number(type_)) return value;
  try {
    return aggregation::format_of(aggregation::kind_of(type_), field_, key_.format, "").text(*date);
  } catch (const query_reader::Refusal&) {
    return value;  // A format for no field of this index.
  }
}

}  // namespace hornbeam::search
