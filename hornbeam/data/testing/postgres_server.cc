#include "hornbeam/data/testing/postgres_server.h"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hornbeam::data {

namespace {

namespace fs = std::filesystem;

const fs::path kPrograms = "/usr/lib/postgresql/15/bin";

/// Starts a program that dies with this one, as "nobody" if this is root; its output goes to a
/// file.
pid_t spawn(const fs::path& log, const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  const passwd* nobody = geteuid() == 0 ? getpwnam("nobody") : nullptr;
  const pid_t child = fork();
  if (child != 0) return child;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (nobody != nullptr && (setgid(nobody->pw_gid) != 0 || setuid(nobody->pw_uid) != 0)) _exit(126);
  if (chdir("/") != 0) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGINT);
  execv(arguments[0], arguments.data());
  _exit(127);
}

std::string content(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

PostgresServer* PostgresServer::shared() {
  static const std::unique_ptr<PostgresServer> kServer = start();
  return kServer.get();
}

std::unique_ptr<PostgresServer> PostgresServer::start() {
  if (!fs::exists(kPrograms / "initdb")) {
    fmt::print(stderr, "PostgreSQL is not tested: there is no {}. Install postgresql-15\n",
               (kPrograms / "initdb").string());
    return nullptr;
  }
  std::string pattern = (fs::temp_directory_path() / "pg-test-XXXXXX").string();
  std::unique_ptr<PostgresServer> server(new PostgresServer(mkdtemp(pattern.data())));
  const fs::path& folder = server->folder_;
  if (geteuid() == 0) {
    const passwd* nobody = getpwnam("nobody");
    if (chown(folder.c_str(), nobody->pw_uid, nobody->pw_gid) != 0) return nullptr;
  }
  const pid_t initdb =
      spawn(folder / "initdb.log", {kPrograms / "initdb", "-D", folder / "data", "-U", "tester",
                                    "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"});
  int status = 0;
  waitpid(initdb, &status, 0);
  if (status != 0) throw std::runtime_error("initdb failed: " + content(folder / "initdb.log"));
  server->start_again();
  return server;
}

void PostgresServer::start_again() {
  server_ = spawn(folder_ / "server.log",
                  {kPrograms / "postgres", "-D", folder_ / "data", "-k", folder_, "-c",
                   "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"});
  for (int tries = 0; tries < 600; ++tries) {
    try {
      return run_sql("SELECT 1");
    } catch (const std::runtime_error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  throw std::runtime_error("the server does not start: " + content(folder_ / "server.log"));
}

PostgresServer::~PostgresServer() {
  if (server_ > 0) {
    ::kill(server_, SIGINT);  // "fast shutdown"
    waitpid(server_, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PostgresServer::kill() {
  // Its children first, each of which is a session of its own and would outlive it for a while.
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", server_));
  ::kill(server_, SIGSTOP);
  for (pid_t child = 0; children >> child;) ::kill(child, SIGKILL);
  ::kill(server_, SIGKILL);
  waitpid(server_, nullptr, 0);
  server_ = -1;
  fs::remove(folder_ / "data" / "postmaster.pid");
}

void PostgresServer::run_sql(const std::string& sql) const {
  const std::string where = fmt::format("host={} user=tester dbname=postgres", folder_.string());
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(where.c_str()),
                                                                &PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  throw std::runtime_error(PQerrorMessage(connection.get()));
}

std::string PostgresServer::new_database_url(const std::string& more) {
  const std::string name = fmt::format("test_{}", ++databases_);
  run_sql("CREATE DATABASE " + name);
  return fmt::format("postgresql://tester@/{}?host={}{}", name, folder_.string(), more);
}

}  // namespace hornbeam::data
