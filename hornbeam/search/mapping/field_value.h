#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/search/codec/column.h"

namespace hornbeam::search {

/// The types of Elasticsearch that a field may have.
enum class FieldType : std::uint8_t {
  kText,
  kKeyword,
  kLong,
  kInteger,
  kShort,
  kByte,
  kDouble,
  kFloat,
  kBoolean,
  kDate,
  kObject,
  kCompletion,
};

std::string_view name_of(FieldType type) noexcept;
std::optional<FieldType> find_field_type(std::string_view name) noexcept;

/// Whether its values are kept as numbers: all but texts, keywords, completions and objects.
bool is_number(FieldType type) noexcept;
ColumnKind column_kind(FieldType type) noexcept;

/// A value given as text, as a number of that type's column; none if it is no such value.
/// Requires: `is_number(type)`.
std::optional<std::int64_t> parse_number(FieldType type, std::string_view text);

/// Milliseconds since 1970 of "2024", "2024-02-29", "2024-02-29T12:00:00.250+01:00" and the like
/// ("strict_date_optional_time").
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace hornbeam::search
