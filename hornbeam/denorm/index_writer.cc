#include "hornbeam/denorm/index_writer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/denorm/render.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

namespace {

/// Batches of one lease, so that versions of a later lease are greater.
constexpr int kBatchBits = 32;
/// A cursor that moves while nothing is written is committed less often.
constexpr int kIdleCommits = 10;

}  // namespace

IndexWriter::IndexWriter(data::Database& database, Target& target, const DocumentType& type,
                         std::string index, WriterOptions options)
    : database_(database),
      target_(target),
      type_(type),
      index_(std::move(index)),
      options_(std::move(options)),
      holder_(feed::new_holder()) {}

IndexWriter::~IndexWriter() {
  give_lease_back();
}

void IndexWriter::give_lease_back() noexcept {
  if (!lease_) return;
  try {
    feed::release_lease(database_, *lease_);
  } catch (const std::exception&) {
    // It ends by itself.
  }
  lease_.reset();
}

std::string IndexWriter::follower() const {
  return options_.replica.empty() ? index_ : index_ + '@' + options_.replica;
}

bool IndexWriter::acquire() {
  if (lease_) return true;
  lease_ = feed::take_lease(database_, follower(), holder_, options_.lease);
  if (!lease_) return false;
  try {
    begin();
  } catch (...) {
    give_lease_back();
    throw;
  }
  return true;
}

void IndexWriter::begin() {
  renewed_at_ = committed_at_ = Clock::now();
  batch_ = 0;
  fan_out_ = {};
  next_.reset();
  is_dirty_ = is_ahead_ = false;
  dead_.emplace(database_, follower(), options_.retries);
  target_.claim(index_, lease_->token);
  const base::Result<IndexState> read = IndexState::parse(target_.state(index_));
  if (!read) throw std::runtime_error(index_ + ": " + read.error().message);
  IndexState state = *read;
  if (state.cursor.empty()) {
    const auto newest = database_.read_now([](data::Snapshot& db) { return feed::newest(db); });
    state = {.cursor = newest.text(),
             .fingerprint = fingerprint_of(type_),
             .is_filling = true,
             .after = {}};
    note_state(state, newest);
    commit();
  } else {
    const base::Result<feed::Cursor> cursor = feed::Cursor::parse(state.cursor);
    if (!cursor) throw std::runtime_error(index_ + ": " + cursor.error().message);
    // Before pages are filled in that lead nowhere.
    database_.read_now([&](data::Snapshot& db) { return feed::read_changes(db, *cursor, 1); });
    note_state(state, *cursor);
  }
  // Said at once, so that the log is kept for what is needed and no more.
  feed::renew_lease(database_, *lease_, options_.lease, cursor());
}

IndexState WriterProgress::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::optional<feed::Cursor> WriterProgress::cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

WriterStatistics WriterProgress::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

void IndexWriter::note_state(const IndexState& state, std::optional<feed::Cursor> cursor) {
  const std::lock_guard lock(progress_->mutex_);
  progress_->state_ = state;
  progress_->cursor_ = std::move(cursor);
}

void IndexWriter::keep_lease() {
  if (Clock::now() - renewed_at_ < options_.lease / 4) return;
  // What was committed, not what is: the log is kept for what a crash would begin from.
  const base::Result<IndexState> committed = IndexState::parse(target_.state(index_));
  std::optional<feed::Cursor> cursor;
  if (committed) {
    if (auto parsed = feed::Cursor::parse(committed->cursor)) cursor = std::move(*parsed);
  }
  if (!feed::renew_lease(database_, *lease_, options_.lease, cursor)) {
    lease_.reset();
    throw FencedOut(fmt::format("the lease of {} was taken by another process", follower()));
  }
  renewed_at_ = Clock::now();
}

feed::Work IndexWriter::step() {
  if (!lease_) throw FencedOut("the index " + index_ + " is written to without a lease");
  try {
    keep_lease();
    return state().is_filling ? fill() : follow();
  } catch (...) {
    // What was taken from the changes at hand may not be written: they are read again.
    fan_out_ = {};
    next_.reset();
    forget_lease_if_fenced();
    throw;
  }
}

void IndexWriter::forget_lease_if_fenced() noexcept {
  try {
    throw;
  } catch (const FencedOut&) {
    lease_.reset();
  } catch (...) {
    return;
  }
}

feed::Work IndexWriter::fill() {
  IndexState state = this->state();
  const bool is_first = state.filled == 0;
  const std::string sql = fmt::format(
      "SELECT CAST({0} AS TEXT) FROM \"{1}\" {2} ORDER BY {0} LIMIT ?",
      fmt::format(R"("{}"."{}")", type_.key.table, type_.key.name), type_.key.table,
      is_first ? "" : fmt::format(R"(WHERE "{}"."{}" > ?)", type_.key.table, type_.key.name));
  const auto limit = static_cast<std::int64_t>(options_.documents_at_once);
  std::vector<std::string> keys;
  RenderedBatch batch = database_.read_now([&](data::Snapshot& db) {
    keys = is_first ? db.query<std::string>(data::unchecked_sql(sql), limit).all()
                    : db.query<std::string>(data::unchecked_sql(sql), state.after, limit).all();
    return render_batch(db, type_, keys);
  });
  write(keys, std::move(batch));
  state.filled += static_cast<std::int64_t>(keys.size());
  if (!keys.empty()) state.after = keys.back();
  const bool is_complete = keys.size() < options_.documents_at_once;
  if (is_complete) {
    state.is_filling = false;
    state.built_at = database_.read_now([](data::Snapshot& db) { return feed::now_of(db); });
  }
  note_state(state, cursor());
  if (is_complete || Clock::now() - committed_at_ >= options_.commit_every) commit();
  return feed::Work::kMore;
}

