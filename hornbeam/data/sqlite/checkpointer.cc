#include "hornbeam/data/sqlite/checkpointer.h"

#include <pthread.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data::sqlite {

namespace {

// 4 MB: large enough that a page changed often is copied once.
constexpr int kWantedPages = 1'000;
// 8 MB: a log that starts over is written in place, where a sync is cheaper than at a growing end,
// whose file the disk has to be told of. A shorter one is copied so often that it costs more.
constexpr int kForcedPages = 2'000;

}  // namespace

Checkpointer::Checkpointer(std::shared_ptr<Shared> shared,
                           std::function<void(const std::string&)> disk_failed)
    : disk_failed_(std::move(disk_failed)),
      connection_(std::move(shared), Role::kWriter),
      thread_([this] { work(); }) {
  pthread_setname_np(thread_.native_handle(), "data-checkpoint");
}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_changed_.notify_all();
}

void Checkpointer::log_has_grown(SqliteConnection& writer) {
  const int pages = writer.log_pages();
  if (pages < kWantedPages) next_at_ = kWantedPages;  // the log has started over
  if (pages < next_at_) return;
  next_at_ = pages + kWantedPages;
  if (pages >= kForcedPages) return copy(writer);
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  wanted_changed_.notify_one();
}

void Checkpointer::work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wanted_changed_.wait(lock, [this] { return wanted_ || stopping_; });
      if (stopping_) return;
      wanted_ = false;
    }
    copy(connection_);
  }
}

void Checkpointer::copy(SqliteConnection& connection) {
  if (has_failed_.load(std::memory_order_relaxed)) return;
  try {
    connection.checkpoint();
    checkpoints_.fetch_add(1, std::memory_order_relaxed);
  } catch (const DatabaseError& error) {
    has_failed_.store(true, std::memory_order_relaxed);
    disk_failed_(error.what());
  }
}

}  // namespace hornbeam::data::sqlite
