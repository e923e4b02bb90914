#include "bench/load/connection.h"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hornbeam::bench {

namespace {

constexpr int kPatienceMilliseconds = 10'000;

// One buffer for every connection: the generator is single-threaded and handles each read before
// the next.
std::array<char, 256 * 1024> scratch;

[[noreturn]] void throw_last_error(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

sockaddr_in loopback(std::uint32_t last_byte, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(0x7F000000U + last_byte);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Connection Connection::open(std::uint16_t port, unsigned source) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) throw_last_error("socket");
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (source != 0) {
    ::setsockopt(socket.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const sockaddr_in from = loopback(1 + source, 0);
    if (::bind(socket.number(), generic(from), sizeof from) != 0) throw_last_error("bind");
  }
  const sockaddr_in to = loopback(1, port);
  if (::connect(socket.number(), generic(to), sizeof to) != 0) throw_last_error("connect");
  return Connection(std::move(socket));
}

void Connection::wait_for(short events) const {
  pollfd watched{.fd = descriptor(), .events = events, .revents = 0};
  if (::poll(&watched, 1, kPatienceMilliseconds) == 0) {
    throw std::runtime_error("the server neither reads nor writes for 10 s");
  }
}

void Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      wait_for(POLLOUT);
    } else {
      throw_last_error("send");
    }
  }
}

std::string_view Connection::receive() {
  const ssize_t received = ::recv(descriptor(), scratch.data(), scratch.size(), MSG_DONTWAIT);
  if (received == 0) throw std::runtime_error("the server closed a connection in use");
  if (received < 0 && errno != EAGAIN) throw_last_error("recv");
  const std::string_view fresh(scratch.data(),
                               received < 0 ? 0 : static_cast<std::size_t>(received));
  if (kept_.empty()) return fresh;
  kept_.append(fresh);
  return kept_;
}

std::string_view Connection::wait_and_receive() {
  wait_for(POLLIN);
  return receive();
}

void Connection::keep(std::string_view rest) {
  if (rest.empty()) {
    kept_.clear();
  } else {
    kept_ = std::string(rest);  // a copy first: rest may lie in kept_
  }
}

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_(256) {
  if (epoll_.number() < 0) throw_last_error("epoll_create1");
}

void Poller::add(const Connection& connection, std::size_t index) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, connection.descriptor(), &event) != 0) {
    throw_last_error("epoll_ctl");
  }
}

std::span<const epoll_event> Poller::wait(std::chrono::milliseconds limit) {
  const int count = ::epoll_wait(epoll_.number(), events_.data(), static_cast<int>(events_.size()),
                                 static_cast<int>(limit.count()));
  if (count < 0 && errno != EINTR) throw_last_error("epoll_wait");
  return {events_.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

}  // namespace hornbeam::bench
