#include "hornbeam/live/game_record.h"

#include <gtest/gtest.h>

#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

using Phase = GameRecord::Phase;

class GameRecordTest : public ::testing::Test {
 protected:
  GameRecordTest() { add(EventKind::kCreate, std::nullopt, "tic-tac-toe 1 5"); }

  void add(EventKind kind, std::optional<Seat> seat, std::string detail) {
    game_.apply(Event{game_.next_seq(), kind, seat, {}, std::move(detail), EventTime{}});
  }
  void seat_both() {
    add(EventKind::kJoin, Seat::kFirst, "token " + hash_seat_token("one"));
    add(EventKind::kJoin, Seat::kSecond, "token " + hash_seat_token("two"));
  }
  std::string refusal(const Command& command) const {
    const auto planned = game_.plan(command, EventTime{});
    return planned ? "" : planned.error().code;
  }
  std::string refusal(EventKind kind, Seat seat, std::string detail = {}) const {
    return refusal(Command{.kind = kind, .seat = seat, .detail = std::move(detail)});
  }
  void win() {
    for (const auto& [seat, move] : {std::pair{Seat::kFirst, "0,0"},
                                     {Seat::kSecond, "1,0"},
                                     {Seat::kFirst, "0,1"},
                                     {Seat::kSecond, "1,1"},
                                     {Seat::kFirst, "0,2"}}) {
      add(EventKind::kMove, seat, move);
    }
  }

  GameCatalog games_ = standard_games();
  GameRecord game_{100, games_};
};

TEST_F(GameRecordTest, WaitsPlaysAndEnds) {
  EXPECT_EQ(game_.phase(), Phase::kWaiting);
  EXPECT_EQ(game_.to_move(), std::nullopt);
  seat_both();
  EXPECT_EQ(game_.phase(), Phase::kPlaying);
  EXPECT_EQ(game_.to_move(), Seat::kFirst);
  win();
  EXPECT_EQ(game_.phase(), Phase::kOver);
  EXPECT_EQ(game_.winner(), Seat::kFirst);
  EXPECT_EQ(game_.position().board(), "XXXOO....");
  EXPECT_EQ(game_.move_count(), 5U);
}

TEST_F(GameRecordTest, KnowsASeatByItsToken) {
  seat_both();
  EXPECT_EQ(game_.find_seat("one"), Seat::kFirst);
  EXPECT_EQ(game_.find_seat("two"), Seat::kSecond);
  EXPECT_EQ(game_.find_seat("three"), std::nullopt);
  EXPECT_EQ(game_.find_seat(""), std::nullopt);
}

TEST_F(GameRecordTest, RefusesByPhase) {
  EXPECT_EQ(refusal(EventKind::kMove, Seat::kFirst, "1,1"), "not_your_turn");
  EXPECT_EQ(refusal(EventKind::kResign, Seat::kFirst), "not_your_turn");
  EXPECT_EQ(refusal(EventKind::kAbort, Seat::kFirst), "");
  EXPECT_EQ(refusal(EventKind::kOfferRematch, Seat::kFirst), "not_your_turn");
  seat_both();
  EXPECT_EQ(refusal(EventKind::kJoin, Seat::kFirst, "token x"), "full");
  EXPECT_EQ(refusal(Command{.kind = EventKind::kJoin, .detail = "token x"}), "full");
  EXPECT_EQ(refusal(EventKind::kMove, Seat::kSecond, "1,1"), "not_your_turn");
  EXPECT_EQ(refusal(EventKind::kMove, Seat::kFirst, "1,1"), "");
  win();
  EXPECT_EQ(refusal(EventKind::kMove, Seat::kSecond, "2,2"), "game_over");
  EXPECT_EQ(refusal(EventKind::kAbort, Seat::kSecond), "game_over");
  EXPECT_EQ(refusal(EventKind::kResign, Seat::kSecond), "game_over");
  EXPECT_EQ(refusal(EventKind::kOfferRematch, Seat::kSecond), "");
}

TEST_F(GameRecordTest, ACommandOnAnOldPositionIsStale) {
  seat_both();
  Command command{.kind = EventKind::kMove, .seat = Seat::kFirst, .detail = "1,1", .seen = 1};
  EXPECT_EQ(refusal(command), "stale");
  command.seen = 2;
  EXPECT_EQ(refusal(command), "");
}

