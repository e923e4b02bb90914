#pragma once

// look: what a person asks a database by hand, as a table of text. For consoles, not for programs.
//
//   app.shell_word("sql", "Read from the database", [this](std::string query) {
//     return data::look(*database, query);
//   });

#include <cstddef>
#include <string>

#include "hornbeam/data/database.h"

namespace hornbeam::data {

/// How much of a result is shown.
struct LookOptions {
  std::size_t most_rows = 100;  ///< Rows after these are left out, and the answer says so.
  /// Longer texts are cut. Units: bytes.
  std::size_t widest_column = 60;
};

/// Runs one statement that reads (SELECT, WITH, VALUES, EXPLAIN), in a transaction in which the
/// database refuses to write, and gives its rows under the names of their columns. NULL shows as
/// NULL, bytes as their count. Throws: `DatabaseError`; std::invalid_argument for other statements.
/// Requires: whoever may call this may read everything; organisations' scopes do not apply.
std::string look(Database& database, std::string sql, LookOptions options = {});

}  // namespace hornbeam::data
