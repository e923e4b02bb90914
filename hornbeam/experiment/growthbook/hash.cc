#include "hornbeam/experiment/growthbook/hash.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace hornbeam::experiment::growthbook {
namespace {

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

std::optional<double> Seed::hash(std::string_view value) const noexcept {
  if (version_ == 2) return quick_bucket_of_hash(fnv1a(value, state_)) / double{kBuckets};
  if (version_ == 1) return (fnv1a(text_, fnv1a(value)) % 1000) / 1000.0;
  return std::nullopt;
}

std::optional<double> hash(std::string_view seed, std::string_view value, int version) noexcept {
  if (version == 2) return bucket(seed, value) / double{kBuckets};
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
