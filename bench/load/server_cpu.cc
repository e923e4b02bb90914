#include "bench/load/server_cpu.h"

#include <cstdint>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

namespace hornbeam::bench {

std::chrono::nanoseconds server_cpu(std::span<const pid_t> pids) {
  std::chrono::nanoseconds used{0};
  for (const pid_t pid : pids) {
    const std::filesystem::path tasks = fmt::format("/proc/{}/task", pid);
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      std::ifstream schedstat(task.path() / "schedstat");
      std::int64_t on_cpu = 0;
      if (schedstat >> on_cpu) used += std::chrono::nanoseconds(on_cpu);
    }
  }
  return used;
}

}  // namespace hornbeam::bench
