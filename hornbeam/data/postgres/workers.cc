#include "hornbeam/data/postgres/workers.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <pthread.h>

#include "hornbeam/base/check.h"
#include "hornbeam/data/error.h"

namespace hornbeam::data::postgres {

namespace {

using std::chrono::steady_clock;
constexpr int kAttemptsInCompany = 2;

}  // namespace

void Turns::take(Company company) {
  std::unique_lock lock(mutex_);
  if (company == Company::kWelcome) {
    changed_.wait(lock, [this] { return !is_alone_ && wanting_to_be_alone_ == 0; });
  } else {
    ++wanting_to_be_alone_;
    changed_.wait(lock, [this] { return inside_ == 0; });
    --wanting_to_be_alone_;
    is_alone_ = true;
  }
  ++inside_;
}

void Turns::give_back(Company company) {
  const std::lock_guard lock(mutex_);
  --inside_;
  if (company == Company::kNone) is_alone_ = false;
  if (inside_ == 0) changed_.notify_all();
}

Workers::Workers(const std::shared_ptr<const Shared>& shared, Begin purpose, int count)
    : shared_(shared), purpose_(purpose), queue_(shared->options.most_queued) {
  for (int at = 0; at < std::max(count, 1); ++at) {
    connections_.push_back(std::make_unique<PostgresConnection>(shared));
  }
  connections_.front()->open(steady_clock::now() + shared->options.connect_timeout, Tries::kOne);
  for (const auto& connection : connections_) {
    threads_.emplace_back([this, &connection] { work(*connection); });
    pthread_setname_np(threads_.back().native_handle(),
                       purpose == Begin::kRead ? "data-reader" : "data-writer");
  }
}

Workers::~Workers() {
  queue_.stop();
}

void Workers::submit(internal::Job& job) {
  job.queued_at = steady_clock::now();
  if (queue_.push(job)) return;
  throw DatabaseError(
      ErrorKind::kBusy,
      fmt::format("{} {} are waiting, which is the most: try again later, or raise "
                  "DatabaseOptions::most_queued",
                  queue_.capacity(), purpose_ == Begin::kRead ? "reads" : "writes"));
}

void Workers::work(PostgresConnection& connection) {
  const internal::DatabaseThread here;
  while (true) {
    internal::JobList jobs = queue_.take(1);
    if (jobs.empty()) return;
    counts_.jobs.fetch_add(1, std::memory_order_relaxed);
    internal::Job& job = *jobs.first();
    if (steady_clock::now() - job.queued_at > shared_->options.longest_wait) {
      job.failure = std::make_exception_ptr(DatabaseError(
          ErrorKind::kBusy,
          "no connection became free within DatabaseOptions::longest_wait: try again later, or "
          "raise DatabaseOptions::readers or writers"));
    } else {
      run(connection, job);
    }
    if (job.failure) counts_.failed_jobs.fetch_add(1, std::memory_order_relaxed);
    internal::finish(std::move(jobs));
  }
}

void Workers::run(PostgresConnection& connection, internal::Job& job) {
  // Ends: the number of attempts is bounded.
  for (int attempts = 1;; ++attempts) {
    const bool is_alone = purpose_ == Begin::kWrite && attempts > kAttemptsInCompany;
    const auto company = is_alone ? Turns::Company::kNone : Turns::Company::kWelcome;
    turns_.take(company);
    const bool is_over = attempt(connection, job, attempts);
    turns_.give_back(company);
    if (is_over) return;
    job.failure = nullptr;
    counts_.retries.fetch_add(1, std::memory_order_relaxed);
    pause(attempts);
  }
}

bool Workers::attempt(PostgresConnection& connection, internal::Job& job, int attempts) {
  bool has_begun = false;
  try {
    connection.open(steady_clock::now() + shared_->options.connect_timeout);
    connection.begin(job.is_one_statement ? Begin::kStatement : purpose_);
    has_begun = true;
    job.run(connection);
    base::check(connection.statements_in_use() == 0, "a cursor has outlived its transaction");
    connection.commit();
    counts_.commits.fetch_add(1, std::memory_order_relaxed);
    return true;
  } catch (const DatabaseError& error) {
    job.failure = std::current_exception();
    base::check(connection.statements_in_use() == 0, "a cursor has outlived its transaction");
    const bool lost = has_begun && connection.is_broken() && error.kind() != ErrorKind::kTimeout;
    const bool is_unknown = lost && connection.may_be_committed();
    connection.rollback();
    if (is_unknown) {
      job.failure = std::make_exception_ptr(DatabaseError(
          ErrorKind::kUnavailable,
          fmt::format("{}; whether the write was committed is not known", error.what())));
      return true;
    }
    const bool may_pass = error.kind() == ErrorKind::kConflict || lost;
    const int most = job.most_attempts > 0 ? job.most_attempts : shared_->options.most_attempts;
    return !may_pass || attempts >= most;
  } catch (...) {
    job.failure = std::current_exception();
    base::check(connection.statements_in_use() == 0, "a cursor has outlived its transaction");
    connection.rollback();
    return true;
  }
}

void Workers::pause(int attempts) const {
  thread_local std::minstd_rand random{std::random_device{}()};
  constexpr std::chrono::microseconds kLongest = std::chrono::milliseconds(500);
  const std::chrono::microseconds first = shared_->options.retry_pause;
  const auto most = std::min(kLongest, first * (1 << std::min(attempts - 1, 10)));
  std::uniform_int_distribution<std::int64_t> any(most.count() / 2, most.count());
  std::this_thread::sleep_for(std::chrono::microseconds(any(random)));
}

}  // namespace hornbeam::data::postgres
