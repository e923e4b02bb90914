#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/websocket.h"

namespace arena {

/// Where a WebSocket leads.
struct ServerAddress {
  std::string host;             ///< As the Host field names it, with the port.
  std::string path;             ///< The target of the request.
  std::vector<char> socket{};   ///< The address as the kernel takes it.
  int family = 0;               ///< AF_INET or AF_INET6.
  bool is_loopback_v4 = false;  ///< Somewhere in 127.0.0.0/8.
};

/// The server that `url` names, `ws://host[:port]/path`. Throws: std::invalid_argument that says
/// what is wrong with it, or that nobody knows the host.
ServerAddress resolve(std::string_view url);

/// The client's end of a WebSocket, for one thread with many of them: nothing here waits.
class ClientSocket {
 public:
  using OnText = std::function<void(std::string_view)>;

  /// Begins to connect. `source` tells from which address of 127.0.0.0/8 where the server is on
  /// this machine, so that more sockets fit than one address has ports; 0 leaves it to the kernel.
  ClientSocket(const ServerAddress& server, unsigned source);
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  int descriptor() const noexcept { return descriptor_; }
  /// The handshake is over, and the connection stands.
  bool is_open() const noexcept { return state_ == State::kOpen; }
  /// Why it is over; empty while it is not: "cannot connect", "handshake 502", "closed 1012",
  /// "connection lost".
  const std::string& end() const noexcept { return end_; }

  /// Queues a message. Requires: `is_open()`.
  void send(std::string_view text);
  /// Reads and writes what can be read and written, and gives each text to `on_text`.
  void advance(const OnText& on_text);

 private:
  enum class State : unsigned char { kConnecting, kShakingHands, kOpen, kEnded };

  void end_with(std::string why);
  void flush();
  void take_bytes(std::string_view bytes, const OnText& on_text);
  void take_frames(char* bytes, std::size_t size, const OnText& on_text);

  int descriptor_ = -1;
  State state_ = State::kConnecting;
  hornbeam::http::WebSocketDecoder decoder_{{}, hornbeam::http::WebSocketRole::kClient};
  std::string head_;  // Of the handshake's answer, while it comes.
  std::string out_;
  std::string end_;
};

}  // namespace arena
