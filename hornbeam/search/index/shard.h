#pragma once

// Documents kept findable: what is written collects in memory, becomes a segment when it is much
// or on `refresh`, and segments are merged in the background. Readers take a snapshot, which never
// changes; `commit` makes everything survive.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/index/id_filter.h"
#include "hornbeam/search/index/manifest.h"
#include "hornbeam/search/index/merge_policy.h"
#include "hornbeam/search/segment/segment.h"
#include "hornbeam/search/segment/segment_buffer.h"
#include "hornbeam/search/segment/segment_merger.h"

namespace hornbeam::search {

/// What a shard does with memory and threads.
struct ShardOptions {
  /// The buffer becomes a segment when it holds more. Raise it to index much at once.
  std::size_t buffer_bytes = 64ULL << 20;
  MergeOptions merges{};
  /// False leaves segments alone until `merge_all`.
  bool merges_in_background = true;
  /// Deleted ids that are remembered; the oldest are forgotten first.
  std::size_t tombstones = 100'000;
};

/// When a write is refused. The default never is.
struct WriteCondition {
  /// The version is the caller's: it must be above the current one (or equal, with `or_equal`).
  std::optional<std::int64_t> external_version{};
  bool or_equal = false;
  std::optional<std::int64_t> if_seq_no{};
  bool if_absent = false;  ///< Creates only.
};

/// What a write did.
struct WriteOutcome {
  std::int64_t version = 0;
  std::int64_t seq_no = 0;
  bool existed = false;
};

/// All segments as they were at one moment.
struct Snapshot {
  std::vector<SegmentView> segments{};
  std::vector<DocId> bases{};  ///< The number of each one's first document in the whole.

  std::uint64_t live_count() const noexcept;
};

/// Thread: any.
class Shard {
 public:
  /// Opens the last commit, or begins anew. Throws CorruptIndex, std::system_error.
  Shard(std::unique_ptr<Directory> directory, ShardOptions options);
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  /// What was not committed is lost.
  ~Shard();

  /// Adds a document or replaces the one of its id. The error's code is
  /// "version_conflict_engine_exception".
  base::Result<WriteOutcome> put(IndexedDocument document, const WriteCondition& condition = {});
  base::Result<WriteOutcome> remove(std::string_view id, const WriteCondition& condition = {});

  /// Makes what was written visible to new snapshots.
  void refresh();
  /// Whether the id was written, or deleted, since the last refresh.
  bool is_buffered(std::string_view id);
  /// Waits for no write and no merge.
  std::shared_ptr<const Snapshot> snapshot() const;

  /// Makes what was written survive, with `mapping` and `user_data`, in one step.
  void commit(std::string mapping, std::string user_data);
  /// Those of the last commit.
  std::string committed_mapping() const;
  std::string committed_user_data() const;

  /// Merges all segments into one.
  void merge_all();
  /// Waits until the background has nothing to merge.
  void wait_for_merges();
  /// Why merging stopped, if it did.
  std::optional<std::string> merge_failure() const;
  std::size_t buffered_bytes() const;

 private:
  struct Entry {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<LiveDocs> live;
    bool is_live_shared = true;  ///< A snapshot or a merge has it: copied before it changes.
    bool is_synced = false;
    bool is_merging = false;
    std::string live_file;                  ///< What holds `live`, if it is as committed.
    std::shared_ptr<const IdFilter> ids{};  ///< Made when the first id is looked for.
  };
  struct Buffered {
    DocId doc;
    std::int64_t version;
    std::int64_t seq_no;
  };
  struct Current {
    std::int64_t version;
    std::int64_t seq_no;
    bool is_deleted;
  };

  struct IdHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const noexcept { return IdFilter::hash_of(id); }
  };

  using Lock = std::unique_lock<std::mutex>;
  void open();
  static std::optional<DocId> find_live(Entry& entry, std::string_view id, std::uint64_t hash);
  std::optional<Current> find_current(std::string_view id);
  base::Result<std::int64_t> next_version(std::string_view id,
                                          const std::optional<Current>& current,
                                          const WriteCondition& condition) const;
  void delete_older(std::string_view id);
  LiveDocs& writable(Entry& entry);
  void flush();
  void publish();
  void remember(std::string_view id, Tombstone tombstone);
  void remove_unused_files();
  std::string next_name(std::string_view prefix);

  void merge_loop(const std::stop_token& stop);
  void merge_once(Lock& lock, std::span<const std::size_t> chosen);
  void finish_merge(std::span<const SegmentView> sources, const DocMaps& maps,
                    std::shared_ptr<const Segment> merged, std::shared_ptr<const IdFilter> ids);
  std::vector<std::size_t> next_merge() const;

  const std::unique_ptr<Directory> directory_;
  const ShardOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Entry> entries_;
  std::unique_ptr<SegmentBuffer> buffer_;
  std::unordered_map<std::string, Buffered, IdHash, std::equal_to<>> buffered_;
  std::vector<DocId> buffer_deletes_;
  std::uint64_t next_file_ = 0;
  std::int64_t next_seq_no_ = 0;
  std::int64_t published_seq_no_ = 0;  ///< What is below it, snapshots show.
  bool has_news_ = false;              ///< A merge has changed the segments since.
  std::map<std::string, Tombstone, std::less<>> tombstones_;
  std::map<std::int64_t, std::string> tombstone_order_;
  Manifest committed_;
  std::set<std::string> being_written_;
  mutable std::mutex snapshot_mutex_;  ///< Of `snapshot_` alone: a search waits for no write.
  std::shared_ptr<const Snapshot> snapshot_;
  std::optional<std::string> merge_failure_;
  std::size_t running_merges_ = 0;
  std::jthread merger_;  ///< Last: it ends before what it uses.
};

}  // namespace hornbeam::search