TEST_F(GameRecordTest, PlansTheCanonicalMoveAndWhetherItEnds) {
  seat_both();
  const auto planned =
      game_.plan(Command{.seat = Seat::kFirst, .command_id = "c1", .detail = " 0 ,0"}, EventTime{});
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->event.detail, "0,0");
  EXPECT_EQ(planned->event.seq, 3);
  EXPECT_EQ(planned->event.command_id, "c1");
  EXPECT_FALSE(planned->ends_game);
  EXPECT_EQ(game_.last_seq(), 2) << "a plan changes nothing";
}

TEST_F(GameRecordTest, ResigningGivesTheGameToTheOther) {
  seat_both();
  add(EventKind::kResign, Seat::kFirst, "");
  EXPECT_EQ(game_.winner(), Seat::kSecond);
  EXPECT_EQ(game_.ending(), GameRecord::Ending::kResigned);
}

TEST_F(GameRecordTest, ARematchNeedsBoth) {
  seat_both();
  win();
  add(EventKind::kOfferRematch, Seat::kFirst, "");
  EXPECT_FALSE(game_.wants_rematch());
  EXPECT_EQ(refusal(EventKind::kOfferRematch, Seat::kFirst), "not_your_turn");
  add(EventKind::kOfferRematch, Seat::kSecond, "");
  EXPECT_TRUE(game_.wants_rematch());
  add(EventKind::kRematch, std::nullopt, "107");
  EXPECT_EQ(game_.rematch(), 107);
  EXPECT_FALSE(game_.wants_rematch());
  EXPECT_EQ(refusal(EventKind::kOfferRematch, Seat::kFirst), "game_over");
}

TEST_F(GameRecordTest, TheComputerMovesWhenItIsItsTurnAndAlwaysTheSame) {
  add(EventKind::kJoin, Seat::kFirst, "bot perfect");
  EXPECT_FALSE(game_.bot_turn());
  add(EventKind::kJoin, Seat::kSecond, "token x");
  const auto turn = game_.bot_turn();
  ASSERT_TRUE(turn);
  const Command command = turn->think();
  EXPECT_EQ(command.seat, Seat::kFirst);
  EXPECT_EQ(command.detail, game_.bot_turn()->think().detail);
  EXPECT_TRUE(game_.plan(command, EventTime{}));
  add(EventKind::kMove, Seat::kFirst, command.detail);
  EXPECT_EQ(game_.plan(command, EventTime{}).error().code, "stale") << "the game has gone on";
}

TEST_F(GameRecordTest, FindsACommandThatCameBefore) {
  seat_both();
  game_.apply(Event{3, EventKind::kMove, Seat::kFirst, "c9", "1,1", EventTime{}});
  ASSERT_NE(game_.find_command(Seat::kFirst, "c9"), nullptr);
  EXPECT_EQ(game_.find_command(Seat::kFirst, "c9")->seq, 3);
  EXPECT_EQ(game_.find_command(Seat::kSecond, "c9"), nullptr) << "ids are each seat's own";
  EXPECT_EQ(game_.find_command(Seat::kFirst, ""), nullptr);
}

TEST_F(GameRecordTest, ThrowsOnALogThatNoGameCouldHaveWritten) {
  EXPECT_THROW(add(EventKind::kMove, Seat::kFirst, "1,1"), BrokenLog);
  EXPECT_THROW(add(EventKind::kCreate, std::nullopt, "tic-tac-toe 1 5"), BrokenLog);
  EXPECT_THROW(add(EventKind::kJoin, std::nullopt, "token x"), BrokenLog);
  seat_both();
  EXPECT_THROW(add(EventKind::kMove, Seat::kFirst, "9,9"), BrokenLog);
  EXPECT_THROW(add(EventKind::kJoin, Seat::kFirst, "token x"), BrokenLog);
  GameRecord unknown(101, games_);
  EXPECT_THROW(unknown.apply(Event{.detail = "go 1 5"}), BrokenLog);
  EXPECT_THROW(unknown.apply(Event{.detail = "tic-tac-toe 99 5"}), BrokenLog);
}

}  // namespace
}  // namespace hornbeam::live
