#include "hornbeam/web/event_stream.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "hornbeam/http/server.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"
#include "tests/support/raw_client.h"

namespace hornbeam::web {
namespace {

using namespace std::chrono_literals;
using tests::RawClient;

TEST(ServerEvent, IsWrittenLineByLine) {
  std::string out;
  append_event(out, {.data = "a\nb\r\nc\rd", .event = "news", .id = "7", .retry = 2s});
  EXPECT_EQ(out, "event: news\nid: 7\nretry: 2000\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_THROW(append_event(out, {.data = "", .event = "a\nb"}), std::invalid_argument);
  EXPECT_THROW(append_event(out, {.data = "", .id = std::string("a\0", 2)}), std::invalid_argument);
}

TEST(EventStream, GoesOnBehindTheLastEventSeen) {
  App app;
  app.get("/", [](const Request& request) {
    return event_stream(
        [from = std::string(last_event_id(request))](EventStream& events) -> Task<void> {
          const int last = from.empty() ? 0 : std::stoi(from);
          for (int n = last + 1; n <= 3; ++n) {
            co_await events.wait(1ms);
            co_await events.send({.data = "event", .id = std::to_string(n)});
          }
        });
  });
  TestClient client(app);
  client.get("/", with_header("Last-Event-ID", "1"))
      .expect_header("content-type", "text/event-stream")
      .expect_header("cache-control", "no-cache")
      .expect_body("id: 2\ndata: event\n\nid: 3\ndata: event\n\n");
}

class EventStreamServer : public testing::Test {
 protected:
  EventStreamServer() {
    app_.get("/", [this] {
      return event_stream(
          [this](EventStream& events) -> Task<void> {
            co_await events.send({.data = "hello"});
            ++begun_;
            while (co_await events.wait(1h)) continue;
            ++ended_;
          },
          1s);
    });
    server_.emplace(http::ServerOptions{.port = 0, .loops = 1}, app_.handler());
    server_->start();
  }
  void wait_for(const std::atomic<int>& count) {
    for (int i = 0; i < 1000 && count == 0; ++i) std::this_thread::sleep_for(5ms);
    EXPECT_EQ(count, 1);
  }

  App app_;
  std::atomic<int> begun_{0};
  std::atomic<int> ended_{0};
  std::optional<http::Server> server_;
};

TEST_F(EventStreamServer, SendsHeartbeatsAndEndsWhenItsClientGoes) {
  {
    const RawClient client(server_->port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(client.read_until("data: hello\n\n").contains("data: hello\n\n"));
    EXPECT_TRUE(client.read_until(":\n\n").contains(":\n\n"));
    EXPECT_EQ(ended_, 0);
  }
  wait_for(ended_);
}

TEST_F(EventStreamServer, EndsWhenTheServerDrains) {
  const RawClient client(server_->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_for(begun_);
  server_->stop();
  EXPECT_EQ(ended_, 1);
  EXPECT_TRUE(client.read_all().ends_with("0\r\n\r\n"));
}

}  // namespace
}  // namespace hornbeam::web
