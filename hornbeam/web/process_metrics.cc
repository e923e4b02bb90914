// What /proc says about this process, by the names that Prometheus' clients agree on
// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#standard-and-runtime-collectors).

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include "hornbeam/web/metrics.h"

namespace hornbeam::web {

namespace {

/// Field `number` of /proc/self/stat, counted from 1 as proc(5) does. Requires: above 2.
double stat_field(int number) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // The second field is the program's name in parentheses, with any character in it.
  const std::size_t end = line.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream rest(line.substr(end + 1));
  std::string word;
  for (int i = 3; i <= number; ++i) rest >> word;
  return std::strtod(word.c_str(), nullptr);
}

double ticks_per_second() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double open_descriptors() {
  std::error_code failure;
  std::size_t count = 0;
  std::filesystem::directory_iterator each("/proc/self/fd", failure);
  for (const auto& end = std::filesystem::directory_iterator(); !failure && each != end;
       each.increment(failure)) {
    ++count;
  }
  // One of them was the folder itself.
  return count == 0 ? 0 : static_cast<double>(count - 1);
}

double max_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

/// Seconds since the epoch at which this process began.
double start_time() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) {
      return std::strtod(line.c_str() + 6, nullptr) + stat_field(22) / ticks_per_second();
    }
  }
  return 0;
}

}  // namespace

void add_process_metrics(MetricRegistry& registry) {
  registry.counter_from("process_cpu_seconds_total", "User and system CPU time spent.",
                        cpu_seconds);
  registry.gauge_from("process_open_fds", "Open file descriptors.", open_descriptors);
  registry.gauge_from("process_max_fds", "The most there may be.", max_descriptors);
  registry.gauge_from("process_virtual_memory_bytes", "Virtual memory.",
                      [] { return stat_field(23); });
  registry.gauge_from("process_resident_memory_bytes", "Resident memory.",
                      [] { return stat_field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE)); });
  registry.gauge_from("process_start_time_seconds", "When the process began, in Unix time.",
                      [began = start_time()] { return began; });
}

}  // namespace hornbeam::web
