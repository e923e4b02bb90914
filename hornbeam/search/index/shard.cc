#include "hornbeam/search/index/shard.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/store/corrupt_index.h"

namespace hornbeam::search {
namespace {

/// What the addresses in a buffer reach, with room for a long document.
constexpr std::size_t kLargestBuffer = 2ULL << 30;

std::int64_t number_of(const Segment& segment, std::string_view column, DocId doc) {
  const Column* const found = segment.column(column);
  return found ? found->first(doc).value_or(0) : 0;
}

base::Result<std::int64_t> conflict(std::string_view id, const std::string& reason) {
  return base::error("version_conflict_engine_exception",
                     fmt::format("[{}]: version conflict, {}", id, reason));
}

}  // namespace

std::uint64_t Snapshot::live_count() const noexcept {
  std::uint64_t count = 0;
  for (const SegmentView& view : segments) count += view.live->live_count();
  return count;
}

Shard::Shard(std::unique_ptr<Directory> directory, ShardOptions options)
    : directory_(std::move(directory)),
      options_(options),
      buffer_(std::make_unique<SegmentBuffer>()) {
  open();
  publish();
  if (options_.merges_in_background) {
    merger_ = std::jthread([this](const std::stop_token& stop) { merge_loop(stop); });
  }
}

Shard::~Shard() = default;

void Shard::open() {
  committed_ = read_manifest(*directory_).value_or(Manifest());
  next_file_ = committed_.next_file;
  next_seq_no_ = committed_.next_seq_no;
  for (const auto& [id, tombstone] : committed_.tombstones) remember(id, tombstone);
  for (const Manifest::SegmentFiles& files : committed_.segments) {
    auto segment = std::make_shared<const Segment>(*directory_, files.segment);
    const LiveDocs live = files.live_docs.empty() ? LiveDocs(segment->doc_count())
                                                  : LiveDocs::read(*directory_, files.live_docs);
    if (live.doc_count() != segment->doc_count()) {
      throw CorruptIndex(files.live_docs, "live_docs", 0, "it is of another segment");
    }
    entries_.push_back({.segment = std::move(segment),
                        .live = std::make_shared<LiveDocs>(live),
                        .is_synced = true,
                        .live_file = files.live_docs});
  }
  // What a crash left behind is in no commit.
  remove_unused_files();
}

std::string Shard::next_name(std::string_view prefix) {
  return fmt::format("{}_{}", prefix, next_file_++);
}

std::optional<DocId> Shard::find_live(Entry& entry, std::string_view id, std::uint64_t hash) {
  if (!entry.ids) entry.ids = std::make_shared<const IdFilter>(*entry.segment);
  return entry.ids->may_hold(hash) ? entry.segment->find(id, *entry.live) : std::nullopt;
}

std::optional<Shard::Current> Shard::find_current(std::string_view id) {
  if (const auto found = buffered_.find(id); found != buffered_.end()) {
    return Current{found->second.version, found->second.seq_no, false};
  }
  if (const auto found = tombstones_.find(id); found != tombstones_.end()) {
    return Current{found->second.version, found->second.seq_no, true};
  }
  const std::uint64_t hash = IdFilter::hash_of(id);
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    const std::optional<DocId> doc = find_live(*entry, id, hash);
    if (!doc) continue;
    return Current{number_of(*entry->segment, kVersionField, *doc), entry->segment->seq_no(*doc),
                   false};
  }
  return std::nullopt;
}

base::Result<std::int64_t> Shard::next_version(std::string_view id,
                                               const std::optional<Current>& current,
                                               const WriteCondition& condition) const {
  const bool exists = current && !current->is_deleted;
  if (condition.if_absent && exists) {
    return conflict(
        id, fmt::format("document already exists (current version [{}])", current->version));
  }
  if (condition.if_seq_no && !exists) {
    return conflict(
        id, fmt::format("required seqNo [{}], but no document was found", *condition.if_seq_no));
  }
  if (condition.if_seq_no && *condition.if_seq_no != current->seq_no) {
    return conflict(id, fmt::format("required seqNo [{}]. current document has seqNo [{}]",
                                    *condition.if_seq_no, current->seq_no));
  }
  if (!condition.external_version) return current ? current->version + 1 : 1;
  const std::int64_t given = *condition.external_version;
  const bool is_newer =
      !current || given > current->version || (condition.or_equal && given == current->version);
  if (is_newer) return given;
  return conflict(id, fmt::format("current version [{}] is higher {}than the one provided [{}]",
                                  current->version, condition.or_equal ? "" : "or equal ", given));
}

LiveDocs& Shard::writable(Entry& entry) {
  if (entry.is_live_shared) {
    entry.live = std::make_shared<LiveDocs>(*entry.live);
    entry.is_live_shared = false;
  }
  entry.live_file.clear();
  return *entry.live;
}

void Shard::delete_older(std::string_view id) {
  if (const auto found = buffered_.find(id); found != buffered_.end()) {
    buffer_deletes_.push_back(found->second.doc);
    buffered_.erase(found);
    return;
  }
  const std::uint64_t hash = IdFilter::hash_of(id);
  for (Entry& entry : entries_) {
    if (const auto doc = find_live(entry, id, hash)) writable(entry).remove(*doc);
  }
}

