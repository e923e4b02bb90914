#pragma once

// Import: manuals, which are folders of files, as rows.
//
//   site::import_manual(*database, {.manual = "django", .name = "Django", .version = "3.2",
//                                   .folder = "/usr/share/doc/python-django-doc/html"});
//
// A file that has not changed since it was read is skipped, one that is gone takes its rows along:
// so an import can be repeated, and one that was killed goes on.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "hornbeam/data/database.h"

namespace hornbeam::site {

/// A folder of HTML or Markdown files.
struct Manual {
  std::string manual;   ///< As addresses have it: small letters, digits, "-".
  std::string name;     ///< As people have it.
  std::string version;  ///< Such as "3.2"; may be empty.
  std::filesystem::path folder;
  /// What of it is left out, such as "_modules": the first parts of paths.
  std::vector<std::string> without{};
};

/// How far an import is.
struct ImportProgress {
  std::string manual;         ///< The manual's name.
  std::int64_t done = 0;      ///< Files.
  std::int64_t total = 0;     ///< Files.
  std::int64_t sections = 0;  ///< Written so far.
};

/// What came of an import.
struct ImportReport {
  std::int64_t documents = 0;          ///< Read and written.
  std::int64_t sections = 0;           ///< Written.
  std::int64_t unchanged = 0;          ///< Files that were as they are in the tables.
  std::int64_t removed = 0;            ///< Documents whose files are gone.
  std::vector<std::string> refused{};  ///< Files that could not be read, and why.
  bool is_stopped = false;             ///< It did not come to its end.
};

/// Where pages of this site are: what links between pages begin with.
inline constexpr std::string_view kDocumentationPrefix = "/docs/";

/// Imports a manual, some files in each transaction, and calls `progress` after each. Blocks.
/// Throws: std::filesystem::filesystem_error if there is no such folder; `data::DatabaseError`.
ImportReport import_manual(data::Database& database, const Manual& manual,
                           const std::function<void(const ImportProgress&)>& progress = {},
                           const std::stop_token& stop = {});

/// Whether no document was imported yet. Blocks.
bool has_no_documentation(data::Database& database);

}  // namespace hornbeam::site
