// The server that rough clients meet: a handler with a route for every way to be busy.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "hornbeam/base/sleep.h"
#include "hornbeam/http/server.h"
#include "tests/support/raw_client.h"
#include "tests/support/websocket_wire.h"

namespace hornbeam::tests {

inline constexpr std::size_t kBigBytes = 8 << 20;

/// `limits`' server on a free port; its drain is short.
inline http::ServerOptions rough_options(unsigned loops = 2, http::Limits limits = {}) {
  http::ServerOptions options;
  options.port = 0;
  options.loops = loops;
  options.limits = limits;
  options.drain_timeout = std::chrono::seconds(5);
  return options;
}

/// Looks at `condition` until it holds; false if it does not within `patience`.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds patience = std::chrono::seconds(8)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// A client, or null if nobody listens or no descriptor is left.
inline std::unique_ptr<RawClient> try_to_connect(std::uint16_t port) {
  try {
    return std::make_unique<RawClient>(port);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

class RoughHandler final : public http::Handler {
 public:
  http::BodyPlan plan(const http::Request& head) override {
    return {.max_bytes = 4 << 20, .is_streamed = head.path() == "/upload"};
  }

  http::Reply handle(http::Request& request) override {
    const std::string_view path = request.path();
    if (path == "/later") return answer_later(request.detach());
    if (path == "/upload") return upload(request.detach());
    if (path == "/big") return http::Response(200, "text/plain", std::string(kBigBytes, 'b'));
    if (path == "/stream") return http::Response(200, "text/plain", stream());
    if (path == "/ws") return echo_socket();
    if (path == "/ws-deflate") {
      http::WebSocketUpgrade upgrade = echo_socket();
      upgrade.options.compress = true;
      return upgrade;
    }
    if (path == "/ws-deaf") return deaf_socket();
    if (path == "/ws-goodbye") return goodbye_socket();
    if (path == "/ws-room") return room_socket();
    return http::Response(200, "text/plain", std::string(path));
  }

  /// Everybody who ever came to /ws-room, those who have gone too.
  std::vector<http::WebSocket> room() {
    const std::lock_guard lock(mutex_);
    return room_;
  }

  std::atomic<int> streams = 0;  ///< At work now.
  std::atomic<int> room_ends = 0;
  std::atomic<bool> deaf_may_go = false;  ///< Ends the conversations at /ws-deaf.

 private:
  static base::Task<http::Response> answer_later(http::Request request) {
    co_await base::sleep_for(std::chrono::milliseconds(300));
    co_return http::Response(200, "text/plain", std::string(request.path()));
  }

  static base::Task<http::Response> upload(http::Request request) {
    std::size_t total = 0;
    while (auto piece = co_await request.body_source()->next()) total += piece->size();
    co_return http::Response(200, "text/plain", std::to_string(total));
  }

  http::StreamBody stream() {
    return [this](http::BodySink& sink) -> base::Task<void> {
      ++streams;
      const std::string piece(std::size_t{16} * 1024, 's');
      while (co_await sink.write(piece)) {
      }
      --streams;
    };
  }

  static http::WebSocketUpgrade echo_socket() {
    return {.run = [](http::WebSocket socket) -> base::Task<void> {
      while (auto message = co_await socket.receive()) socket.send(message->data);
    }};
  }

  http::WebSocketUpgrade deaf_socket() {
    return {.run = [this](http::WebSocket socket) -> base::Task<void> {
      while (!deaf_may_go && socket.close_code() == 0) {
        co_await base::sleep_for(std::chrono::milliseconds(20));
      }
    }};
  }

  static http::WebSocketUpgrade goodbye_socket() {
    return {.run = [](http::WebSocket socket) -> base::Task<void> {
      co_await socket.receive();
      socket.close(http::CloseCode::kGoingAway);
    }};
  }

  http::WebSocketUpgrade room_socket() {
    http::WebSocketUpgrade upgrade{.run = [this](http::WebSocket socket) -> base::Task<void> {
      {
        const std::lock_guard lock(mutex_);
        room_.push_back(socket);
      }
      while (co_await socket.receive()) {
      }
      ++room_ends;
    }};
    upgrade.options.max_queued_bytes = 1 << 20;
    return upgrade;
  }

  std::mutex mutex_;
  std::vector<http::WebSocket> room_;
};

/// A client of `target` whose handshake has passed.
class SocketClient {
 public:
  SocketClient(std::uint16_t port, std::string_view target, int receive_buffer = 0,
               std::string_view extra = {})
      : raw(port, receive_buffer) {
    raw.send(handshake(target, extra));
    received_ = raw.read_until("\r\n\r\n");
    received_.erase(0, received_.find("\r\n\r\n") + 4);
  }

  /// The next frame, or nothing if the connection ends or stays silent.
  std::optional<ServerFrame> next() {
    while (true) {
      std::string_view rest = received_;
      if (auto frame = take_frame(rest)) {
        received_.erase(0, received_.size() - rest.size());
        return frame;
      }
      const std::string more = raw.read_some();
      if (more.empty()) return std::nullopt;
      received_ += more;
    }
  }

  RawClient raw;

 private:
  std::string received_;
};

}  // namespace hornbeam::tests
