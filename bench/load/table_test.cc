#include "bench/load/table.h"

#include <gtest/gtest.h>

#include "bench/load/exchange.h"

namespace hornbeam::bench {
namespace {

/// Seats both players and pairs them in game 101, as a classic server does.
void pair(Table& table) {
  EXPECT_FALSE(table.take(0, R"({"action":"open","data":{"message":"Connected"}})").sender);
  const auto created = table.take(1, R"({"action": "open", "data": {"message": "Connected"}})");
  EXPECT_EQ(created.sender, 0U);
  EXPECT_EQ(created.text, R"({"action":"new"})");
  const auto joined = table.take(0, R"({"action": "wait-pair", "data": {"game_id": 101}})");
  EXPECT_EQ(joined.sender, 1U);
  EXPECT_EQ(joined.text, R"({"action":"join","game_id":101})");
  table.take(0, R"({"action":"paired","data":{"game_id":101}})");
  table.take(1, R"({"action":"paired","data":{"game_id":101}})");
  EXPECT_FALSE(table.take(1, R"({"action":"opp-move","data":{}})").acknowledged);
}

/// Plays the nine moves; gives how many of them were acknowledged.
int play(Table& table) {
  int acknowledged = 0;
  std::size_t seat = 0;
  Table::Step step = table.take(0, R"({"action":"move","data":{}})");
  while (step.is_move) {
    EXPECT_EQ(step.sender, seat);
    acknowledged += table.take(seat, R"({"action":"opp-move","data":{}})").acknowledged;
    seat = 1 - seat;
    step = table.take(seat, R"({"action":"move","data":{"opp_move":"0,0"}})");
  }
  return acknowledged;
}

TEST(Table, PlaysNineMovesToADrawAndBeginsAgain) {
  Table table;
  pair(table);
  EXPECT_EQ(play(table), 9);
  EXPECT_FALSE(table.take(0, R"({"action":"end","data":{"game_id":101,"result":"D"}})").sender);
  const auto again = table.take(1, R"({"action":"end","data":{"game_id":101,"result":"D"}})");
  EXPECT_EQ(again.sender, 0U);
  EXPECT_EQ(again.text, R"({"action":"new"})");
  EXPECT_FALSE(table.is_done());
}

TEST(Table, StopsAfterTheGameWhenTold) {
  Table table;
  pair(table);
  table.play_no_more();
  EXPECT_EQ(play(table), 9);
  table.take(0, R"({"action":"end","data":{"result":"D"}})");
  EXPECT_FALSE(table.take(1, R"({"action":"end","data":{"result":"D"}})").sender);
  EXPECT_TRUE(table.is_done());
}

TEST(Table, CountsAnEndAsTheLastMovesAcknowledgement) {
  Table table;
  pair(table);
  table.take(0, R"({"action":"move","data":{}})");
  EXPECT_TRUE(table.take(0, R"({"action":"end","data":{"result":"D"}})").acknowledged);
}

TEST(Table, CountsAnAcknowledgementThatComesAfterTheOpponentHasMoved) {
  Table table;
  pair(table);
  table.take(0, R"({"action":"move","data":{}})");
  EXPECT_TRUE(table.take(1, R"({"action":"move","data":{"opp_move":"0,0"}})").is_move);
  EXPECT_TRUE(table.take(0, R"({"action":"opp-move","data":{}})").acknowledged);
  EXPECT_TRUE(table.take(1, R"({"action":"opp-move","data":{}})").acknowledged);
}

TEST(Table, RefusesErrorsAndWrongResults) {
  Table table;
  EXPECT_THROW(table.take(0, R"({"action":"error","data":{"message":"No"}})"), WrongAnswer);
  EXPECT_THROW(table.take(0, R"({"action":"end","data":{"result":"W"}})"), WrongAnswer);
  EXPECT_THROW(table.take(0, "nonsense"), WrongAnswer);
}

}  // namespace
}  // namespace hornbeam::bench
