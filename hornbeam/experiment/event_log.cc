#include "hornbeam/experiment/event_log.h"

#include <algorithm>
#include <exception>
#include <iterator>

#include "hornbeam/data/error.h"

namespace hornbeam::experiment {
namespace {

constexpr std::size_t kLargestFlush = 1'000;

}  // namespace

void EventLog::happened(MetricEvent event) {
  const std::lock_guard lock(mutex_);
  if (events_.size() >= most_waiting_) {
    ++dropped_;
    return;
  }
  events_.push_back(std::move(event));
}

std::vector<MetricEvent> EventLog::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto end = events_.begin() + static_cast<std::ptrdiff_t>(std::min(most, events_.size()));
  std::vector<MetricEvent> taken(std::make_move_iterator(events_.begin()),
                                 std::make_move_iterator(end));
  events_.erase(events_.begin(), end);
  return taken;
}

void EventLog::put_back(std::vector<MetricEvent> events) {
  const std::lock_guard lock(mutex_);
  const std::size_t room = most_waiting_ - std::min(most_waiting_, events_.size());
  if (events.size() > room) {
    dropped_ += events.size() - room;
    events.resize(room);
  }
  events_.insert(events_.begin(), std::make_move_iterator(events.begin()),
                 std::make_move_iterator(events.end()));
}

std::size_t EventLog::waiting() const {
  const std::lock_guard lock(mutex_);
  return events_.size();
}

std::uint64_t EventLog::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

base::Task<std::size_t> flush(Ingest& ingest, EventLog& log, Time now) {
  std::size_t stored = 0;
  // Ends: no more is taken than waited when it began.
  for (std::size_t left = log.waiting(); left > 0;) {
    std::vector<MetricEvent> batch = log.take(std::min(left, kLargestFlush));
    if (batch.empty()) break;
    left -= batch.size();
    std::exception_ptr failure;
    try {
      co_await ingest.write({}, batch, now);
      stored += batch.size();
    } catch (const data::DatabaseError&) {
      failure = std::current_exception();
    }
    if (failure) {
      log.put_back(std::move(batch));
      std::rethrow_exception(failure);
    }
  }
  co_return stored;
}

}  // namespace hornbeam::experiment
