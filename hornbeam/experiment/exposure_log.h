#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hornbeam/experiment/visit.h"

namespace hornbeam::experiment {

/// Exposures of one unit to one arm, put together.
struct Exposures {
  /// Its key.
  std::string experiment;
  /// "control", or its key.
  std::string arm;
  /// Of the unit.
  UnitKind kind = UnitKind::kUser;
  /// Its id.
  std::string unit;
  /// The earliest.
  Time first_at{};
  /// The latest.
  Time last_at{};
  /// How many were put together.
  std::int64_t count = 1;
  std::int64_t version = 0;  ///< Of the configuration, at the first.
  /// From 0.
  std::int64_t phase = 0;
  /// See `Subject::segment`.
  std::string segment{};
};

/// How much an `ExposureLog` holds.
struct ExposureLogOptions {
  /// Units, experiments and arms that wait to be stored. Those beyond are dropped and counted:
  /// since arms are pure, a unit's next visit tells of it again.
  std::size_t most_waiting = 65'536;
};

/// What has happened since the log was made.
struct ExposureLogStatistics {
  std::uint64_t heard = 0;    ///< Exposures, repeated ones too.
  std::uint64_t dropped = 0;  ///< Those for which there was no room.
};

/// Exposures on their way to the database. Hearing of one costs a look-up under a lock that nobody
/// holds for longer; it never waits for the database. What waits in a process that dies is lost:
/// `Ingest::flush` bounds how much that is. Thread: any.
class ExposureLog final : public ExposureSink {
 public:
  /// Empty.
  explicit ExposureLog(ExposureLogOptions options = {}) : options_(options) {}

  void exposed(const Exposure& exposure) override;
  /// Takes at most `most` of those that wait, in no order.
  std::vector<Exposures> take(std::size_t most);
  /// Gives back what could not be stored, unless it has no room.
  void put_back(std::vector<Exposures> exposures);

  /// How many wait.
  std::size_t waiting() const;
  /// Its counters.
  ExposureLogStatistics statistics() const;

 private:
  void add(std::string key, Exposures exposures);

  ExposureLogOptions options_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Exposures> waiting_;
  ExposureLogStatistics statistics_;
};

}  // namespace hornbeam::experiment
