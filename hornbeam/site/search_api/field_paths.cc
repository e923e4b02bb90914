#include "hornbeam/site/search_api/field_paths.h"

#include <algorithm>

#include <fmt/format.h>

namespace hornbeam::site {

using search::FieldMapping;

std::vector<std::pair<std::string, const FieldMapping*>> all_fields(
    const search::Mapping& mapping) {
  std::vector<std::pair<std::string, const FieldMapping*>> all;
  for (const auto& [path, field] : mapping.fields()) {
    all.emplace_back(path, &field);
    for (const auto& [name, other] : field.fields) {
      all.emplace_back(fmt::format("{}.{}", path, name), &other);
    }
  }
  std::ranges::sort(all, {}, &std::pair<std::string, const FieldMapping*>::first);
  return all;
}

}  // namespace hornbeam::site