base::Result<WriteOutcome> Shard::put(IndexedDocument document, const WriteCondition& condition) {
  const Lock lock(mutex_);
  const std::optional<Current> current = find_current(document.id);
  const base::Result<std::int64_t> version = next_version(document.id, current, condition);
  if (!version) return std::unexpected(version.error());
  const bool existed = current && !current->is_deleted;
  if (existed) delete_older(document.id);
  if (const auto found = tombstones_.find(document.id); found != tombstones_.end()) {
    tombstone_order_.erase(found->second.seq_no);
    tombstones_.erase(found);
  }
  document.version = *version;
  document.seq_no = next_seq_no_++;
  const WriteOutcome outcome{
      .version = document.version, .seq_no = document.seq_no, .existed = existed};
  std::string id = document.id;
  const DocId doc = buffer_->add(std::move(document));
  buffered_.insert_or_assign(
      std::move(id), Buffered{.doc = doc, .version = outcome.version, .seq_no = outcome.seq_no});
  if (buffer_->memory() > std::min(options_.buffer_bytes, kLargestBuffer)) flush();
  return outcome;
}

base::Result<WriteOutcome> Shard::remove(std::string_view id, const WriteCondition& condition) {
  const Lock lock(mutex_);
  const std::optional<Current> current = find_current(id);
  const base::Result<std::int64_t> version = next_version(id, current, condition);
  if (!version) return std::unexpected(version.error());
  const WriteOutcome outcome{
      .version = *version, .seq_no = next_seq_no_++, .existed = current && !current->is_deleted};
  delete_older(id);
  remember(id, {.version = outcome.version, .seq_no = outcome.seq_no});
  return outcome;
}

void Shard::remember(std::string_view id, Tombstone tombstone) {
  if (const auto found = tombstones_.find(id); found != tombstones_.end()) {
    tombstone_order_.erase(found->second.seq_no);
  }
  tombstones_.insert_or_assign(std::string(id), tombstone);
  tombstone_order_[tombstone.seq_no] = id;
  if (tombstones_.size() <= options_.tombstones) return;
  tombstones_.erase(tombstone_order_.begin()->second);
  tombstone_order_.erase(tombstone_order_.begin());
}

void Shard::flush() {
  if (buffer_->doc_count() == 0) return;
  const std::string name = next_name("segment");
  buffer_->write(*directory_, name);
  Entry entry{.segment = std::make_shared<const Segment>(*directory_, name),
              .live = std::make_shared<LiveDocs>(buffer_->doc_count()),
              .is_live_shared = false};
  for (const DocId doc : buffer_deletes_) entry.live->remove(doc);
  entries_.push_back(std::move(entry));
  buffer_ = std::make_unique<SegmentBuffer>();
  buffered_.clear();
  buffer_deletes_.clear();
  changed_.notify_all();
}

void Shard::publish() {
  auto snapshot = std::make_shared<Snapshot>();
  DocId base = 0;
  for (Entry& entry : entries_) {
    entry.is_live_shared = true;
    snapshot->segments.push_back({.segment = entry.segment, .live = entry.live});
    snapshot->bases.push_back(base);
    base += entry.segment->doc_count();
  }
  published_seq_no_ = next_seq_no_;
  has_news_ = false;
  const Lock lock(snapshot_mutex_);
  snapshot_ = std::move(snapshot);
}

void Shard::refresh() {
  const Lock lock(mutex_);
  if (!has_news_ && published_seq_no_ == next_seq_no_) return;
  flush();
  publish();
}

bool Shard::is_buffered(std::string_view id) {
  const Lock lock(mutex_);
  if (published_seq_no_ == next_seq_no_) return false;
  const std::optional<Current> current = find_current(id);
  return current && current->seq_no >= published_seq_no_;
}

std::shared_ptr<const Snapshot> Shard::snapshot() const {
  const Lock lock(snapshot_mutex_);
  return snapshot_;
}

std::size_t Shard::buffered_bytes() const {
  const Lock lock(mutex_);
  return buffer_->memory();
}

std::string Shard::committed_mapping() const {
  const Lock lock(mutex_);
  return committed_.mapping;
}

std::string Shard::committed_user_data() const {
  const Lock lock(mutex_);
  return committed_.user_data;
}

void Shard::commit(std::string mapping, std::string user_data) {
  const Lock lock(mutex_);
  flush();
  Manifest next{.next_seq_no = next_seq_no_,
                .tombstones = tombstones_,
                .mapping = std::move(mapping),
                .user_data = std::move(user_data)};
  for (Entry& entry : entries_) {
    if (!entry.is_synced) directory_->sync_file(entry.segment->name());
    entry.is_synced = true;
    if (!entry.live->all_live() && entry.live_file.empty()) {
      std::string name = next_name("live");
      entry.live->write(*directory_, name);
      directory_->sync_file(name);
      entry.live_file = std::move(name);
    }
    next.segments.push_back({.segment = entry.segment->name(), .live_docs = entry.live_file});
  }
  next.next_file = next_file_;
  write_manifest(*directory_, next);
  committed_ = std::move(next);
  remove_unused_files();
}

void Shard::remove_unused_files() {
  std::set<std::string, std::less<>> used = {"manifest"};
  for (const Manifest::SegmentFiles& files : committed_.segments) {
    used.insert(files.segment);
    used.insert(files.live_docs);
  }
  for (const Entry& entry : entries_) {
    used.insert(entry.segment->name());
    used.insert(entry.live_file);
  }
  used.insert(being_written_.begin(), being_written_.end());
  for (const std::string& name : directory_->list()) {
    if (!used.contains(name)) directory_->remove(name);
  }
}

}  // namespace hornbeam::search
