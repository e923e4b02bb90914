// The tables of WebSocket cases, played over raw sockets against a running server that echoes.

#include <algorithm>
#include <atomic>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/http/server.h"
#include "hornbeam/http/websocket_cases_all.h"
#include "hornbeam/http/websocket_handshake_cases.h"
#include "tests/support/raw_client.h"
#include "tests/support/websocket_wire.h"

namespace hornbeam {
namespace {

using http::cases::Case;
using http::cases::Deflate;
using http::cases::Said;
using tests::ServerFrame;

constexpr int kPlayers = 16;

base::Task<void> echo(http::WebSocket socket) {
  while (auto message = co_await socket.receive()) {
    if (message->is_binary) {
      socket.send_binary(message->data);
    } else {
      socket.send(message->data);
    }
  }
}

class Echoing final : public http::Handler {
 public:
  http::Reply handle(http::Request& request) override {
    http::WebSocketUpgrade upgrade{.run = echo};
    upgrade.protocols = http::cases::kProtocols;
    upgrade.allowed_origins = http::cases::kAllowedOrigins;
    upgrade.options.compress = request.path() == "/ws-deflate";
    upgrade.options.max_queued_bytes = 8 << 20;
    return upgrade;
  }
};

class WebSocketServer : public testing::Test {
 protected:
  WebSocketServer() { server_.start(); }

  static http::ServerOptions options() {
    http::ServerOptions options;
    options.port = 0;
    options.loops = 2;
    options.drain_timeout = std::chrono::seconds(1);
    return options;
  }

  Echoing handler_;
  http::Server server_{options(), handler_};
};

/// What a server that echoes owes a client for `said`; nothing for a pong.
std::optional<ServerFrame> answer_to(const Said& said) {
  using enum Said::Kind;
  switch (said.kind) {
    case kText:
      return ServerFrame{0x81, said.payload};
    case kBinary:
      return ServerFrame{0x82, said.payload};
    case kPing:
      return ServerFrame{0x8A, said.payload};
    case kClose:
    case kFailure:
      return ServerFrame{0x88, said.code == 1005 ? "" : http::cases::big_endian(said.code, 2)};
    case kPong:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string in_words(const ServerFrame& frame) {
  std::string words = "frame " + std::to_string(frame.first) + " of " +
                      std::to_string(frame.payload.size()) + " bytes";
  if (frame.first == 0x88 && frame.payload.size() >= 2) {
    words += ", code " + std::to_string(static_cast<std::uint8_t>(frame.payload[0]) << 8 |
                                        static_cast<std::uint8_t>(frame.payload[1]));
  }
  return words;
}

/// One row over one connection: what is wrong with the server's part, or nothing.
class Conversation {
 public:
  Conversation(std::uint16_t port, const Case& row) : client_(port), row_(row) {
    for (const Said& said : row.said) {
      if (auto frame = answer_to(said)) expected_.push_back(std::move(*frame));
    }
    is_over_ = !row.said.empty() && row.said.back().code != 0;
    is_failure_ = is_over_ && row.said.back().kind == Said::Kind::kFailure;
  }

  std::string play(std::size_t step) {
    if (std::string wrong = open(); !wrong.empty()) return wrong;
    std::string_view sent = row_.sent;
    for (; !sent.empty(); sent.remove_prefix(std::min(step, sent.size()))) {
      client_.send(sent.substr(0, step));
    }
    if (is_over_) {
      // Whatever comes behind an error or a close must not be looked at.
      client_.send(http::cases::frame(http::cases::kText, "late") +
                   http::cases::frame(http::cases::kPing, "late"));
    }
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      const std::optional<ServerFrame> frame = next();
      if (!frame) return "answer " + std::to_string(i) + " did not come";
      if (!is_right(*frame, i)) {
        return "answer " + std::to_string(i) + " is " + in_words(*frame) + " instead of " +
               in_words(expected_[i]);
      }
    }
    if (!is_over_) client_.finish_sending();
    if (const auto more = next()) return "an answer too many: " + in_words(*more);
    if (client_.timed_out()) return "the connection did not end";
    return received_.empty() ? "" : "the stream ended inside a frame";
  }

 private:
  std::string open() {
    const bool packed = row_.deflate != Deflate::kOff;
    client_.send(
        tests::handshake(packed ? "/ws-deflate" : "/ws",
                         packed ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : ""));
    received_ = client_.read_until("\r\n\r\n");
    const std::size_t end = received_.find("\r\n\r\n");
    const std::string head = received_.substr(0, end);
    received_.erase(0, end == std::string::npos ? end : end + 4);
    if (!(head + "\r\n").contains(tests::kAcceptLine)) return "no handshake: " + head;
    if (head.contains("permessage-deflate") != packed) return "compression is not as asked";
    return "";
  }

  std::optional<ServerFrame> next() {
    while (true) {
      std::string_view rest = received_;
      if (auto frame = tests::take_frame(rest)) {
        received_.erase(0, received_.size() - rest.size());
        if ((frame->first & 0x40) != 0) {
          frame->first &= ~0x40U;
          frame->payload = tests::inflate_message(std::move(frame->payload));
        }
        return frame;
      }
      const std::string piece = client_.read_some();
      if (piece.empty()) return std::nullopt;
      received_ += piece;
    }
  }

  // The reason that a failure gives is the server's own.
  bool is_right(ServerFrame frame, std::size_t i) const {
    if (is_failure_ && i + 1 == expected_.size()) frame.payload.resize(2);
    return frame == expected_[i];
  }

  tests::RawClient client_;
  const Case& row_;
  std::vector<ServerFrame> expected_;
  bool is_over_ = false;     // The row ends the conversation.
  bool is_failure_ = false;  // ... because the client broke the rules.
  std::string received_;
};

/// Calls `play` with every number below `count`, many at once.
void play_all(std::size_t count, const std::function<void(std::size_t)>& play) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> players;
  players.reserve(kPlayers);
  for (int i = 0; i < kPlayers; ++i) {
    players.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) play(at);
    });
  }
}

