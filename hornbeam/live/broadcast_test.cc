// One game and a thousand who watch it: what they are told is encoded once.

#include <set>

#include <gtest/gtest.h>

#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using testing::LobbyTest;
using testing::Player;

constexpr int kWatchers = 1000;

/// A transport that encodes as a WebSocket does: whoever is first keeps the frame for all.
class EncodingClient final : public Client {
 public:
  explicit EncodingClient(int& encoded) : encoded_(encoded) {}
  void send(std::string_view) override { ++encoded_; }
  void send_shared(const SharedMessage& message) override {
    if (!message.wire) {
      message.wire = std::make_shared<const std::string>(message.text);
      ++encoded_;
    }
    frames.insert(message.wire);
  }
  void close(std::uint16_t, std::string_view) override {}

  std::set<std::shared_ptr<const std::string>> frames;

 private:
  int& encoded_;
};

class BroadcastTest : public LobbyTest {
 protected:
  struct Watcher {
    std::shared_ptr<EncodingClient> client;
    std::unique_ptr<Session> session;
  };

  BroadcastTest() {
    x_.say(R"({"action": "new", "v": 1})");
    o_.say(R"({"action": "join", "v": 1, "game_id": 100})");
    for (int i = 0; i < kWatchers; ++i) {
      auto client = std::make_shared<EncodingClient>(encoded_);
      auto session = std::make_unique<Session>(lobby_, client);
      base::run(session->receive(R"({"action": "watch", "v": 1, "game_id": 100})"));
      watchers_.push_back({std::move(client), std::move(session)});
    }
    for (Watcher& each : watchers_) each.client->frames.clear();
    encoded_ = 0;
  }
  ~BroadcastTest() override {
    for (Watcher& each : watchers_) base::run(each.session->close());
  }

  int encoded_ = 0;
  Player x_{lobby_};
  Player o_{lobby_};
  std::vector<Watcher> watchers_;
};

TEST_F(BroadcastTest, AMoveIsEncodedOnceForAThousandWatchers) {
  x_.say(R"({"action": "move", "v": 1, "player_move": "1,1"})");
  EXPECT_EQ(encoded_, 1);
  const auto frame = watchers_.front().client->frames;
  ASSERT_EQ(frame.size(), 1U);
  for (const Watcher& each : watchers_) EXPECT_EQ(each.client->frames, frame);
  EXPECT_NE((*frame.begin())->find("....X...."), std::string::npos);
}

TEST_F(BroadcastTest, ComingsAndGoingsInALargeRoomAreToldOnceAPoll) {
  // A thousand came in, and nobody was told a thousand times.
  base::run(lobby_.follow_all());
  EXPECT_EQ(encoded_, 1);
}

}  // namespace
}  // namespace hornbeam::live
