// Attacks that other servers fell to, played against ours over raw sockets. Each test is named for
// what must hold; slow attacks are in tests/integration/clients.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/http/server.h"
#include "hornbeam/http/websocket_cases_deflate.h"
#include "tests/support/raw_client.h"
#include "tests/support/websocket_wire.h"

namespace hornbeam::http {
namespace {

using namespace std::chrono_literals;
using tests::RawClient;

base::Task<Response> answer_later(Request request) {
  co_await base::sleep_for(5ms);
  co_return Response(200, "text/plain", std::string(request.path()));
}

class Attacked final : public Handler {
 public:
  BodyPlan plan(const Request& head) override {
    return {.is_streamed = head.path() == "/ws-streamed"};
  }
  Reply handle(Request& request) override {
    ++handled;
    const std::string_view path = request.path();
    if (path == "/smuggled") ++smuggled;
    if (path == "/later") return answer_later(request.detach());
    if (path.starts_with("/ws")) return socket(path);
    return Response(200, "text/plain", std::string(path));
  }

  std::atomic<int> handled = 0;
  std::atomic<int> smuggled = 0;
  std::atomic<int> conversations = 0;
  std::atomic<std::size_t> longest_message = 0;

 private:
  WebSocketUpgrade socket(std::string_view path) {
    WebSocketUpgrade upgrade{.run = [this](WebSocket socket) -> base::Task<void> {
      ++conversations;
      while (auto message = co_await socket.receive()) {
        longest_message = std::max(longest_message.load(), message->data.size());
      }
    }};
    upgrade.protocols = {"chat"};
    upgrade.options.compress = path == "/ws-deflate";
    if (path == "/ws-split") upgrade.fields = {{"Set-Cookie", "a=b\r\nX-Injected: yes"}};
    return upgrade;
  }
};

class Attack : public testing::Test {
 protected:
  Attack() { server_.start(); }

  std::string exchange(std::string_view bytes) {
    const RawClient client(server_.port());
    client.send(bytes);
    client.finish_sending();
    return client.read_all();
  }

  static ServerOptions options() {
    ServerOptions options;
    options.port = 0;
    options.loops = 2;
    options.drain_timeout = 1s;
    return options;
  }

