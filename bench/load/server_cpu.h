#pragma once

#include <chrono>
#include <span>

#include <sys/types.h>

namespace hornbeam::bench {

/// The processor time that the processes `pids` have used so far with all their threads, in the
/// kernel as well as outside it, as the scheduler counts it (to the nanosecond, where
/// /proc/PID/stat counts ticks of 10 ms).
std::chrono::nanoseconds server_cpu(std::span<const pid_t> pids);

}  // namespace hornbeam::bench
