#pragma once

// A PostgreSQL server of a test program's own, on a Unix socket in a folder that goes away.

#include <filesystem>
#include <memory>
#include <string>

#include <sys/types.h>

namespace hornbeam::data {

/// A running server. Where tests run as root, the server runs as "nobody", since it refuses root.
class PostgresServer {
 public:
  /// The one of this program, started by the first call and stopped at the end; null, with a word
  /// on stderr, if PostgreSQL is not installed.
  static PostgresServer* shared();
  /// One more, for tests that stop it; null likewise.
  static std::unique_ptr<PostgresServer> start();

  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The URL of a new, empty database; `more` are options such as "&application_name=x".
  std::string new_database_url(const std::string& more = "");

  /// Kills the server and all that it is doing, as a crash does.
  void kill();
  void start_again();

 private:
  explicit PostgresServer(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void run_sql(const std::string& sql) const;

  std::filesystem::path folder_;
  pid_t server_ = -1;
  int databases_ = 0;
};

}  // namespace hornbeam::data
