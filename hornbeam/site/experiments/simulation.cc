#include "hornbeam/site/experiments/simulation.h"

#include <atomic>
#include <charconv>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "hornbeam/http/server.h"
#include "hornbeam/web/app.h"

namespace hornbeam::site {
namespace {

constexpr std::size_t kAtOnce = 8;
constexpr int kPatience = 10;  // seconds

/// A connection to a port of the loopback interface.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = kPatience, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the API's way
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("the server of the simulation cannot be reached");
    }
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  SimulatedReply ask(const SimulatedRequest& request) {
    std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : request.fields) text.append(name + ": " + value + "\r\n");
    if (request.method != "GET") {
      text.append("Content-Length: " + std::to_string(request.body.size()) + "\r\n");
    }
    send(text + "\r\n" + request.body);
    return receive();
  }

 private:
  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the server of the simulation has gone");
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void read_more() {
    char piece[16'384];
    const ssize_t read = ::recv(socket_, piece, sizeof piece, 0);
    if (read <= 0) throw std::runtime_error("the server of the simulation gave no answer");
    buffer_.append(piece, static_cast<std::size_t>(read));
  }
  // Answers of our own server have a length: pages and JSON are not streamed.
  SimulatedReply receive() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) read_more();
    const std::string head = buffer_.substr(0, end + 2);
    SimulatedReply reply;
    std::from_chars(head.data() + sizeof("HTTP/1.1 ") - 1, head.data() + head.size(), reply.status);
    std::size_t size = 0;
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    if (const auto at = head.find(kLength); at != std::string::npos) {
      std::from_chars(head.data() + at + kLength.size(), head.data() + head.size(), size);
    }
    while (buffer_.size() < end + 4 + size) read_more();
    reply.body = buffer_.substr(end + 4, size);
    buffer_.erase(0, end + 4 + size);
    return reply;
  }

  int socket_;
  std::string buffer_;
};

}  // namespace

void simulate(web::App& app, std::size_t visitors,
              const std::function<void(std::size_t visitor, const Ask& ask)>& script) {
  http::Server server({.port = 0, .loops = 2}, app.handler());
  server.start();
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      workers.emplace_back([&] {
        try {
          Connection connection(server.port());
          const Ask ask = [&](const SimulatedRequest& request) { return connection.ask(request); };
          for (std::size_t visitor = next++; visitor < visitors; visitor = next++) {
            script(visitor, ask);
          }
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!failure) failure = std::current_exception();
          next = visitors;
        }
      });
    }
  }
  server.stop();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hornbeam::site
