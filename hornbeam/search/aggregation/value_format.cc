#include "hornbeam/search/aggregation/value_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <unicode/decimfmt.h>

#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/parameters.h"

namespace hornbeam::search::aggregation {

class ValueFormat::Printer {
 public:
  virtual ~Printer() = default;
  virtual std::string print(double value) const = 0;
  virtual std::string print(std::int64_t value) const = 0;
  virtual std::optional<double> read(std::string_view text, Millis now) const = 0;
};

namespace {

std::optional<double> read_double(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

class BooleanPrinter final : public ValueFormat::Printer {
 public:
  std::string print(double value) const override { return value == 0 ? "false" : "true"; }
  std::string print(std::int64_t value) const override { return value == 0 ? "false" : "true"; }
  std::optional<double> read(std::string_view text, Millis) const override {
    if (text == "true") return 1;
    if (text == "false") return 0;
    return read_double(text);
  }
};

class DatePrinter final : public ValueFormat::Printer {
 public:
  DatePrinter(DateFormat format, TimeZone zone)
      : format_(std::move(format)), zone_(std::move(zone)) {}
  std::string print(double value) const override {
    constexpr double kLatest = 9e15;
    if (!(std::abs(value) < kLatest)) return java_double(value);
    return format_.write(static_cast<Millis>(value), zone_);
  }
  std::string print(std::int64_t value) const override { return format_.write(value, zone_); }
  std::optional<double> read(std::string_view text, Millis now) const override {
    const auto date = format_.read_math(text, zone_, now);
    return date ? std::optional(static_cast<double>(*date)) : std::nullopt;
  }

 private:
  DateFormat format_;
  TimeZone zone_;
};

class DecimalPrinter final : public ValueFormat::Printer {
 public:
  explicit DecimalPrinter(icu::DecimalFormat format) : format_(std::move(format)) {}
  std::string print(double value) const override {
    if (!std::isfinite(value)) return java_double(value);
    icu::UnicodeString text;
    format_.format(value, text);
    std::string out;
    return text.toUTF8String(out);
  }
  std::string print(std::int64_t value) const override {
    icu::UnicodeString text;
    format_.format(value, text);
    std::string out;
    return text.toUTF8String(out);
  }
  std::optional<double> read(std::string_view text, Millis) const override {
    icu::Formattable value;
    UErrorCode failed = U_ZERO_ERROR;
    format_.parse(
        icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), value,
        failed);
    if (U_FAILURE(failed)) return read_double(text);
    const double number = value.getDouble(failed);
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }

 private:
  icu::DecimalFormat format_;
};

struct TypeName {
  std::string_view name;
  ValueKind kind;
};

constexpr std::array kTypeNames = {
    TypeName{"string", ValueKind::kKeyword},  TypeName{"byte", ValueKind::kLong},
    TypeName{"short", ValueKind::kLong},      TypeName{"integer", ValueKind::kLong},
    TypeName{"long", ValueKind::kLong},       TypeName{"unsigned_long", ValueKind::kUnsigned},
    TypeName{"float", ValueKind::kDouble},    TypeName{"double", ValueKind::kDouble},
    TypeName{"numeric", ValueKind::kDouble},  TypeName{"number", ValueKind::kDouble},
    TypeName{"boolean", ValueKind::kBoolean}, TypeName{"date", ValueKind::kDate},
    TypeName{"ip", ValueKind::kIp},
};

}  // namespace

ValueKind kind_of(FieldType type) noexcept {
  switch (type) {
    case FieldType::kLong:
    case FieldType::kInteger:
    case FieldType::kShort:
    case FieldType::kByte:
    case FieldType::kTokenCount:
      return ValueKind::kLong;
    case FieldType::kUnsignedLong:
      return ValueKind::kUnsigned;
    case FieldType::kDouble:
    case FieldType::kFloat:
    case FieldType::kHalfFloat:
    case FieldType::kScaledFloat:
      return ValueKind::kDouble;
    case FieldType::kBoolean:
      return ValueKind::kBoolean;
    case FieldType::kDate:
    case FieldType::kDateNanos:
      return ValueKind::kDate;
    case FieldType::kKeyword:
      return ValueKind::kKeyword;
    case FieldType::kIp:
      return ValueKind::kIp;
    case FieldType::kGeoPoint:
      return ValueKind::kPlace;
    default:
      return is_range(type) ? ValueKind::kRange : ValueKind::kNone;
  }
}

std::optional<ValueKind> find_value_type(std::string_view name) noexcept {
  for (const TypeName& each : kTypeNames) {
    if (each.name == name) return each.kind;
  }
  return std::nullopt;
}

ValueFormat ValueFormat::boolean() {
  return ValueFormat(std::make_shared<BooleanPrinter>());
}

ValueFormat ValueFormat::date(DateFormat format, TimeZone zone) {
  return ValueFormat(std::make_shared<DatePrinter>(std::move(format), std::move(zone)));
}

std::optional<ValueFormat> ValueFormat::decimal(std::string_view pattern) {
  UErrorCode failed = U_ZERO_ERROR;
  const icu::DecimalFormatSymbols symbols(icu::Locale::getUS(), failed);
  const icu::DecimalFormat format(
      icu::UnicodeString::fromUTF8({pattern.data(), static_cast<std::int32_t>(pattern.size())}),
      symbols, failed);
  if (U_FAILURE(failed)) return std::nullopt;
  return ValueFormat(std::make_shared<DecimalPrinter>(format));
}

std::string ValueFormat::text(double value) const {
  return printer_ ? printer_->print(value) : java_double(value);
}

std::string ValueFormat::text(std::int64_t value) const {
  return printer_ ? printer_->print(value) : std::to_string(value);
}

std::optional<double> ValueFormat::read(std::string_view text, Millis now) const {
  return printer_ ? printer_->read(text, now) : read_double(text);
}

std::optional<std::int64_t> ValueFormat::read_coded(std::string_view text, ValueKind kind,
                                                    Millis now) const {
  // Whole numbers are read as such, for doubles do not hold all of them.
  const bool is_unsigned = kind == ValueKind::kUnsigned;
  if (kind == ValueKind::kLong || (is_unsigned && is_raw())) {
    const auto whole =
        parse_number(is_unsigned ? FieldType::kUnsignedLong : FieldType::kLong, text);
    if (whole) return whole;
  }
  const std::optional<double> number = read(text, now);
  if (!number) return std::nullopt;
  if (kind == ValueKind::kDouble) return sortable_from_double(*number);
  return is_unsigned ? unsigned_from_double(*number) : whole_from_double(*number);
}

std::int64_t whole_from_double(double value) noexcept {
  constexpr double kLargest = 9.2e18;
  return static_cast<std::int64_t>(std::clamp(value, -kLargest, kLargest));
}

std::int64_t unsigned_from_double(double value) noexcept {
  constexpr double kLargest = 18446744073709549568.0;
  const auto bits = static_cast<std::uint64_t>(std::clamp(value, 0.0, kLargest));
  return static_cast<std::int64_t>(bits ^ std::uint64_t{1} << 63);
}

TimeZone read_time_zone(std::string_view id) {
  if (id.empty()) return {};
  const std::optional<TimeZone> zone = TimeZone::find(id);
  if (!zone) refuse_argument(fmt::format("Unknown time-zone ID: {}", id));
  return *zone;
}

ValueFormat format_of(ValueKind kind, const FieldMapping* field, std::string_view format,
                      std::string_view zone) {
  if (kind == ValueKind::kDate || (field && field->type == FieldType::kDateRange)) {
    std::optional<DateFormat> dates = DateFormat();
    if (!format.empty()) {
      dates = DateFormat::find(format);
    } else if (field && !field->format.empty()) {
      // What a mapping has and nothing here can write is written as usual.
      dates = DateFormat::find(field->format).value_or(DateFormat());
    }
    if (!dates) refuse_argument(fmt::format("Invalid format: [{}]: Unknown pattern", format));
    return ValueFormat::date(std::move(*dates), read_time_zone(zone));
  }
  if (kind == ValueKind::kBoolean) return ValueFormat::boolean();
  if (format.empty() || (!is_numeric(kind) && kind != ValueKind::kRange)) return {};
  std::optional<ValueFormat> decimal = ValueFormat::decimal(format);
  if (!decimal) refuse_argument(fmt::format("Invalid format: [{}]", format));
  return std::move(*decimal);
}

}  // namespace hornbeam::search::aggregation
