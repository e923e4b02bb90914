#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// How names of indices with wildcards are understood (`ignore_unavailable`, `allow_no_indices`,
/// `expand_wildcards`).
struct IndexOptionsOfRequest {
  bool ignores_unavailable = false;  ///< A name without index is left out instead of an error.
  bool allows_none = true;           ///< A pattern without match is no error.
  bool expands_open = true;
  bool expands_closed = false;
  bool expands_hidden = false;
  bool forbids_closed = true;  ///< A closed index that is named is an error.
};

/// The parts of "a,b*,-c".
std::vector<std::string> split_names(std::string_view list);

/// Whether an expression stands for every index: "", "_all" and "*".
bool is_all(std::string_view expression) noexcept;

}  // namespace hornbeam::search
