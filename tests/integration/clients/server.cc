// The server that independent clients talk to: every shape of answer, upload and socket.
//
//   clients_server [--head-timeout SECONDS] [--certificate FILE --key FILE]
//
// Prints "port N" once it listens, and drains on SIGTERM.

#include "hornbeam/http/server.h"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <zlib.h>

#include "hornbeam/base/sleep.h"

namespace hornbeam {
namespace {

using namespace std::chrono_literals;
using http::Request;
using http::Response;

constexpr std::size_t kLargestBody = 16 << 20;

Response text(std::string body) {
  return {200, "text/plain", std::move(body)};
}

// The number behind the last slash, or 0.
std::size_t number_in(std::string_view path) {
  std::size_t number = 0;
  for (const char digit : path.substr(path.rfind('/') + 1)) {
    if (digit < '0' || digit > '9') return 0;
    number = number * 10 + static_cast<std::size_t>(digit - '0');
  }
  return number;
}

// `size` bytes in which no stretch looks like another.
std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 131 + (i >> 8) * 7);
  return bytes;
}

// Checks sums as it reads: how much came, and whether it is what was sent.
base::Task<Response> receive_upload(Request request) {
  const bool is_slow = request.path() == "/upload/slowly";
  std::size_t total = 0;
  auto sum = ::crc32(0, nullptr, 0);
  while (auto piece = co_await request.body_source()->next()) {
    if (is_slow) co_await base::sleep_for(3ms);
    total += piece->size();
    sum = ::crc32(sum, reinterpret_cast<const Bytef*>(piece->data()),
                  static_cast<uInt>(piece->size()));
  }
  co_return text(fmt::format("{} {:08x}", total, sum));
}

base::Task<Response> answer_slowly(Request request) {
  co_await base::sleep_for(300ms);
  co_return text(fmt::format("slowly {}", request.path()));
}

http::StreamBody count_to(std::size_t last) {
  return [last](http::BodySink& sink) -> base::Task<void> {
    for (std::size_t i = 1; i <= last; ++i) {
      if (!co_await sink.write(fmt::format("{}\n", i))) co_return;
    }
  };
}

// Echoes. "close CODE REASON" makes the server close, "later" has it say three things after a wait,
// of which the second is long; "ping"s are the protocol's own.
base::Task<void> converse(http::WebSocket socket) {
  while (auto message = co_await socket.receive()) {
    const std::string& data = message->data;
    if (!message->is_binary && data.starts_with("close ")) {
      socket.close(static_cast<std::uint16_t>(std::stoi(data.substr(6, 4))), data.substr(11));
    } else if (data == "later") {
      co_await base::sleep_for(1ms);
      for (const std::size_t size : {3, 20'000, 5}) socket.send(std::string(size, 'x'));
    } else if (message->is_binary) {
      socket.send_binary(data);
    } else {
      socket.send(data);
    }
  }
}

class Routes final : public http::Handler {
 public:
  http::BodyPlan plan(const Request& head) override {
    return {.max_bytes = kLargestBody, .is_streamed = head.path().starts_with("/upload")};
  }

  http::Reply handle(Request& request) override {
    const std::string_view path = request.path();
    remember(request);
    if (path == "/plaintext") return text("Hello, World!");
    if (path == "/json") {
      return Response(200, "application/json", std::string(R"({"message":"Hello, World!"})"));
    }
    if (path == "/echo") return text(std::string(request.body()));
    if (path.starts_with("/upload")) return receive_upload(request.detach());
    if (path == "/slow") return answer_slowly(request.detach());
    if (path == "/seen") return text(seen());
    if (path == "/client") return text(request.peer().to_string());
    if (path.starts_with("/bytes/")) return text(pattern(number_in(path)));
    if (path.starts_with("/count/")) {
      return Response(200, "text/plain", count_to(number_in(path)));
    }
    if (path.starts_with("/status/")) {
      return Response(static_cast<int>(number_in(path)), "text/plain", std::string("as you like"));
    }
    if (path.starts_with("/ws")) return socket(path);
    return Response(404, "text/plain", std::string("no such thing\n"));
  }

  /// For `seen`, which says how many connections the requests came over.
  void watch(const http::Server& server) { server_ = &server; }

 private:
  static http::WebSocketUpgrade socket(std::string_view path) {
    http::WebSocketUpgrade upgrade{.run = converse};
    upgrade.protocols = {"echo.v2", "echo.v1"};
    upgrade.options.compress = path == "/ws-deflate";
    upgrade.options.max_message_bytes = 4 << 20;
    upgrade.options.max_queued_bytes = 16 << 20;
    if (path == "/ws-pinging") upgrade.options.ping_interval = 1s;
    return upgrade;
  }

  void remember(const Request& request) {
    const std::lock_guard lock(mutex_);
    ++seen_[fmt::format("{} {}", request.method_name(), request.target())];
  }
  std::string seen() {
    const std::lock_guard lock(mutex_);
    std::string lines = fmt::format("connections {}\n", server_->statistics().accepted);
    for (const auto& [line, count] : seen_) lines += fmt::format("{} {}\n", count, line);
    return lines;
  }

  const http::Server* server_ = nullptr;
  std::mutex mutex_;
  std::map<std::string, int> seen_;
};

http::ServerOptions options_of(int argc, char** argv) {
  http::ServerOptions options;
  options.port = 0;
  options.loops = 2;
  options.drain_timeout = 3s;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--head-timeout") {
      options.limits.head_timeout = std::chrono::seconds(std::stoi(argv[i + 1]));
    } else {
      if (!options.tls) options.tls.emplace();
      (name == "--key" ? options.tls->private_key_file : options.tls->certificate_chain_file) =
          argv[i + 1];
    }
  }
  return options;
}

int serve(const http::ServerOptions& options) {
  // Blocked before any thread starts, so that only sigwait sees them.
  sigset_t stops{};
  sigemptyset(&stops);
  sigaddset(&stops, SIGTERM);
  sigaddset(&stops, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  Routes routes;
  http::Server server(options, routes);
  routes.watch(server);
  server.start();
  std::printf("port %d\n", server.port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stops, &signal);
  server.stop();
  return 0;
}

}  // namespace
}  // namespace hornbeam

int main(int argc, char** argv) {
  try {
    return hornbeam::serve(hornbeam::options_of(argc, argv));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "clients_server: %s\n", failure.what());
    return 1;
  }
}
