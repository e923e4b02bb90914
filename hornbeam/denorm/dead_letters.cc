#include "hornbeam/denorm/dead_letters.h"

#include <algorithm>
#include <utility>

#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

namespace {

constexpr std::size_t kLongestReason = 1'000;
constexpr std::int64_t kDueAtOnce = 100;

}  // namespace

DeadLetters::DeadLetters(data::Database& database, std::string follower, RetryOptions options)
    : database_(database), follower_(std::move(follower)), options_(options) {
  const auto keys = database_.read_now([&](data::Snapshot& db) {
    return db
        .query<std::string>("SELECT key FROM hornbeam_dead_letters WHERE follower = ?", follower_)
        .all();
  });
  keys_.insert(keys.begin(), keys.end());
}

std::vector<std::string> DeadLetters::due() {
  if (keys_.empty()) return {};
  return database_.read_now([&](data::Snapshot& db) {
    return db
        .query<std::string>(
            "SELECT key FROM hornbeam_dead_letters WHERE follower = ? AND next_at <= ? ORDER BY "
            "next_at LIMIT ?",
            follower_, feed::now_of(db), kDueAtOnce)
        .all();
  });
}

void DeadLetters::note(const std::vector<std::string>& tried,
                       const std::vector<Failure>& failures) {
  std::set<std::string> mended;
  for (const std::string& key : tried) {
    if (keys_.contains(key)) mended.insert(key);
  }
  for (const Failure& each : failures) mended.erase(each.key);
  if (mended.empty() && failures.empty()) return;
  database_.write_now([&](data::Transaction& tx) {
    const std::int64_t now = feed::now_of(tx);
    for (const std::string& key : mended) {
      tx.execute("DELETE FROM hornbeam_dead_letters WHERE follower = ? AND key = ?", follower_,
                 key);
    }
    for (const Failure& each : failures) {
      const int tries = 1 + tx.query<int>(
                                  "SELECT tries FROM hornbeam_dead_letters WHERE follower "
                                  "= ? AND key = ?",
                                  follower_, each.key)
                                .optional()
                                .value_or(0);
      std::optional<std::int64_t> next;
      if (tries < options_.most_tries) {
        next = now + (options_.first_pause.count() << std::min(tries - 1, 20));
      }
      tx.execute("DELETE FROM hornbeam_dead_letters WHERE follower = ? AND key = ?", follower_,
                 each.key);
      tx.execute("INSERT INTO hornbeam_dead_letters VALUES (?, ?, ?, ?, ?, ?)", follower_, each.key,
                 tries, each.reason.substr(0, kLongestReason), now, next);
    }
  });
  for (const std::string& key : mended) keys_.erase(key);
  for (const Failure& each : failures) keys_.insert(each.key);
}

std::vector<DeadLetter> dead_letters(data::Snapshot& db) {
  return db
      .query<DeadLetter>(
          "SELECT follower, key, tries, reason, failed_at, next_at FROM hornbeam_dead_letters "
          "ORDER BY follower, key")
      .all();
}

}  // namespace hornbeam::denorm
