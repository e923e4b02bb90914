#include "arena/game_socket.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace arena {
namespace {

namespace http = hornbeam::http;
namespace live = hornbeam::live;
namespace web = hornbeam::web;

/// Whether a message is of this action, however its JSON is spaced.
bool is_action(std::string_view message, std::string_view action) {
  const std::string_view head = message.substr(0, 200);
  const auto key = head.find("\"action\"");
  const auto value = key == std::string_view::npos ? key : head.find('"', key + 8);
  return value != std::string_view::npos && head.substr(value + 1).starts_with(action) &&
         head.substr(value + 1 + action.size()).starts_with('"');
}

/// The game that a message is about; "" if it does not say.
std::string_view game_in(std::string_view message) {
  const auto key = message.find("\"game_id\"");
  if (key == std::string_view::npos) return {};
  const auto from = message.find_first_of("0123456789", key);
  if (from == std::string_view::npos) return {};
  return message.substr(from, message.find_first_not_of("0123456789", from) - from);
}

/// What goes over a socket as those who count see it.
class Listener {
 public:
  explicit Listener(HearsOfPlay hears) : hears_(std::move(hears)) {}

  /// Of the player, before it is carried out. Thread: the socket's loop.
  void said(std::string_view message) {
    joins_ = joins_ || is_action(message, "join");
    const std::lock_guard lock(mutex_);
    if (is_action(message, "rematch") && !game_.empty()) hears_("rematch", game_);
  }
  /// To the player. Thread: any.
  void told(std::string_view message) {
    const std::lock_guard lock(mutex_);
    if (is_action(message, "paired")) {
      game_ = game_in(message);
      hears_("game_started", game_);
      if (joins_.exchange(false)) hears_("game_joined", game_);
    } else if (is_action(message, "end") && !game_.empty()) {
      hears_("game_completed", game_);
    }
  }

 private:
  HearsOfPlay hears_;
  std::atomic<bool> joins_ = false;
  std::mutex mutex_;
  std::string game_;  // The one at hand. Guarded by mutex_.
};

/// A WebSocket as rooms see it. Small, because most players are thinking.
class SocketClient final : public live::Client {
 public:
  SocketClient(http::WebSocket socket, HearsOfPlay hears)
      : socket_(std::move(socket)),
        listener_(hears ? std::make_unique<Listener>(std::move(hears)) : nullptr) {}

  const http::WebSocket& socket() const noexcept { return socket_; }
  void said(std::string_view message) {
    if (listener_) listener_->said(message);
  }

  void send(std::string_view message) override {
    if (listener_) listener_->told(message);
    socket_.send(message);
  }
  void send_shared(const live::SharedMessage& message) override {
    if (listener_) listener_->told(message.text);
    if (!message.wire) message.wire = http::shared_frame(http::Opcode::kText, message.text);
    socket_.send_frame(message.wire);
  }
  void close(std::uint16_t code, std::string_view reason) override { socket_.close(code, reason); }

 private:
  http::WebSocket socket_;
  std::unique_ptr<Listener> listener_;  // Null if nobody counts.
};

// What is alive here is alive for every quiet player. Lifetime: `session` holds `client`.
hornbeam::Task<void> converse(live::Session session, SocketClient& client) {
  session.open();
  while (const auto message = co_await client.socket().receive()) {
    client.said(message->data);
    co_await session.receive(message->data);
  }
  co_await session.close();
}

}  // namespace

hornbeam::Task<void> play_over(live::Lobby& lobby, web::Socket<std::string> socket,
                               HearsOfPlay hears, std::string player_key_hash) {
  auto client = std::make_shared<SocketClient>(socket.raw(), std::move(hears));
  SocketClient& kept = *client;
  return converse(live::Session(lobby, std::move(client), std::move(player_key_hash)), kept);
}

}  // namespace arena
