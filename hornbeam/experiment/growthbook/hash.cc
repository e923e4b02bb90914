#include "hornbeam/experiment/growthbook/hash.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace hornbeam::experiment::growthbook {
namespace {

constexpr std::uint32_t kPrime = 0x01000193;

constexpr std::uint32_t step(std::uint32_t state, std::uint32_t unit) {
  return (state ^ unit) * kPrime;
}

// One character of UTF-8, of more than one byte; malformed bytes give U+FFFD and are passed one by
// one.
char32_t take_wide(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  constexpr std::array<unsigned, 5> kMask{0, 0, 0x1F, 0x0F, 0x07};
  constexpr std::array<char32_t, 5> kLowest{0, 0, 0x80, 0x800, 0x10000};
  ++at;
  if (size == 0 || at - 1 + size > text.size()) return 0xFFFD;
  char32_t character = lead & kMask.at(size);
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return 0xFFFD;
    character = (character << 6U) | (byte(at + i) & 0x3FU);
  }
  if (character < kLowest.at(size) || character > 0x10FFFF) return 0xFFFD;
  at += size - 1;
  return character;
}

// As parseInt does: leading spaces, a sign, digits; what follows is ignored.
std::optional<double> leading_integer(std::string_view text) {
  while (!text.empty() && (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r'))) {
    text.remove_prefix(1);
  }
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (is_hexadecimal) text.remove_prefix(2);
  const double base = is_hexadecimal ? 16 : 10;
  double number = 0;
  bool has_digit = false;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'                     ? c - '0'
                      : is_hexadecimal && c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : is_hexadecimal && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                               : -1;
    if (digit < 0) break;
    number = number * base + digit;
    has_digit = true;
  }
  if (!has_digit) return std::nullopt;
  return is_negative ? -number : number;
}

}  // namespace

std::uint32_t fnv1a(std::string_view text, std::uint32_t state) noexcept {
  // Ends: each turn passes at least one byte.
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      state = step(state, byte);
      ++at;
      continue;
    }
    const char32_t character = take_wide(text, at);
    if (character < 0x10000) {
      state = step(state, character);
    } else {
      state = step(state, 0xD800 + ((character - 0x10000) >> 10U));
      state = step(state, 0xDC00 + ((character - 0x10000) & 0x3FFU));
    }
  }
  return state;
}

std::optional<double> Seed::hash(std::string_view value) const noexcept {
  if (version_ == 2) {
    std::array<char, 10> digits{};
    const std::uint32_t inner = fnv1a(value, state_);
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), inner).ptr;
    std::uint32_t outer = fnv1a({});
    for (const char* digit = digits.data(); digit != end; ++digit) {
      outer = step(outer, static_cast<unsigned char>(*digit));
    }
    return (outer % 10000) / 10000.0;
  }
  if (version_ == 1) return (fnv1a(text_, fnv1a(value)) % 1000) / 1000.0;
  return std::nullopt;
}

std::optional<double> hash(std::string_view seed, std::string_view value, int version) noexcept {
  if (version == 2) {
    const std::uint32_t inner = fnv1a(value, fnv1a(seed));
    std::array<char, 10> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), inner).ptr;
    return (fnv1a({digits.data(), static_cast<std::size_t>(end - digits.data())}) % 10000) /
           10000.0;
  }
  if (version == 1) return (fnv1a(seed, fnv1a(value)) % 1000) / 1000.0;
  return std::nullopt;
}

std::vector<double> equal_weights(int count) {
  if (count <= 0) return {};
  return std::vector<double>(static_cast<std::size_t>(count), 1.0 / count);
}

std::vector<Range> bucket_ranges(int variations, double coverage,
                                 const std::optional<std::vector<double>>& weights) {
  coverage = std::clamp(coverage, 0.0, 1.0);
  std::vector<double> used = weights ? *weights : equal_weights(variations);
  const double total = std::accumulate(used.begin(), used.end(), 0.0);
  if (used.size() != static_cast<std::size_t>(std::max(variations, 0)) || total < 0.99 ||
      total > 1.01) {
    used = equal_weights(variations);
  }
  std::vector<Range> ranges;
  ranges.reserve(used.size());
  double start = 0;
  for (const double weight : used) {
    ranges.push_back({start, start + coverage * weight});
    start += weight;
  }
  return ranges;
}

int choose_variation(double n, std::span<const Range> ranges) noexcept {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].contains(n)) return static_cast<int>(i);
  }
  return -1;
}

Namespace Namespace::named(std::string_view name, Range range) {
  return {Seed("__" + std::string(name), 1), range};
}

bool Namespace::contains(std::string_view value) const noexcept {
  const std::optional<double> n = seed.hash(value);
  return n && range.contains(*n);
}

std::optional<int> query_string_override(std::string_view key, std::string_view url,
                                         int variations) noexcept {
  const std::size_t question = url.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  std::string_view query = url.substr(question + 1);
  query = query.substr(0, std::min(query.find('?'), query.find('#')));
  // Ends: each turn drops a pair.
  while (true) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) == key) {
      if (equals == std::string_view::npos) return std::nullopt;
      const auto number = leading_integer(pair.substr(equals + 1));
      if (!number || *number < 0 || *number >= variations) return std::nullopt;
      return static_cast<int>(*number);
    }
    if (end == std::string_view::npos) return std::nullopt;
    query.remove_prefix(end + 1);
  }
}

}  // namespace hornbeam::experiment::growthbook
