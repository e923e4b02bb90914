#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/epoll.h>

namespace hornbeam::bench {

/// An open file descriptor, closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const { return number_; }

 private:
  int number_;
};

/// A TCP connection to the server under test, with the received bytes that do not make a whole
/// answer yet.
class Connection {
 public:
  /// Connects to 127.0.0.1:`port` from the loopback address 127.0.0.`1 + source`, so that more
  /// sockets fit than one address has ports. Throws: std::system_error.
  static Connection open(std::uint16_t port, unsigned source = 0);

  int descriptor() const { return socket_.number(); }

  /// Sends all of `bytes`, waiting for room if there is none. Throws: std::system_error, after 10 s
  /// without progress.
  void send(std::string_view bytes);

  /// What is there to read, after what was kept before; empty if nothing came. Lifetime: until the
  /// next call on any connection. Throws: std::runtime_error when the server has closed.
  std::string_view receive();

  /// The same, but waits until something comes. Throws: std::runtime_error after 10 s of silence.
  std::string_view wait_and_receive();

  /// Keeps `rest`, the tail of what `receive` gave, for the next call.
  void keep(std::string_view rest);

 private:
  explicit Connection(Descriptor socket) : socket_(std::move(socket)) {}
  void wait_for(short events) const;

  Descriptor socket_;
  std::string kept_;
};

/// Tells which of many connections have something to read.
class Poller {
 public:
  Poller();

  /// Watches `connection`, known as `index` from here on.
  void add(const Connection& connection, std::size_t index);

  /// The readable ones, of which `index_of` gives the index. Waits at most `limit`; empty when that
  /// has passed.
  std::span<const epoll_event> wait(std::chrono::milliseconds limit);
  static std::size_t index_of(const epoll_event& event) { return event.data.u64; }

 private:
  Descriptor epoll_;
  std::vector<epoll_event> events_;
};

}  // namespace hornbeam::bench
