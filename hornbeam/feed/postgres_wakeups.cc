#include "hornbeam/feed/postgres_wakeups.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "hornbeam/base/log.h"
#include "hornbeam/feed/tracking.h"

namespace hornbeam::feed {

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5'000};
/// A connection that is dead without saying so is found this late.
constexpr std::chrono::milliseconds kLongestSilence{30'000};

bool execute(PGconn* connection, const std::string& sql) {
  PGresult* const result = PQexec(connection, sql.c_str());
  const auto status = PQresultStatus(result);
  PQclear(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

/// The thread that listens, and the one connection it has.
class PostgresWakeups::Listening {
 public:
  explicit Listening(std::string url) : url_(std::move(url)), wake_(eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Listening() {
    thread_.request_stop();
    signal();
    thread_.join();
    close(wake_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  Listeners& listeners() { return listeners_; }
  void announce() {
    is_announcing_ = true;
    signal();
  }

 private:
  void signal() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
  }

  void run(const std::stop_token& stop) {
    auto pause = kFirstPause;
    while (!stop.stop_requested()) {
      Connection connection(PQconnectdb((url_ + separator() + "connect_timeout=5").c_str()),
                            &PQfinish);
      if (PQstatus(connection.get()) == CONNECTION_OK &&
          execute(connection.get(), fmt::format("LISTEN {}", kChannel))) {
        pause = kFirstPause;
        listeners_.call();  // For what was said while nobody listened.
        listen(*connection, stop);
      }
      if (stop.stop_requested()) return;
      base::log_warning("nobody listens to the database's notifications",
                        {{"error", std::string(PQerrorMessage(connection.get()))}});
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any stopped;
      stopped.wait_for(lock, stop, pause, [] { return false; });
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  std::string separator() const { return url_.find('?') == std::string::npos ? "?" : "&"; }

  /// Returns when the connection breaks, or at the end.
  void listen(PGconn& connection, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting[] = {{PQsocket(&connection), POLLIN, 0}, {wake_, POLLIN, 0}};
      const int ready = poll(waiting, 2, static_cast<int>(kLongestSilence.count()));
      if (ready == 0 && !execute(&connection, "SELECT 1")) return;
      if ((waiting[1].revents & POLLIN) != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto read_bytes = read(wake_, &count, sizeof count);
      }
      if (is_announcing_.exchange(false) &&
          !execute(&connection, fmt::format("NOTIFY {}", kChannel))) {
        return;
      }
      if (PQconsumeInput(&connection) == 0) return;
      bool is_told = false;
      while (PGnotify* const each = PQnotifies(&connection)) {
        PQfreemem(each);
        is_told = true;
      }
      if (is_told) listeners_.call();
    }
  }

  const std::string url_;
  const int wake_;
  Listeners listeners_;
  std::atomic<bool> is_announcing_ = false;
  std::jthread thread_;  ///< Last: it ends before what it uses.
};

PostgresWakeups::PostgresWakeups(std::string url)
    : listening_(std::make_unique<Listening>(std::move(url))) {}

PostgresWakeups::~PostgresWakeups() = default;

void PostgresWakeups::announce() noexcept {
  listening_->announce();
}

Wakeups::Subscription PostgresWakeups::listen(Listener listener) {
  return listening_->listeners().add(std::move(listener));
}

}  // namespace hornbeam::feed