/// The rows that this server can be asked to play: it never lets a client keep its window.
std::vector<Case> playable_rows() {
  std::vector<Case> rows = http::cases::all_cases();
  std::erase_if(rows, [](const Case& row) { return row.deflate == Deflate::kKept; });
  return rows;
}

void expect_every_row(std::uint16_t port, const std::vector<Case>& rows, std::size_t step) {
  std::vector<std::string> wrong(rows.size());
  play_all(rows.size(), [&](std::size_t i) {
    try {
      wrong[i] = Conversation(port, rows[i]).play(step);
    } catch (const std::exception& failure) {
      wrong[i] = failure.what();
    }
  });
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(wrong[i], "") << rows[i].name;
  std::cout << std::ranges::count(wrong, "") << " of " << rows.size()
            << " conversations went as they must\n";
}

TEST_F(WebSocketServer, AnswersEveryCaseSentWhole) {
  expect_every_row(server_.port(), playable_rows(), std::string::npos);
}

TEST_F(WebSocketServer, AnswersEveryShortCaseSentByteByByte) {
  std::vector<Case> rows = playable_rows();
  std::erase_if(rows, [](const Case& row) { return row.sent.size() > 700; });
  expect_every_row(server_.port(), rows, 1);
}

TEST_F(WebSocketServer, AnswersEveryMiddlingCaseSentInOddPieces) {
  std::vector<Case> rows = playable_rows();
  std::erase_if(rows, [](const Case& row) { return row.sent.size() > 70'000; });
  expect_every_row(server_.port(), rows, 509);
}

// Frames may come in one segment with the handshake.
TEST_F(WebSocketServer, AnswersFramesThatComeBeforeTheirHandshakeIsAnswered) {
  const tests::RawClient client(server_.port());
  client.send(tests::handshake("/ws") + tests::masked_frame(0x81, "one") +
              tests::masked_frame(0x01, "tw") + tests::masked_frame(0x80, "o"));
  EXPECT_TRUE(client.read_until("\x81\x03two").ends_with("\r\n\r\n\x81\x03one\x81\x03two"));
}

TEST_F(WebSocketServer, CompressesWithinTheWindowThatAClientAsksFor) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i * i % 977) + "\n";
  for (const int bits : {8, 9, 10, 12, 15}) {
    const tests::RawClient client(server_.port());
    client.send(tests::handshake("/ws-deflate",
                                 "Sec-WebSocket-Extensions: permessage-deflate; "
                                 "server_max_window_bits=" +
                                     std::to_string(bits) + "\r\n"));
    const std::string head = client.read_until("\r\n\r\n");
    if (!head.contains("server_max_window_bits")) continue;  // Declined: nothing to keep to.
    client.send(tests::masked_frame(0x81, text));
    std::string received = client.read_some();
    std::optional<ServerFrame> frame;
    for (std::string_view rest = received; !(frame = tests::take_frame(rest)); rest = received) {
      received += client.read_some();
    }
    EXPECT_EQ(frame->first, 0xC1) << bits;
    EXPECT_LT(frame->payload.size(), text.size()) << bits;
    EXPECT_TRUE(tests::inflate_message(frame->payload, bits) == text) << bits;
  }
}

TEST_F(WebSocketServer, AnswersEveryHandshakeAsTheTableSays) {
  const auto rows = http::cases::handshake_cases();
  std::vector<std::string> heads(rows.size());
  play_all(rows.size(), [&](std::size_t i) {
    const tests::RawClient client(server_.port());
    client.send(http::cases::to_bytes(rows[i]));
    heads[i] = client.read_until("\r\n\r\n");
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string status = "HTTP/1.1 " + std::to_string(rows[i].status) + " ";
    EXPECT_TRUE(heads[i].starts_with(status)) << rows[i].name << ": " << heads[i];
    const std::string protocol =
        rows[i].protocol.empty() ? "" : "\r\nSec-WebSocket-Protocol: " + rows[i].protocol + "\r\n";
    EXPECT_TRUE(heads[i].contains(protocol)) << rows[i].name << ": " << heads[i];
    EXPECT_EQ(heads[i].contains("\r\nSec-WebSocket-Protocol:"), !protocol.empty()) << rows[i].name;
    EXPECT_EQ(heads[i].contains("Sec-WebSocket-Accept"), rows[i].status == 101) << rows[i].name;
    EXPECT_EQ(heads[i].contains("Sec-WebSocket-Version: 13"), rows[i].status == 426)
        << rows[i].name << ": " << heads[i];
  }
}

}  // namespace
}  // namespace hornbeam
