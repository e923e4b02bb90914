// Clients that take their time: each tries to hold on to a part of the server by being slow, or is
// slow without meaning harm. They all play at once, because deadlines are counted in seconds.

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/http/server.h"
#include "tests/support/raw_client.h"
#include "tests/support/websocket_wire.h"

namespace hornbeam {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using tests::RawClient;

constexpr std::size_t kBigBytes = 48 << 20;
constexpr std::size_t kMiddlingBytes = 3 << 20;

base::Task<http::Response> count_body(http::Request request) {
  std::size_t total = 0;
  while (auto piece = co_await request.body_source()->next()) total += piece->size();
  co_return http::Response(200, "text/plain", std::to_string(total));
}

// Reads one piece, is busy for longer than the body's grace, and reads on.
base::Task<http::Response> count_body_slowly(http::Request request) {
  std::size_t total = 0;
  try {
    while (auto piece = co_await request.body_source()->next()) {
      if (total == 0) co_await base::sleep_for(4s);
      total += piece->size();
    }
  } catch (const http::BodyError& failure) {
    co_return http::Response(413, "text/plain", std::string(failure.what()));
  }
  co_return http::Response(200, "text/plain", std::to_string(total));
}

base::Task<void> echo(http::WebSocket socket) {
  while (auto message = co_await socket.receive()) socket.send(message->data);
}

base::Task<void> echo_after_a_nap(http::WebSocket socket) {
  co_await base::sleep_for(4s);
  while (auto message = co_await socket.receive()) socket.send(message->data);
}

base::Task<void> say_goodbye(http::WebSocket socket) {
  socket.close(http::CloseCode::kGoingAway);
  co_return;
}

class Patient final : public http::Handler {
 public:
  http::BodyPlan plan(const http::Request& head) override {
    return {.max_bytes = 1 << 20, .is_streamed = head.path().starts_with("/upload")};
  }
  http::Reply handle(http::Request& request) override {
    const std::string_view path = request.path();
    if (path == "/upload") return count_body(request.detach());
    if (path == "/upload-slowly") return count_body_slowly(request.detach());
    if (path == "/big") return http::Response(200, "text/plain", std::string(kBigBytes, 'b'));
    if (path == "/middling") {
      return http::Response(200, "text/plain", std::string(kMiddlingBytes, 'm'));
    }
    if (path == "/endless") return http::Response(200, "text/plain", endless());
    if (path == "/ws") return socket(echo);
    if (path == "/ws-nap") return socket(echo_after_a_nap);
    if (path == "/ws-goodbye") return socket(say_goodbye);
    return http::Response(200, "text/plain", std::string(request.body()));
  }

  std::atomic<int> endless_streams = 0;

 private:
  http::StreamBody endless() {
    return [this](http::BodySink& sink) -> base::Task<void> {
      ++endless_streams;
      const std::string piece(std::size_t{64} * 1024, 'x');
      while (co_await sink.write(piece)) {
      }
      --endless_streams;
    };
  }

