#include "hornbeam/search/query/shown_fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/value_format.h"
#include "hornbeam/search/mapping/source_values.h"
#include "hornbeam/search/query/field_patterns.h"

namespace hornbeam::search {
namespace {

using aggregation::ValueFormat;
using aggregation::ValueKind;

std::string text_json(std::string_view text) {
  std::string json;
  base::append_json_string(json, text);
  return json;
}

/// How the values of one field are written as JSON.
class FieldWriter {
 public:
  /// Throws query_reader::Refusal.
  FieldWriter(const std::string& name, const FieldMapping& field, const std::string& format)
      : field_(field), kind_(aggregation::kind_of(field.type)) {
    if (!format.empty() && !is_number(field.type)) {
      aggregation::refuse_argument(fmt::format(
          "Field [{}] of type [{}] doesn't support formats.", name,
          field.declared.empty() ? name_of(field.type) : std::string_view(field.declared)));
    }
    format_ = aggregation::format_of(kind_, &field, format, "");
  }

  /// A number as a column has it.
  std::string number(std::int64_t stored) const {
    if (field_.type == FieldType::kBoolean) return stored == 0 ? "false" : "true";
    if (format_.is_raw() || !is_number(field_.type)) return number_json(field_.type, stored);
    if (column_kind(field_.type) == ColumnKind::kDouble) {
      return text_json(format_.text(double_from_sortable(stored)));
    }
    return text_json(format_.text(stored));
  }

  /// A value of the source; none if it is none of the field's type.
  std::optional<std::string> source_value(const std::string& text, std::int64_t now) const {
    if (field_.type == FieldType::kIp) {
      const std::optional<std::string> term = ip_term(text);
      return term ? std::optional(text_json(ip_text(*term))) : std::nullopt;
    }
    if (field_.type == FieldType::kKeyword && field_.ignore_above &&
        count_characters(text) > *field_.ignore_above) {
      return std::nullopt;
    }
    if (!is_number(field_.type)) return text_json(text);
    if (kind_ == ValueKind::kDate) {
      const ValueFormat own = aggregation::format_of(kind_, &field_, "", "");
      const std::optional<double> date = own.read(text, now);
      return date ? std::optional(text_json(format_.text(*date))) : std::nullopt;
    }
    const std::optional<std::int64_t> stored = parse_number(field_.type, text);
    return stored ? std::optional(number(*stored)) : std::nullopt;
  }

 private:
  static std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
  }

  const FieldMapping& field_;
  ValueKind kind_;
  ValueFormat format_{};
};

std::string place_json(std::int64_t coded) {
  const Place place = Place::decoded(coded);
  return text_json(fmt::format("{}, {}", place.latitude, place.longitude));
}

std::vector<std::string> column_values(const Column& column, DocId doc, const std::string& name,
                                       const FieldMapping& field, const std::string& format) {
  const FieldWriter writer(name, field, format);
  std::vector<std::string> values;
  const auto [begin, end] = column.range(doc);
  for (std::size_t i = begin; i < end; ++i) {
    const std::int64_t value = column.value(i);
    if (field.type == FieldType::kGeoPoint) {
      values.push_back(place_json(value));
    } else if (column.kind() == ColumnKind::kKeyword) {
      const std::string_view term = column.term(static_cast<std::size_t>(value));
      values.push_back(text_json(field.type == FieldType::kIp ? ip_text(term) : term));
    } else {
      values.push_back(writer.number(value));
    }
  }
  return values;
}

bool is_stored(const FieldMapping& field) {
  const auto stored = field.others.find("store");
  return stored != field.others.end() && (stored->second == "true" || stored->second == "\"true\"");
}

std::vector<std::string> written_values(const SearchTarget& target, base::JsonView source,
                                        const std::string& name, const FieldMapping& field,
                                        const std::string& format) {
  const FieldWriter writer(name, field, format);
  std::vector<std::string> values;
  for (const std::string& text : source_values(*target.mapping, source, name)) {
    if (auto value = writer.source_value(text, 0)) values.push_back(*std::move(value));
  }
  return values;
}

}  // namespace

base::Result<void> add_column_values(const SearchTarget& target, const SnapshotPlace& place,
                                     std::span<const ShownField> fields, ShownValues& shown) {
  try {
    for (const ShownField& wanted : fields) {
      for (const std::string& name : fields_matching(*target.mapping, wanted.field)) {
        if (name == kSeqNoField) {
          shown[name] = {std::to_string(place.view.segment->seq_no(place.doc))};
        }
        // An alias shows the field that it names.
        const std::string_view own = target.mapping->target(name);
        const FieldMapping* const field = target.mapping->find(own);
        const Column* const column = place.view.segment->column(own);
        if (!field || !column || !column->has(place.doc)) continue;
        // An own format is "use_field_mapping" where clients still say so.
        const std::string format = wanted.format == "use_field_mapping" ? "" : wanted.format;
        shown[name] = column_values(*column, place.doc, name, *field, format);
      }
    }
  } catch (const query_reader::Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
  return {};
}

base::Result<void> add_source_values(const SearchTarget& target, base::JsonView source,
                                     std::span<const ShownField> fields, ShownValues& shown) {
  try {
    for (const ShownField& wanted : fields) {
      for (const std::string& name : fields_matching(*target.mapping, wanted.field)) {
        const FieldMapping* const field = target.mapping->find(name);
        if (!field || field->type == FieldType::kObject) continue;
        std::vector<std::string> values =
            written_values(target, source, name, *field, wanted.format);
        if (!values.empty()) shown[name] = std::move(values);
      }
    }
  } catch (const query_reader::Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
  return {};
}

void add_stored_values(const SearchTarget& target, base::JsonView source,
                       std::span<const std::string> patterns, ShownValues& shown) {
  for (const std::string& pattern : patterns) {
    if (pattern.starts_with('_')) continue;
    for (const std::string& name : fields_matching(*target.mapping, pattern)) {
      const FieldMapping* const field = target.mapping->find(name);
      if (!field || !is_stored(*field)) continue;
      std::vector<std::string> values = written_values(target, source, name, *field, "");
      if (!values.empty()) shown[name] = std::move(values);
    }
  }
}

}  // namespace hornbeam::search
