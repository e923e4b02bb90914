#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/task.h"

namespace hornbeam::base {

/// A few threads for work that blocks, so that no loop does. Ends after the queued work is done.
class ThreadPool {
 public:
  /// Starts `threads` threads at once. Requires: more than none.
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Queues `job`. Thread: any.
  void post(Executor::Job job);

  /// Runs `work` on one of the threads and resumes the caller on its own executor with what it
  /// returns.
  template <class Work>
  Task<std::invoke_result_t<Work&>> run(Work work) {
    using Value = std::invoke_result_t<Work&>;
    Completion<Value> done;
    post([done, work = std::move(work)]() mutable {
      try {
        if constexpr (std::is_void_v<Value>) {
          work();
          done.set();
        } else {
          done.set(work());
        }
      } catch (...) {
        done.fail(std::current_exception());
      }
    });
    co_return co_await done.wait();
  }

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Executor::Job> jobs_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace hornbeam::base