/// Made anew each time the snapshot's work is done, which may be more than once: nothing that it
/// leaves behind is taken over before it has come through.
struct IndexWriter::Part {
  FanOut fan_out;
  std::optional<feed::Cursor> next;
  bool has_more = false;
  std::size_t changes = 0;
  std::vector<std::string> keys;
  RenderedBatch batch;
};

IndexWriter::Part IndexWriter::read_part(data::Snapshot& db,
                                         const std::vector<std::string>& due) const {
  Part part{.fan_out = fan_out_, .next = next_, .has_more = has_more_, .keys = due, .batch = {}};
  if (!part.next) {
    feed::Changes read = feed::read_changes(db, *cursor(), options_.changes_at_once);
    part.fan_out = FanOut(type_, read.changes);
    part.next = std::move(read.next);
    part.has_more = read.has_more;
    part.changes = read.changes.size();
  }
  const auto found = part.fan_out.next(db, options_.documents_at_once);
  part.keys.insert(part.keys.end(), found.begin(), found.end());
  std::sort(part.keys.begin(), part.keys.end());
  part.keys.erase(std::unique(part.keys.begin(), part.keys.end()), part.keys.end());
  part.batch = render_batch(db, type_, part.keys);
  return part;
}

feed::Work IndexWriter::follow() {
  const std::vector<std::string> due = dead_->due();
  const bool is_first = !next_;
  Part part = database_.read_now([&](data::Snapshot& db) { return read_part(db, due); });
  fan_out_ = std::move(part.fan_out);
  next_ = std::move(part.next);
  has_more_ = part.has_more;
  {
    const std::lock_guard lock(progress_->mutex_);
    progress_->statistics_.changes += part.changes;
  }
  write(part.keys, std::move(part.batch));
  if (!fan_out_.is_done()) return feed::Work::kMore;
  IndexState state = this->state();
  is_ahead_ |= state.cursor != next_->text();
  state.cursor = next_->text();
  note_state(state, std::exchange(next_, std::nullopt));
  const auto since = Clock::now() - committed_at_;
  const bool is_due =
      since >= (is_dirty_ ? options_.commit_every : options_.commit_every * kIdleCommits);
  if ((is_dirty_ || is_ahead_) && is_due) commit();
  // What took several steps is behind by what was written since the first of them.
  return has_more_ || !is_first ? feed::Work::kMore : feed::Work::kDone;
}

void IndexWriter::write(const std::vector<std::string>& keys, RenderedBatch batch) {
  std::vector<std::string> ids;
  for (const Rendered& each : batch.documents) ids.push_back(each.id);
  ids.insert(ids.end(), batch.absent.begin(), batch.absent.end());
  Writes writes{.version = (lease_->token << kBatchBits) + ++batch_, .token = lease_->token};
  const auto hashes = target_.hashes(index_, ids);
  for (std::size_t at = 0; at < ids.size(); ++at) {
    if (at >= batch.documents.size()) {
      if (hashes[at]) writes.removals.push_back(ids[at]);
    } else if (hashes[at] != hash_of(batch.documents[at].json)) {
      writes.puts.push_back(std::move(batch.documents[at]));
    }
  }
  std::vector<Refusal> refusals;
  if (!writes.puts.empty() || !writes.removals.empty()) {
    is_dirty_ = true;
    refusals = target_.apply(index_, writes);
  }
  for (Refusal& each : refusals) {
    batch.failures.push_back({std::move(each.id), std::move(each.reason)});
  }
  dead_->note(keys, batch.failures);
  const std::lock_guard lock(progress_->mutex_);
  WriterStatistics& statistics = progress_->statistics_;
  statistics.rendered += batch.documents.size();
  statistics.unchanged += batch.documents.size() - writes.puts.size();
  statistics.written += writes.puts.size();
  statistics.removed += writes.removals.size();
  statistics.failed += batch.failures.size();
}

void IndexWriter::note_serving() {
  IndexState state = this->state();
  state.has_served = true;
  note_state(state, cursor());
  commit();
}

void IndexWriter::commit() {
  target_.commit(index_, state().text(), lease_->token);
  is_dirty_ = is_ahead_ = false;
  committed_at_ = Clock::now();
  const std::lock_guard lock(progress_->mutex_);
  ++progress_->statistics_.commits;
}

}  // namespace hornbeam::denorm
