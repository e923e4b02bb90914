#include "hornbeam/http/server.h"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hornbeam/base/check.h"
#include "hornbeam/http/internal/tls.h"
#include "hornbeam/http/internal/worker.h"

namespace hornbeam::http {

namespace {

constexpr int kBacklog = 4096;
constexpr std::chrono::milliseconds kDrainPoll{5};
// For handlers to notice that their connections have ended.
constexpr std::chrono::seconds kLastCall{2};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Address parse_address(const std::string& host, std::uint16_t port) {
  Address address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof(v4);
  } else if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size = sizeof(v6);
  } else {
    throw std::system_error(EINVAL, std::generic_category(),
                            "cannot listen on '" + host +
                                "': give a numeric address, such as 127.0.0.1, 0.0.0.0 or ::");
  }
  return address;
}

[[noreturn]] void fail_to_listen(const std::string& host, std::uint16_t port) {
  const int failed = errno;
  std::string message = "cannot listen on " + host + " port " + std::to_string(port);
  if (failed == EADDRINUSE) message += ", where another program does. Mend: take another port";
  if (failed == EACCES) message += ". Mend: take a port above 1023, or have the right to this one";
  throw std::system_error(failed, std::generic_category(), message);
}

int listen_on(const std::string& host, std::uint16_t port) {
  const Address address = parse_address(host, port);
  const int listener =
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) fail_to_listen(host, port);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 ||
      ::listen(listener, kBacklog) != 0) {
    const int failed = errno;
    ::close(listener);
    errno = failed;
    fail_to_listen(host, port);
  }
  return listener;
}

// SO_REUSEPORT would let a second server of the same user bind the same port in silence, each
// getting half of the connections. So the first socket of a server asks without it whether the port
// is free.
void check_port_is_free(const std::string& host, std::uint16_t port) {
  if (port == 0) return;
  const Address address = parse_address(host, port);
  const int probe = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) fail_to_listen(host, port);
  const int on = 1;
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const int bound =
      ::bind(probe, reinterpret_cast<const sockaddr*>(&address.storage), address.size);
  const int failed = errno;
  ::close(probe);
  errno = failed;
  if (bound != 0) fail_to_listen(host, port);
}

std::uint16_t port_of(int listener) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  if (::getsockname(listener, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "the inherited socket cannot be used");
  }
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(storage).sin_port);
}

int inherit(int descriptor) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0 || ::fcntl(copy, F_SETFL, ::fcntl(copy, F_GETFL) | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "the inherited socket cannot be used");
  }
  return copy;
}

}  // namespace

struct Server::State {
  State(ServerOptions given, Handler& serving) : options(std::move(given)), handler(serving) {}

  ServerOptions options;
  Handler& handler;
  std::uint16_t port = 0;
  std::unique_ptr<TlsContext> tls;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  std::atomic<std::size_t> next_loop{0};

  // Waits until no connection is open and no handler runs, or for `patience`.
  void wait_until_idle(std::chrono::steady_clock::duration patience) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    auto is_busy = [](const auto& worker) {
      return worker->open_connections() != 0 || worker->tasks.load() != 0;
    };
    do {
      std::this_thread::sleep_for(kDrainPoll);
    } while (std::ranges::any_of(workers, is_busy) && std::chrono::steady_clock::now() < deadline);
  }

  template <class Job>
  void on_each_loop(Job job) {
    for (const auto& worker : workers) {
      worker->loop().post([&worker = *worker, job] { job(worker); });
    }
  }
};

Server::Server(ServerOptions options, Handler& handler)
    : state_(std::make_unique<State>(std::move(options), handler)) {}

Server::~Server() {
  stop();
}

void Server::start() {
  State& state = *state_;
  const ServerOptions& options = state.options;
  if (options.tls) state.tls = std::make_unique<TlsContext>(*options.tls);
  const unsigned loops =
      options.loops != 0 ? options.loops : std::max(1U, std::thread::hardware_concurrency());
  if (!options.inherited_socket) check_port_is_free(options.host, options.port);
  state.port = options.port;
  for (unsigned i = 0; i < loops; ++i) {
    const int listener = options.inherited_socket ? inherit(*options.inherited_socket)
                                                  : listen_on(options.host, state.port);
    state.port = port_of(listener);
    state.workers.push_back(
        std::make_unique<Worker>(options, state.handler, state.tls.get(), listener));
  }
  for (const auto& worker : state.workers) {
    state.threads.emplace_back([&worker = *worker] { worker.run(); });
  }
}

std::uint16_t Server::port() const noexcept {
  return state_->port;
}

base::Loop& Server::loop() {
  return state_->workers[state_->next_loop++ % state_->workers.size()]->loop();
}

void Server::reload_tls() {
  base::check(state_->tls != nullptr, "only a started server with TLS has certificates");
  state_->tls->reload();
}

void Server::stop() {
  State& state = *state_;
  if (state.threads.empty()) return;
  state.on_each_loop([](Worker& worker) { worker.begin_drain(); });
  state.wait_until_idle(state.options.drain_timeout);
  state.on_each_loop([](Worker& worker) { worker.end_connections(); });
  state.wait_until_idle(kLastCall);
  // As a job, because a loop whose thread has not begun yet would forget that it was stopped.
  state.on_each_loop([](Worker& worker) { worker.loop().stop(); });
  for (std::thread& thread : state.threads) thread.join();
  // The loops themselves live as long as the server: what another thread still posts to them is
  // dropped with them.
  state.threads.clear();
}

Server::Statistics Server::statistics() const {
  Statistics total;
  for (const auto& worker : state_->workers) {
    total.connections += worker->connections.load(std::memory_order_relaxed);
    total.accepted += worker->accepted.load(std::memory_order_relaxed);
    total.requests += worker->requests.load(std::memory_order_relaxed);
    total.websockets += worker->websockets.load(std::memory_order_relaxed);
  }
  return total;
}

}  // namespace hornbeam::http
