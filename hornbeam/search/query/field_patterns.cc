#include "hornbeam/search/query/field_patterns.h"

#include <algorithm>

namespace hornbeam::search {

// After a mismatch only the last '*' takes one more byte.
std::vector<std::string> fields_matching(const Mapping& mapping, std::string_view pattern) {
  if (!pattern.contains('*')) return {std::string(pattern)};
  std::vector<std::string> found;
  const auto add = [&](const std::string& name, const FieldMapping& field) {
    const bool has_values =
        field.type != FieldType::kObject && field.type != FieldType::kCompletion;
    if (has_values && matches_pattern(pattern, name)) found.push_back(name);
  };
  for (const auto& [name, field] : mapping.fields()) {
    add(name, field);
    for (const auto& [other, inner] : field.fields) add(name + "." + other, inner);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace hornbeam::search
