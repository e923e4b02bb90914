#include "hornbeam/search/mapping/source_values.h"

namespace hornbeam::search {
namespace {

// Ends, since each step goes deeper into the JSON, which nests 64 deep at most.
void collect(base::JsonView value, std::string_view path, std::vector<std::string>& found) {
  if (value.kind() == base::JsonKind::kArray) {
    for (std::size_t i = 0; i < value.size(); ++i) collect(value.element(i), path, found);
    return;
  }
  if (path.empty()) {
    if (value.is_null() || value.kind() == base::JsonKind::kObject) return;
    const auto text = value.find_string();
    found.push_back(text ? std::string(*text) : value.text());
    return;
  }
  for (std::size_t i = 0; i < value.size() && value.kind() == base::JsonKind::kObject; ++i) {
    const auto [name, inner] = value.member(i);
    if (name == path) {
      collect(inner, "", found);
    } else if (path.starts_with(name) && path.substr(name.size()).starts_with('.')) {
      collect(inner, path.substr(name.size() + 1), found);
    }
  }
}

}  // namespace

std::vector<std::string> source_values(const Mapping& mapping, base::JsonView source,
                                       std::string_view field) {
  std::vector<std::string> found;
  const bool is_own = mapping.fields().contains(field);
  const std::size_t dot = field.rfind('.');
  const bool is_other = !is_own && dot != std::string_view::npos && mapping.find(field);
  collect(source, is_other ? field.substr(0, dot) : field, found);
  return found;
}

}  // namespace hornbeam::search
