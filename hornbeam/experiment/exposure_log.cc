#include "hornbeam/experiment/exposure_log.h"

#include <algorithm>

namespace hornbeam::experiment {
namespace {

// Parts are told apart by a byte that no UTF-8 text has.
std::string key_of(std::string_view experiment, std::string_view arm, UnitKind kind,
                   std::string_view unit) {
  std::string key;
  key.reserve(experiment.size() + arm.size() + unit.size() + 4);
  key.append(experiment).append("\xFF").append(arm).append("\xFF");
  key.append(1, static_cast<char>('0' + static_cast<int>(kind))).append(unit);
  return key;
}

}  // namespace

void ExposureLog::exposed(const Exposure& exposure) {
  std::string key = key_of(exposure.experiment, exposure.arm, exposure.kind, exposure.unit);
  const std::lock_guard lock(mutex_);
  ++statistics_.heard;
  if (const auto found = waiting_.find(key); found != waiting_.end()) {
    Exposures& known = found->second;
    known.first_at = std::min(known.first_at, exposure.at);
    known.last_at = std::max(known.last_at, exposure.at);
    ++known.count;
    return;
  }
  add(std::move(key), {.experiment = std::string(exposure.experiment),
                       .arm = std::string(exposure.arm),
                       .kind = exposure.kind,
                       .unit = std::string(exposure.unit),
                       .first_at = exposure.at,
                       .last_at = exposure.at,
                       .count = 1,
                       .version = exposure.version,
                       .phase = exposure.phase,
                       .segment = std::string(exposure.segment)});
}

void ExposureLog::add(std::string key, Exposures exposures) {
  if (waiting_.size() >= options_.most_waiting) {
    statistics_.dropped += static_cast<std::uint64_t>(exposures.count);
    return;
  }
  waiting_.emplace(std::move(key), std::move(exposures));
}

std::vector<Exposures> ExposureLog::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::vector<Exposures> taken;
  while (!waiting_.empty() && taken.size() < most) {
    taken.push_back(std::move(waiting_.extract(waiting_.begin()).mapped()));
  }
  return taken;
}

void ExposureLog::put_back(std::vector<Exposures> exposures) {
  const std::lock_guard lock(mutex_);
  for (Exposures& each : exposures) {
    std::string key = key_of(each.experiment, each.arm, each.kind, each.unit);
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) {
      add(std::move(key), std::move(each));
      continue;
    }
    Exposures& newer = found->second;
    newer.first_at = std::min(newer.first_at, each.first_at);
    newer.last_at = std::max(newer.last_at, each.last_at);
    newer.count += each.count;
    newer.version = std::min(newer.version, each.version);
  }
}

std::size_t ExposureLog::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

ExposureLogStatistics ExposureLog::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace hornbeam::experiment
