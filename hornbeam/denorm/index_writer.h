#pragma once

// IndexWriter: keeps one index as the database is. First the rows that are there are filled in,
// page by page in the order of their keys, from a cursor taken before the first page; then the
// changes since that cursor are followed. Both survive kill -9: how far they are is committed with
// the documents.

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "hornbeam/data/database.h"
#include "hornbeam/denorm/dead_letters.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/denorm/fan_out.h"
#include "hornbeam/denorm/index_state.h"
#include "hornbeam/denorm/render.h"
#include "hornbeam/denorm/target.h"
#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/feed/followers.h"

namespace hornbeam::denorm {

/// How an index is written.
struct WriterOptions {
  /// Changes read at a time.
  std::size_t changes_at_once = 1'000;
  /// Documents rendered and written at a time: they are in memory together.
  std::size_t documents_at_once = 500;
  /// What is found is made to survive so often; a crash in between repeats work and loses none.
  std::chrono::milliseconds commit_every{500};
  /// How long another process waits for this one before it takes its place.
  std::chrono::milliseconds lease{10'000};
  /// For documents that fail.
  RetryOptions retries{};
  /// Added to the follower's name. For processes that have an index of their own each: one that
  /// follows the same database into another folder is another follower.
  std::string replica{};
};

/// Counters of one writer.
struct WriterStatistics {
  std::uint64_t changes = 0;    ///< Read from the log.
  std::uint64_t rendered = 0;   ///< Documents rendered.
  std::uint64_t unchanged = 0;  ///< Those that the index had as they are.
  std::uint64_t written = 0;    ///< Those that were written.
  std::uint64_t removed = 0;    ///< Deleted from the index.
  std::uint64_t failed = 0;     ///< Not rendered, or refused by the index.
  std::uint64_t commits = 0;    ///< Of the index.
};

/// How far a writer is, for those who watch it: they own this, and never the writer, whose end
/// writes to the database. Thread: any.
class WriterProgress {
 public:
  /// How far searches see, and what is committed next.
  IndexState state() const;
  /// How far searches see; none before the lease is held.
  std::optional<feed::Cursor> cursor() const;
  WriterStatistics statistics() const;  ///< Its counters.

 private:
  friend class IndexWriter;
  mutable std::mutex mutex_;
  IndexState state_;                    // Guarded by mutex_.
  std::optional<feed::Cursor> cursor_;  // Guarded by mutex_.
  WriterStatistics statistics_;         // Guarded by mutex_.
};

/// The writer of one index. Thread: one, but for what says otherwise.
///
/// Lifetime: `database`, `target` and `type` outlive it.
class IndexWriter {
 public:
  /// Takes the lease when it first steps. `index` is there.
  IndexWriter(data::Database& database, Target& target, const DocumentType& type, std::string index,
              WriterOptions options);
  /// Gives the lease back.
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  /// Takes the lease, and begins where the index was committed. False while another process has it.
  /// Requires: `target` has the index.
  bool acquire();
  /// Whether it has, or believes to have, the lease.
  bool has_lease() const noexcept { return lease_.has_value(); }

  /// Does a bounded piece of what there is to do: fills, then follows. Throws: `feed::CursorLost`
  /// where following is over; `FencedOut` once the lease is lost, which `acquire` may take again;
  /// what the database and the target throw, after which it may be called again.
  feed::Work step();
  /// Commits what was written. Called by `step` as often as the options say.
  void commit();

  /// Commits that the alias was pointed at the index.
  void note_serving();

  /// The index that it writes to.
  const std::string& index() const noexcept { return index_; }
  /// See `WriterProgress`. Thread: any.
  IndexState state() const { return progress_->state(); }
  /// See `WriterProgress`. Thread: any.
  std::optional<feed::Cursor> cursor() const { return progress_->cursor(); }
  WriterStatistics statistics() const { return progress_->statistics(); }  ///< Thread: any.
  /// What others may watch, also after its end. Thread: any.
  std::shared_ptr<const WriterProgress> progress() const { return progress_; }
  /// Documents that were given up.
  std::size_t dead_letter_count() const { return dead_ ? dead_->count() : 0; }

 private:
  using Clock = std::chrono::steady_clock;

  /// What one snapshot gives of the changes.
  struct Part;

  void begin();
  void give_lease_back() noexcept;
  feed::Work fill();
  feed::Work follow();
  Part read_part(data::Snapshot& db, const std::vector<std::string>& due) const;
  void write(const std::vector<std::string>& keys, RenderedBatch batch);
  void keep_lease();
  /// Requires: an exception is being handled.
  void forget_lease_if_fenced() noexcept;
  void note_state(const IndexState& state, std::optional<feed::Cursor> cursor);
  std::string follower() const;

  data::Database& database_;
  Target& target_;
  const DocumentType& type_;
  const std::string index_;
  const WriterOptions options_;
  const std::string holder_;

  std::optional<feed::Lease> lease_;
  std::optional<DeadLetters> dead_;
  std::int64_t batch_ = 0;  ///< Of this lease, for versions.
  FanOut fan_out_;          ///< What is left of the changes up to `next_`.
  std::optional<feed::Cursor> next_;
  bool has_more_ = false;  ///< Behind `next_`, when it was read.
  bool is_dirty_ = false;  ///< Documents were written since the last commit.
  bool is_ahead_ = false;  ///< The cursor has moved since the last commit.
  Clock::time_point committed_at_{};
  Clock::time_point renewed_at_{};

  const std::shared_ptr<WriterProgress> progress_ = std::make_shared<WriterProgress>();
};

}  // namespace hornbeam::denorm
