// A disk that is full, and one that fails: moves are refused in words, and nothing that was
// acknowledged is lost.

#include <optional>

#include <gmock/gmock.h>

#include "hornbeam/data/testing/faulty_files.h"
#include "hornbeam/data/testing/fixture.h"
#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using data::FaultyFiles;
using testing::action_of;
using ::testing::IsEmpty;
using testing::Player;
using ::testing::SizeIs;
using testing::value_of;

/// A game at which both players sit, in a file on a disk that may fail.
class DiskFailureTest : public ::testing::Test {
 protected:
  DiskFailureTest() {
    start();
    x_token_ = value_of(x_->say(R"({"action": "new", "v": 1})").at(0), "token");
    o_->say(R"({"action": "join", "v": 1, "game_id": 100})");
    hear_all();
  }
  ~DiskFailureTest() override { stop(); }

  /// A process begins.
  void start() {
    database_ = data::Database::open(folder_.url() + "?vfs=faulty");
    data::migrate(*database_, game_log_migrations());
    log_.emplace(*database_);
    lobby_.emplace(*log_, games_, wakeups_, LobbyOptions{.credits = {.capacity = 0}});
    x_.emplace(*lobby_);
    o_.emplace(*lobby_);
  }
  /// It ends.
  void stop() {
    o_.reset();
    x_.reset();
    lobby_.reset();
    log_.reset();
    database_.reset();
  }
  void hear_all() {
    x_->hear();
    o_->hear();
  }

  static std::string move(std::string_view cell, std::string_view command) {
    return fmt::format(R"({{"action": "move", "v": 1, "player_move": "{}", "cid": "{}"}})", cell,
                       command);
  }
  void expect_refused(std::string_view cell, std::string_view command) {
    const auto answer = x_->say(move(cell, command));
    ASSERT_THAT(answer, SizeIs(1));
    EXPECT_EQ(action_of(answer[0]), "error");
    EXPECT_EQ(value_of(answer[0], "code"), "busy");
    EXPECT_EQ(value_of(answer[0], "cid"), command);
    EXPECT_THAT(o_->hear(), IsEmpty()) << "what is not stored is told to nobody";
  }

  FaultyFiles files_;
  data::TemporaryFolder folder_;
  GameCatalog games_ = standard_games();
  InProcessWakeups wakeups_;
  std::unique_ptr<data::Database> database_;
  std::optional<DatabaseGameLog> log_;
  std::optional<Lobby> lobby_;
  std::optional<Player> x_;
  std::optional<Player> o_;
  std::string x_token_;
};

TEST_F(DiskFailureTest, OnAFullDiskMovesAreRefusedAndTheGameGoesOnOnceThereIsRoom) {
  EXPECT_EQ(action_of(x_->say(move("1,1", "a")).at(0)), "opp-move");
  EXPECT_EQ(action_of(o_->say(move("0,0", "b")).back()), "opp-move");
  hear_all();
  FaultyFiles::leave_room(FaultyFiles::Room::kNone);
  expect_refused("2,2", "c");
  expect_refused("2,2", "c");
  FaultyFiles::leave_room(FaultyFiles::Room::kEnough);
  EXPECT_EQ(value_of(x_->say(move("2,2", "c")).at(0), "seq"), "5");
  EXPECT_EQ(value_of(o_->hear().at(0), "board"), "O...X...X");
  EXPECT_THAT(base::run(log_->read(100, 0)), SizeIs(6));
}

TEST_F(DiskFailureTest, AfterASyncThatFailedMovesAreRefusedUntilAnotherProcessServesTheGame) {
  EXPECT_EQ(action_of(x_->say(move("1,1", "a")).at(0)), "opp-move");
  EXPECT_EQ(action_of(o_->say(move("0,0", "b")).back()), "opp-move");
  hear_all();
  FaultyFiles::fail_syncs_of(FaultyFiles::Failing::kLog);
  expect_refused("2,2", "c");
  FaultyFiles::fail_syncs_of(FaultyFiles::Failing::kNothing);
  // What the disk holds is not known any more: this process does not write again.
  expect_refused("2,2", "c");
  stop();
  start();
  const auto state = x_->say(fmt::format(
      R"({{"action": "hello", "v": 1, "game_id": 100, "token": "{}", "last_seq": 4}})", x_token_));
  const std::string board = value_of(state.at(0), "board");
  EXPECT_TRUE(board.starts_with("O...X...")) << "what was acknowledged is there";
  // Whether the disk has the refused move nobody knows. Said again, it is carried out once.
  EXPECT_EQ(value_of(x_->say(move("2,2", "c")).back(), "seq"), "5");
  EXPECT_THAT(base::run(log_->read(100, 0)), SizeIs(6));
}

}  // namespace
}  // namespace hornbeam::live
