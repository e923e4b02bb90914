#pragma once

// Followers: who reads the change log, how far each is, and who of several processes does it.
//
// A follower is a row in the database. Its lease says which process works for it, and ends by
// itself; its token rises each time another takes over, so that whatever is written under an older
// one can be refused: a process that was paused, and does not know that it lost the lease, changes
// nothing. Its cursor is a copy: the one that counts is stored with the view.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/data/database.h"
#include "hornbeam/feed/cursor.h"

namespace hornbeam::feed {

/// A follower as the database has it.
struct Follower {
  /// Unique.
  std::string name;
  std::string cursor;           ///< How far it says it is; empty: it has not said.
  std::string holder;           ///< Who works for it; empty: nobody.
  std::int64_t token = 0;       ///< Rises with each holder.
  std::int64_t expires_at = 0;  ///< When its lease ends. Units: milliseconds since 1970.
  std::int64_t seen_at = 0;     ///< When it was last heard of. Units: likewise.
};

/// Its columns.
constexpr auto describe(base::Type<Follower>) {
  using base::field;
  return base::fields(field("name", &Follower::name), field("cursor", &Follower::cursor),
                      field("holder", &Follower::holder), field("token", &Follower::token),
                      field("expires_at", &Follower::expires_at),
                      field("seen_at", &Follower::seen_at));
}

/// The right to work for a follower, for a while.
struct Lease {
  /// Its name.
  std::string follower;
  /// Who has it.
  std::string holder;
  std::int64_t token = 0;  ///< What writes are fenced by.
};

/// A name for this process that no other has.
std::string new_holder();

/// Takes the lease of `follower` if nobody has it, or it has ended, or `holder` has it already, for
/// `length` by the database's clock. A follower that is not known is added. None if another has it.
std::optional<Lease> take_lease(data::Database& database, const std::string& follower,
                                const std::string& holder, std::chrono::milliseconds length);
/// Makes it last for `length` from now, and notes how far the follower is. False if it was lost.
bool renew_lease(data::Database& database, const Lease& lease, std::chrono::milliseconds length,
                 const std::optional<Cursor>& cursor = {});
/// Gives it back, so that another need not wait for its end.
void release_lease(data::Database& database, const Lease& lease);

/// All of them, by name.
std::vector<Follower> followers(data::Snapshot& db);
/// Forgets one, so that the log is not kept for it.
void forget_follower(data::Transaction& tx, const std::string& name);

/// What trimming did.
struct Trimmed {
  std::int64_t read = 0;      ///< Changes deleted since every follower has read them.
  std::int64_t repeated = 0;  ///< Changes deleted since every follower that has not read them will
                              ///< read a later one of the same place and key.
};
/// When followers are given up, and repeated changes looked for.
struct TrimOptions {
  /// One not heard of for longer is no longer waited for, and must build its view anew. Raise it to
  /// keep the log for views that are switched off for longer.
  std::chrono::hours give_up_after{24 * 7};
  /// Repeated changes are looked for when followers have not read so many: so the log is bounded by
  /// the number of rows while a follower stands still.
  std::int64_t compact_above = 10'000;
};
/// Deletes what no follower needs. Without followers, deletes everything.
Trimmed trim(data::Transaction& tx, const TrimOptions& options = {});

}  // namespace hornbeam::feed
