#include "hornbeam/search/mapping/field_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "hornbeam/base/json_write.h"

namespace hornbeam::search {
namespace {

constexpr std::array<std::string_view, 27> kNames = {
    "text",       "keyword",       "long",          "integer",     "short",        "byte",
    "double",     "float",         "boolean",       "date",        "object",       "completion",
    "half_float", "scaled_float",  "unsigned_long", "ip",          "geo_point",    "binary",
    "date_nanos", "integer_range", "long_range",    "float_range", "double_range", "date_range",
    "ip_range",   "token_count",   "alias"};

constexpr std::uint64_t kHighestBit = std::uint64_t{1} << 63;

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto found = std::from_chars(text.data(), end, number);
  if (found.ec != std::errc() || found.ptr != end) return std::nullopt;
  return number;
}

/// "12" of "12.75", so that no bit of it is lost on the way through a double; else the text itself.
std::string_view before_point(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || point == 0) return text;
  const bool is_fraction = text.find_first_not_of("0123456789", point + 1) == text.npos;
  return is_fraction && text[point - 1] != '-' ? text.substr(0, point) : text;
}

template <class Integer>
std::optional<std::int64_t> integer(std::string_view text) {
  std::optional<std::int64_t> value = whole<std::int64_t>(before_point(text));
  if (!value) {
    // As theirs, what stands behind the point is cut off.
    const std::optional<double> real = whole<double>(text);
    if (!real || !(std::abs(*real) < 9.2e18)) return std::nullopt;
    value = static_cast<std::int64_t>(*real);
  }
  const bool fits = *value >= std::numeric_limits<Integer>::min() &&
                    *value <= std::numeric_limits<Integer>::max();
  return fits ? value : std::nullopt;
}

std::optional<std::int64_t> unsigned_long(std::string_view text) {
  std::optional<std::uint64_t> value = whole<std::uint64_t>(before_point(text));
  if (!value) {
    const std::optional<double> real = whole<double>(text);
    if (!real || *real < 0 || *real >= 18446744073709551616.0) return std::nullopt;
    value = static_cast<std::uint64_t>(*real);
  }
  return static_cast<std::int64_t>(*value ^ kHighestBit);
}

/// The nearest number of half precision (IEEE 754 binary16).
double half_precision(double value) {
  if (value == 0) return value;
  int exponent = 0;
  std::frexp(value, &exponent);
  constexpr int kBits = 11;
  constexpr int kSmallest = -13;  // Below it numbers lose bits.
  const double unit = std::ldexp(1.0, std::max(exponent, kSmallest) - kBits);
  return std::nearbyint(value / unit) * unit;
}

/// Takes digits from the front of `text`.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  if (!std::ranges::all_of(text.substr(0, count), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const std::optional<int> number = whole<int>(text.substr(0, count));
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

/// ".250" as nanoseconds; 0 if there is none.
std::optional<std::int64_t> fraction(std::string_view& text) {
  if (!take(text, '.') && !take(text, ',')) return 0;
  std::int64_t nanos = 0;
  std::size_t count = 0;
  for (std::int64_t unit = 100'000'000; !text.empty() && text[0] >= '0' && text[0] <= '9';
       unit /= 10) {
    nanos += (text[0] - '0') * unit;
    text.remove_prefix(1);
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(nanos);
}

/// "Z", "+01:00", "+0100" or nothing, in minutes.
std::optional<int> zone(std::string_view& text) {
  if (text.empty() || take(text, 'Z')) return 0;
  const int sign = text[0] == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const std::optional<int> hours = digits(text, 2);
  take(text, ':');
  const std::optional<int> minutes = text.empty() ? 0 : digits(text, 2);
  if (!hours || !minutes) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

/// Seconds since 1970 and nanoseconds behind them.
struct Moment {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
};

std::optional<Moment> time_of_day(std::string_view& text) {
  const std::optional<int> hours = digits(text, 2);
  const std::optional<int> minutes = take(text, ':') ? digits(text, 2) : 0;
  const std::optional<int> seconds = take(text, ':') ? digits(text, 2) : 0;
  const std::optional<std::int64_t> nanos = fraction(text);
  if (!hours || !minutes || !seconds || !nanos) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  return Moment{.seconds = (*hours * 60 + *minutes) * 60 + *seconds, .nanos = *nanos};
}

constexpr std::int64_t kNanosPerMilli = 1'000'000;

std::optional<Moment> parse_moment(std::string_view text) {
  using namespace std::chrono;
  const std::optional<int> year_number = digits(text, 4);
  const std::optional<int> month_number = take(text, '-') ? digits(text, 2) : 1;
  const std::optional<int> day_number = take(text, '-') ? digits(text, 2) : 1;
  if (!year_number || !month_number || !day_number) return std::nullopt;
  const year_month_day date(year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number)));
  if (!date.ok()) return std::nullopt;
  Moment moment{.seconds =
                    duration_cast<std::chrono::seconds>(sys_days(date).time_since_epoch()).count()};
  if (take(text, 'T')) {
    const std::optional<Moment> time = time_of_day(text);
    const std::optional<int> offset = time ? zone(text) : std::nullopt;
    if (!offset) return std::nullopt;
    moment.seconds += time->seconds - *offset * std::int64_t{60};
    moment.nanos = time->nanos;
  }
  return text.empty() ? std::optional(moment) : std::nullopt;
}

}  // namespace

