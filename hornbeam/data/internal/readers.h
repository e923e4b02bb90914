#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "hornbeam/data/internal/work_queue.h"

namespace hornbeam::data::internal {

/// A few threads, each with a connection of its own, that give each job one unchanging view of the
/// database.
class Readers {
 public:
  Readers(std::vector<std::unique_ptr<Connection>> connections, std::size_t most_queued);
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// Queues `job`. Throws: `DatabaseError` (`kBusy`) if the queue is full. Thread: any.
  void submit(Job& job);
  std::uint64_t jobs() const noexcept { return jobs_.load(std::memory_order_relaxed); }

 private:
  void work(Connection& connection);

  WorkQueue queue_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::atomic<std::uint64_t> jobs_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace hornbeam::data::internal
