// Who plays: tokens that clients choose, known players, ratings, and whom the quick match finds.

#include "hornbeam/live/players.h"

#include <gmock/gmock.h>

#include "hornbeam/live/glicko2.h"
#include "hornbeam/live/matching.h"
#include "hornbeam/live/testing/two_players.h"

namespace hornbeam::live {
namespace {

using testing::action_of;
using ::testing::IsEmpty;
using testing::LobbyTest;
using testing::Player;
using ::testing::SizeIs;
using testing::value_of;

// "Example of the Glicko-2 system", section "Example calculation".
TEST(Glicko2, GivesTheNumbersOfThePaper) {
  const std::array<RatedGame, 3> games = {RatedGame{{1400, 30}, 1}, RatedGame{{1550, 100}, 0},
                                          RatedGame{{1700, 300}, 0}};
  const Rating after = rate({1500, 200, 0.06}, games, 0.5);
  EXPECT_NEAR(after.rating, 1464.06, 0.01);
  EXPECT_NEAR(after.deviation, 151.52, 0.01);
  EXPECT_NEAR(after.volatility, 0.05999, 0.00001);
}

TEST(Glicko2, IsLessSureTheLongerNobodyPlays) {
  const Rating strong{1900, 60, 0.06};
  EXPECT_NEAR(rate(strong, {}).deviation, 60.9, 0.1);
  EXPECT_DOUBLE_EQ(rest(strong, std::chrono::milliseconds(0)).deviation, 60);
  EXPECT_NEAR(rest(strong, std::chrono::hours(24 * 365)).deviation, 107, 2);
  EXPECT_DOUBLE_EQ(rest(strong, std::chrono::hours(24 * 365 * 40)).deviation, 350);
  EXPECT_DOUBLE_EQ(rest(strong, std::chrono::hours(24 * 365)).rating, 1900);
}

TEST(Glicko2, AWonGameRaisesAndAnExpectedOneHardly) {
  const auto after = [](Rating before, RatedGame game) {
    return rate(before, std::span(&game, 1));
  };
  EXPECT_GT(after({}, {{}, 1}).rating, 1600);
  EXPECT_NEAR(after({}, {{}, 0.5}).rating, 1500, 0.001);
  EXPECT_LT(after({2200, 60}, {{1400, 60}, 1}).rating, 2201);
  EXPECT_LT(after({2200, 60}, {{1400, 60}, 0}).rating, 2180);
}

TEST(RatingWindow, WidensUntilAnyoneWillDo) {
  using std::chrono::seconds;
  EXPECT_TRUE(do_suit(1500, 1600, seconds(0)));
  EXPECT_FALSE(do_suit(1500, 1601, seconds(0)));
  EXPECT_TRUE(do_suit(1900, 1500, seconds(15)));
  EXPECT_FALSE(do_suit(2500, 800, seconds(59)));
  EXPECT_TRUE(do_suit(2500, 800, seconds(60)));
  EXPECT_FALSE(do_suit(1500, 1700, seconds(-5))) << "clocks differ";
}

/// A token that a client has chosen, told apart by its last character.
std::string chosen(char last) {
  return std::string("q2x8Vb0-kLm_7Zs4Wd1Re") + last;
}

class ChosenToken : public LobbyTest {
 protected:
  static std::string say(std::string_view action, char token, std::string_view more = "") {
    return fmt::format(R"({{"action": "{}", "v": 1, "token": "{}"{}}})", action, chosen(token),
                       more);
  }
  std::size_t games() {
    std::size_t count = 0;
    while (!base::run(log_.read(kFirstGame + static_cast<GameId>(count), 0)).empty()) ++count;
    return count;
  }
};

TEST_F(ChosenToken, OpensTheSeatEvenIfTheAnswerWasLost) {
  {
    Player lost(lobby_);
    lost.say(say("new", 'a'));  // And the connection broke before the answer came.
  }
  Player x(lobby_);
  const auto waiting = x.say(say("new", 'a'));
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(action_of(waiting[0]), "wait-pair");
  EXPECT_EQ(value_of(waiting[0], "game_id"), "100");
  EXPECT_EQ(value_of(waiting[0], "token"), chosen('a'));
  {
    Player lost(lobby_);
    lost.say(say("join", 'b', R"(, "game_id": 100)"));
  }
  Player o(lobby_);
  const auto state = o.say(say("join", 'b', R"(, "game_id": 100)"));
  EXPECT_EQ(action_of(state.at(0)), "state");
  EXPECT_EQ(value_of(state[0], "you"), "O");
  EXPECT_EQ(games(), 1U);
  Lobby next(log_, games_, wakeups_, options_);
  Player third(next);
  EXPECT_EQ(value_of(third.say(say("new", 'a')).at(0), "you"), "X") << "in another process as well";
}

TEST_F(ChosenToken, OpensTheSeatInAProcessThatHasNotHeardOfTheJoin) {
  Lobby next(log_, games_, wakeups_, options_);
  Player x(next);
  x.say(say("new", 'a'));
  {
    Player lost(lobby_);
    lost.say(say("join", 'b', R"(, "game_id": 100)"));
  }
  Player o(next);
  const auto state = o.say(say("join", 'b', R"(, "game_id": 100)"));
  EXPECT_EQ(action_of(state.at(0)), "state");
  EXPECT_EQ(value_of(state[0], "you"), "O");
  EXPECT_EQ(action_of(o.say(R"({"action": "resign"})").back()), "end");
  EXPECT_EQ(value_of(x.hear().back(), "result"), "W");
}

TEST_F(ChosenToken, TheSameNewAgainstTheComputerIsTheSameGame) {
  const std::string begin = say("new", 'a', R"(, "opponent": "bot")");
  Player x(lobby_);
  x.say(begin);
  Player again(lobby_);
  EXPECT_EQ(action_of(again.say(begin).at(0)), "paired");
  again.say(R"({"action": "move", "player_move": "1,1"})");
  Player third(lobby_);
  EXPECT_EQ(value_of(third.say(begin).at(0), "seq"), "4");
  EXPECT_EQ(games(), 1U);
}

TEST_F(ChosenToken, AQuickMatchWhoseAnswerWasLostIsComeBackTo) {
  {
    Player lost(lobby_);
    lost.say(say("quick", 'a'));
  }
  Player x(lobby_);
  EXPECT_EQ(value_of(x.say(say("quick", 'a')).at(0), "phase"), "waiting");
  {
    Player lost(lobby_);
    lost.say(say("quick", 'b'));
  }
  Player o(lobby_);
  EXPECT_EQ(value_of(o.say(say("quick", 'b')).at(0), "you"), "O");
  EXPECT_EQ(games(), 1U);
}

TEST_F(ChosenToken, ThatCanBeGuessedIsRefused) {
  Player x(lobby_);
  for (const auto* const action : {"new", "quick"}) {
    const auto answer =
        x.say(fmt::format(R"({{"action": "{}", "v": 1, "token": "secret"}})", action));
    EXPECT_EQ(value_of(answer.at(0), "code"), "bad_token");
  }
  x.say(say("new", 'a'));
  Player o(lobby_);
  const auto answer = o.say(R"({"action": "join", "v": 1, "game_id": 100, "token": "secret"})");
  EXPECT_EQ(value_of(answer.at(0), "code"), "bad_token");
  EXPECT_EQ(games(), 1U);
  Player thief(lobby_);
  EXPECT_EQ(value_of(thief.say(say("join", 'z', R"(, "game_id": 100)")).at(0), "you"), "O")
      << "another token is another seat";
}

TEST_F(ChosenToken, IsNothingToAClassicClient) {
  Player x(lobby_);
  EXPECT_THAT(x.say(R"({"action": "new", "token": "x"})"),
              ::testing::ElementsAre(R"({"action": "wait-pair", "data": {"game_id": 100}})"));
}

TEST_F(ChosenToken, APrivateGameIsEnteredByInvitationOnly) {
  Player x(lobby_);
  const auto waiting = x.say(say("new", 'a', R"(, "private": true, "open": true)"));
  const std::string invitation = value_of(waiting.at(0), "invite");
  ASSERT_THAT(invitation, SizeIs(22));
  EXPECT_THAT(base::run(lobby_.listed("")), IsEmpty());
  Player other(lobby_);
  for (const auto* const action : {"join", "watch"}) {
    for (const std::string wrong : {R"(, "game_id": 100)", R"(, "game_id": 100, "invite": "x")"}) {
      const auto answer = other.say(say(action, 'b', wrong));
      EXPECT_EQ(value_of(answer.at(0), "code"), "bad_token") << action << wrong;
    }
  }
  Player classic(lobby_);
  EXPECT_THAT(classic.say(R"({"action": "join", "game_id": 100})").at(0),
              ::testing::HasSubstr("Invalid Game Id: 100"));
  const std::string invited = fmt::format(R"(, "game_id": 100, "invite": "{}")", invitation);
  EXPECT_EQ(action_of(other.say(say("watch", 'b', invited)).at(0)), "state");
  EXPECT_EQ(action_of(other.say(say("join", 'b', invited)).at(0)), "paired");
  Player back(lobby_);
  EXPECT_EQ(value_of(back.say(say("join", 'b', R"(, "game_id": 100)")).at(0), "private"), "true")
      << "whoever sits there needs no invitation";
  Player again(lobby_);
  EXPECT_EQ(value_of(again.say(say("new", 'a', R"(, "private": true)")).at(0), "invite"), "");
  EXPECT_EQ(games(), 1U);
}

class KnownPlayers : public LobbyTest {
 protected:
  /// Two who are known play a rated game, which the first seat wins.
  void play(Player& x, Player& o) {
    x.hear();
    o.hear();
    const auto game =
        value_of(x.say(R"({"action": "new", "v": 1, "rated": true})").at(0), "game_id");
    o.say(fmt::format(R"({{"action": "join", "v": 1, "game_id": {}}})", game));
    for (const auto* const cell : {"0,0", "1,0", "0,1", "1,1", "0,2"}) {
      now_ += std::chrono::seconds(1);
      (cell[0] == '0' ? x : o)
          .say(fmt::format(R"({{"action": "move", "player_move": "{}"}})", cell));
    }
  }
  std::vector<std::string> numbers() {
    return database_->read_now([](data::Snapshot& db) {
      return db
          .query<std::string>(
              "SELECT game || ' ' || player || ' ' || rating || ' ' || deviation ||"
              " ' ' || wins || ' ' || losses FROM ratings ORDER BY player")
          .all();
    });
  }
  std::size_t players() {
    return static_cast<std::size_t>(database_->read_now(
        [](data::Snapshot& db) { return db.query<int>("SELECT count(*) FROM players").one(); }));
  }
  Player x_{lobby_, "ada"};
  Player o_{lobby_, "bob"};
};

TEST_F(KnownPlayers, SeeWhoTheyPlayAndWhatItDidToTheirRatings) {
  x_.say(R"({"action": "new", "v": 1, "rated": true})");
  const auto paired = o_.say(R"({"action": "join", "v": 1, "game_id": 100})");
  EXPECT_EQ(value_of(paired.at(0), "rated"), "true");
  EXPECT_THAT(value_of(paired[0], "players"), ::testing::HasSubstr(R"("rating":1500)"));
  x_.hear();
  for (const auto* const cell : {"0,0", "1,0", "0,1", "1,1"}) {
    (cell[0] == '0' ? x_ : o_)
        .say(fmt::format(R"({{"action": "move", "player_move": "{}"}})", cell));
  }
  const auto refused = o_.say(R"({"action": "abort"})");
  EXPECT_EQ(value_of(refused.back(), "code"), "not_your_turn") << "losing is not left that way";
  x_.hear();
  const auto end = x_.say(R"({"action": "move", "player_move": "0,2"})");
  EXPECT_EQ(action_of(end.back()), "players");
  EXPECT_THAT(value_of(end.back(), "players"), ::testing::HasSubstr(R"("change":162)"));
  EXPECT_EQ(action_of(o_.hear().back()), "players");
}

TEST_F(KnownPlayers, AreRatedOnceHoweverOftenGamesAreCounted) {
  play(x_, o_);
  const auto once = numbers();
  ASSERT_THAT(once, SizeIs(2));
  EXPECT_EQ(base::run(players_.follow()), 0U);
  EXPECT_EQ(numbers(), once);
  play(o_, x_);
  play(x_, o_);
  const auto thrice = numbers();
  EXPECT_EQ(base::run(players_.rebuild()), 3U);
  EXPECT_EQ(numbers(), thrice) << "a view that is deleted is made again";
}

TEST_F(KnownPlayers, AGameWhoseCountingWasCutOffIsCountedLater) {
  x_.say(R"({"action": "new", "v": 1, "rated": true})");
  o_.say(R"({"action": "join", "v": 1, "game_id": 100})");
  // The process ends between the end of the game and its counting.
  base::run(log_.append(100, Event{3, EventKind::kResign, Seat::kSecond, {}, {}, now_}, true));
  EXPECT_THAT(numbers(), IsEmpty());
  EXPECT_EQ(base::run(players_.follow()), 1U);
  EXPECT_THAT(numbers(), SizeIs(2));
}

TEST_F(KnownPlayers, HaveAHistoryAndAPlaceAmongTheBest) {
  play(x_, o_);
  x_.say(R"({"action": "new", "v": 1})");
  o_.say(R"({"action": "join", "v": 1, "game_id": 101})");
  o_.say(R"({"action": "resign"})");
  x_.say(R"({"action": "new", "v": 1, "rated": true})");
  x_.say(R"({"action": "abort"})");
  x_.hear();
  const auto secret = x_.say(R"({"action": "new", "v": 1, "rated": true, "private": true})");
  o_.say(fmt::format(R"({{"action": "join", "v": 1, "game_id": 103, "invite": "{}"}})",
                     value_of(secret.at(0), "invite")));
  o_.say(R"({"action": "resign"})");
  const auto history = base::run(players_.history(1, 1000, 10));
  ASSERT_THAT(history, SizeIs(2))
      << "an aborted game is none, and a private one is nobody's business";
  EXPECT_EQ(history[0].game, 101);
  EXPECT_EQ(history[0].ending, "resigned");
  EXPECT_EQ(history[0].change, std::nullopt);
  EXPECT_EQ(history[1].opponent, 2);
  EXPECT_EQ(history[1].change, 162);
  EXPECT_EQ(history[1].moves, 5);
  EXPECT_THAT(base::run(players_.history(1, 101, 10)), SizeIs(1));
  const auto profile = base::run(players_.profile(2));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->standings.at(0).losses, 1);
  EXPECT_FALSE(base::run(players_.profile(3)));
  EXPECT_THAT(base::run(players_.leaderboard("tic-tac-toe", 10)), IsEmpty()) << "too few games";
  for (int i = 0; i < 12; ++i) {
    play(x_, o_);
    play(o_, x_);
  }
  const auto best = base::run(players_.leaderboard("tic-tac-toe", 10));
  ASSERT_THAT(best, SizeIs(2));
  EXPECT_GT(best[0].rating, best[1].rating);
  EXPECT_THAT(base::run(players_.leaderboard("gomoku", 10)), IsEmpty());
}

TEST_F(KnownPlayers, AreNotRatedAgainstThemselvesOrGuests) {
  Player also_x(lobby_, "ada");
  Player guest(lobby_);
  play(x_, also_x);
  play(x_, guest);
  EXPECT_THAT(numbers(), IsEmpty());
  guest.say(R"({"action": "new", "v": 1, "rated": true, "opponent": "bot"})");
  EXPECT_EQ(players(), 1U) << "Bob has begun no game, and a guest is nobody";
}

TEST_F(KnownPlayers, AreCalledWhatTheyLike) {
  play(x_, o_);
  EXPECT_TRUE(base::run(players_.rename(1, "Ada")));
  EXPECT_EQ(base::run(players_.card(1, "gomoku"))->name, "Ada");
  for (const auto* const bad : {"", " Ada", "A\nB", "0123456789012345678901234567890123456789x"}) {
    EXPECT_FALSE(base::run(players_.rename(1, bad))) << bad;
  }
  EXPECT_EQ(base::run(players_.know("ada", now_)), 1);
  EXPECT_EQ(base::run(players_.find("carol")), std::nullopt);
}

TEST_F(KnownPlayers, AreMatchedWithTheirLikeUntilTheyHaveWaited) {
  for (int i = 0; i < 4; ++i) play(x_, o_);
  o_.hear();
  x_.hear();
  const std::string quick = R"({"action": "quick", "v": 1, "clock": "180+2"})";
  EXPECT_EQ(action_of(x_.say(quick).back()), "wait-pair");
  EXPECT_EQ(action_of(o_.say(quick).back()), "wait-pair") << "they are hundreds apart";
  now_ += std::chrono::seconds(5);
  EXPECT_EQ(action_of(o_.say(quick).back()), "pong");
  now_ += std::chrono::seconds(60);
  const auto paired = o_.say(quick);
  EXPECT_EQ(action_of(paired.at(0)), "paired");
  EXPECT_EQ(value_of(paired[0], "rated"), "true");
  EXPECT_EQ(value_of(paired[0], "open"), "true");
}

}  // namespace
}  // namespace hornbeam::live
