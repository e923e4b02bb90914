// Clients that want more than their share: of memory, of connections, of descriptors, of the loop.

#include <iostream>

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif

#include "tests/integration/clients/rough_server.h"

namespace hornbeam {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using tests::RawClient;
using tests::RoughHandler;
using tests::SocketClient;

// Sends `piece` for `time`, as much of it as the server takes. Units: bytes.
std::size_t pour(const RawClient& client, const std::string& piece, Clock::duration time) {
  std::size_t total = 0;
  std::string_view left = piece;
  for (const auto until = Clock::now() + time; Clock::now() < until;) {
    const ssize_t count = client.send_now(left);
    if (count > 0) {
      total += static_cast<std::size_t>(count);
      left.remove_prefix(static_cast<std::size_t>(count));
      if (left.empty()) left = piece;
    } else {
      std::this_thread::sleep_for(1ms);
    }
  }
  return total;
}

// In use by this process, client and server together.
std::size_t allocated_bytes() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return __sanitizer_get_current_allocated_bytes();
#else
  return ::mallinfo2().uordblks;
#endif
}

// What the kernel may keep of it for both sides, and some of ours.
constexpr std::size_t kTakenUnread = 24 << 20;

TEST(GreedyClients, PipelinedRequestsWhoseAnswersNobodyReadsAreNotTakenForEver) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  const RawClient client(server.port(), 16 * 1024);
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET /abcdefghi HTTP/1.1\r\nHost: x\r\n\r\n";
  EXPECT_LT(pour(client, requests, 1s), kTakenUnread);
}

