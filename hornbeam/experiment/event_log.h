#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "hornbeam/experiment/ingest.h"

namespace hornbeam::experiment {

/// Events on their way to the database, for those who cannot wait until they are stored, such as a
/// game between two moves. What waits in a process that dies is lost: an event that must not be is
/// given to `Ingest::write`, which waits. Thread: any.
class EventLog {
 public:
  /// `most_waiting`: how many wait at most; those beyond are dropped and counted.
  explicit EventLog(std::size_t most_waiting = 65'536) : most_waiting_(most_waiting) {}

  /// Something was done. Never waits for the database.
  void happened(MetricEvent event);
  /// Takes at most `most` of those that wait, the oldest first.
  std::vector<MetricEvent> take(std::size_t most);
  /// Gives back what could not be stored, unless it has no room.
  void put_back(std::vector<MetricEvent> events);

  /// How many wait.
  std::size_t waiting() const;
  /// How many were dropped since the log was made.
  std::uint64_t dropped() const;

 private:
  const std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::vector<MetricEvent> events_;  // Guarded by mutex_, as the next.
  std::uint64_t dropped_ = 0;
};

/// Stores what waits in `log`, batch by batch, and tells how much. What cannot be stored stays in
/// the log. Throws: as `Ingest::write`.
base::Task<std::size_t> flush(Ingest& ingest, EventLog& log, Time now);

}  // namespace hornbeam::experiment
