// Sockets written to from threads that are not theirs, while their clients come, dawdle and go.

#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "hornbeam/http/websocket_frame.h"
#include "tests/integration/clients/rough_server.h"

namespace hornbeam {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using tests::RoughHandler;
using tests::SocketClient;

TEST(CrossingThreads, SendAndCloseWhileClientsComeAndGo) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  std::vector<std::jthread> threads;
  threads.reserve(6);
  const auto until = Clock::now() + 2s;
  for (unsigned i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      std::minstd_rand random(i + 1);
      while (Clock::now() < until) {
        for (const http::WebSocket& socket : handler.room()) {
          if (random() % 50 == 0) socket.close(http::CloseCode::kGoingAway, "from elsewhere");
          if (random() % 4 == 0) socket.send_frame(http::shared_frame(http::Opcode::kText, "all"));
          socket.send("hello");
          socket.send_binary("hello");
        }
        std::this_thread::sleep_for(1ms);
      }
    });
  }
  for (unsigned i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      std::minstd_rand random(i + 11);
      while (Clock::now() < until && handler.room().size() < 60) {
        SocketClient client(server.port(), "/ws-room");
        if (random() % 2 == 0) client.raw.vanish_on_close();
        client.raw.set_patience(300);
        for (auto left = random() % 100; left > 0; --left) {
          const auto frame = client.next();
          if (!frame || frame->first == 0x88) break;
        }
        client.raw.send(tests::masked_frame(0x81, "bye"));
      }
    });
  }
  threads.clear();
  EXPECT_TRUE(tests::eventually([&] { return server.statistics().connections == 0; }));
  EXPECT_EQ(static_cast<std::size_t>(handler.room_ends), handler.room().size());
}

TEST(CrossingThreads, ABroadcastGoesOnWithoutTheReaderThatDoesNotRead) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  const SocketClient deaf(server.port(), "/ws-room", 16 * 1024);
  ASSERT_TRUE(tests::eventually([&] { return handler.room().size() == 1; }));
  SocketClient attentive(server.port(), "/ws-room");
  ASSERT_TRUE(tests::eventually([&] { return handler.room().size() == 2; }));
  const std::vector<http::WebSocket> room = handler.room();
  const auto frame = http::shared_frame(http::Opcode::kBinary, std::string(65536, 'x'));
  std::atomic<int> heard = 0;
  std::jthread listener([&] {
    while (attentive.next()) ++heard;
  });
  int sent = 0;
  for (; sent < 2000 && handler.room_ends == 0; ++sent) {
    for (const http::WebSocket& socket : room) socket.send_frame(frame);
    // No faster than the one who reads.
    EXPECT_TRUE(tests::eventually([&] { return heard >= sent - 4; }));
  }
  EXPECT_EQ(handler.room_ends, 1);
  EXPECT_EQ(room[0].close_code(), 1008);
  EXPECT_EQ(room[0].send("more"), http::SendResult::kSent);  // It is only posted: from elsewhere.
  EXPECT_TRUE(tests::eventually([&] { return heard == sent; }));
  attentive.raw.finish_sending();
}

TEST(CrossingThreads, AHandleMayOutliveItsServer) {
  RoughHandler handler;
  {
    http::Server server(tests::rough_options(), handler);
    server.start();
    SocketClient client(server.port(), "/ws-room");
    ASSERT_TRUE(tests::eventually([&] { return handler.room().size() == 1; }));
    client.raw.vanish_on_close();
  }
  const http::WebSocket socket = handler.room().front();
  EXPECT_NE(socket.close_code(), 0);
  socket.send("into the void");
  socket.close();
}

TEST(CrossingThreads, SendWhileTheServerStops) {
  for (int round = 0; round < 5; ++round) {
    RoughHandler handler;
    http::Server server(tests::rough_options(), handler);
    server.start();
    std::vector<std::unique_ptr<SocketClient>> clients;
    clients.reserve(10);
    for (int i = 0; i < 10; ++i) {
      clients.push_back(std::make_unique<SocketClient>(server.port(), "/ws-room"));
    }
    ASSERT_TRUE(tests::eventually([&] { return handler.room().size() == 10; }));
    std::jthread sender([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        for (const http::WebSocket& socket : handler.room()) socket.send("hello");
      }
    });
    std::jthread closer([&] {
      for (const auto& client : clients) {
        for (auto frame = client->next(); frame && frame->first != 0x88;) frame = client->next();
        client->raw.finish_sending();
      }
    });
    server.stop();
    EXPECT_EQ(server.statistics().connections, 0U);
  }
}

}  // namespace
}  // namespace hornbeam
