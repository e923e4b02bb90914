#include "hornbeam/data/internal/readers.h"

#include <fmt/format.h>
#include <pthread.h>

#include "hornbeam/base/check.h"
#include "hornbeam/data/error.h"

namespace hornbeam::data::internal {

namespace {

void run_on_snapshot(Connection& connection, Job& job) {
  try {
    connection.begin(Begin::kRead);
    job.run(connection);
    base::check(connection.statements_in_use() == 0, "a cursor has outlived its snapshot");
    connection.commit();
  } catch (...) {
    job.failure = std::current_exception();
    connection.rollback();
  }
}

}  // namespace

Readers::Readers(std::vector<std::unique_ptr<Connection>> connections, std::size_t most_queued)
    : queue_(most_queued), connections_(std::move(connections)) {
  for (const auto& connection : connections_) {
    threads_.emplace_back([this, &connection] { work(*connection); });
    pthread_setname_np(threads_.back().native_handle(), "data-reader");
  }
}

Readers::~Readers() {
  queue_.stop();
}

void Readers::submit(Job& job) {
  if (queue_.push(job)) return;
  throw DatabaseError(ErrorKind::kBusy,
                      fmt::format("{} reads are waiting, which is the most: try again later, or "
                                  "raise DatabaseOptions::most_queued",
                                  queue_.capacity()));
}

void Readers::work(Connection& connection) {
  const DatabaseThread here;
  while (true) {
    JobList jobs = queue_.take(1);
    if (jobs.empty()) return;
    jobs_.fetch_add(1, std::memory_order_relaxed);
    run_on_snapshot(connection, *jobs.first());
    finish(std::move(jobs));
  }
}

}  // namespace hornbeam::data::internal
