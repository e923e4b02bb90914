#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hornbeam/base/loop.h"
#include "hornbeam/http/handler.h"

namespace hornbeam::http {

/// Bounds on what a client may ask of the server. Each has a status that says it was passed.
struct Limits {
  std::size_t request_line_bytes = 8 * 1024;  ///< 414 past it.
  std::size_t head_bytes = 32 * 1024;         ///< The whole head; 431 past it.
  std::size_t field_count = 100;              ///< 431 past it.
  std::chrono::seconds head_timeout{
      10};  ///< From a request's first byte to the end of its head; 408.
  std::chrono::seconds idle_timeout{
      75};  ///< Between requests of a kept connection; closed silently.
  std::chrono::seconds write_timeout{30};  ///< Without progress while output waits; closed.
  std::size_t min_body_rate = 500;         ///< Bytes a second over each `body_grace`; 408 below.
  std::chrono::seconds body_grace{10};     ///< See `min_body_rate`.
  std::size_t connections = 100'000;       ///< Per loop; more are closed at once.
};

/// Certificate and key, both PEM files.
struct TlsOptions {
  /// The certificate and those that lead to its root, in PEM, its own first.
  std::string certificate_chain_file;
  std::string private_key_file;  ///< The certificate's key, in PEM, without a passphrase.
};

/// Where a server listens, and what it puts up with.
struct ServerOptions {
  /// Address to listen on: numeric, IPv4 or IPv6.
  std::string host = "127.0.0.1";
  /// 0 takes a free port; `Server::port` tells which.
  std::uint16_t port = 8000;
  /// Loops, one thread each; 0 for one per core.
  unsigned loops = 0;
  Limits limits;                  ///< Bounds of requests and patience with clients.
  std::optional<TlsOptions> tls;  ///< Serves TLS if given, and plain HTTP if not.
  /// A listening socket handed over by a parent process, used instead of `host` and `port`; its
  /// descriptor.
  std::optional<int> inherited_socket;
  /// How long `stop` lets requests and sockets finish.
  std::chrono::seconds drain_timeout{10};
};

/// An HTTP/1.1 and WebSocket server: one event loop per core, each with its own listening socket
/// (SO_REUSEPORT).
///
/// A connection lives on one loop from accept to close. The handler is called there and must not
/// block.
class Server {
 public:
  /// Lifetime: `handler` outlives the server.
  Server(ServerOptions options, Handler& handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and begins to serve on threads of its own. Throws std::system_error with the address if
  /// it cannot bind, std::runtime_error if a certificate cannot be read.
  void start();
  /// The port bound.
  std::uint16_t port() const noexcept;
  /// A loop of this server, for jobs of the application; loops are used in turn.
  base::Loop& loop();

  /// Reads certificate and key again: connections from now on get them, those there are go on with
  /// what they have. Throws std::runtime_error naming the file that cannot be used, and then goes
  /// on with the old ones. Requires: started, with TLS. Thread: any.
  void reload_tls();

  /// Stops accepting, lets what is under way finish within `drain_timeout` (sockets are closed with
  /// 1012), then ends the loops. Blocks until that is done. Not from a loop.
  void stop();

  /// Counts over all loops.
  struct Statistics {
    std::uint64_t connections = 0;  ///< Open now.
    std::uint64_t accepted = 0;     ///< Connections since the start.
    std::uint64_t requests = 0;     ///< Requests since the start.
    std::uint64_t websockets = 0;   ///< Open now.
  };
  /// The counts now. Thread: any.
  Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::http
