#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
  kHalfFloat,
  kScaledFloat,
  kUnsignedLong,  ///< Its column holds the number with its highest bit turned over.
  kIp,            ///< Its terms are sixteen bytes, see `ip_term`.
  kGeoPoint,      ///< Its column holds `Place`s.
  kBinary,
  kDateNanos,  ///< Its column holds nanoseconds since 1970.
  kIntegerRange,
  kLongRange,
  kFloatRange,
  kDoubleRange,
  kDateRange,
  kIpRange,     ///< As of all ranges its terms are those of `range_term`.
  kTokenCount,  ///< An integer: how many tokens an analyzer makes of a text.
  kAlias,       ///< Another name of a field.
};

std::string_view name_of(FieldType type) noexcept;
std::optional<FieldType> find_field_type(std::string_view name) noexcept;

/// Whether its values are kept as numbers that can be compared.
bool is_number(FieldType type) noexcept;
/// Whether its values are ranges.
bool is_range(FieldType type) noexcept;
/// Whether its values are moments.
constexpr bool is_date(FieldType type) noexcept {
  return type == FieldType::kDate || type == FieldType::kDateNanos;
}
ColumnKind column_kind(FieldType type) noexcept;

/// A value given as text, as a number of that type's column; none if it is no such value.
/// Requires: `is_number(type)`.
std::optional<std::int64_t> parse_number(FieldType type, std::string_view text);

/// A number of a column as the number that it stands for, to be computed with; milliseconds of all
/// dates.
double number_value(FieldType type, std::int64_t stored) noexcept;
/// The number of a column as JSON, such as 18446744073709551615 of an unsigned long.
std::string number_json(FieldType type, std::int64_t stored);

/// The term of an address, IPv4 or IPv6: sixteen bytes whose order is that of the addresses.
std::optional<std::string> ip_term(std::string_view text);
/// The first and the last address of a network, such as "10.0.0.0/8", as texts.
std::optional<std::pair<std::string, std::string>> ip_network(std::string_view text);
/// The shortest text of an address. Requires: `term` is one.
std::string ip_text(std::string_view term);

/// A place on Earth, in degrees.
struct Place {
  double latitude = 0;
  double longitude = 0;

  /// As a number of a column, exact to a centimetre.
  std::int64_t coded() const noexcept;
  static Place decoded(std::int64_t coded) noexcept;
};
/// "LAT,LON", "POINT(LON LAT)" or a geohash.
std::optional<Place> parse_place(std::string_view text);

/// Milliseconds since 1970 of "2024", "2024-02-29", "2024-02-29T12:00:00.250+01:00" and the like
/// ("strict_date_optional_time").
std::optional<std::int64_t> parse_date(std::string_view text);
/// Nanoseconds since 1970 of the same texts; none for those that a 64-bit number cannot hold.
std::optional<std::int64_t> parse_date_nanos(std::string_view text);
/// The milliseconds that a moment in nanoseconds lies in.
constexpr std::int64_t millis_of_nanos(std::int64_t nanos) noexcept {
  constexpr std::int64_t kNanosPerMilli = 1'000'000;
  return nanos / kNanosPerMilli - (nanos % kNanosPerMilli < 0 ? 1 : 0);
}

}  // namespace hornbeam::search
