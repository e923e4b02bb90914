#pragma once

// What is done with documents as JSON: parts of them chosen by path, and one merged into another.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"

namespace hornbeam::search {

/// Which parts of a document are shown. Patterns are paths such as "author.name", in which * stands
/// for any characters; what lies below a path that matches belongs to it.
struct SourceFilter {
  std::vector<std::string> includes{};  ///< Empty: everything.
  std::vector<std::string> excludes{};

  bool takes_all() const noexcept { return includes.empty() && excludes.empty(); }
};

/// Reads "_source": true, false, a pattern, several, or `{"includes": ..., "excludes": ...}`; none
/// if nothing is shown.
std::optional<SourceFilter> read_source_filter(base::JsonView json);

/// The parts of an object that a filter takes, as JSON.
std::string filter_source(base::JsonView source, const SourceFilter& filter);

/// `filter_path` of Elasticsearch: parts chosen by patterns in which * stands for one name and **
/// for any number of them; one that begins with "-" takes away.
std::string filter_paths(base::JsonView json, const std::vector<std::string>& patterns);

/// `base` with the members of `changes`: objects are merged, all else is replaced.
std::string merge_json(base::JsonView base, base::JsonView changes);

/// Whether two values are the same; the order of members does not matter.
bool is_same_json(base::JsonView a, base::JsonView b);

/// The values at a path, through objects and arrays.
std::vector<base::JsonView> values_at(base::JsonView source, std::string_view path);

}  // namespace hornbeam::search
