#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "hornbeam/data/internal/job.h"

namespace hornbeam::data::internal {

/// A bounded queue of jobs between those who want something and the threads that do it.
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

  /// False if the queue is full. Thread: any.
  bool push(Job& job);
  /// Waits for jobs, then up to `window` longer until there are `most`, and takes as many.
  /// Empty only after `stop`, when all is done.
  JobList take(std::size_t most, std::chrono::microseconds window = {});
  /// Lets the takers finish what is queued, and end.
  void stop();

  std::size_t capacity() const noexcept { return capacity_; }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable ready_;
  JobList jobs_;
  std::size_t idle_ = 0;      // takers asleep for want of jobs
  std::size_t gathered_ = 0;  // how many jobs the one waits for who waits for company; 0: nobody
  bool stopping_ = false;
};

}  // namespace hornbeam::data::internal
