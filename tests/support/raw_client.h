#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hornbeam::tests {

/// A plain blocking client on a raw socket: says exactly what it is told to.
class RawClient {
 public:
  /// `receive_buffer`: what the kernel takes in unread, about; 0 leaves it as it is. Units: bytes.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (descriptor_ < 0) throw std::runtime_error("no descriptor left to connect with");
    if (receive_buffer != 0) {
      ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("cannot connect");
    }
    set_patience(10'000);
  }
  ~RawClient() { ::close(descriptor_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// How long a read waits before it gives up. Units: milliseconds.
  void set_patience(long milliseconds) const {
    const timeval patience{.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  /// Everything until the server closes.
  std::string read_all() const {
    std::string all;
    for (std::string piece = read_some(); !piece.empty(); piece = read_some()) all += piece;
    return all;
  }
  std::string read_until(std::string_view end) const {
    std::string all;
    std::size_t searched = 0;  // What was looked at before is not looked at again.
    while (all.find(end, searched) == std::string::npos) {
      searched = all.size() - std::min(all.size(), end.size());
      const std::string piece = read_some();
      if (piece.empty()) break;
      all += piece;
    }
    return all;
  }
  std::string read_some() const {
    std::string buffer(65536, '\0');
    const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    timed_out_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    buffer.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return buffer;
  }
  /// Whether the last read ended because nothing came, rather than because the server closed.
  bool timed_out() const noexcept { return timed_out_; }
  /// Sends what the kernel takes of `bytes` without waiting; below 0 if that is nothing.
  ssize_t send_now(std::string_view bytes) const {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  /// Whether all of `bytes` could be sent: false once the server has closed.
  bool try_send(std::string_view bytes) const {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  /// Makes the destructor reset the connection, as a client that crashed would.
  void vanish_on_close() const {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }
  void finish_sending() const { ::shutdown(descriptor_, SHUT_WR); }

 private:
  int descriptor_;
  mutable bool timed_out_ = false;
};

}  // namespace hornbeam::tests
