#include "hornbeam/denorm/indexer.h"

#include <thread>
#include <utility>

#include "hornbeam/base/log.h"
#include "hornbeam/base/sleep.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

namespace {

constexpr std::chrono::milliseconds kLook{5};

}  // namespace

Indexer::Indexer(data::Database& database, Target& target, DocumentType type,
                 IndexerOptions options, feed::Wakeups* wakeups)
    : database_(database),
      target_(target),
      type_(std::move(type)),
      options_(std::move(options)),
      wakeups_(wakeups) {}

Indexer::~Indexer() {
  stop();
}

void Indexer::start() {
  feed::FollowerOptions options = options_.follower;
  options.name = type_.name;
  thread_ = std::make_unique<feed::FollowerThread>(
      std::move(options), wakeups_, [this](const std::stop_token&) { return step(); });
}

void Indexer::stop() {
  if (!thread_) return;
  thread_->stop();
  thread_.reset();
  if (!writer_ || !writer_->has_lease()) return;
  try {
    writer_->commit();
  } catch (const std::exception& error) {
    base::log_warning("an index was not committed at the end, and repeats work when it begins",
                      {{"index", writer_->index()}, {"error", std::string(error.what())}});
  }
}

feed::Work Indexer::step() {
  trim_if_due();  // Also while the target is away: then above all.
  const std::optional<std::string> serving = target_.find_alias(type_.name);
  if (build_ || !serving) return build(!serving);
  return follow(*serving);
}

feed::Work Indexer::build(bool only_first) {
  if (!build_) {
    build_ = std::make_unique<Rebuild>(
        database_, target_, type_,
        RebuildOptions{.writer = options_.writer, .only_first = only_first});
  }
  feed::Work left = feed::Work::kDone;
  try {
    left = build_->step();
  } catch (const feed::CursorLost&) {
    build_.reset();  // Its index is gone; the next one begins after a pause.
    throw;
  }
  // Complete, or another process is at it: the next step looks at what serves then.
  if (left == feed::Work::kDone) {
    const bool is_complete = build_->is_complete();
    build_.reset();
    return is_complete ? feed::Work::kMore : feed::Work::kDone;
  }
  return left;
}

feed::Work Indexer::follow(const std::string& index) {
  if (writer_ && writer_->index() != index) note_writer(nullptr);
  try {
    if (!writer_ || !writer_->has_lease()) {
      auto next = std::make_unique<IndexWriter>(database_, target_, type_, index, options_.writer);
      if (!next->acquire()) return feed::Work::kDone;
      note_writer(std::move(next));
    }
    return writer_->step();
  } catch (const feed::CursorLost& lost) {
    base::log_warning("an index cannot be followed any more, and is built anew",
                      {{"index", index}, {"reason", std::string(lost.what())}});
    note_writer(nullptr);
    return build(false);
  } catch (const FencedOut& fenced) {
    base::log_warning("an index is written to by another process now",
                      {{"index", index}, {"reason", std::string(fenced.what())}});
    note_writer(nullptr);
    return feed::Work::kDone;
  }
}

void Indexer::trim_if_due() {
  const auto now = std::chrono::steady_clock::now();
  if (options_.trim_every.count() == 0 || now - trimmed_at_ < options_.trim_every) return;
  trimmed_at_ = now;
  database_.write_now([&](data::Transaction& tx) { feed::trim(tx, options_.trim); });
}

void Indexer::catch_up() {
  while (step() == feed::Work::kMore) continue;
  if (writer_ && writer_->has_lease()) writer_->commit();
}

void Indexer::note_writer(std::unique_ptr<IndexWriter> writer) {
  {
    const std::lock_guard lock(mutex_);
    progress_ = writer ? writer->progress() : nullptr;
    index_ = writer ? writer->index() : "";
  }
  writer_ = std::move(writer);
}

std::shared_ptr<const WriterProgress> Indexer::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

bool Indexer::covers(const feed::Cursor& cursor) const {
  const auto current = progress();
  const auto reached = current ? current->cursor() : std::nullopt;
  return reached && !current->state().is_filling && reached->covers(cursor);
}

base::Task<bool> Indexer::wait_for(feed::Cursor cursor, std::chrono::milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (!covers(cursor)) {
    if (std::chrono::steady_clock::now() >= until) co_return false;
    co_await base::sleep_for(kLook);
  }
  co_return true;
}

bool Indexer::wait_for_now(const feed::Cursor& cursor, std::chrono::milliseconds longest) const {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (!covers(cursor)) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

std::string Indexer::index() const {
  const std::lock_guard lock(mutex_);
  return index_;
}

WriterStatistics Indexer::statistics() const {
  const auto current = progress();
  return current ? current->statistics() : WriterStatistics();
}

feed::FollowerState Indexer::follower_state() const {
  return thread_ ? thread_->state() : feed::FollowerState();
}

}  // namespace hornbeam::denorm
