#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hornbeam/data/sqlite/connection.h"

namespace hornbeam::data::sqlite {

/// Copies the write-ahead log into the database file on a thread and connection of its own, so that
/// no commit waits for it.
///
/// Writers that never pause would keep the log from ever being copied whole, and so from starting
/// over. Past a second, higher mark the writer itself does it, between two batches.
class Checkpointer {
 public:
  /// `disk_failed` is told, on any thread, when a copy fails: then the database file is not to be
  /// relied on, and the log stays as it is.
  Checkpointer(std::shared_ptr<Shared> shared, std::function<void(const std::string&)> disk_failed);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Looks at the log of `writer` after a batch. Thread: the writer's.
  void log_has_grown(SqliteConnection& writer);
  std::uint64_t checkpoints() const noexcept {
    return checkpoints_.load(std::memory_order_relaxed);
  }

 private:
  void work();
  void copy(SqliteConnection& connection);

  const std::function<void(const std::string&)> disk_failed_;
  SqliteConnection connection_;
  std::atomic<std::uint64_t> checkpoints_ = 0;
  std::atomic<bool> has_failed_ = false;
  int next_at_ = 0;  // pages in the log that are reason for the next copy; the writer's thread only

  std::mutex mutex_;
  std::condition_variable wanted_changed_;
  bool wanted_ = false;    // behind mutex_
  bool stopping_ = false;  // behind mutex_
  std::jthread thread_;
};

}  // namespace hornbeam::data::sqlite
