#pragma once

#include <mutex>
#include <utility>

#include "hornbeam/base/loop.h"

namespace hornbeam::http {

/// Where other threads leave jobs for a loop, while there is one. Handles that the application
/// keeps hold on to this, so that they may outlive the server.
class Postbox {
 public:
  explicit Postbox(base::Loop& loop) : loop_(&loop) {}

  /// Posts `job`; false if the loop has ended. Thread: any.
  bool post(base::Executor::Job job) {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr) return false;
    loop_->post(std::move(job));
    return true;
  }
  /// Takes no more: the loop is about to end.
  void close() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;
  base::Loop* loop_;
};

}  // namespace hornbeam::http
