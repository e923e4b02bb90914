#pragma once

// A Redis server of a test program's own, on a free port of the loopback interface.

#include <filesystem>
#include <memory>
#include <string>

#include <sys/types.h>

namespace hornbeam::feed {

/// A running server; it dies with this program.
class RedisServer {
 public:
  /// The one of this program; null, with a word on stderr, if Redis is not installed.
  static RedisServer* shared();
  /// One more, for tests that stop it; null likewise.
  static std::unique_ptr<RedisServer> start();
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  /// "redis://127.0.0.1:PORT/0", and what is added to it.
  std::string url(const std::string& more = "") const;
  /// Kills it, as a crash does.
  void kill();
  /// On the same port.
  void start_again();

 private:
  RedisServer() = default;
  bool try_start();

  std::filesystem::path folder_;
  int port_ = 0;
  pid_t server_ = -1;
};

}  // namespace hornbeam::feed
