#include "hornbeam/live/event.h"

#include <gtest/gtest.h>

#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

TEST(Event, KindsHaveNamesThatAreReadBack) {
  for (int i = 0; i <= static_cast<int>(EventKind::kUndo); ++i) {
    const auto kind = static_cast<EventKind>(i);
    EXPECT_EQ(event_kind_from(to_string(kind)), kind);
  }
  EXPECT_FALSE(event_kind_from("castle"));
}

TEST(Event, SpecsAreReadBack) {
  const auto spec =
      GameSpec::parse(GameSpec{"tic-tac-toe", 3, 18'446'744'073'709'551'615U}.encode());
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->game, "tic-tac-toe");
  EXPECT_EQ(spec->version, 3);
  EXPECT_EQ(spec->seed, 18'446'744'073'709'551'615U);
  EXPECT_FALSE(spec->is_open);
  EXPECT_TRUE(GameSpec::parse(GameSpec{"gomoku", 1, 7, true}.encode())->is_open);
  for (const std::string_view bad :
       {"", "chess", "chess 1", "chess one 2", "chess 1 2 3", "chess 1 "}) {
    EXPECT_FALSE(GameSpec::parse(bad)) << bad;
  }
}

TEST(Event, OccupantsAreReadBack) {
  EXPECT_EQ(Occupant::parse(Occupant{"h4sh", {}}.encode())->token_hash, "h4sh");
  EXPECT_EQ(Occupant::parse(Occupant{{}, BotLevel::kPerfect}.encode())->level, BotLevel::kPerfect);
  for (const std::string_view bad : {"", "token", "token ", "bot", "bot godlike", "cat x"}) {
    EXPECT_FALSE(Occupant::parse(bad)) << bad;
  }
}

TEST(SeatToken, IsUnlikeAnyOtherAndKnownByItsHash) {
  const SeatToken one = SeatToken::make();
  const SeatToken two = SeatToken::make();
  EXPECT_EQ(one.text.size(), 22U);
  EXPECT_NE(one.text, two.text);
  EXPECT_EQ(hash_seat_token(one.text), one.hash);
  EXPECT_TRUE(equal_hashes(one.hash, hash_seat_token(one.text)));
  EXPECT_FALSE(equal_hashes(one.hash, two.hash));
  EXPECT_FALSE(equal_hashes(one.hash, one.hash.substr(1)));
  EXPECT_EQ(one.hash.find(one.text), std::string::npos);
}

}  // namespace
}  // namespace hornbeam::live
