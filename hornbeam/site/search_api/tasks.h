#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace hornbeam::site {

/// Requests that were asked not to be waited for (`wait_for_completion=false`): each runs on a
/// thread of its own, and its answer is kept until many later ones have ended. Thread: any.
class Tasks {
 public:
  /// What ends a task: the body of its answer, or of its error.
  struct Answer {
    std::string body;
    bool is_error = false;
  };
  /// Requires: does not throw, and ends soon after its token asks it to.
  using Work = std::function<Answer(const std::stop_token&)>;

  /// One as it is now.
  struct Task {
    std::uint64_t number = 0;
    std::string action;
    std::string description;
    std::chrono::system_clock::time_point started{};
    std::chrono::nanoseconds running{};
    bool is_cancelled = false;
    std::optional<Answer> answer{};  ///< Once it has ended.
  };

  Tasks() = default;
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;
  /// Asks all to end, and waits for that.
  ~Tasks();

  /// Begins one, and gives its number. Nothing if too many are under way.
  std::optional<std::uint64_t> start(std::string action, std::string description, Work work);
  /// One by its number; with `wait`, it is waited for that long at most.
  std::optional<Task> find(std::uint64_t number, std::chrono::milliseconds wait = {});
  /// Those that have not ended.
  std::vector<Task> running();
  /// Asks one to end; false if there is none under way.
  bool cancel(std::uint64_t number);

 private:
  struct Entry {
    Task task;
    std::chrono::steady_clock::time_point began{};
    std::jthread thread{};
  };
  static Task shown(const Entry& entry);
  void drop_old();

  std::mutex mutex_;
  std::condition_variable ended_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Entry> entries_;
};

}  // namespace hornbeam::site
