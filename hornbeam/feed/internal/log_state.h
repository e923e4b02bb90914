#pragma once

#include <cstdint>

#include "hornbeam/data/transaction.h"
#include "hornbeam/feed/cursor.h"

namespace hornbeam::feed::internal {

/// What is known of the log itself.
struct LogState {
  Cursor newest;                ///< Of a reader of this snapshot.
  std::int64_t trimmed_to = 0;  ///< SQLite: the last change that is gone; PostgreSQL: transactions
                                ///< below it are gone.
};
LogState log_state(data::Snapshot& db);

}  // namespace hornbeam::feed::internal
