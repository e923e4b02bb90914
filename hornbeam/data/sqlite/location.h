#pragma once

#include <string>
#include <string_view>

namespace hornbeam::data::sqlite {

/// Where a URL points to.
struct Location {
  std::string path;  ///< Empty: a database in memory.
  std::string vfs;   ///< SQLite's file layer, from `?vfs=`; empty for its default.

  bool in_memory() const noexcept { return path.empty(); }
};

/// `sqlite:///relative`, `sqlite:////absolute`, `sqlite://` or `sqlite:///:memory:`, and
/// `?vfs=name` after any. Throws: `DatabaseError` telling what is wrong with it.
Location parse_location(std::string_view url);

}  // namespace hornbeam::data::sqlite
