#pragma once

// What the numbers of a column mean, and how they are written in results: the one place that knows
// the types of fields.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/search/aggregation/date_format.h"
#include "hornbeam/search/aggregation/time_zone.h"
#include "hornbeam/search/mapping/mapping.h"

namespace hornbeam::search::aggregation {

/// What aggregations tell apart.
enum class ValueKind : std::uint8_t {
  kLong,
  kUnsigned,  ///< 64 bits without a sign.
  kDouble,
  kBoolean,
  kDate,
  kKeyword,
  kIp,     ///< Keywords too: the terms of addresses.
  kPlace,  ///< Points on Earth.
  kRange,  ///< Terms of ranges.
  kNone,   ///< Nothing that can be counted: an object, a text.
};

ValueKind kind_of(FieldType type) noexcept;
/// As "value_type" calls it: "long", "string", ...; none for other texts.
std::optional<ValueKind> find_value_type(std::string_view name) noexcept;
constexpr bool is_numeric(ValueKind kind) noexcept {
  return kind <= ValueKind::kDate;
}
/// Whether its values are terms, numbered by ordinals.
constexpr bool is_term(ValueKind kind) noexcept {
  return kind == ValueKind::kKeyword || kind == ValueKind::kIp;
}

/// How values are written: as numbers, or as a format says.
/// Thread: one at a time.
class ValueFormat {
 public:
  /// Numbers as they are.
  ValueFormat() = default;
  static ValueFormat boolean();
  static ValueFormat date(DateFormat format, TimeZone zone);
  /// "#,##0.00" and the like; none if it is no pattern.
  static std::optional<ValueFormat> decimal(std::string_view pattern);

  bool is_raw() const noexcept { return !printer_; }
  /// The value as text: what "key_as_string" and "value_as_string" have.
  std::string text(double value) const;
  std::string text(std::int64_t value) const;
  /// A value that was written so; `now` is for dates. None if it is none.
  std::optional<double> read(std::string_view text, Millis now) const;

  /// A value that was written so, as columns code those of the kind. None if it is none.
  /// Requires: `is_numeric(kind)`.
  std::optional<std::int64_t> read_coded(std::string_view text, ValueKind kind, Millis now) const;

  /// Of a format. Public for those in the .cc that derive from it.
  class Printer;

 private:
  explicit ValueFormat(std::shared_ptr<const Printer> printer) : printer_(std::move(printer)) {}
  std::shared_ptr<const Printer> printer_{};
};

/// The nearest whole number, as columns code it: with a sign, or as of unsigned longs.
std::int64_t whole_from_double(double value) noexcept;
std::int64_t unsigned_from_double(double value) noexcept;

/// How values of that kind are written; `format` and `zone` are what the request says, or empty.
/// `type` is how messages call the aggregation. Throws a Refusal.
ValueFormat format_of(ValueKind kind, const FieldMapping* field, std::string_view format,
                      std::string_view zone);
/// The zone; throws a Refusal if there is none. Empty: UTC.
TimeZone read_time_zone(std::string_view id);

}  // namespace hornbeam::search::aggregation
