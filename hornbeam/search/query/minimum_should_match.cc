#include <algorithm>
#include <charconv>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/search/query/query.h"

namespace hornbeam::search {
namespace {

std::optional<long> parse_number(std::string_view text) {
  long number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "2", "-1", "75%", "-25%".
std::optional<long> resolve_simple(std::string_view text, long clauses) {
  const bool is_percent = text.ends_with('%');
  if (is_percent) text.remove_suffix(1);
  const std::optional<long> number = parse_number(text);
  if (!number) return std::nullopt;
  const long count = is_percent ? clauses * *number / 100 : *number;
  return count < 0 ? clauses + count : count;
}

/// "3<90% 5<2": up to 3 clauses all of them, then what stands behind the last number passed.
std::optional<long> resolve_any(std::string_view text, long clauses) {
  if (!text.contains('<')) return resolve_simple(text, clauses);
  long result = clauses;
  for (const auto part : text | std::views::split(' ')) {
    const std::string_view condition(part.begin(), part.end());
    if (condition.empty()) continue;
    const std::size_t sign = condition.find('<');
    const std::optional<long> above = parse_number(condition.substr(0, sign));
    if (!above || sign == std::string_view::npos) return std::nullopt;
    if (clauses <= *above) return result;
    const std::optional<long> resolved = resolve_simple(condition.substr(sign + 1), clauses);
    if (!resolved) return std::nullopt;
    result = *resolved;
  }
  return result;
}

}  // namespace

base::Result<std::size_t> MinimumShouldMatch::resolve(std::size_t clauses) const {
  const std::optional<long> found = resolve_any(text, static_cast<long>(clauses));
  if (!found) {
    return base::error("number_format_exception", fmt::format("For input string: \"{}\"", text));
  }
  return static_cast<std::size_t>(std::max(0L, *found));
}

}  // namespace hornbeam::search
