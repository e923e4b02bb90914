#pragma once

// Group commit: many small transactions, one fsync.
//
// A disk confirms a few hundred to a few thousand writes per second, whoever asks; a thread can run
// a hundred thousand small transactions. So one thread owns the write connection, takes whatever
// has been queued while the disk was busy with the last commit, runs it in one transaction of the
// database, and commits once. Nobody is told before the commit.
//
// Each job is still a transaction of its own to its caller: one that throws is undone alone. A
// savepoint before each would do, and copies every page that the job is the first to touch. Since
// nearly all jobs succeed, a batch begins without. When one fails, all that ran is undone and runs
// again behind savepoints, as do the next batches; for work may run more than once. Work that may
// not has its batch run behind savepoints from the start. What a batch shares is the fate of its
// commit. After a commit has failed for the
// disk's sake, writes are refused for good: a kernel that could not write a page may forget that it
// had to, so a second fsync that succeeds proves nothing (Rebello et al., "Can Applications Recover
// from fsync Failures?", USENIX ATC 2020).

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "hornbeam/data/internal/work_queue.h"

namespace hornbeam::data::internal {

/// The one writer of a database.
class GroupCommit {
 public:
  struct Limits {
    std::size_t queued;
    std::size_t batch;
    std::chrono::microseconds window;
    bool may_repeat;  // jobs that do not say otherwise
  };
  struct Counts {
    std::atomic<std::uint64_t> jobs = 0;
    std::atomic<std::uint64_t> failed_jobs = 0;
    std::atomic<std::uint64_t> commits = 0;
    std::atomic<std::uint64_t> largest_batch = 0;
  };

  /// `after_commit` runs on the writer thread once a batch has been confirmed to its callers.
  /// `disk_failed` is set, and stays set, with the first failure of the disk; it outlives this
  /// object.
  GroupCommit(Connection& connection, Limits limits, std::function<void()> after_commit,
              std::atomic<bool>& disk_failed);
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  /// Queues `job`. Throws: `DatabaseError` (`kBusy`) if the queue is full. Thread: any.
  void submit(Job& job);
  /// Fails every job from here on with `reason`. The first reason stays. Thread: any.
  void refuse_writes(const std::string& reason);
  const Counts& counts() const noexcept { return counts_; }

 private:
  void work();
  void run_batch(JobList jobs);
  void run_transaction(JobList& jobs, JobList& finished);
  void start_over(JobList& ran, Job& failed, JobList& jobs);
  bool may_trust(const JobList& jobs) const noexcept;
  bool run_statement(Job& job);
  bool run_one(Job& job, bool alone, bool with_savepoint);
  void undo_one(bool alone) noexcept;
  std::exception_ptr commit();
  void fail_all(JobList& jobs, const std::exception_ptr& failure, JobList& finished);
  std::exception_ptr refusal();

  Connection& connection_;
  const Limits limits_;
  const std::function<void()> after_commit_;
  WorkQueue queue_;
  Counts counts_;
  int doubts_ = 0;  // how many transactions more go behind savepoints

  std::atomic<bool>& disk_failed_;
  std::mutex reason_mutex_;
  std::string reason_;  // behind reason_mutex_

  std::jthread thread_;
};

}  // namespace hornbeam::data::internal
