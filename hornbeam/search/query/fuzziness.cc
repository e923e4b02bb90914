#include "hornbeam/search/query/fuzziness.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

namespace hornbeam::search {
namespace {

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto found = std::from_chars(text.data(), end, number);
  if (found.ec != std::errc() || found.ptr != end) return std::nullopt;
  return number;
}

bool is_auto(std::string_view text) {
  const std::string_view name = text.substr(0, 4);
  return std::ranges::equal(name, std::string_view("AUTO"),
                            [](char a, char b) { return (a & ~0x20) == b; });
}

}  // namespace

std::uint32_t Fuzziness::edits_for(std::size_t characters) const noexcept {
  if (edits) return *edits;
  return characters < low ? 0 : characters < high ? 1 : 2;
}

base::Result<Fuzziness> Fuzziness::parse(std::string_view text) {
  if (is_auto(text)) {
    Fuzziness found;
    if (text.size() == 4) return found;
    const std::size_t comma = text.find(',');
    const auto low = whole<std::size_t>(text.substr(
        std::min<std::size_t>(5, text.size()), comma == std::string_view::npos ? 0 : comma - 5));
    const auto high =
        comma == std::string_view::npos ? std::nullopt : whole<std::size_t>(text.substr(comma + 1));
    if (text[4] != ':' || !low || !high || *low > *high) {
      return base::error("parse_exception",
                         fmt::format("failed to find low and high distance values in [{}]", text));
    }
    found.low = *low;
    found.high = *high;
    return found;
  }
  const std::optional<double> edits = whole<double>(text);
  if (!edits) {
    return base::error("illegal_argument_exception",
                       fmt::format("failed to parse [{}] as a fuzziness", text));
  }
  if (!(*edits >= 0 && *edits <= 2)) {
    return base::error(
        "illegal_argument_exception",
        fmt::format("Valid edit distances are [0, 1, 2] but was [{}]", std::string(text)));
  }
  return Fuzziness{.edits = static_cast<std::uint32_t>(*edits)};
}

}  // namespace hornbeam::search
