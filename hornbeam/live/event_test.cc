#include "hornbeam/live/event.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "hornbeam/live/client_message.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

TEST(Event, KindsHaveNamesThatAreReadBack) {
  for (int i = 0; i <= static_cast<int>(EventKind::kExcuse); ++i) {
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
  const auto rated = GameSpec::parse(GameSpec{"gomoku", 1, 7, false, true, 1512}.encode());
  ASSERT_TRUE(rated);
  EXPECT_TRUE(rated->is_rated && !rated->is_open);
  EXPECT_EQ(rated->rating, 1512);
  const auto timed = GameSpec::parse("gomoku 1 7 open clock=180+2");
  ASSERT_TRUE(timed);
  EXPECT_EQ(timed->clock, ClockSpec::parse("180+2"));
  EXPECT_EQ(timed->encode(), "gomoku 1 7 open clock=180+2");
  EXPECT_EQ(GameSpec::parse("gomoku 1 7 private=h4sh")->invitation_hash, "h4sh");
  EXPECT_EQ(GameSpec::parse("gomoku 1 7 private=h4sh")->encode(), "gomoku 1 7 private=h4sh");
  for (const std::string_view bad :
       {"", "chess", "chess 1", "chess one 2", "chess 1 2 3", "chess 1 ", "chess 1 2 open closed",
        "chess 1 2 rating=high"}) {
    EXPECT_FALSE(GameSpec::parse(bad)) << bad;
  }
}

TEST(Event, OccupantsAreReadBack) {
  EXPECT_EQ(Occupant::parse(Occupant{"h4sh", {}}.encode())->token_hash, "h4sh");
  EXPECT_EQ(Occupant::parse(Occupant{{}, BotLevel::kPerfect}.encode())->level, BotLevel::kPerfect);
  const auto known = Occupant::parse(Occupant{"h4sh", {}, 17}.encode());
  ASSERT_TRUE(known);
  EXPECT_EQ(known->token_hash, "h4sh");
  EXPECT_EQ(known->player, 17);
  for (const std::string_view bad : {"", "token", "token ", "bot", "bot godlike", "cat x",
                                     "token h4sh player", "token h4sh player x", "token h4sh x"}) {
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

TEST(SeatToken, OneThatAClientChoosesHasToBeHardToGuess) {
  EXPECT_TRUE(is_seat_token(SeatToken::make().text));
  EXPECT_TRUE(is_seat_token("3fa85f6457174562b3fc2c963f66afa6"));
  EXPECT_TRUE(is_seat_token("3fa353f5a7535fa2353af5333fa52a35")) << "few digits, by chance";
  for (const std::string_view bad :
       {"", "x", "my-secret", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnopqrstu",
        "abcdefghijklmnopqrst v", "abcdefghijklmnopqrstu\xc3\xa9"}) {
    EXPECT_FALSE(is_seat_token(bad)) << bad;
  }
  EXPECT_NE(invitation_of("one"), invitation_of("two"));
  EXPECT_TRUE(is_seat_token(invitation_of("one")));
  EXPECT_FALSE(is_seat_token(std::string(65, 'a') + "bcdefghijklm"));
}

// Written without anything unusual, a message is read by a scan of its bytes; with an escape in it,
// by the general reader.
TEST(ClientMessage, SaysTheSameHoweverItIsWritten) {
  const auto read = [](const std::string& text) {
    const auto message = parse_client_message(text);
    if (!message) return message.error().message.substr(0, 15);
    return fmt::format("{} {} {} '{}' '{}' '{}' '{}' {} {} {} '{}'",
                       static_cast<int>(message->action), message->is_extended,
                       message->game.value_or(-1), message->game_text, message->move,
                       message->command_id, message->token, message->seen.value_or(-1),
                       message->wants_bot, message->is_open, message->side);
  };
  for (const std::string rest : {
           R"("player_move": "1,1")",
           R"("player_move":"1,1","cid":"7","seq":12,"v":1)",
           R"( "player_move" : 5 )",
           R"("game_id": 100)",
           R"("game_id": "100")",
           R"("game_id": "1x")",
           R"("game_id": -3, "v": null)",
           R"("game_id": true)",
           R"("game_id": null)",
           R"("game_id": 1.5)",
           R"("game_id": 123456789012345678901)",
           R"("game_id": 007)",
           R"("game_id": -0)",
           R"("seq": 999999999999999999)",
           R"("seq": 9999999999999999999)",
           R"("opponent": "bot", "open": true, "side": "O")",
           R"("open": "true")",
           R"("open": false)",
           R"("cid": "a", "cid": "b")",
           R"("cid": )",
           R"("cid": "a",)",
           R"("cid": tru)",
           R"("cid": truefalse)",
           R"("cid": "a" "b")",
           R"("cid": [1], "token": {"a": 1})",
           "\"cid\": \"tab\there\"",
           "\"cid\": \"\u00e9\"",
       }) {
    const std::string plain = R"({"action": "move", )" + rest + "}";
    const std::string escaped = R"({"act\u0069on": "move", )" + rest + "}";
    EXPECT_EQ(read(plain), read(escaped)) << plain;
  }
  EXPECT_EQ(read(R"({"action": "move"} x)"), "That is no JSON");
  EXPECT_EQ(read(R"(["action", "move"])"), "A message has a");
  EXPECT_EQ(read("{}"), "A message has a");
}

}  // namespace
}  // namespace hornbeam::live
