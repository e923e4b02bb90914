#include "hornbeam/web/internal/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT: POSIX names it so.

namespace hornbeam::web {

namespace {

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                           const std::vector<std::string>& variables, std::optional<int> output,
                           std::optional<int> kept) {
  std::vector<std::string> argument_texts = arguments;
  std::vector<std::string> environment = variables;
  for (char** each = environ; *each != nullptr; ++each) environment.emplace_back(*each);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (output) {
    posix_spawn_file_actions_adddup2(&actions, *output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, *output, STDERR_FILENO);
  }
  // A descriptor duplicated onto itself is kept over the exec.
  if (kept) posix_spawn_file_actions_adddup2(&actions, *kept, *kept);
  const int failed = posix_spawn(&id_, program.c_str(), &actions, &attributes,
                                 pointers(argument_texts).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    id_ = -1;
    throw std::system_error(failed, std::generic_category(), "cannot start " + program);
  }
}

ChildProcess::~ChildProcess() {
  stop(std::chrono::milliseconds(0));
}

std::optional<int> ChildProcess::poll() {
  if (id_ < 0 || code_) return code_;
  int status = 0;
  if (waitpid(id_, &status, WNOHANG) == id_) code_ = exit_code(status);
  return code_;
}

int ChildProcess::wait() {
  int status = 0;
  while (!code_) {
    if (waitpid(id_, &status, 0) == id_) code_ = exit_code(status);
  }
  return *code_;
}

void ChildProcess::stop(std::chrono::milliseconds patience) {
  if (id_ < 0 || poll()) return;
  kill(id_, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!poll() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (poll()) return;
  kill(id_, SIGKILL);
  wait();
}

CommandResult run_command(const std::string& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  CommandResult result;
  ChildProcess shell("/bin/sh", {"sh", "-c", command}, {}, ends[1], {});
  close(ends[1]);
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t got = read(ends[0], piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    result.output.append(piece.data(), static_cast<std::size_t>(got));
    static_cast<void>(write(STDERR_FILENO, piece.data(), static_cast<std::size_t>(got)) == got);
  }
  close(ends[0]);
  result.code = shell.wait();
  return result;
}

}  // namespace hornbeam::web
