#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hornbeam::web {

/// A process started by this one.
class ChildProcess {
 public:
  /// Starts `program` with `arguments` and this environment plus `variables` ("NAME=value"). If
  /// `output` is given, stdout and stderr go to that descriptor. `kept` is a descriptor that stays
  /// open for it. Throws std::system_error.
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
               const std::vector<std::string>& variables, std::optional<int> output,
               std::optional<int> kept);
  ChildProcess(ChildProcess&& other) noexcept : id_(other.id_) { other.id_ = -1; }
  ChildProcess& operator=(ChildProcess&&) = delete;
  /// Ends the process if it runs.
  ~ChildProcess();

  /// How it ended, as a shell shows it, once it has; nothing while it runs.
  std::optional<int> poll();
  int wait();
  /// Asks it to end; ends it when `patience` is over.
  void stop(std::chrono::milliseconds patience);

 private:
  pid_t id_ = -1;
  std::optional<int> code_;
};

/// What a command of the shell wrote, and its exit code.
struct CommandResult {
  int code = 0;
  std::string output;
};

/// Runs `command` to its end. What it writes is shown on stderr as well.
CommandResult run_command(const std::string& command);

}  // namespace hornbeam::web
