#include "hornbeam/data/postgres/types.h"

#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace hornbeam::data::postgres {

namespace {

// PostgreSQL counts from 2000-01-01: microseconds for timestamps, days for dates.
constexpr std::int64_t kMicrosecondsTo2000 = 946'684'800'000'000;
constexpr std::int64_t kDaysTo2000 = 10'957;
constexpr std::int64_t kMillisecondsOfDay = 86'400'000;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

template <std::integral Number>
Number from_network(const char* data) {
  Number number = 0;
  std::memcpy(&number, data, sizeof number);
  return std::byteswap(number);
}

template <std::integral Number>
void to_network(std::string& out, Number number) {
  number = std::byteswap(number);
  out.assign(sizeof number, '\0');
  std::memcpy(out.data(), &number, sizeof number);
}

/// The decimal text of a numeric: https://www.postgresql.org/docs/15/datatype-numeric.html, as
/// numeric_send writes it: digits of base 10000, the power of the first, sign, digits to show.
std::string numeric_text(const char* data) {
  const int count = from_network<std::uint16_t>(data);
  const int weight = from_network<std::int16_t>(data + 2);
  const auto sign = from_network<std::uint16_t>(data + 4);
  const int scale = from_network<std::uint16_t>(data + 6);
  if (sign == 0xC000) return "NaN";
  if (sign == 0xD000) return "Infinity";
  if (sign == 0xF000) return "-Infinity";
  const auto digit = [&](int at) {
    return at >= 0 && at < count ? from_network<std::uint16_t>(data + 8 + 2 * at) : 0;
  };
  std::string text = sign == 0x4000 ? "-" : "";
  text += std::to_string(weight < 0 ? 0 : digit(0));
  for (int at = 1; at <= weight; ++at) text += fmt::format("{:04}", digit(at));
  if (scale == 0) return text;
  std::string fraction;
  for (int at = weight + 1; static_cast<int>(fraction.size()) < scale; ++at) {
    fraction += fmt::format("{:04}", digit(at));
  }
  return text + '.' + fraction.substr(0, static_cast<std::size_t>(scale));
}

std::string number_text(const Sent& sent) {
  if (sent.format == Format::kBinary) return numeric_text(sent.data);
  return {sent.data, static_cast<std::size_t>(sent.size)};
}

std::int64_t parse_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// `2026-11-26 05:07:45.123456+00`, or the date alone, as a session in UTC writes them.
std::int64_t parse_time(const char* text) {
  int year = 0;
  unsigned month = 1;
  unsigned day = 1;
  int hour = 0;
  int minute = 0;
  double second = 0;
  std::sscanf(text, "%d-%u-%u %d:%d:%lf", &year, &month, &day, &hour, &minute, &second);
  const std::chrono::sys_days date =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return date.time_since_epoch().count() * kMillisecondsOfDay + (hour * 60 + minute) * 60'000 +
         static_cast<std::int64_t>(std::floor(second * 1000 + 1e-4));
}

std::string uuid_text(const char* data) {
  std::string text;
  for (int at = 0; at < 16; ++at) {
    if (at == 4 || at == 6 || at == 8 || at == 10) text += '-';
    text += fmt::format("{:02x}", static_cast<unsigned char>(data[at]));
  }
  return text;
}

int hex_digit(char c) {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

template <std::integral Number>
std::optional<Encoded> encode_as(std::int64_t value, std::string& scratch) {
  if (!std::in_range<Number>(value)) return std::nullopt;
  to_network(scratch, static_cast<Number>(value));
  return Encoded{scratch, Format::kBinary};
}

Encoded encode_float(Type type, double value, std::string& scratch) {
  if (type == Type::kFloat4) {
    to_network(scratch, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  } else {
    to_network(scratch, std::bit_cast<std::uint64_t>(value));
  }
  return {scratch, Format::kBinary};
}

}  // namespace

Type type_of(TypeNumber number) noexcept {
  switch (number) {
    case 16:
      return Type::kBool;
    case 17:
      return Type::kBytes;
    case kInt8Type:
      return Type::kInt8;
    case 21:
      return Type::kInt2;
    case 23:
      return Type::kInt4;
    case 18:    // "char"
    case 19:    // name
    case 25:    // text
    case 114:   // json
    case 142:   // xml
    case 705:   // unknown
    case 1042:  // character(n)
    case 1043:  // character varying
    case 2278:  // void
      return Type::kText;
    case 700:
      return Type::kFloat4;
    case kFloat8Type:
      return Type::kFloat8;
    case 1082:
      return Type::kDate;
    case 1114:  // timestamp, taken as UTC
    case 1184:  // timestamp with time zone
      return Type::kTimestamp;
    case 1700:
      return Type::kNumeric;
    case 2950:
      return Type::kUuid;
    case 3802:
      return Type::kJsonb;
    default:
      return Type::kOther;
  }
}

ColumnType column_type_of(const Sent& sent) {
  switch (sent.type) {
    case Type::kBool:
    case Type::kInt2:
    case Type::kInt4:
    case Type::kInt8:
    case Type::kTimestamp:
    case Type::kDate:
      return ColumnType::kInteger;
    case Type::kFloat4:
    case Type::kFloat8:
      return ColumnType::kReal;
    case Type::kNumeric: {
      const std::string text = number_text(sent);
      std::int64_t value = 0;
      const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
      const bool is_whole = failed == std::errc() && end == text.data() + text.size();
      return is_whole ? ColumnType::kInteger : ColumnType::kReal;
    }
    case Type::kBytes:
      return ColumnType::kBlob;
    case Type::kText:
    case Type::kJsonb:
    case Type::kUuid:
    case Type::kOther:
      break;
  }
  return ColumnType::kText;
}

std::int64_t integer_of(const Sent& sent) {
  if (sent.type == Type::kNumeric) return parse_integer(number_text(sent));
  if (sent.format == Format::kText) {
    if (sent.type == Type::kBool) return *sent.data == 't' ? 1 : 0;
    if (sent.type == Type::kTimestamp || sent.type == Type::kDate) return parse_time(sent.data);
    return parse_integer({sent.data, static_cast<std::size_t>(sent.size)});
  }
  switch (sent.type) {
    case Type::kBool:
      return *sent.data;
    case Type::kInt2:
      return from_network<std::int16_t>(sent.data);
    case Type::kInt4:
      return from_network<std::int32_t>(sent.data);
    case Type::kTimestamp:
      return floor_divide(from_network<std::int64_t>(sent.data) + kMicrosecondsTo2000, 1000);
    case Type::kDate:
      return (from_network<std::int32_t>(sent.data) + kDaysTo2000) * kMillisecondsOfDay;
    default:
      return from_network<std::int64_t>(sent.data);
  }
}

double real_of(const Sent& sent) {
  if (sent.type == Type::kNumeric) return std::strtod(number_text(sent).c_str(), nullptr);
  if (sent.format == Format::kText) return std::strtod(sent.data, nullptr);
  if (sent.type == Type::kFloat4) {
    return std::bit_cast<float>(from_network<std::uint32_t>(sent.data));
  }
  return std::bit_cast<double>(from_network<std::uint64_t>(sent.data));
}

std::string_view text_of(const Sent& sent, std::string& scratch) {
  const std::string_view raw(sent.data, static_cast<std::size_t>(sent.size));
  if (sent.format == Format::kText) return raw;
  if (sent.type == Type::kJsonb) return raw.substr(1);  // the version of the format comes first
  if (sent.type != Type::kUuid) return raw;
  scratch = uuid_text(sent.data);
  return scratch;
}

std::string_view bytes_of(const Sent& sent, std::string& scratch) {
  const std::string_view raw(sent.data, static_cast<std::size_t>(sent.size));
  if (sent.format == Format::kBinary || !raw.starts_with("\\x")) return raw;
  scratch.clear();
  for (std::size_t at = 2; at + 1 < raw.size(); at += 2) {
    scratch += static_cast<char>(hex_digit(raw[at]) * 16 + hex_digit(raw[at + 1]));
  }
  return scratch;
}

std::optional<Encoded> encode_integer(Type type, std::int64_t value, std::string& scratch) {
  switch (type) {
    case Type::kBool:
      if (value != 0 && value != 1) return std::nullopt;
      scratch.assign(1, static_cast<char>(value));
      return Encoded{scratch, Format::kBinary};
    case Type::kInt2:
      return encode_as<std::int16_t>(value, scratch);
    case Type::kInt4:
      return encode_as<std::int32_t>(value, scratch);
    case Type::kInt8:
      return encode_as<std::int64_t>(value, scratch);
    case Type::kFloat4:
    case Type::kFloat8:
      return encode_float(type, static_cast<double>(value), scratch);
    case Type::kTimestamp:
      return encode_as<std::int64_t>(value * 1000 - kMicrosecondsTo2000, scratch);
    case Type::kDate:
      return encode_as<std::int32_t>(floor_divide(value, kMillisecondsOfDay) - kDaysTo2000,
                                     scratch);
    default:
      scratch = std::to_string(value);
      return Encoded{scratch, Format::kText};
  }
}

std::optional<Encoded> encode_real(Type type, double value, std::string& scratch) {
  constexpr double kBelow = 9.2e18;  // of these an integer of 64 bits holds every whole number
  switch (type) {
    case Type::kFloat4:
    case Type::kFloat8:
      return encode_float(type, value, scratch);
    case Type::kBool:
    case Type::kInt2:
    case Type::kInt4:
    case Type::kInt8:
    case Type::kTimestamp:
    case Type::kDate:
      if (!(std::abs(value) < kBelow) || value != std::floor(value)) return std::nullopt;
      return encode_integer(type, static_cast<std::int64_t>(value), scratch);
    default:
      scratch = fmt::format("{}", value);
      return Encoded{scratch, Format::kText};
  }
}

Encoded encode_text(Type type, std::string_view value, std::string& scratch) {
  if (type == Type::kText || type == Type::kBytes) return {value, Format::kBinary};
  scratch = value;
  return {scratch, Format::kText};
}

}  // namespace hornbeam::data::postgres
