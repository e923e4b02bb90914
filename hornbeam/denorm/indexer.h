#pragma once

// Indexer: keeps the index of one document type as the database is, for as long as it lives.
//
//   search::Node node("var/search");
//   denorm::EmbeddedTarget target(node);
//   feed::InProcessWakeups wakeups;
//   denorm::Indexer indexer(*database, target, books_type(), {}, &wakeups);
//   indexer.start();
//
// The first index is built by itself, and so is another one where following is over, since the log
// was trimmed or the database is an older copy; meanwhile the old one serves. When the alias is
// pointed at another index, that one is followed. Of several processes with the same target, one
// writes, and the others stand by.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "hornbeam/base/task.h"
#include "hornbeam/denorm/rebuild.h"
#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/feed/wakeups.h"

namespace hornbeam::denorm {

/// How an indexer works.
struct IndexerOptions {
  /// How it writes.
  WriterOptions writer{};
  feed::FollowerOptions follower{};  ///< Its name is the type's.
  /// How much of the log is kept.
  feed::TrimOptions trim{};
  /// How often the log is trimmed. Zero: never by this indexer.
  std::chrono::milliseconds trim_every{10'000};
};

/// Thread: `step` by one at a time; everything else by any.
///
/// Lifetime: `database`, `target` and `wakeups` outlive it.
class Indexer {
 public:
  /// Does nothing by itself before `start`. `wakeups` may be null: then it polls.
  Indexer(data::Database& database, Target& target, DocumentType type, IndexerOptions options = {},
          feed::Wakeups* wakeups = nullptr);
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  /// Begins to follow on a thread of its own.
  void start();
  /// Ends it, with what was written committed.
  void stop();

  /// What the thread does again and again: a bounded piece of work. For command lines, and tests.
  feed::Work step();
  /// Steps until nothing is left, or another process has the lease. For command lines, and tests.
  void catch_up();

  /// Whether searches see everything that `cursor` has.
  bool covers(const feed::Cursor& cursor) const;
  /// Waits until they do, on the caller's executor; false if that takes longer than `longest`.
  base::Task<bool> wait_for(feed::Cursor cursor, std::chrono::milliseconds longest);
  /// The same, blocking.
  bool wait_for_now(const feed::Cursor& cursor, std::chrono::milliseconds longest) const;

  /// What it follows.
  const DocumentType& type() const noexcept { return type_; }
  /// The index that is written to; empty while another process does, or it has not begun.
  std::string index() const;
  /// Its counters, those of the index at hand.
  WriterStatistics statistics() const;
  /// How its thread fares.
  feed::FollowerState follower_state() const;

 private:
  feed::Work build(bool only_first);
  feed::Work follow(const std::string& index);
  void trim_if_due();
  void note_writer(std::unique_ptr<IndexWriter> writer);
  std::shared_ptr<const WriterProgress> progress() const;

  data::Database& database_;
  Target& target_;
  const DocumentType type_;
  const IndexerOptions options_;
  feed::Wakeups* const wakeups_;
  std::unique_ptr<Rebuild> build_;
  std::chrono::steady_clock::time_point trimmed_at_{};
  std::unique_ptr<IndexWriter> writer_;  ///< Of the thread that steps, whose end may block.
  mutable std::mutex mutex_;
  std::string index_;                               // Guarded by mutex_.
  std::shared_ptr<const WriterProgress> progress_;  // Guarded by mutex_.
  std::unique_ptr<feed::FollowerThread> thread_;
};

}  // namespace hornbeam::denorm
