#include "hornbeam/data/internal/work_queue.h"

namespace hornbeam::data::internal {

bool WorkQueue::push(Job& job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= capacity_) return false;
    jobs_.push(job);
    wake = idle_ > 0;
  }
  if (wake) ready_.notify_one();
  return true;
}

JobList WorkQueue::take(std::size_t most, std::chrono::microseconds window) {
  std::unique_lock lock(mutex_);
  ++idle_;
  ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  if (window > std::chrono::microseconds::zero()) {
    ready_.wait_for(lock, window, [&] { return stopping_ || jobs_.size() >= most; });
  }
  --idle_;
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
