#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/denorm/target.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

/// How an index is.
struct IndexStatus {
  std::string name;                   ///< Of the document type.
  std::string index{};                ///< What serves; empty: nothing yet.
  std::uint64_t documents = 0;        ///< That searches see.
  std::int64_t rows = 0;              ///< In the root's table.
  feed::Lag lag{};                    ///< Of what is committed.
  bool is_lost = false;               ///< It cannot catch up: it has to be built anew.
  bool is_of_this_type = true;        ///< It was built as the type is now; else a rebuild is due.
  std::int64_t built_at = 0;          ///< Units: milliseconds since 1970.
  std::int64_t dead_letters = 0;      ///< Documents that failed.
  std::vector<std::string> others{};  ///< Indices that are kept beside it, or being built.
  std::string holder{};               ///< Which process writes; empty: none.
  /// What is being built beside it, or was when its process died; empty: nothing.
  std::string building{};
  std::string builder{};             ///< Which process builds that ...
  std::int64_t builder_until = 0;    ///< ... and how long nobody else may. Milliseconds since 1970.
  std::int64_t builder_seconds = 0;  ///< The same from now on.
};

/// How far the index of a type is behind, and what else there is to know. `replica` is that of the
/// writer (`WriterOptions`). Blocks.
IndexStatus status_of(data::Database& database, Target& target, const DocumentType& type,
                      const std::string& replica = {});

}  // namespace hornbeam::denorm
