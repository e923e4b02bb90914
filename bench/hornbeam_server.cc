// The program under test: the routes of the bench, written as any application is.
//
//   hornbeam_server run --port 8080 --loops 1

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "hornbeam/web.h"

namespace {

namespace base = hornbeam::base;
namespace web = hornbeam::web;

struct Message {
  std::string message;
};
constexpr auto describe(base::Type<Message>) {
  return base::fields(base::field("message", &Message::message));
}

base::Task<void> echo(web::Socket<std::string> socket) {
  while (auto text = co_await socket.receive()) socket.send(*text);
}

}  // namespace

int main(int argc, char** argv) {
  return web::run(argc, argv, [](const web::Config&) {
    web::App app;
    app.get("/plaintext", [] { return "Hello, World!"; });
    app.get("/json", [] { return Message{"Hello, World!"}; });
    app.get("/users/{id}", [](std::int64_t id) { return fmt::format("user {}", id); });
    app.socket("/ws", echo);
    return app;
  });
}
