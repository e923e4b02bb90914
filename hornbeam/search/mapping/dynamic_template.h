#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// How new fields of some names or types are mapped, instead of by what they look like.
struct DynamicTemplate {
  std::string name;
  std::vector<std::string> match{};  ///< Patterns for the last part of the path; empty: all.
  std::vector<std::string> unmatch{};
  std::vector<std::string> path_match{};  ///< Patterns for the whole path.
  std::vector<std::string> path_unmatch{};
  std::vector<std::string> types{};  ///< "string", "long", ...; empty or "*": all.
  bool is_regular = false;           ///< Patterns for names are regular expressions.
  std::string mapping{};             ///< JSON, with {name} and {dynamic_type}.
  std::string json{};                ///< The whole, to be shown.

  bool matches(std::string_view path, std::string_view type) const;
  /// The mapping of a field as JSON.
  std::string mapping_of(std::string_view path, std::string_view type) const;
};

/// Reads "dynamic_templates": `[{"NAME": {"match": ..., "mapping": {...}}}]`.
base::Result<std::vector<DynamicTemplate>> read_dynamic_templates(base::JsonView json);

}  // namespace hornbeam::search
