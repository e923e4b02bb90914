#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/data/database.h"

/// Rows become documents of an index that follows them.
namespace hornbeam::denorm {

/// A document that could not be rendered, or that the index does not take. It holds up no other.
struct DeadLetter {
  std::string follower;                      ///< Of which index: the name of its follower.
  std::string key;                           ///< The document's id.
  int tries = 0;                             ///< How often it was tried.
  std::string reason;                        ///< What the last try said.
  std::int64_t failed_at = 0;                ///< When that was. Units: milliseconds since 1970.
  std::optional<std::int64_t> next_at = {};  ///< When it is tried again; none: when it changes.
};
/// Its columns.
constexpr auto describe(base::Type<DeadLetter>) {
  using base::field;
  return base::fields(field("follower", &DeadLetter::follower), field("key", &DeadLetter::key),
                      field("tries", &DeadLetter::tries), field("reason", &DeadLetter::reason),
                      field("failed_at", &DeadLetter::failed_at),
                      field("next_at", &DeadLetter::next_at));
}

/// A document that failed, and why.
struct Failure {
  /// Of the document.
  std::string key;
  /// What was thrown, or what the index said.
  std::string reason;
};

/// How often documents that fail are tried by themselves.
struct RetryOptions {
  /// Before a document is given up until it changes again.
  int most_tries = 5;
  /// The wait before the second try, which doubles with each.
  std::chrono::milliseconds first_pause{1'000};
};

/// The dead letters of one follower, kept in the database.
class DeadLetters {
 public:
  /// Reads which there are. Lifetime: `database` outlives it.
  DeadLetters(data::Database& database, std::string follower, RetryOptions options);

  /// Those that are due.
  std::vector<std::string> due();
  /// Takes note of what came of some documents: those that failed are kept, the others are no dead
  /// letters any more.
  void note(const std::vector<std::string>& tried, const std::vector<Failure>& failures);
  /// How many there are.
  std::size_t count() const noexcept { return keys_.size(); }

 private:
  data::Database& database_;
  const std::string follower_;
  const RetryOptions options_;
  std::set<std::string> keys_;
};

/// All of them, those of one follower together.
std::vector<DeadLetter> dead_letters(data::Snapshot& db);

}  // namespace hornbeam::denorm