  Attacked handler_;
  Server server_{options(), handler_};
};

constexpr std::string_view kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

std::string chunked(std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

// Sends `head`, then `piece` again and again until the server has had enough or 64 MiB are gone.
struct Flooded {
  std::string response;
  std::size_t sent = 0;
};
Flooded flood(std::uint16_t port, std::string_view head, const std::string& piece) {
  const RawClient client(port);
  client.send(head);
  client.set_patience(1);
  Flooded flooded;
  while (flooded.response.empty() && flooded.sent < (64U << 20)) {
    client.send(piece);
    flooded.sent += piece.size();
    flooded.response = client.read_some();
  }
  client.set_patience(5'000);
  flooded.response += client.read_all();
  return flooded;
}

struct Malformed {
  std::string name;
  std::string bytes;
  int status = 400;
};

std::vector<Malformed> smuggling_attempts() {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  return {
      {"a length beside chunks",
       post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunks beside a length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
      {"two different lengths", post + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n"},
      {"a list of two lengths", post + "Content-Length: 0, 40\r\n\r\n"},
      {"a length with a sign", post + "Content-Length: +0\r\n\r\n"},
      {"a negative length", post + "Content-Length: -1\r\n\r\n"},
      {"a length with letters", post + "Content-Length: 0Z\r\n\r\n"},
      {"a length in hexadecimal", post + "Content-Length: 0x0\r\n\r\n"},
      {"a length past 64 bits", post + "Content-Length: 18446744073709551616\r\n\r\n"},
      {"a length behind white space", post + "Content-Length : 0\r\n\r\n"},
      {"a length on a folded line", post + "X: y\r\n Content-Length: 40\r\n\r\n"},
      {"an unknown coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
      {"gzip below chunks", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501},
      {"chunked not last", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"},
      {"chunks in HTTP/1.0",
       "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a line without a colon", post + "Content-Length\r\n\r\n"},
      {"a bare LF between fields", post + "A: b\nContent-Length: 0\r\n\r\n"},
      {"a bare CR in a value", post + "A: b\rContent-Length: 0\r\n\r\n"},
      {"a NUL in a value", post + std::string("A: b\0c\r\n\r\n", 9)},
      {"a second Host", post + "Host: y\r\n\r\n"},
      {"chunk size -2", chunked("-2\r\nab\r\n0\r\n\r\n")},
      {"chunk size +2", chunked("+2\r\nab\r\n0\r\n\r\n")},
      {"chunk size 0x2", chunked("0x2\r\nab\r\n0\r\n\r\n")},
      {"a chunk size with white space", chunked("2 \r\nab\r\n0\r\n\r\n")},
      {"a chunk size past 64 bits", chunked("fffffffffffffffff\r\nab\r\n0\r\n\r\n")},
      {"a chunk size that wraps to nothing", chunked("10000000000000000\r\n\r\n")},
      {"an empty chunk size", chunked("\r\nab\r\n0\r\n\r\n")},
      {"a bare LF behind a chunk size", chunked("2\nab\r\n0\r\n\r\n")},
      {"a bare LF in a chunk extension", chunked("2;a\nab\r\n0\r\n\r\n")},
      {"a bare LF in a quoted chunk extension", chunked("2;a=\"\n\"\r\nab\r\n0\r\n\r\n")},
      {"a bare CR in a chunk extension", chunked("2;a\rb\r\nab\r\n0\r\n\r\n")},
      {"a chunk longer than its size", chunked("2\r\nabc\r\n0\r\n\r\n")},
      {"a chunk that ends in a bare LF", chunked("2\r\nab\n0\r\n\r\n")},
      {"a bare LF in a trailer", chunked("0\r\nA: b\nC: d\r\n\r\n")},
      {"a trailer without a colon", chunked("0\r\nGET /smuggled HTTP/1.1\r\n\r\n")},
      {"a huge chunk extension",
       chunked("2;a=" + std::string(10'000, 'a') + "\r\nab\r\n0\r\n\r\n")},
      {"huge trailers", chunked("0\r\nA: " + std::string(100'000, 'a') + "\r\n\r\n")},
  };
}

TEST_F(Attack, 15_NothingIsServedBehindARequestWithTwoReadings) {
  for (const Malformed& attempt : smuggling_attempts()) {
    const std::string response = exchange(attempt.bytes + std::string(kSmuggled));
    EXPECT_TRUE(response.starts_with("HTTP/1.1 " + std::to_string(attempt.status) + " "))
        << attempt.name << ": " << response;
    EXPECT_TRUE(response.contains("\r\nConnection: close\r\n")) << attempt.name;
    EXPECT_EQ(response.find("HTTP/1.1 ", 1), std::string::npos) << attempt.name << ": " << response;
    EXPECT_EQ(handler_.smuggled, 0) << attempt.name;
  }
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(Attack, 06_RequestsPipelinedBehindACloseAreNotServed) {
  std::string many;
  for (int i = 0; i < 200; ++i) many += kSmuggled;
  for (const std::string path : {"/now", "/later"}) {
    const std::string response = exchange(
        fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n{}", path, many));
    EXPECT_TRUE(response.ends_with(path)) << response;
  }
  for (int i = 0; i < 50; ++i) {  // And nobody stays to read the answer.
    const RawClient client(server_.port());
    client.send("GET /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + many);
  }
  EXPECT_TRUE(exchange("GET /still-here HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("/still-here"));
  EXPECT_EQ(handler_.smuggled, 0);
}

TEST_F(Attack, 07_AQueryThatEndsInAPercentSignIsServedAsItIs) {
  EXPECT_TRUE(exchange("GET /a?% HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("/a"));
  EXPECT_TRUE(exchange("GET /a?%4 HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("/a"));
}

TEST_F(Attack, 09_AnEndlessChunkedBodyIsRefusedAtTheLimit) {
  const std::string piece = "ffff\r\n" + std::string(0xffff, 'x') + "\r\n";
  const Flooded flooded = flood(server_.port(), chunked(""), piece);
  EXPECT_TRUE(flooded.response.starts_with("HTTP/1.1 413 ")) << flooded.response;
  EXPECT_LT(flooded.sent, 32U << 20);
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(Attack, 10_EndlessHeadersAreRefusedAtTheLimit) {
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (const std::string& piece :
       {std::string("A: b\r\n"), "A: " + std::string(5000, 'b') + "\r\n", std::string(5000, 'b')}) {
    const Flooded flooded = flood(server_.port(), request, piece);
    EXPECT_TRUE(flooded.response.starts_with("HTTP/1.1 431 ")) << flooded.response;
    EXPECT_LT(flooded.sent, 8U << 20);
  }
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(Attack, AnEndlessRequestLineIsRefusedAtTheLimit) {
  const Flooded flooded = flood(server_.port(), "GET /", std::string(1000, 'a'));
  EXPECT_TRUE(flooded.response.starts_with("HTTP/1.1 414 ")) << flooded.response;
}

TEST_F(Attack, EndlessEmptyLinesBeforeARequestAreRefused) {
  const Flooded flooded = flood(server_.port(), "", "\r\n\r\n");
  EXPECT_TRUE(flooded.response.starts_with("HTTP/1.1 400 ")) << flooded.response;
}

TEST_F(Attack, 08_ALineBreakNeverEntersAResponsesHead) {
  Response response(200);
  const std::string_view nul("a\0b", 3);
  for (const std::string_view bad : {"a\r\nX: y", "a\nX: y", "a\rb", "\r\n\r\n<html>"}) {
    EXPECT_THROW(response.set_field("Location", std::string(bad)), std::invalid_argument) << bad;
    EXPECT_THROW(response.add_field("Set-Cookie", std::string(bad)), std::invalid_argument) << bad;
    EXPECT_THROW(response.set_field(bad, "value"), std::invalid_argument) << bad;
    EXPECT_THROW(response.set_content_type(std::string(bad)), std::invalid_argument) << bad;
  }
  EXPECT_THROW(response.set_field("Location", std::string(nul)), std::invalid_argument);
  EXPECT_TRUE(response.fields().empty());
}

TEST_F(Attack, ALineBreakNeverEntersAHandshakesAnswer) {
  const RawClient client(server_.port());
  client.send(tests::handshake("/ws-split"));
  const std::string response = client.read_until("\r\n\r\n");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 500 ")) << response;
  EXPECT_FALSE(response.contains("X-Injected")) << response;
}

TEST_F(Attack, 19_ABombInOneCompressedFrameIsRefusedWithoutInflatingIt) {
  const auto resident_kilobytes = [] {
    std::ifstream statm("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * 4;
  };
  const std::size_t before = resident_kilobytes();
  // A megabyte that would become half a gigabyte.
  const std::string bomb = cases::bomb(2'000'000);
  for (int i = 0; i < 4; ++i) {
    const RawClient client(server_.port());
    client.send(
        tests::handshake("/ws-deflate", "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    ASSERT_TRUE(client.read_until("\r\n\r\n").contains("permessage-deflate"));
    client.send(tests::masked_frame(0xC2, bomb));
    const std::string answer = client.read_all();
    std::string_view bytes = answer;
    const auto frame = tests::take_frame(bytes);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->first, 0x88);
    EXPECT_EQ(frame->payload.substr(0, 2), "\x03\xf1");  // 1009
  }
  EXPECT_LT(resident_kilobytes(), before + std::size_t{100} * 1024);
  EXPECT_EQ(handler_.longest_message, 0U);
}

TEST_F(Attack, 22_LongRunsOfSpacesInHandshakeFieldsCostNoTime) {
  const std::string spaces(30'000, ' ');
  const std::string tabs_and_commas = [] {
    std::string text;
    while (text.size() < 30'000) text += ",\t ";
    return text;
  }();
  const auto start = std::chrono::steady_clock::now();
  for (const std::string name :
       {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Origin"}) {
    for (const std::string& value :
         {"a" + spaces + "b", "a," + spaces + ",b", "a; b=\"" + spaces, "a" + tabs_and_commas}) {
      const RawClient client(server_.port());
      client.send(tests::handshake("/ws-deflate", fmt::format("{}: {}\r\n", name, value)));
      EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 ")) << name;
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST_F(Attack, AHandshakesBodyIsNeverTakenForFrames) {
  const std::string frame = tests::masked_frame(0x81, "smuggled");
  for (const std::string path : {"/ws", "/ws-streamed"}) {
    const RawClient client(server_.port());
    client.send(tests::handshake(path, "Content-Length: 14\r\n") + frame);
    client.finish_sending();
    client.read_all();
    EXPECT_EQ(handler_.longest_message, 0U) << path;
  }
}

TEST_F(Attack, 23_TheSystemsZlibIsNewerThanItsOldFaults) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  ASSERT_EQ(std::sscanf(zlibVersion(), "%d.%d.%d", &major, &minor, &patch), 3);  // NOLINT
  EXPECT_GE(std::tuple(major, minor, patch), std::tuple(1, 2, 9)) << zlibVersion();
}

TEST_F(Attack, 27_SlowHeadsAndBodiesAreCutOff) {
  ServerOptions impatient = options();
  impatient.limits.head_timeout = 1s;
  impatient.limits.body_grace = 1s;
  Server server(impatient, handler_);
  server.start();
  const RawClient head(server.port());
  const RawClient body(server.port());
  head.send("GET / HTTP/1.1\r\nHost: x\r\nX");
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");
  EXPECT_TRUE(head.read_all().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(body.read_all().starts_with("HTTP/1.1 408 "));
}

TEST_F(Attack, 29_AForeignPageCannotOpenASocketInItsVisitorsName) {
  for (const std::string origin :
       {"http://evil.test", "https://localhost", "null", "http://localhost.evil.test",
        "http://localhost:81", "http://evil.test\r\nOrigin: http://localhost"}) {
    const RawClient client(server_.port());
    client.send(tests::handshake("/ws", "Origin: " + origin + "\r\nCookie: session=stolen\r\n"));
    const std::string response = client.read_all();
    EXPECT_TRUE(response.starts_with("HTTP/1.1 403 ")) << origin << ": " << response;
  }
  EXPECT_EQ(handler_.conversations, 0);
  const RawClient own(server_.port());
  own.send(tests::handshake("/ws", "Origin: http://localhost\r\n"));
  EXPECT_TRUE(own.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
}

TEST_F(Attack, 31_TheBeginningOfHttp2IsRefusedAndTheConnectionClosed) {
  const RawClient client(server_.port());
  std::string frames = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  // HEADERS and RST_STREAM of streams 1, 3, 5...: what a rapid reset sends.
  for (char stream = 1; stream < 100; stream = static_cast<char>(stream + 2)) {
    frames += std::string("\0\0\1\1\5\0\0\0", 8) + stream + '\x82';
    frames += std::string("\0\0\4\3\0\0\0\0", 8) + stream + std::string("\0\0\0\x08", 4);
  }
  client.send(frames);
  const std::string response = client.read_all();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 505 ")) << response;
  EXPECT_EQ(response.find("\r\nHTTP/1.1 "), std::string::npos) << response;
  EXPECT_EQ(handler_.handled, 0);
}

}  // namespace
}  // namespace hornbeam::http
