#include "hornbeam/search/mapping/range_value.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "hornbeam/search/mapping/date_math.h"
#include "hornbeam/search/segment/indexed_document.h"

namespace hornbeam::search {
namespace {

constexpr std::size_t kAddressBytes = 16;
constexpr std::size_t kNumberBytes = 8;

/// What `number_term` wrote.
std::int64_t number_of_term(std::string_view term) {
  std::uint64_t bits = 0;
  for (const char byte : term.substr(0, kNumberBytes)) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
  }
  return static_cast<std::int64_t>(bits ^ std::uint64_t{1} << 63);
}

std::optional<std::int64_t> next_number(FieldType type, std::int64_t number, RangeEnd end) {
  const bool is_low = end == RangeEnd::kLow;
  if (column_kind(type) == ColumnKind::kDouble) {
    const double value = double_from_sortable(number);
    const double limit =
        is_low ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    if (value == limit) return std::nullopt;
    return sortable_from_double(
        type == FieldType::kFloat
            ? double{std::nextafter(static_cast<float>(value), static_cast<float>(limit))}
            : std::nextafter(value, limit));
  }
  const bool is_narrow = type == FieldType::kInteger;
  const std::int64_t last = is_narrow ? std::numeric_limits<std::int32_t>::max()
                                      : std::numeric_limits<std::int64_t>::max();
  if (is_low) return number == last ? std::nullopt : std::optional(number + 1);
  return number == -last - 1 ? std::nullopt : std::optional(number - 1);
}

}  // namespace

FieldType value_type(FieldType type) noexcept {
  switch (type) {
    case FieldType::kIntegerRange:
      return FieldType::kInteger;
    case FieldType::kFloatRange:
      return FieldType::kFloat;
    case FieldType::kDoubleRange:
      return FieldType::kDouble;
    case FieldType::kDateRange:
      return FieldType::kDate;
    case FieldType::kIpRange:
      return FieldType::kIp;
    default:
      return FieldType::kLong;
  }
}

std::string open_end(FieldType type, RangeEnd end) {
  const bool is_low = end == RangeEnd::kLow;
  const FieldType values = value_type(type);
  if (values == FieldType::kIp) return std::string(kAddressBytes, is_low ? '\0' : '\xff');
  if (column_kind(values) == ColumnKind::kDouble) {
    const double infinity = std::numeric_limits<double>::infinity();
    return number_term(sortable_from_double(is_low ? -infinity : infinity));
  }
  const std::int64_t last = values == FieldType::kInteger
                                ? std::numeric_limits<std::int32_t>::max()
                                : std::numeric_limits<std::int64_t>::max();
  return number_term(is_low ? -last - 1 : last);
}

std::optional<std::string> end_term(FieldType type, std::string_view text) {
  const FieldType values = value_type(type);
  if (values == FieldType::kIp) return ip_term(text);
  const std::optional<std::int64_t> number = parse_number(values, text);
  return number ? std::optional(number_term(*number)) : std::nullopt;
}

std::optional<std::string> next_inside(FieldType type, std::string_view term, RangeEnd end) {
  const FieldType values = value_type(type);
  if (values == FieldType::kIp) return next_address(term, end);
  const std::optional<std::int64_t> next = next_number(values, number_of_term(term), end);
  return next ? std::optional(number_term(*next)) : std::nullopt;
}

double end_number(FieldType type, std::string_view term) noexcept {
  return number_value(value_type(type), number_of_term(term));
}

namespace {

std::optional<std::string> read_end(FieldType type, base::JsonView value,
                                    std::string_view date_format) {
  const auto text = value.find_string();
  const std::string given = text ? std::string(*text) : value.text();
  if (type != FieldType::kDateRange || date_format.empty()) return end_term(type, given);
  const auto date = parse_plain_date(given, {.format = date_format});
  return date ? std::optional(number_term(*date)) : std::nullopt;
}

}  // namespace

base::Result<RangeEnds> read_range(FieldType type, base::JsonView json,
                                   std::string_view date_format) {
  const auto refuse = [](std::string message) {
    return base::error("mapper_parsing_exception", std::move(message));
  };
  if (const auto block = json.find_string(); block && type == FieldType::kIpRange) {
    std::optional<RangeEnds> ends = parse_address_block(*block);
    if (!ends) return refuse(fmt::format("Expected [ip/prefix] but was [{}]", *block));
    return std::move(*ends);
  }
  if (json.kind() != base::JsonKind::kObject) {
    return refuse(fmt::format("expected an object, but got {}", json.text()));
  }
  RangeEnds ends{.low = open_end(type, RangeEnd::kLow), .high = open_end(type, RangeEnd::kHigh)};
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    const bool is_low = name == "gte" || name == "gt";
    if (!is_low && name != "lte" && name != "lt") {
      return refuse(fmt::format("with unknown parameter [{}]", name));
    }
    if (value.is_null()) continue;
    std::optional<std::string> term = read_end(type, value, date_format);
    if (!term) return refuse(fmt::format("[{}] cannot be {}", name, value.text()));
    const RangeEnd end = is_low ? RangeEnd::kLow : RangeEnd::kHigh;
    if (name == "gt" || name == "lt") term = next_inside(type, *term, end);
    if (!term) return refuse("there is no value in it");
    (is_low ? ends.low : ends.high) = std::move(*term);
  }
  if (ends.low > ends.high) return refuse("min value is greater than max value");
  return ends;
}

std::string range_term(const RangeEnds& ends) {
  return ends.low + ends.high;
}

RangeEnds ends_of_range(std::string_view term) {
  const std::size_t half = term.size() / 2;
  return {.low = std::string(term.substr(0, half)), .high = std::string(term.substr(half))};
}

std::optional<RangeEnds> parse_address_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> address = ip_term(text.substr(0, slash));
  unsigned length = 0;
  const char* const end = text.data() + text.size();
  const auto found = std::from_chars(text.data() + slash + 1, end, length);
  if (!address || found.ec != std::errc() || found.ptr != end) return std::nullopt;
  // An IPv4 address is the last 32 bits of one of IPv6.
  const bool is_short = !text.substr(0, slash).contains(':');
  if (length > (is_short ? 32 : 128)) return std::nullopt;
  const std::size_t fixed = length + (is_short ? 96 : 0);
  RangeEnds ends{.low = *address, .high = *address};
  for (std::size_t at = 0; at < kAddressBytes; ++at) {
    const std::size_t kept = fixed >= 8 * (at + 1) ? 8 : fixed <= 8 * at ? 0 : fixed - 8 * at;
    const unsigned free = 0xFFU >> kept;
    const auto byte = static_cast<unsigned char>((*address)[at]);
    ends.low[at] = static_cast<char>(byte & ~free);
    ends.high[at] = static_cast<char>(byte | free);
  }
  return ends;
}

std::optional<std::string> next_address(std::string_view term, RangeEnd end) {
  const bool is_low = end == RangeEnd::kLow;
  std::string next(term);
  for (std::size_t at = next.size(); at > 0; --at) {
    const auto byte = static_cast<unsigned char>(next[at - 1]);
    next[at - 1] = static_cast<char>(is_low ? byte + 1 : byte - 1);
    if (byte != (is_low ? 0xFF : 0)) return next;
  }
  return std::nullopt;
}

}  // namespace hornbeam::search
