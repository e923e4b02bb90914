#pragma once

// Workers: threads with a connection each, which take jobs from one queue.
//
// A piece of work that lost to others (a serialization failure, a deadlock) is run again, after a
// pause that grows and is random, so that those who collided do not collide again. From its third
// attempt on it runs while no other write of this process does, so that it comes to its end however
// many there are.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "hornbeam/data/internal/work_queue.h"
#include "hornbeam/data/postgres/connection.h"

namespace hornbeam::data::postgres {

/// Lets many in at a time, or one who asks to be alone; who waits to be alone goes first.
class Turns {
 public:
  enum class Company { kWelcome, kNone };

  void take(Company company);
  void give_back(Company company);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  int wanting_to_be_alone_ = 0;
  bool is_alone_ = false;
};

/// Threads of one purpose: those that read, or those that write.
class Workers {
 public:
  struct Counts {
    std::atomic<std::uint64_t> jobs = 0;
    std::atomic<std::uint64_t> failed_jobs = 0;
    std::atomic<std::uint64_t> commits = 0;
    std::atomic<std::uint64_t> retries = 0;
  };

  Workers(const std::shared_ptr<const Shared>& shared, Begin purpose, int count);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Queues `job`. Throws: `DatabaseError` (`kBusy`) if the queue is full. Thread: any.
  void submit(internal::Job& job);
  const Counts& counts() const noexcept { return counts_; }

 private:
  void work(PostgresConnection& connection);
  void run(PostgresConnection& connection, internal::Job& job);
  /// One attempt; true if it is over, well or not.
  bool attempt(PostgresConnection& connection, internal::Job& job, int attempts);
  void pause(int attempts) const;

  std::shared_ptr<const Shared> shared_;
  const Begin purpose_;
  internal::WorkQueue queue_;
  Turns turns_;
  Counts counts_;
  std::vector<std::unique_ptr<PostgresConnection>> connections_;
  std::vector<std::jthread> threads_;
};

}  // namespace hornbeam::data::postgres
