#include <fmt/format.h>

#include "hornbeam/search/analysis/char_filters.h"
#include "hornbeam/search/analysis/parts.h"

namespace hornbeam::search {
namespace {

using CharFilterPointer = std::shared_ptr<const CharFilter>;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

CharFilterPointer make_mapping(PartSettings& settings) {
  if (!settings.has("mappings")) {
    settings.fail("mapping requires either `mappings` or `mappings_path` to be configured");
    return nullptr;
  }
  std::vector<std::pair<std::string, std::string>> mappings;
  for (const std::string& rule : settings.lines("mappings")) {
    const std::size_t arrow = rule.find("=>");
    const std::string_view from = trimmed(std::string_view(rule).substr(0, arrow));
    if (arrow == std::string::npos || from.empty()) {
      settings.fail(fmt::format("Invalid Mapping Rule : [{}]", rule));
      return nullptr;
    }
    mappings.emplace_back(from, trimmed(std::string_view(rule).substr(arrow + 2)));
  }
  return mapping_char_filter(mappings);
}

CharFilterPointer make_pattern_replace(PartSettings& settings) {
  if (!settings.has("pattern")) {
    settings.fail(fmt::format("pattern is missing for [{}] char filter of type 'pattern_replace'",
                              settings.name()));
    return nullptr;
  }
  const std::string pattern = settings.text("pattern");
  std::string failure;
  auto filter = pattern_replace_char_filter(pattern, settings.text("replacement"), failure);
  if (!filter) {
    settings.fail(fmt::format("invalid pattern [{}] of char_filter [{}]: {}", pattern,
                              settings.name(), failure));
  }
  return filter;
}

}  // namespace

std::shared_ptr<const CharFilter> make_char_filter(std::string_view type, PartSettings& settings) {
  if (type == "mapping") return make_mapping(settings);
  if (type == "html_strip") return html_strip_char_filter(settings.list("escaped_tags"));
  if (type == "pattern_replace") return make_pattern_replace(settings);
  return nullptr;
}

}  // namespace hornbeam::search
