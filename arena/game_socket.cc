#include "arena/game_socket.h"

namespace arena {
namespace {

namespace http = hornbeam::http;
namespace live = hornbeam::live;
namespace web = hornbeam::web;

/// A WebSocket as rooms see it.
class SocketClient final : public live::Client {
 public:
  explicit SocketClient(http::WebSocket socket) : socket_(std::move(socket)) {}

  void send(std::string_view message) override { socket_.send(message); }
  void send_shared(const live::SharedMessage& message) override {
    if (!message.wire) message.wire = http::shared_frame(http::Opcode::kText, message.text);
    socket_.send_frame(message.wire);
  }
  void close(std::uint16_t code, std::string_view reason) override { socket_.close(code, reason); }

 private:
  http::WebSocket socket_;
};

}  // namespace

hornbeam::Task<void> play_over(live::Lobby& lobby, web::Socket<std::string> socket) {
  const http::WebSocket& raw = socket.raw();
  live::Session session(lobby, std::make_shared<SocketClient>(raw));
  session.open();
  while (const auto message = co_await raw.receive()) co_await session.receive(message->data);
  co_await session.close();
}

}  // namespace arena
