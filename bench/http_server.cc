// The http library alone, with the routes of the bench and nothing between: what does `web` add?
//
//   http_server PORT

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/http/server.h"

namespace {

namespace base = hornbeam::base;
namespace http = hornbeam::http;

struct Message {
  std::string message;
};
constexpr auto describe(base::Type<Message>) {
  return base::fields(base::field("message", &Message::message));
}

std::optional<std::int64_t> user_of(std::string_view path) {
  constexpr std::string_view prefix = "/users/";
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(path.data(), path.data() + path.size(), id);
  if (failure != std::errc{} || end != path.data() + path.size()) return std::nullopt;
  return id;
}

base::Task<void> echo(http::WebSocket socket) {
  while (auto message = co_await socket.receive()) socket.send(message->data);
}

class Routes final : public http::Handler {
 public:
  http::Reply handle(http::Request& request) override {
    const std::string_view path = request.path();
    if (path == "/plaintext") return http::Response(200, "text/plain", "Hello, World!");
    if (path == "/json") {
      std::string body;
      base::append_json(body, Message{"Hello, World!"});
      return http::Response(200, "application/json", std::move(body));
    }
    if (path == "/ws") {
      http::WebSocketUpgrade upgrade;
      upgrade.run = echo;
      return upgrade;
    }
    if (const auto id = user_of(path)) {
      return http::Response(200, "text/plain", fmt::format("user {}", *id));
    }
    return http::Response(404);
  }
};

void wait_for_the_end() {
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGINT);
  sigaddset(&endings, SIGTERM);
  int ending = 0;
  sigwait(&endings, &ending);
}

void block_endings() {
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGINT);
  sigaddset(&endings, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &endings, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: http_server PORT\n", stderr);
    return 2;
  }
  try {
    block_endings();  // before the server's threads begin, which inherit it
    Routes routes;
    http::ServerOptions options;
    options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    options.loops = 1;
    http::Server server(options, routes);
    server.start();
    wait_for_the_end();
    server.stop();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "http_server: %s\n", failure.what());
    return 1;
  }
}
