#include "hornbeam/data/internal/group_commit.h"

#include <fmt/format.h>
#include <pthread.h>

#include "hornbeam/base/check.h"
#include "hornbeam/base/log.h"
#include "hornbeam/data/error.h"

namespace hornbeam::data::internal {

namespace {

void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
  counter.fetch_add(amount, std::memory_order_relaxed);
}

/// A failure for one more waiter: an exception object of its own, since it is read on that waiter's
/// thread.
std::exception_ptr copy_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const UniqueViolation& error) {
    return std::make_exception_ptr(error);
  } catch (const DatabaseError& error) {
    return std::make_exception_ptr(error);
  } catch (...) {
    return failure;
  }
}

/// For those who had run well in a transaction that `failure`, another's, made the database undo.
std::exception_ptr undone_with(const std::exception_ptr& failure) {
  std::string reason;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    reason = error.what();
  } catch (...) {
    reason = "something that is no std::exception";
  }
  return std::make_exception_ptr(DatabaseError(
      ErrorKind::kBusy,
      fmt::format("another write of the same commit failed so badly that the database undid them "
                  "all: try again. Its error: {}",
                  reason)));
}

DatabaseError undone_by_the_database() {
  return {ErrorKind::kOther,
          "the work caught an error after which the database had undone the whole transaction: let "
          "errors other than those of a constraint leave the work"};
}

}  // namespace

GroupCommit::GroupCommit(Connection& connection, Limits limits, std::function<void()> after_commit,
                         std::atomic<bool>& disk_failed)
    : connection_(connection),
      limits_(limits),
      after_commit_(std::move(after_commit)),
      queue_(limits.queued),
      disk_failed_(disk_failed),
      thread_([this] { work(); }) {
  pthread_setname_np(thread_.native_handle(), "data-writer");
}

GroupCommit::~GroupCommit() {
  queue_.stop();
}

void GroupCommit::submit(Job& job) {
  if (queue_.push(job)) return;
  throw DatabaseError(ErrorKind::kBusy,
                      fmt::format("{} writes are waiting, which is the most: try again later, or "
                                  "raise DatabaseOptions::most_queued",
                                  queue_.capacity()));
}

void GroupCommit::refuse_writes(const std::string& reason) {
  const std::lock_guard lock(reason_mutex_);
  if (!reason_.empty()) return;
  reason_ = reason;
  disk_failed_.store(true, std::memory_order_release);
  base::log_error("database writes are refused from now on: {}", reason);
}

std::exception_ptr GroupCommit::refusal() {
  const std::lock_guard lock(reason_mutex_);
  return std::make_exception_ptr(DatabaseError(
      ErrorKind::kIo,
      fmt::format("writes are refused since the disk failed ({}): what is on it is unknown. Check "
                  "the disk, then start the program again",
                  reason_)));
}

void GroupCommit::work() {
  const DatabaseThread here;
  while (true) {
    JobList jobs = queue_.take(limits_.batch, limits_.window);
    if (jobs.empty()) return;
    run_batch(std::move(jobs));
    after_commit_();
  }
}

void GroupCommit::run_batch(JobList jobs) {
  JobList finished;
  add(counts_.jobs, jobs.size());
  // Ends: each transaction takes at least one job out of `jobs`.
  while (!jobs.empty()) run_transaction(jobs, finished);
  finish(std::move(finished));
}

// Whether the jobs may be run in one go, and again if one of them fails.
bool GroupCommit::may_trust(const JobList& jobs) const noexcept {
  for (const Job* job = jobs.first(); job != nullptr; job = job->next) {
    if (job->most_attempts == 0 ? !limits_.may_repeat : job->most_attempts == 1) return false;
  }
  return true;
}

