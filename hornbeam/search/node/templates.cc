#include "hornbeam/search/node/templates.h"

#include <algorithm>
#include <ranges>

namespace hornbeam::search {
namespace {

bool is_for(const IndexTemplate& one, std::string_view name) {
  return std::ranges::any_of(
      one.patterns, [&](const std::string& pattern) { return matches_pattern(pattern, name); });
}

}  // namespace

const Templates::ByName& Templates::of(TemplateKind kind) const {
  switch (kind) {
    case TemplateKind::kLegacy:
      return legacy_;
    case TemplateKind::kComposable:
      return composable_;
    case TemplateKind::kComponent:
      break;
  }
  return components_;
}

Templates::ByName& Templates::of(TemplateKind kind) {
  return const_cast<ByName&>(std::as_const(*this).of(kind));
}

std::vector<const IndexTemplate*> Templates::for_index(std::string_view name) const {
  if (const IndexTemplate* const whole = find_composable(name)) {
    std::vector<const IndexTemplate*> parts;
    for (const std::string& part : whole->composed_of) {
      const auto found = components_.find(part);
      if (found != components_.end()) parts.push_back(&found->second);
    }
    parts.push_back(whole);
    return parts;
  }
  std::multimap<std::int64_t, const IndexTemplate*> matching;  // Equals stay in the order of names.
  for (const IndexTemplate& one : legacy_ | std::views::values) {
    if (is_for(one, name)) matching.emplace(one.order.value_or(0), &one);
  }
  const auto ordered = matching | std::views::values;
  return {ordered.begin(), ordered.end()};
}

const IndexTemplate* Templates::find_composable(std::string_view name) const {
  const IndexTemplate* best = nullptr;
  for (const IndexTemplate& one : composable_ | std::views::values) {
    if (!is_for(one, name)) continue;
    if (!best || one.order.value_or(0) > best->order.value_or(0)) best = &one;
  }
  return best;
}

}  // namespace hornbeam::search
