#pragma once

// Verify: is the index what the database says? A sample of both is compared by hash, and what
// differs is repaired.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/denorm/target.h"
#include "hornbeam/feed/cursor.h"

namespace hornbeam::denorm {

/// What is looked at.
struct VerifyOptions {
  /// Ranges of rows, begun at random places.
  std::size_t ranges = 10;
  /// Rows of each, and at least as many documents of the index that may have no row.
  std::size_t rows_each = 100;
  /// Every row and every document instead.
  bool is_whole = false;
  /// Whether what differs is queued for repair.
  bool repairs = true;
  /// How long to wait for the index to catch up before something counts as different.
  std::chrono::milliseconds patience{10'000};
  /// For the places; the same gives the same.
  std::uint64_t seed = 0;
};

/// What was found.
struct VerifyReport {
  std::size_t rows = 0;              ///< Compared.
  std::size_t documents = 0;         ///< Of the index, looked up in the database.
  std::size_t missing = 0;           ///< In the database, not in the index.
  std::size_t different = 0;         ///< In both, and not the same.
  std::size_t ghosts = 0;            ///< In the index, not in the database.
  std::size_t failed = 0;            ///< They cannot be rendered: see the dead letters.
  std::vector<std::string> wrong{};  ///< Ids of those that are missing, different or ghosts.

  /// Whether nothing was wrong.
  bool is_clean() const noexcept { return wrong.empty(); }
};

/// Makes searches see everything that a cursor has; false if that does not happen in time.
/// `Indexer::wait_for_now` does, and so does `Indexer::catch_up`.
using CatchUp = std::function<bool(const feed::Cursor& cursor, std::chrono::milliseconds patience)>;

/// Compares. What differs is looked at again once the index has caught up with the snapshot it was
/// compared with, so that an index that lags is not called wrong. Blocks.
VerifyReport verify(data::Database& database, Target& target, const DocumentType& type,
                    const CatchUp& catch_up, const VerifyOptions& options = {});

/// Queues documents for repair: whoever follows renders them anew.
void repair(data::Database& database, const DocumentType& type,
            const std::vector<std::string>& ids);

}  // namespace hornbeam::denorm