void GroupCommit::run_transaction(JobList& jobs, JobList& finished) {
  if (disk_failed_.load(std::memory_order_acquire)) return fail_all(jobs, refusal(), finished);
  try {
    connection_.begin(Begin::kWrite);
  } catch (...) {
    return fail_all(jobs, std::current_exception(), finished);
  }

  const bool is_trusting = doubts_ == 0 && may_trust(jobs);
  if (doubts_ > 0) --doubts_;
  JobList ran;
  std::exception_ptr lost;
  while (!lost && !jobs.empty()) {
    Job& job = *jobs.pop();
    const bool is_first = ran.empty();
    if (run_one(job, is_first, !is_first && !is_trusting)) {
      ran.push(job);
      continue;
    }
    if (!connection_.in_transaction()) {
      lost = undone_with(job.failure);
    } else if (is_trusting && !job.is_one_statement) {
      return start_over(ran, job, jobs);
    }
    add(counts_.failed_jobs, 1);
    finished.push(job);
  }
  if (lost || ran.empty()) connection_.rollback();
  if (!lost && !ran.empty()) lost = commit();
  if (lost) return fail_all(ran, lost, finished);
  const std::uint64_t size = ran.size();
  if (size > counts_.largest_batch.load(std::memory_order_relaxed)) {
    counts_.largest_batch.store(size, std::memory_order_relaxed);
  }
  while (Job* job = ran.pop()) finished.push(*job);
}

// Undoes what `ran` did with what `failed` left of its own, and queues all of it before `jobs`, to
// be run with more care.
void GroupCommit::start_over(JobList& ran, Job& failed, JobList& jobs) {
  constexpr int kDoubts = 64;
  connection_.rollback();
  doubts_ = kDoubts;
  failed.failure = nullptr;
  ran.push(failed);
  while (Job* job = jobs.pop()) ran.push(*job);
  while (Job* job = ran.pop()) jobs.push(*job);
}

bool GroupCommit::run_one(Job& job, bool alone, bool with_savepoint) {
  if (job.is_one_statement && !alone) return run_statement(job);
  try {
    if (with_savepoint) connection_.savepoint();
    if (!alone) connection_.start_clock();
    job.run(connection_);
    base::check(connection_.statements_in_use() == 0, "a cursor has outlived its transaction");
    if (!connection_.in_transaction()) throw undone_by_the_database();
    connection_.require_resolved_references();
    if (with_savepoint) connection_.release_savepoint();
    return true;
  } catch (...) {
    job.failure = std::current_exception();
  }
  base::check(connection_.statements_in_use() == 0, "a cursor has outlived its transaction");
  if (alone || with_savepoint) undo_one(alone);
  return false;
}

// What a failed statement had changed is undone already, and the transaction goes on; or it is
// undone as a whole, which the caller sees. A reference left open until the commit makes that fail
// for all, as it must.
bool GroupCommit::run_statement(Job& job) {
  try {
    job.run(connection_);
    return true;
  } catch (...) {
    job.failure = std::current_exception();
  }
  return false;
}

void GroupCommit::undo_one(bool alone) noexcept {
  // After a serious error the database may have undone the whole transaction by itself.
  if (!connection_.in_transaction()) return;
  if (alone) return connection_.rollback();
  try {
    connection_.rollback_to_savepoint();
    connection_.release_savepoint();
  } catch (...) {
    connection_.rollback();
  }
}

std::exception_ptr GroupCommit::commit() {
  try {
    connection_.commit();
    add(counts_.commits, 1);
    return nullptr;
  } catch (const DatabaseError& error) {
    connection_.rollback();
    if (error.kind() == ErrorKind::kIo || error.kind() == ErrorKind::kCorrupt) {
      refuse_writes(error.what());
    }
    return std::current_exception();
  }
}

void GroupCommit::fail_all(JobList& jobs, const std::exception_ptr& failure, JobList& finished) {
  add(counts_.failed_jobs, jobs.size());
  while (Job* job = jobs.pop()) {
    job->failure = copy_of(failure);
    finished.push(*job);
  }
}

}  // namespace hornbeam::data::internal
