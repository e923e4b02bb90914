#pragma once

// Import: Debian's package metadata into the database, as often as one likes.

#include <cstddef>
#include <functional>
#include <istream>

#include "hornbeam/data.h"

namespace arena::packages {

/// What an import did, in packages.
struct ImportReport {
  std::size_t read = 0;
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t removed = 0;
};

/// How far an import is.
struct ImportProgress {
  std::size_t packages = 0;  ///< Read so far.
  std::size_t bytes = 0;     ///< Of the file.
};

/// Makes the tables what a Packages file says: adds what is new, changes what differs, removes what
/// the file does not have. What is as before is not touched, so that an import that was killed goes
/// on where it was. Every few hundred packages are one transaction, after which `note` is called.
/// Of a package in several versions the first counts. Throws: `ControlError` for a file that is
/// none, when nothing was removed yet; `data::DatabaseError`. Blocks.
ImportReport import_packages(hornbeam::data::Database& database, std::istream& file,
                             const std::function<void(const ImportProgress&)>& note = {});

}  // namespace arena::packages
