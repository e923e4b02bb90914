// What a server owes its clients when it is told to stop while they are at it.

#include <optional>

#include <gtest/gtest.h>

#include "tests/integration/clients/rough_server.h"

namespace hornbeam {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using tests::RawClient;
using tests::RoughHandler;

class Stopping : public testing::Test {
 public:
  ~Stopping() override {
    if (stopper_.joinable()) stopper_.join();
  }

 protected:
  Stopping() { server_.start(); }

  /// Stops the server in the background; `time_to_stop` waits for it.
  void begin_to_stop() {
    stopper_ = std::thread([this] {
      const auto start = Clock::now();
      server_.stop();
      took_ = Clock::now() - start;
    });
  }
  Clock::duration time_to_stop() {
    stopper_.join();
    return took_;
  }

  RoughHandler handler_;
  http::Server server_{tests::rough_options(), handler_};
  std::thread stopper_;
  Clock::duration took_{};
};

TEST(StoppingEarly, AServerStopsThoughItsLoopsHaveHardlyBegun) {
  for (int i = 0; i < 3; ++i) {
    RoughHandler handler;
    http::Server server(tests::rough_options(150), handler);
    server.start();
  }
}

TEST_F(Stopping, AnIdleServerStopsAtOnce) {
  const RawClient silent(server_.port());
  const RawClient kept(server_.port());
  kept.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  kept.read_until("\r\n\r\n");
  begin_to_stop();
  EXPECT_EQ(kept.read_all(), "");
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_LT(time_to_stop(), 1s);
}

TEST_F(Stopping, RequestsInFlightAreAnsweredAndTheirConnectionsClosed) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_.port()));
    clients.back()->send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  ASSERT_TRUE(tests::eventually([&] { return server_.statistics().requests == 20; }));
  begin_to_stop();
  for (const auto& client : clients) EXPECT_TRUE(client->read_all().ends_with("/later"));
  clients.clear();
  EXPECT_LT(time_to_stop(), 2s);
}

TEST_F(Stopping, AnUploadInFlightIsTakenToItsEnd) {
  const RawClient client(server_.port());
  client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
  ASSERT_TRUE(tests::eventually([&] { return server_.statistics().requests == 1; }));
  begin_to_stop();
  std::this_thread::sleep_for(100ms);
  client.send("def");
  const std::string response = client.read_all();
  EXPECT_TRUE(response.ends_with("6")) << response;
}

TEST_F(Stopping, AReaderOfALargeAnswerGetsAllOfItAndKeepsNobodyWaiting) {
  auto client = std::make_optional<RawClient>(server_.port(), 32 * 1024);
  client->send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  std::size_t total = client->read_some().size();
  begin_to_stop();
  std::this_thread::sleep_for(200ms);
  for (std::string piece = client->read_some(); !piece.empty(); piece = client->read_some()) {
    total += piece.size();
  }
  EXPECT_FALSE(client->timed_out());
  EXPECT_GT(total, tests::kBigBytes);
  client.reset();
  EXPECT_LT(time_to_stop(), 3s);
}

TEST_F(Stopping, ClientsThatNeverFinishAreCutOffWhenPatienceEnds) {
  const RawClient half_a_head(server_.port());
  half_a_head.send("GET / HT");
  const RawClient endless(server_.port());
  endless.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  tests::SocketClient socket(server_.port(), "/ws");
  begin_to_stop();
  EXPECT_EQ(socket.next()->payload.substr(0, 2), "\x03\xf4");  // 1012, which it does not answer.
  EXPECT_LT(time_to_stop(), 9s);
  EXPECT_EQ(handler_.streams, 0);
}

/// Asks two things at a time, until nobody listens any more.
void ask_until_refused(std::uint16_t port, std::atomic<int>& answers, std::atomic<int>& cut_short) {
  while (const auto client = tests::try_to_connect(port)) {
    client->send("GET /abc HTTP/1.1\r\nHost: x\r\n\r\nGET /def HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string response = client->read_until("/def");
    if (response.empty()) continue;  // It came while the server closed: it may try again.
    ++answers;
    if (!response.ends_with("/def") && !response.ends_with("/abc")) ++cut_short;
  }
}

TEST_F(Stopping, InTheMiddleOfTrafficCutsNoAnswerShort) {
  std::atomic<int> answers = 0;
  std::atomic<int> cut_short = 0;
  {
    std::vector<std::jthread> crowd;
    crowd.reserve(8);
    for (int i = 0; i < 8; ++i) {
      crowd.emplace_back([&] { ask_until_refused(server_.port(), answers, cut_short); });
    }
    EXPECT_TRUE(tests::eventually([&] { return answers > 100; }));
    begin_to_stop();
  }
  time_to_stop();
  EXPECT_EQ(cut_short, 0);
}

}  // namespace
}  // namespace hornbeam