TEST(GreedyClients, MessagesForADeafConversationAreNotTakenForEver) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  const SocketClient large(server.port(), "/ws-deaf");
  EXPECT_LT(pour(large.raw, tests::masked_frame(0x82, std::string(900'000, 'x')), 1s),
            kTakenUnread);
  const SocketClient small(server.port(), "/ws-deaf");
  EXPECT_LT(pour(small.raw, tests::masked_frame(0x82, "x"), 1s), kTakenUnread);
  handler.deaf_may_go = true;
}

TEST(GreedyClients, PingsWhosePongsNobodyReadsEndTheSocket) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  const SocketClient client(server.port(), "/ws", 16 * 1024);
  std::string pings;
  for (int i = 0; i < 100; ++i) pings += tests::masked_frame(0x89, std::string(125, 'p'));
  EXPECT_LT(pour(client.raw, pings, 1s), kTakenUnread);
  EXPECT_TRUE(tests::eventually([&] { return server.statistics().websockets == 0; }));
}

TEST(GreedyClients, PingsBehindAServersCloseArePassedOver) {
  RoughHandler handler;
  http::Server server(tests::rough_options(), handler);
  server.start();
  SocketClient client(server.port(), "/ws-goodbye");
  client.raw.send(tests::masked_frame(0x81, "hello"));
  ASSERT_EQ(client.next()->first, 0x88);
  for (int i = 0; i < 1000; ++i) client.raw.send(tests::masked_frame(0x89, "ping"));
  client.raw.send(tests::masked_frame(0x88, "\x03\xe9"));
  EXPECT_FALSE(client.next());
  EXPECT_FALSE(client.raw.timed_out());
}

TEST(GreedyClients, CompressedSocketsShareOneCompressor) {
  RoughHandler handler;
  http::Server server(tests::rough_options(1), handler);
  server.start();
  std::vector<std::unique_ptr<SocketClient>> clients;
  std::size_t before = 0;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<SocketClient>(
        server.port(), "/ws-deflate", 0, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    clients.back()->raw.send(tests::masked_frame(0x81, "hello hello hello hello"));
    EXPECT_EQ(clients.back()->next()->first, 0xC1);
    if (i == 20) before = allocated_bytes();
  }
  EXPECT_LT(allocated_bytes(),
            before + std::size_t{180} * 32 * 1024);  // A compressor takes 260 KiB.
}

TEST(GreedyClients, AStreamToAFastReaderLeavesTheLoopToOthers) {
  RoughHandler handler;
  http::Server server(tests::rough_options(1), handler);
  server.start();
  std::jthread reader([&](const std::stop_token& stop) {
    const RawClient client(server.port());
    client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    while (!stop.stop_requested() && !client.read_some().empty()) {
    }
  });
  ASSERT_TRUE(tests::eventually([&] { return handler.streams == 1; }));
  for (int i = 0; i < 20; ++i) {
    const RawClient other(server.port());
    other.set_patience(2000);
    other.send("GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(other.read_until("/other").ends_with("/other"));
  }
}

TEST(GreedyClients, AHeadLargerThanTheReadBufferIsReadIfTheLimitsAllowIt) {
  RoughHandler handler;
  http::Limits limits;
  limits.head_bytes = 400'000;
  http::Server server(tests::rough_options(1, limits), handler);
  server.start();
  for (const std::size_t size : {60'000, 70'000, 130'000, 200'000, 390'000}) {
    const RawClient client(server.port());
    client.set_patience(3000);
    client.send("GET /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: ");
    for (std::size_t sent = 0; sent < size; sent += 10'000) client.send(std::string(10'000, 'a'));
    client.send("\r\n\r\n");
    EXPECT_TRUE(client.read_all().ends_with("/abc")) << size;
  }
}

TEST(GreedyClients, ConnectionsPastTheLimitAreClosedAtOnce) {
  RoughHandler handler;
  http::Limits limits;
  limits.connections = 10;
  http::Server server(tests::rough_options(1, limits), handler);
  server.start();
  std::vector<std::unique_ptr<SocketClient>> guests;
  guests.reserve(10);
  for (int i = 0; i < 10; ++i) {
    guests.push_back(std::make_unique<SocketClient>(server.port(), "/ws"));
  }
  const auto is_served = [&] {
    const RawClient client(server.port());
    client.send("GET /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.read_all().ends_with("/abc");
  };
  for (int i = 0; i < 30; ++i) EXPECT_FALSE(is_served());
  for (const auto& guest : guests) {
    guest->raw.send(tests::masked_frame(0x81, "hello"));
    EXPECT_EQ(guest->next()->payload, "hello");
  }
  guests.pop_back();
  EXPECT_TRUE(tests::eventually(is_served));
}

Clock::duration processor_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// In a process of its own: the server runs out of descriptors, stays calm, and recovers.
[[noreturn]] void run_out_of_descriptors() {
  const rlimit few{.rlim_cur = 64, .rlim_max = 64};
  ::setrlimit(RLIMIT_NOFILE, &few);
  RoughHandler handler;
  http::Server server(tests::rough_options(1), handler);
  server.start();
  std::vector<std::unique_ptr<RawClient>> clients;
  while (auto client = tests::try_to_connect(server.port())) {
    client->send("GET /abc HTTP/1.1\r\nHost: x\r\n\r\n");
    clients.push_back(std::move(client));
  }
  const auto before = processor_time();
  std::this_thread::sleep_for(1s);
  const bool is_calm = processor_time() - before < 300ms;
  while (clients.size() > 1) clients.erase(clients.begin());
  const bool recovered = clients.front()->read_until("/abc").ends_with("/abc");
  std::cerr << (is_calm ? "" : "it spins ") << (recovered ? "" : "it is stuck ") << "done\n";
  std::_Exit(is_calm && recovered ? 0 : 1);
}

#if __has_feature(undefined_behavior_sanitizer)
// Its check of virtual calls opens a pipe, and takes failing to do so for a bad object.
constexpr bool kNeedsDescriptors = true;
#else
constexpr bool kNeedsDescriptors = false;
#endif

TEST(GreedyClients, AServerWithoutDescriptorsWaitsCalmlyAndRecovers) {
  if (kNeedsDescriptors) GTEST_SKIP() << "UBSan itself cannot do without descriptors";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_out_of_descriptors(), testing::ExitedWithCode(0), "done");
}

}  // namespace
}  // namespace hornbeam