std::string_view name_of(FieldType type) noexcept {
  return kNames[static_cast<std::size_t>(type)];
}

std::optional<FieldType> find_field_type(std::string_view name) noexcept {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<FieldType>(found - kNames.begin());
}

bool is_number(FieldType type) noexcept {
  switch (type) {
    case FieldType::kText:
    case FieldType::kKeyword:
    case FieldType::kObject:
    case FieldType::kCompletion:
    case FieldType::kIp:
    case FieldType::kGeoPoint:
    case FieldType::kBinary:
    case FieldType::kAlias:
      return false;
    default:
      return !is_range(type);
  }
}

bool is_range(FieldType type) noexcept {
  switch (type) {
    case FieldType::kIntegerRange:
    case FieldType::kLongRange:
    case FieldType::kFloatRange:
    case FieldType::kDoubleRange:
    case FieldType::kDateRange:
    case FieldType::kIpRange:
      return true;
    default:
      return false;
  }
}

ColumnKind column_kind(FieldType type) noexcept {
  const bool is_real = type == FieldType::kDouble || type == FieldType::kFloat ||
                       type == FieldType::kHalfFloat || type == FieldType::kScaledFloat;
  return is_real ? ColumnKind::kDouble : ColumnKind::kInteger;
}

double number_value(FieldType type, std::int64_t stored) noexcept {
  if (column_kind(type) == ColumnKind::kDouble) return double_from_sortable(stored);
  if (type == FieldType::kUnsignedLong) {
    return static_cast<double>(static_cast<std::uint64_t>(stored) ^ kHighestBit);
  }
  if (type == FieldType::kDateNanos) return static_cast<double>(millis_of_nanos(stored));
  return static_cast<double>(stored);
}

std::string number_json(FieldType type, std::int64_t stored) {
  std::string out;
  if (column_kind(type) == ColumnKind::kDouble) {
    base::append_json_number(out, double_from_sortable(stored));
  } else if (type == FieldType::kUnsignedLong) {
    base::append_json_number(out, static_cast<std::uint64_t>(stored) ^ kHighestBit);
  } else {
    base::append_json_number(out, stored);
  }
  return out;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  const std::optional<Moment> moment = parse_moment(text);
  if (!moment) return std::nullopt;
  return moment->seconds * 1000 + moment->nanos / kNanosPerMilli;
}

std::optional<std::int64_t> parse_date_nanos(std::string_view text) {
  const std::optional<Moment> moment = parse_moment(text);
  if (!moment) return std::nullopt;
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
  const std::int64_t seconds = moment->seconds;
  const bool is_late =
      seconds > kLatest / kNanosPerSecond ||
      (seconds == kLatest / kNanosPerSecond && moment->nanos > kLatest % kNanosPerSecond);
  if (seconds < 0 || is_late) return std::nullopt;
  return seconds * kNanosPerSecond + moment->nanos;
}

std::optional<std::int64_t> parse_number(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::kLong:
      return integer<std::int64_t>(text);
    case FieldType::kInteger:
    case FieldType::kTokenCount:
      return integer<std::int32_t>(text);
    case FieldType::kShort:
      return integer<std::int16_t>(text);
    case FieldType::kByte:
      return integer<std::int8_t>(text);
    case FieldType::kBoolean:
      if (text == "true") return 1;
      if (text == "false" || text.empty()) return 0;
      return std::nullopt;
    case FieldType::kDate: {
      // A year has four digits; anything else of digits alone is milliseconds.
      const std::optional<std::int64_t> date = parse_date(text);
      return date ? date : whole<std::int64_t>(text);
    }
    case FieldType::kDateNanos: {
      if (const std::optional<std::int64_t> date = parse_date_nanos(text)) return date;
      // Milliseconds, as those of a date.
      const std::optional<std::int64_t> millis = whole<std::int64_t>(text);
      constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max() / kNanosPerMilli;
      if (!millis || *millis < 0 || *millis > kLatest) return std::nullopt;
      return *millis * kNanosPerMilli;
    }
    case FieldType::kDouble:
    case FieldType::kFloat: {
      const std::optional<double> value = whole<double>(text);
      if (!value || !std::isfinite(*value)) return std::nullopt;
      if (type == FieldType::kDouble) return sortable_from_double(*value);
      const auto narrow = static_cast<float>(*value);
      return std::isfinite(narrow) ? std::optional(sortable_from_double(double{narrow}))
                                   : std::nullopt;
    }
    case FieldType::kHalfFloat: {
      const std::optional<double> value = whole<double>(text);
      constexpr double kLargest = 65'504;
      if (!value || !(std::abs(*value) <= kLargest)) return std::nullopt;
      return sortable_from_double(half_precision(*value));
    }
    case FieldType::kScaledFloat: {
      const std::optional<double> value = whole<double>(text);
      return value && std::isfinite(*value) ? std::optional(sortable_from_double(*value))
                                            : std::nullopt;
    }
    case FieldType::kUnsignedLong:
      return unsigned_long(text);
    default:
      break;
  }
  return std::nullopt;
}

}  // namespace hornbeam::search
