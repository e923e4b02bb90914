#include "hornbeam/feed/testing/redis_server.h"

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/feed/internal/redis_connection.h"

namespace hornbeam::feed {

namespace {

namespace fs = std::filesystem;

const char* const kProgram = "/usr/bin/redis-server";

/// A port that nothing listened on a moment ago.
int free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(listener);
  return ntohs(address.sin_port);
}

}  // namespace

RedisServer* RedisServer::shared() {
  static const std::unique_ptr<RedisServer> kServer = start();
  return kServer.get();
}

std::unique_ptr<RedisServer> RedisServer::start() {
  if (!fs::exists(kProgram)) {
    fmt::print(stderr, "Redis is not tested: there is no {}. Install redis-server\n", kProgram);
    return nullptr;
  }
  std::unique_ptr<RedisServer> server(new RedisServer());
  std::string pattern = (fs::temp_directory_path() / "redis-test-XXXXXX").string();
  server->folder_ = mkdtemp(pattern.data());
  for (int tries = 0; tries < 5; ++tries) {
    server->port_ = free_port();
    if (server->try_start()) return server;
  }
  throw std::runtime_error("redis-server does not start");
}

bool RedisServer::try_start() {
  const std::string port = std::to_string(port_);
  const std::string folder = folder_.string();
  const char* const words[] = {kProgram,    "--port",       port.c_str(),   "--bind",
                               "127.0.0.1", "--dir",        folder.c_str(), "--save",
                               "",          "--appendonly", "no",           nullptr};
  server_ = fork();
  if (server_ == 0) {
    const int out = open("/dev/null", O_RDWR);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv(kProgram, const_cast<char* const*>(words));
    _exit(127);
  }
  const auto parsed = internal::BrokerUrl::parse(url(), "redis", {});
  for (int tries = 0; tries < 500; ++tries) {
    try {
      internal::RedisConnection(parsed, std::chrono::seconds(1)).run({"PING"});
      // Whoever answers must be ours, and not another's that took the port.
      return waitpid(server_, nullptr, WNOHANG) == 0;
    } catch (const std::runtime_error&) {
      if (waitpid(server_, nullptr, WNOHANG) != 0) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  kill();
  return false;
}

void RedisServer::start_again() {
  if (!try_start()) throw std::runtime_error("redis-server does not start again");
}

void RedisServer::kill() {
  if (server_ <= 0) return;
  ::kill(server_, SIGKILL);
  waitpid(server_, nullptr, 0);
  server_ = -1;
}

RedisServer::~RedisServer() {
  kill();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string RedisServer::url(const std::string& more) const {
  return fmt::format("redis://127.0.0.1:{}/0{}", port_, more);
}

}  // namespace hornbeam::feed