  template <class Run>
  static http::WebSocketUpgrade socket(Run run) {
    http::WebSocketUpgrade upgrade{.run = run};
    upgrade.options.ping_interval = 1s;
    return upgrade;
  }
};

http::ServerOptions options() {
  http::ServerOptions options;
  options.port = 0;
  options.loops = 2;
  options.drain_timeout = 1s;
  options.limits.head_timeout = 1s;
  options.limits.idle_timeout = 2s;
  options.limits.write_timeout = 1s;
  options.limits.body_grace = 1s;
  options.limits.min_body_rate = 1000;
  return options;
}

// --- ways to be slow

// Sends `piece` every `pause` until the server closes or `patience` is over; returns what came.
std::string trickle(const RawClient& client, std::string_view piece, Clock::duration pause,
                    Clock::duration patience = 8s) {
  std::string received;
  client.set_patience(std::chrono::duration_cast<std::chrono::milliseconds>(pause).count());
  for (const auto until = Clock::now() + patience; Clock::now() < until;) {
    const std::string more = client.read_some();
    received += more;
    if (more.empty() && !client.timed_out()) break;
    client.send(piece);
  }
  return received;
}

// What comes until the server closes; a mark behind it if it does not.
std::string rest(const RawClient& client, long patience = 8000) {
  client.set_patience(patience);
  const std::string all = client.read_all();
  return client.timed_out() ? all + "[still open]" : all;
}

bool is_refused(const std::string& response, std::string_view status) {
  return response.starts_with("HTTP/1.1 " + std::string(status) + " ") &&
         !response.ends_with("[still open]");
}

const std::string kPost = "POST /echo HTTP/1.1\r\nHost: x\r\n";
const std::string kChunkedPost = kPost + "Transfer-Encoding: chunked\r\n\r\n";

std::string open_socket(const RawClient& client, std::string_view target) {
  client.send(tests::handshake(target));
  std::string received = client.read_until("\r\n\r\n");
  return received.substr(received.find("\r\n\r\n") + 4);
}

// Plays a client that answers pings, until `wanted` text messages have come or the server closes.
struct Heard {
  int texts = 0;
  int pings = 0;
  bool closed = false;
};
Heard listen(const RawClient& client, std::string received, int wanted, Clock::duration patience) {
  Heard heard;
  client.set_patience(200);
  for (const auto until = Clock::now() + patience; Clock::now() < until && heard.texts < wanted;) {
    std::string_view bytes = received;
    while (const auto frame = tests::take_frame(bytes)) {
      if (frame->first == 0x81) ++heard.texts;
      if (frame->first == 0x88) heard.closed = true;
      if (frame->first != 0x89) continue;
      ++heard.pings;
      client.send(tests::masked_frame(0x8A, frame->payload));
    }
    received = std::string(bytes);
    const std::string more = client.read_some();
    if (more.empty() && !client.timed_out()) {
      heard.closed = true;
      break;
    }
    received += more;
  }
  return heard;
}

// --- what must become of them

/// A client and whether the server did right by it.
struct SlowClient {
  std::string name;
  std::function<bool(std::uint16_t port)> plays;
};

std::vector<SlowClient> slow_heads() {
  return {
      {"a head that stops half-way is answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send("GET / HTTP/1.1\r\nHo");
         return is_refused(rest(client), "408");
       }},
      {"a head that trickles is answered with 408",
       [](auto port) {
         const RawClient client(port);
         return is_refused(trickle(client, "G", 100ms), "408");
       }},
      {"a second head that trickles is answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
         client.read_until("\r\n\r\n");
         return is_refused(trickle(client, "G", 100ms), "408");
       }},
      {"a client that says nothing is closed without a word",
       [](auto port) { return rest(RawClient(port)).empty(); }},
      {"a kept connection that falls silent is closed without a word",
       [](auto port) {
         const RawClient client(port);
         client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
         return rest(client).ends_with("\r\n\r\n");
       }},
  };
}

std::vector<SlowClient> slow_bodies() {
  return {
      {"a body that does not come is answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send(kPost + "Content-Length: 10\r\n\r\n");
         return is_refused(rest(client), "408");
       }},
      {"a body that trickles is answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send(kPost + "Content-Length: 100000\r\n\r\n");
         return is_refused(trickle(client, "0123456789", 100ms), "408");
       }},
      {"a body that comes fast and then stops is answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send(kPost + "Content-Length: 1000000\r\n\r\n" + std::string(900'000, 'x'));
         return is_refused(rest(client), "408");
       }},
      {"a chunk size that trickles is answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send(kChunkedPost + "0000");
         return is_refused(trickle(client, ";a", 100ms), "408");
       }},
      {"trailers that trickle are answered with 408",
       [](auto port) {
         const RawClient client(port);
         client.send(kChunkedPost + "2\r\nab\r\n0\r\n");
         return is_refused(trickle(client, "A: b\r\n", 100ms), "408");
       }},
      {"a streamed body that stops ends its handler's wait",
       [](auto port) {
         const RawClient client(port);
         client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1234");
         return is_refused(rest(client), "408");
       }},
      {"a body at twice the least rate is taken",
       [](auto port) {
         const RawClient client(port);
         client.send(kPost + "Content-Length: 8000\r\nConnection: close\r\n\r\n");
         return trickle(client, std::string(200, 'x'), 100ms).ends_with(std::string(8000, 'x'));
       }},
      {"a refused client that sends on for ever is cut off",
       [](auto port) {
         const RawClient client(port);
         client.send("GET / HTTP/1.1\nHost: x\r\n\r\n");
         const auto start = Clock::now();
         return is_refused(trickle(client, "more", 50ms), "400") && Clock::now() - start < 6s;
       }},
  };
}

