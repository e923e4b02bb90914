#include "arena/game_socket.h"

#include <atomic>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

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

/// The game that a message is about; 0 if it does not say.
live::GameId game_in(std::string_view message) {
  live::GameId game = 0;
  const auto key = message.find("\"game_id\"");
  const auto from = key == std::string_view::npos ? key : message.find_first_of("0123456789", key);
  if (from == std::string_view::npos) return 0;
  std::from_chars(message.data() + from, message.data() + message.size(), game);
  return game;
}

/// What goes over a socket as those who count see it. Small, because most players are thinking; and
/// without a lock, because what is told of one game comes one by one.
class Listener {
 public:
  explicit Listener(HearsOfPlay hears) : hears_(std::move(hears)) {}

  /// Of the player, before it is carried out. Thread: the socket's loop. Not inlined: what it works
  /// with would be part of each player's frame.
  [[gnu::noinline]] void said(std::string_view message) {
    if (is_action(message, "join")) joins_ = true;
    const live::GameId game = game_;
    if (game != 0 && is_action(message, "rematch")) hear("rematch", game);
  }
  /// To the player. Thread: any.
  void told(std::string_view message) {
    if (is_action(message, "paired")) {
      const live::GameId game = game_in(message);
      game_ = game;
      hear("game_started", game);
      if (joins_.exchange(false)) hear("game_joined", game);
    } else if (is_action(message, "end")) {
      const live::GameId game = game_;
      if (game != 0) hear("game_completed", game);
    }
  }

 private:
  void hear(std::string_view what, live::GameId game) const {
    hears_(what, fmt::format_int(game).c_str());
  }

  HearsOfPlay hears_;
  std::atomic<live::GameId> game_ = 0;  // The one at hand; 0 before the first.
  std::atomic<bool> joins_ = false;
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
