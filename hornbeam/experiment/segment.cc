#include "hornbeam/experiment/segment.h"

#include <algorithm>

namespace hornbeam::experiment {
namespace {

constexpr std::size_t kLongest = 40;
constexpr std::size_t kMost = 8;

// Cut where a character begins, and without what separates.
std::string cleaned(std::string_view text) {
  if (text.size() > kLongest) {
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string clean(text);
  for (char& c : clean) {
    if (c == '=' || c == ';' || static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return clean;
}

}  // namespace

std::string segment_of(std::vector<Dimension> dimensions) {
  for (auto& [name, value] : dimensions) {
    name = cleaned(name);
    value = cleaned(value);
  }
  std::erase_if(dimensions,
                [](const Dimension& each) { return each.first.empty() || each.second.empty(); });
  std::ranges::sort(dimensions);
  const auto twice = std::ranges::unique(dimensions, {}, &Dimension::first);
  dimensions.erase(twice.begin(), twice.end());
  if (dimensions.size() > kMost) dimensions.resize(kMost);
  std::string segment;
  for (const auto& [name, value] : dimensions) {
    if (!segment.empty()) segment += ';';
    segment.append(name).append("=").append(value);
  }
  return segment;
}

std::vector<Dimension> dimensions_of(std::string_view segment) {
  std::vector<Dimension> dimensions;
  // Ends: each turn passes a separator, or all that is left.
  while (!segment.empty()) {
    const std::string_view one = segment.substr(0, segment.find(';'));
    segment.remove_prefix(std::min(segment.size(), one.size() + 1));
    const std::size_t at = one.find('=');
    if (at == std::string_view::npos) {
      dimensions.emplace_back("segment", one);
    } else {
      dimensions.emplace_back(one.substr(0, at), one.substr(at + 1));
    }
  }
  return dimensions;
}

}  // namespace hornbeam::experiment
