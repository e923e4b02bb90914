#include "hornbeam/data/internal/work_queue.h"

namespace hornbeam::data::internal {

bool WorkQueue::push(Job& job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= capacity_) return false;
    jobs_.push(job);
    // One who waits for company is not to be woken by each that comes.
    wake = idle_ > 0 || jobs_.size() == gathered_;
  }
  if (wake) ready_.notify_one();
  return true;
}

JobList WorkQueue::take(std::size_t most, std::chrono::microseconds window) {
  std::unique_lock lock(mutex_);
  ++idle_;
  ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  --idle_;
  if (window > std::chrono::microseconds::zero()) {
    gathered_ = most;
    ready_.wait_for(lock, window, [&] { return stopping_ || jobs_.size() >= most; });
    gathered_ = 0;
  }
  JobList taken;
  while (taken.size() < most) {
    Job* job = jobs_.pop();
    if (job == nullptr) break;
    taken.push(*job);
  }
  return taken;
}

void WorkQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
}

}  // namespace hornbeam::data::internal
