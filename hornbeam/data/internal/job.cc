#include "hornbeam/data/internal/job.h"

namespace hornbeam::data::internal {

void Latch::open() {
  // Notifies under the lock: once it is released, the waiter may be gone, and this latch with it.
  const std::lock_guard lock(mutex_);
  is_open_ = true;
  opened_.notify_one();
}

void Latch::wait() {
  std::unique_lock lock(mutex_);
  opened_.wait(lock, [this] { return is_open_; });
}

void JobList::push(Job& job) noexcept {
  job.next = nullptr;
  (last_ == nullptr ? first_ : last_->next) = &job;
  last_ = &job;
  ++size_;
}

Job* JobList::pop() noexcept {
  Job* job = first_;
  if (job == nullptr) return nullptr;
  first_ = job->next;
  if (first_ == nullptr) last_ = nullptr;
  --size_;
  return job;
}

namespace {

void resume_on(base::Executor& executor, JobList jobs) {
  executor.post([jobs = std::move(jobs)]() mutable {
    // A resumed coroutine may end at once and take its job with it: pop reads the link first.
    while (Job* job = jobs.pop()) job->waiting.resume();
  });
}

}  // namespace

void finish(JobList jobs) {
  // Ends: each round takes out the jobs of at least one executor.
  while (!jobs.empty()) {
    base::Executor* const executor = jobs.first()->executor;
    JobList here;
    JobList elsewhere;
    while (Job* job = jobs.pop()) {
      if (job->latch != nullptr) {
        job->latch->open();
      } else {
        (job->executor == executor ? here : elsewhere).push(*job);
      }
    }
    if (!here.empty()) resume_on(*executor, std::move(here));
    while (Job* job = elsewhere.pop()) jobs.push(*job);
  }
}

}  // namespace hornbeam::data::internal
