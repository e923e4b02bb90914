#include "arena/load/client_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace arena {
namespace {

namespace http = hornbeam::http;

// The example of RFC 6455, section 1.3: that it is always the same is no harm to a load.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::size_t kLongestHead = 16U << 10;

/// One buffer for every socket: they share a thread, and each read is dealt with before the next.
std::array<char, 64U << 10>& scratch() {
  thread_local std::array<char, 64U << 10> bytes;
  return bytes;
}

http::MaskKey fresh_mask() {
  thread_local std::mt19937 random{std::random_device{}()};
  const auto bits = static_cast<std::uint32_t>(random());
  http::MaskKey key{};
  std::memcpy(key.data(), &bits, key.size());
  return key;
}

void bind_source(int descriptor, unsigned source) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source);
  ::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from);
}

}  // namespace

ServerAddress resolve(std::string_view url) {
  constexpr std::string_view kScheme = "ws://";
  if (!url.starts_with(kScheme)) {
    throw std::invalid_argument(
        fmt::format("\"{}\" is no address of a load: write ws://host:port/path", url));
  }
  const std::string_view rest = url.substr(kScheme.size());
  const auto slash = rest.find('/');
  ServerAddress server{.host = std::string(rest.substr(0, slash)),
                       .path = std::string(slash == rest.npos ? "/ws" : rest.substr(slash))};
  const auto colon = server.host.rfind(':');
  const std::string port = colon == std::string::npos ? "80" : server.host.substr(colon + 1);
  const std::string name = server.host.substr(0, colon);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(name.c_str(), port.c_str(), &hints, &found); code != 0) {
    throw std::invalid_argument(fmt::format("\"{}\" leads nowhere: {}", url, gai_strerror(code)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  const auto* const bytes = reinterpret_cast<const char*>(found->ai_addr);
  server.socket.assign(bytes, bytes + found->ai_addrlen);
  server.family = found->ai_family;
  if (server.family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, bytes, sizeof address);
    server.is_loopback_v4 = ntohl(address.sin_addr.s_addr) >> 24 == 127;
  }
  return server;
}

ClientSocket::ClientSocket(const ServerAddress& server, unsigned source)
    : descriptor_(::socket(server.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (descriptor_ < 0) {
    end_with(fmt::format("no socket: {}", std::strerror(errno)));
    return;
  }
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (source != 0 && server.is_loopback_v4) bind_source(descriptor_, source);
  const auto* const address = reinterpret_cast<const sockaddr*>(server.socket.data());
  out_ = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n",
      server.path, server.host, kKey);
  if (::connect(descriptor_, address, static_cast<socklen_t>(server.socket.size())) != 0 &&
      errno != EINPROGRESS) {
    end_with("cannot connect");
  }
}

ClientSocket::~ClientSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ClientSocket::end_with(std::string why) {
  if (state_ == State::kEnded) return;
  state_ = State::kEnded;
  end_ = std::move(why);
}

void ClientSocket::send(std::string_view text) {
  http::append_masked_frame(out_, fresh_mask(), http::Opcode::kText, text);
  flush();
}

void ClientSocket::flush() {
  while (!out_.empty() && state_ != State::kEnded) {
    const ssize_t sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EAGAIN || errno == EINTR || errno == ENOTCONN) return;
      return end_with(state_ == State::kConnecting ? "cannot connect" : "connection lost");
    }
    if (state_ == State::kConnecting) state_ = State::kShakingHands;
    out_.erase(0, static_cast<std::size_t>(sent));
  }
}

void ClientSocket::advance(const OnText& on_text) {
  flush();
  // Ends: a connection that is read dry says EAGAIN.
  while (state_ != State::kEnded) {
    auto& bytes = scratch();
    const ssize_t received = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (received <= 0) {
      return end_with(state_ == State::kConnecting ? "cannot connect" : "connection lost");
    }
    if (state_ == State::kOpen) {
      take_frames(bytes.data(), static_cast<std::size_t>(received), on_text);
    } else {
      take_bytes({bytes.data(), static_cast<std::size_t>(received)}, on_text);
    }
  }
}

/// Bytes that come before the handshake is over.
void ClientSocket::take_bytes(std::string_view bytes, const OnText& on_text) {
  head_.append(bytes);
  const auto end = head_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (head_.size() > kLongestHead) end_with("handshake without end");
    return;
  }
  if (!head_.starts_with("HTTP/1.1 101 ")) {
    return end_with(fmt::format("handshake {}", std::string_view(head_).substr(9, 3)));
  }
  state_ = State::kOpen;
  std::string rest = std::exchange(head_, {}).substr(end + 4);
  take_frames(rest.data(), rest.size(), on_text);
}

void ClientSocket::take_frames(char* bytes, std::size_t size, const OnText& on_text) {
  using Kind = http::WebSocketEvent::Kind;
  std::span<char> left(bytes, size);
  while (state_ == State::kOpen) {
    const auto event = decoder_.next(left);
    if (!event) return;
    switch (event->kind) {
      case Kind::kText:
        on_text(event->payload);
        break;
      case Kind::kPing:
        http::append_masked_frame(out_, fresh_mask(), http::Opcode::kPong, event->payload);
        flush();
        break;
      case Kind::kClose:
        return end_with(fmt::format("closed {}", event->code));
      case Kind::kFailure:
        return end_with(fmt::format("bad frame: {}", event->payload));
      case Kind::kBinary:
      case Kind::kPong:
        break;
    }
  }
}

}  // namespace arena
