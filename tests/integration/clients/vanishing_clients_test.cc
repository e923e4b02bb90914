// Clients that vanish: they reset the connection in every phase of it, or come and go in crowds.

#include <filesystem>
#include <iterator>
#include <random>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/integration/clients/rough_server.h"

namespace hornbeam {
namespace {

using namespace std::chrono_literals;
using tests::RawClient;
using tests::RoughHandler;

struct Phase {
  std::string name;
  std::string sent;
  bool reads = false;  // Some of the answer, before it vanishes.
};

std::vector<Phase> phases() {
  const std::string get = " HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string post = "POST /upload HTTP/1.1\r\nHost: x\r\n";
  const std::string socket = tests::handshake("/ws");
  const std::string hello = tests::masked_frame(0x81, "hello");
  return {
      {"before a byte", ""},
      {"inside a head", "GET / HTTP/1.1\r\nHo"},
      {"behind a request", "GET /" + get},
      {"behind an answer", "GET /" + get, true},
      {"behind a refused request", "GET /\n\n", true},
      {"inside a buffered body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"},
      {"inside a streamed body", post + "Content-Length: 100\r\n\r\nabc"},
      {"inside a chunk", post + "Transfer-Encoding: chunked\r\n\r\n40\r\nabc"},
      {"while a body is awaited", post + "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n", true},
      {"while a handler works", "GET /later" + get},
      {"while a handler works on the first of many", "GET /later" + get + "GET /later" + get},
      {"before a large answer", "GET /big" + get},
      {"inside a large answer", "GET /big" + get, true},
      {"before a stream", "GET /stream" + get},
      {"inside a stream", "GET /stream" + get, true},
      {"inside a handshake", socket.substr(0, 60)},
      {"behind a handshake", socket},
      {"inside a socket", socket, true},
      {"inside a frame", socket + hello.substr(0, 4), true},
      {"inside a message", socket + tests::masked_frame(0x01, "hel"), true},
      {"behind a message", socket + hello},
      {"behind many messages", socket + hello + hello + hello + hello, true},
      {"behind a wrong frame", socket + "\xFF\xFF", true},
      {"behind a close", socket + tests::masked_frame(0x88, "\x03\xe8"), true},
      {"behind the server's close", tests::handshake("/ws-goodbye") + hello, true},
  };
}

TEST(VanishingClients, LeaveNothingBehindInAnyPhase) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  for (const Phase& phase : phases()) {
    for (int i = 0; i < 8; ++i) {
      const RawClient client(server.port());
      if (i % 2 == 0) client.vanish_on_close();
      client.send(phase.sent);
      if (phase.reads) EXPECT_NE(client.read_some(), "") << phase.name;
    }
    EXPECT_TRUE(tests::eventually([&] { return server.statistics().connections == 0; }))
        << phase.name;
    EXPECT_EQ(server.statistics().websockets, 0U) << phase.name;
    EXPECT_TRUE(tests::eventually([&] { return handler.streams == 0; })) << phase.name;
  }
  const RawClient client(server.port());
  client.send("GET /still-here HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_all().ends_with("/still-here"));
}

// Takes what the phases send apart and puts it together anew: in any order, in any pieces.
class Babbler {
 public:
  Babbler(std::uint16_t port, unsigned seed) : port_(port), random_(seed) {
    for (const Phase& phase : phases()) pieces_.push_back(phase.sent);
    for (const std::string_view more :
         {"\r\n", "\r\n\r\n", "0\r\n\r\n", "5\r\nhello\r\n", "\x88\x80"}) {
      pieces_.emplace_back(more);
    }
  }

  void babble() {
    const RawClient client(port_, pick(3) == 0 ? 4096 : 0);
    client.set_patience(static_cast<long>(pick(3) + 1));
    if (pick(2) == 0) client.vanish_on_close();
    for (std::size_t left = pick(6) + 1; left > 0; --left) {
      std::string_view piece = pieces_[pick(pieces_.size())];
      if (pick(4) == 0) piece = piece.substr(0, pick(piece.size() + 1));
      while (!piece.empty()) {
        const std::string_view part = piece.substr(0, pick(3) == 0 ? pick(20) + 1 : piece.size());
        client.send_now(part);
        piece.remove_prefix(part.size());
      }
      if (pick(3) == 0) client.read_some();
      if (pick(20) == 0) client.finish_sending();
    }
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  std::uint16_t port_;
  std::minstd_rand random_;
  std::vector<std::string> pieces_;
};

TEST(VanishingClients, MaySayAnythingInAnyOrder) {
  RoughHandler handler;
  http::Limits limits;
  limits.head_timeout = limits.idle_timeout = limits.write_timeout = limits.body_grace = 1s;
  http::Server server(tests::rough_options(2, limits), handler);
  server.start();
  const auto seed = static_cast<unsigned>(testing::UnitTest::GetInstance()->random_seed());
  {
    std::vector<std::jthread> crowd;
    crowd.reserve(4);
    for (unsigned thread = 0; thread < 4; ++thread) {
      crowd.emplace_back([&, thread] {
        Babbler babbler(server.port(), seed * 4 + thread + 1);
        for (int i = 0; i < 400; ++i) babbler.babble();
      });
    }
  }
  EXPECT_TRUE(tests::eventually([&] { return server.statistics().connections == 0; }, 15s));
  EXPECT_TRUE(tests::eventually([&] { return handler.streams == 0; }));
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator folder("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
}

TEST(VanishingClients, AThousandThatComeAndGoLeakNoDescriptor) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  const std::size_t before = open_descriptors();
  {
    std::vector<std::jthread> crowd;
    crowd.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
      crowd.emplace_back([&, thread] {
        for (int i = 0; i < 250; ++i) {
          const RawClient client(server.port());
          if (i % 3 == thread % 3) client.vanish_on_close();
          if (i % 4 == 0) continue;
          client.send(i % 4 == 1 ? tests::handshake("/ws") : "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
          if (i % 4 == 2) client.read_some();
        }
      });
    }
  }
  EXPECT_TRUE(tests::eventually([&] { return server.statistics().connections == 0; }));
  EXPECT_GE(server.statistics().accepted, 990U);  // Those reset in the queue are never seen.
  EXPECT_EQ(open_descriptors(), before);
}

TEST(VanishingClients, AThousandAreServedAtOnce) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 2200) GTEST_SKIP() << "this needs 2200 descriptors (ulimit -n)";
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  {
    std::vector<std::unique_ptr<tests::SocketClient>> crowd;
    crowd.reserve(1000);
    for (int i = 0; i < 1000; ++i) {
      crowd.push_back(std::make_unique<tests::SocketClient>(server.port(), "/ws"));
    }
    // The last one may have read its answer before the server has counted it.
    EXPECT_TRUE(tests::eventually([&] { return server.statistics().websockets == 1000; }));
    for (const auto& client : crowd) client->raw.send(tests::masked_frame(0x81, "hello"));
    for (const auto& client : crowd) EXPECT_EQ(client->next()->payload, "hello");
  }
  EXPECT_TRUE(tests::eventually([&] { return server.statistics().connections == 0; }));
}

}  // namespace
}  // namespace hornbeam