std::vector<SlowClient> slow_handlers() {
  const std::string upload = "POST /upload-slowly HTTP/1.1\r\nHost: x\r\n";
  return {
      {"a client is not blamed for a handler that reads slowly",
       [=](auto port) {
         const RawClient client(port);
         client.send(upload + "Connection: close\r\nContent-Length: 900000\r\n\r\n");
         client.send(std::string(900'000, 'x'));
         return rest(client).ends_with("900000");
       }},
      {"the end of a chunked body behind a handler that reads slowly is seen",
       [=](auto port) {
         const RawClient client(port);
         client.send(upload + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
         client.send("80000\r\n" + std::string(0x80000, 'x') + "\r\n0\r\n\r\n");
         return rest(client).ends_with("524288");
       }},
      {"a handler that reads slowly does not lift the limit of the body",
       [=](auto port) {
         const RawClient client(port);
         client.send(upload + "Transfer-Encoding: chunked\r\n\r\n");
         const std::string chunk = "fffff\r\n" + std::string(0xfffff, 'x') + "\r\n";
         client.send(chunk);  // All but one byte of the limit.
         client.send("ffff\r\n" + std::string(0xffff, 'x') + "\r\n0\r\n\r\n");
         return is_refused(rest(client), "413");
       }},
  };
}

std::vector<SlowClient> slow_readers() {
  return {
      {"a client that does not read a large body is dropped",
       [](auto port) {
         const RawClient client(port);
         client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
         std::this_thread::sleep_for(5s);
         return client.read_all().size() < kBigBytes && !client.timed_out();
       }},
      {"a client that reads slowly but steadily gets all of it",
       [](auto port) {
         const RawClient client(port, 16 * 1024);
         client.send("GET /middling HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
         std::size_t total = 0;
         for (std::string piece = client.read_some(); !piece.empty(); piece = client.read_some()) {
           total += piece.size();
           std::this_thread::sleep_for(30ms);
         }
         return total > kMiddlingBytes;
       }},
      {"a client that asks and asks and never reads is dropped",
       [](auto port) {
         const RawClient client(port, 16 * 1024);
         const auto start = Clock::now();
         while (client.try_send("GET /middling HTTP/1.1\r\nHost: x\r\n\r\n")) {
           if (Clock::now() - start > 8s) return false;
           std::this_thread::sleep_for(20ms);
         }
         return true;
       }},
  };
}

std::vector<SlowClient> slow_sockets() {
  return {
      {"a socket that answers no ping is closed",
       [](auto port) {
         const RawClient client(port);
         open_socket(client, "/ws");
         return rest(client) == std::string("\x89\x00", 2);
       }},
      {"a socket that answers pings stays open",
       [](auto port) {
         const RawClient client(port);
         const Heard heard = listen(client, open_socket(client, "/ws"), 1, 5s);
         return heard.pings >= 2 && !heard.closed;
       }},
      {"a socket is not blamed for a conversation that is busy",
       [](auto port) {
         const RawClient client(port);
         const std::string received = open_socket(client, "/ws-nap");
         for (int i = 0; i < 200; ++i) client.send(tests::masked_frame(0x81, "hello"));
         return listen(client, received, 200, 8s).texts == 200;
       }},
      {"a socket that does not answer a close is cut off",
       [](auto port) {
         const RawClient client(port);
         const std::string received = open_socket(client, "/ws-goodbye");
         return received + rest(client) == "\x88\x02\x03\xe9";
       }},
      {"a head of a frame that trickles for ever holds no more than a socket",
       [](auto port) {
         const RawClient client(port);
         open_socket(client, "/ws");
         client.send("\x81");
         return rest(client) == std::string("\x89\x00", 2);
       }},
  };
}

TEST(SlowClients, AreServedOrSentAwayEachAsItDeserves) {
  Patient handler;
  http::Server server(options(), handler);
  server.start();
  std::vector<SlowClient> clients;
  for (const auto group : {slow_heads, slow_bodies, slow_handlers, slow_readers, slow_sockets}) {
    for (SlowClient& client : group()) clients.push_back(std::move(client));
  }
  std::vector<char> went_well(clients.size());
  {
    std::vector<std::jthread> players;
    players.reserve(clients.size());
    for (std::size_t i = 0; i < clients.size(); ++i) {
      players.emplace_back([&, i] { went_well[i] = clients[i].plays(server.port()); });
    }
  }
  for (std::size_t i = 0; i < clients.size(); ++i) EXPECT_TRUE(went_well[i]) << clients[i].name;
}

TEST(SlowClients, AStreamEndsWhenItsReaderDoesNotRead) {
  Patient handler;
  http::Server server(options(), handler);
  server.start();
  const RawClient client(server.port());
  client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(client.read_some(), "");
  EXPECT_EQ(handler.endless_streams, 1);
  for (int i = 0; i < 80 && handler.endless_streams != 0; ++i) std::this_thread::sleep_for(100ms);
  EXPECT_EQ(handler.endless_streams, 0);
}

}  // namespace
}  // namespace hornbeam
