// Lanes: who gets what, and that it stays so.

#include <array>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/experiment/change.h"
#include "hornbeam/experiment/growthbook/evaluate.h"
#include "hornbeam/experiment/growthbook_export.h"
#include "hornbeam/experiment/internal/salt_set.h"
#include "hornbeam/experiment/segment.h"
#include "hornbeam/experiment/split.h"
#include "hornbeam/experiment/testing/example.h"
#include "hornbeam/experiment/visit.h"

namespace hornbeam::experiment {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::shared_ptr<const Snapshot> snapshot_of(Configuration configuration) {
  auto made = Snapshot::make(std::move(configuration), 1);
  EXPECT_TRUE(made) << made.error().message;
  return *made;
}

std::string message_of(Configuration configuration) {
  auto made = Snapshot::make(std::move(configuration), 1);
  return made ? "" : made.error().message;
}

enum class Colour { kRed, kGreen, kBlue };
constexpr auto kColours = split<Colour>(
    "button colour", {{Colour::kRed, 50}, {Colour::kGreen, 33.34}, {Colour::kBlue, 16.66}});

TEST(Bucket, IsTheSameByTheQuickWay) {
  std::uint64_t state = 1;
  std::vector<std::uint32_t> numbers{0, 9, 99, 4'294'967'295U};
  for (std::uint64_t power = 10; power <= 1'000'000'000; power *= 10) {
    for (const std::uint64_t near : {power - 1, power, power + 1}) {
      numbers.push_back(static_cast<std::uint32_t>(near));
    }
  }
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    numbers.push_back(static_cast<std::uint32_t>(state >> 32U) >> static_cast<unsigned>(i % 16));
  }
  for (const std::uint32_t number : numbers) {
    ASSERT_EQ(quick_bucket_of_hash(number), bucket_of_hash(number)) << number;
  }
}

TEST(Bucket, IsTheSameForever) {
  // From GrowthBook's client 1.8.0: hash(seed, value, 2) * 10000.
  static_assert(bucket("seed", "a") == 505);
  static_assert(bucket("color-test", "user-1") == 1363);
  static_assert(bucket("exp1", "4f1c2a7e-9f5b-4a55-8c57-0c9a3d1e7b21") == 2074);
  static_assert(bucket("exp", "日本") == 6896);
  static_assert(bucket("exp", "😀") == 7506);
  static_assert(bucket("exp", "") == 4206);
}

TEST(Bucket, OfAHashedUnitIsThatOfTheWholeHash) {
  std::vector<Salt> salts{Salt("any"), Salt("other"), Salt("日本")};
  for (int i = 0; i < 20; ++i) salts.push_back(Salt::make("lane " + std::to_string(i)));
  for (int i = 0; i < 2000; ++i) {
    std::string id = std::to_string(i * 7919) + std::string(static_cast<std::size_t>(i % 50), 'x');
    if (i % 5 == 0) id += "é";
    const HashedUnit unit(id);
    for (const Salt& salt : salts) EXPECT_EQ(unit.bucket(salt), bucket(salt.text(), id)) << id;
  }
}

TEST(Bucket, OfAKeptUnitStaysWhenItIsMoved) {
  const Salt salt = Salt::make("lane");
  std::vector<KeptUnit> kept;
  for (int i = 0; i < 100; ++i) kept.emplace_back(fmt::format("user {}", i));
  for (int i = 0; i < 100; ++i) {
    const KeptUnit& unit = kept[static_cast<std::size_t>(i)];
    EXPECT_EQ(unit.text(), fmt::format("user {}", i));
    EXPECT_EQ(unit.hashed().text(), unit.text());
    EXPECT_EQ(unit.hashed().bucket(salt), bucket(salt.text(), unit.text()));
  }
}

TEST(SaltSet, AsksAllSaltsAtOnceForTheSameBuckets) {
  std::vector<internal::AskedSalt> asked;
  std::vector<Salt> salts;
  for (int i = 0; i < 21; ++i) {
    salts.push_back(Salt::make("lane " + std::to_string(i)));
    asked.push_back({salts.back().state(), {}});
    for (int arm = 0; arm < i % 6; ++arm) {
      asked.back().arms.push_back({arm * 1'500, arm * 1'500 + 1'000 + i});
    }
  }
  const internal::SaltSet set(asked);
  internal::SaltSet::Answer answer;
  for (int i = 0; i < 5'000; ++i) {
    const std::string id =
        std::to_string(i * 7919) + std::string(static_cast<std::size_t>(i % 90), 'x');
    set.ask(HashedUnit(id), answer);
    for (std::size_t at = 0; at < salts.size(); ++at) {
      const int expected = bucket(salts[at].text(), id);
      int arm = kControlArm;
      for (std::size_t j = 0; j < asked[at].arms.size(); ++j) {
        if (asked[at].arms[j].contains(expected)) arm = static_cast<int>(j);
      }
      ASSERT_EQ(answer.buckets.at(at), static_cast<std::uint32_t>(expected)) << id;
      ASSERT_EQ(answer.arms.at(at), arm) << id;
    }
  }
}

TEST(Split, GivesTheSameChoiceForever) {
  static_assert(assign(kColours, "ada") == Colour::kBlue);
  std::array<int, 3> counts{};
  for (int i = 0; i < 100'000; ++i) {
    ++counts[static_cast<std::size_t>(assign(kColours, std::to_string(i)))];
  }
  EXPECT_NEAR(counts[0], 50'000, 700);
  EXPECT_NEAR(counts[1], 33'340, 700);
  EXPECT_NEAR(counts[2], 16'660, 700);
}

TEST(Lanes, GiveAKeptUnitWhatTheyGiveItsId) {
  const auto snapshot = snapshot_of(testing_example::two_exclusive_lanes());
  Assignments by_text;
  Assignments by_unit;
  for (int i = 0; i < 10'000; ++i) {
    const KeptUnit unit(fmt::format("{}{}", i, i % 7 == 0 ? "é" : ""));
    snapshot->assign({.units = {.user = unit.text()}}, testing_example::kDuring, by_text);
    snapshot->assign({.units = {.user = unit}}, testing_example::kDuring, by_unit);
    for (std::size_t lane = 0; lane < by_text.all().size(); ++lane) {
      EXPECT_EQ(by_text.all()[lane].arm, by_unit.all()[lane].arm);
      EXPECT_EQ(by_text.all()[lane].standing, by_unit.all()[lane].standing);
    }
  }
}

TEST(Lanes, DivideUnitsAsTheirSharesSay) {
  const auto snapshot = snapshot_of(testing_example::two_exclusive_lanes());
  Assignments assignments;
  std::array<int, 4> places{};  // control, colours, layout, neither
  for (int i = 0; i < 100'000; ++i) {
    const std::string id = std::to_string(i);
    snapshot->assign({.units = {.user = id}}, testing_example::kDuring, assignments);
    const Assignment& colours = assignments.all()[0];
    const Assignment& layout = assignments.all()[1];
    EXPECT_FALSE(colours.standing == Standing::kArm && layout.standing == Standing::kArm);
    EXPECT_EQ(colours.standing == Standing::kControl, layout.standing == Standing::kControl);
    ++places[colours.standing == Standing::kControl ? 0
             : colours.standing == Standing::kArm   ? 1
             : layout.standing == Standing::kArm    ? 2
                                                    : 3];
  }
  EXPECT_NEAR(places[0], 50'000, 700);
  EXPECT_NEAR(places[1], 25'000, 600);
  EXPECT_NEAR(places[2], 25'000, 600);
  EXPECT_EQ(places[3], 0);
}

TEST(Lanes, GiveTheSameArmsForever) {
  Configuration configuration = testing_example::two_exclusive_lanes();
  Domain& domain = configuration.domains[0];
  domain.pool_salt = "pool/201";
  domain.lane_salt = "lanes/165";
  for (Lane& lane : domain.lanes) {
    Experiment& each = lane.experiments[0];
    Phase phase{.starts_at = each.starts_at, .salt = {}, .weights = {}};
    phase.salt = each.key == "colour" ? "colour/74" : "layout/7";
    for (const Arm& arm : each.arms) phase.weights.push_back(arm.weight);
    each.phases = {phase};
  }
  const auto snapshot = snapshot_of(configuration);
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) ids.push_back("user-" + std::to_string(i));
  for (int i = 0; i < 10; ++i) {
    ids.push_back("4f1c2a7e-9f5b-4a55-8c57-0c9a3d1e7b2" + std::to_string(i));
  }
  for (int i = 0; i < 6; ++i) ids.push_back("日本" + std::to_string(i));
  std::string all;
  Assignments assignments;
  for (const std::string& id : ids) {
    snapshot->assign({.units = {.user = id}}, testing_example::kDuring, assignments);
    for (const Assignment& each : assignments.all()) {
      all += each.arm_key().empty() ? '-' : each.arm_key().front();
    }
    all += ' ';
  }
  // Control, red, blue; wide, narrow, tall: worked out from the definition of the hash by another
  // program. It must not change, ever.
  EXPECT_EQ(all,
            "cc r- -t cc r- b- b- -w cc r- -w b- cc -n -t r- r- cc -t cc b- -t cc cc cc b- cc cc ");
}

TEST(Lanes, OrthogonalOnesMeetInEveryCombination) {
  Configuration configuration = testing_example::two_exclusive_lanes();
  for (Lane& lane : configuration.domains[0].lanes) lane.mode = LaneMode::kOrthogonal;
  const auto snapshot = snapshot_of(configuration);
  Assignments assignments;
  std::map<std::pair<int, int>, int> cells;
  for (int i = 0; i < 100'000; ++i) {
    const std::string id = std::to_string(i);
    snapshot->assign({.units = {.user = id}}, testing_example::kDuring, assignments);
    if (assignments.all()[0].standing != Standing::kArm) continue;
    ++cells[{assignments.all()[0].arm, assignments.all()[1].arm}];
  }
  ASSERT_EQ(cells.size(), 6U);
  for (const auto& [arms, count] : cells) {
    EXPECT_NEAR(count, arms.second == 2 ? 12'500 : 6'250, 500) << arms.first << arms.second;
  }
}

TEST(Lanes, FollowTheClock) {
  const auto snapshot = snapshot_of(testing_example::two_exclusive_lanes());
  const std::string id = testing_example::id_in(*snapshot, "colours");
  const auto value_at = [&](Time now) {
    Assignments assignments;
    snapshot->assign({.units = {.user = id}}, now, assignments);
    return assignments.value(*snapshot->find_parameter("button.colour")).json();
  };
  const Experiment& experiment = snapshot->configuration().domains[0].lanes[0].experiments[0];
  EXPECT_EQ(value_at(experiment.starts_at - std::chrono::seconds(1)), "\"grey\"");
  EXPECT_NE(value_at(experiment.starts_at), "\"grey\"");
  EXPECT_NE(value_at(experiment.ends_at - std::chrono::seconds(1)), "\"grey\"");
  EXPECT_EQ(value_at(experiment.ends_at), "\"grey\"");
  EXPECT_EQ(snapshot->next_change(experiment.starts_at), experiment.ends_at);
}

TEST(Lanes, ForcedArmsGoBeforeEverythingAndAreNotCounted) {
  const auto snapshot = snapshot_of(testing_example::two_exclusive_lanes());
  const ArmsByExperiment forced{{"colour", "blue"}};
  Assignments assignments;
  snapshot->assign({.units = {}, .attributes = nullptr, .forced = &forced},
                   testing_example::kDuring, assignments);
  EXPECT_EQ(assignments.value(*snapshot->find_parameter("button.colour")).json(), "\"blue\"");
  EXPECT_FALSE(assignments.all()[0].is_counted());
}

TEST(Lanes, UnitsKeepTheArmTheyWereShown) {
  const auto snapshot = snapshot_of(testing_example::two_exclusive_lanes());
  const ArmsByExperiment sticky{{"colour", "blue"}};
  Assignments assignments;
  const std::string id = testing_example::id_in(*snapshot, "layout");
  snapshot->assign(
      {.units = {.user = id}, .attributes = nullptr, .forced = nullptr, .sticky = &sticky},
      testing_example::kDuring, assignments);
  EXPECT_EQ(assignments.all()[0].arm_key(), "blue");
  EXPECT_TRUE(assignments.all()[0].is_counted());
}

TEST(Lanes, HoldoutsSeeDefaultsOnly) {
  Configuration configuration = testing_example::two_exclusive_lanes();
  configuration.domains[0].holdouts.push_back({.key = "quarter", .share = 10, .salt = {}});
  const auto snapshot = snapshot_of(configuration);
  Assignments assignments;
  int held_out = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string id = std::to_string(i);
    snapshot->assign({.units = {.user = id}}, testing_example::kDuring, assignments);
    if (assignments.all()[0].standing == Standing::kHeldOut) ++held_out;
  }
  EXPECT_NEAR(held_out, 5'000, 300);
}

TEST(Lanes, AKilledExperimentIsOffAtOnce) {
  Configuration configuration = testing_example::two_exclusive_lanes();
  configuration.domains[0].lanes[0].experiments[0].is_killed = true;
  const auto snapshot = snapshot_of(configuration);
  Assignments assignments;
  snapshot->assign({.units = {.user = "ada"}}, testing_example::kDuring, assignments);
  EXPECT_EQ(assignments.all()[0].standing, Standing::kNone);
}

TEST(Lanes, WhatIsWrongIsToldWithItsMend) {
  using testing_example::two_exclusive_lanes;
  EXPECT_EQ(message_of(two_exclusive_lanes()), "");
  const auto broken = [](auto edit) {
    Configuration configuration = two_exclusive_lanes();
    edit(configuration.domains[0].lanes);
    return message_of(std::move(configuration));
  };
  using Lanes = std::vector<Lane>;
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].experiments[0].arms[0].weight = 40; }),
              HasSubstr("the weights add up to 90 %, not to 100; mend: add 10 % to one of them"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].share = 60; }),
              HasSubstr("the shares of the exclusive lanes add up to 110 %"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[1].parameters[0].name = "button.colour"; }),
              HasSubstr("belongs to the lane \"colours\" already; mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].experiments[0].arms[0].values["x"] = {"1"}; }),
              HasSubstr("the lane \"colours\" has no parameter \"x\"; mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) {
                Experiment second = lanes[0].experiments[0];
                second.key = "second";
                second.starts_at += std::chrono::hours(24);
                second.phases.clear();
                lanes[0].experiments.push_back(second);
              }),
              HasSubstr("are in the lane \"colours\" at the same time; mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) {
                lanes[0].experiments[0].requirements = {{"page.layout", {"\"wide\""}}};
                lanes[1].experiments[0].requirements = {{"button.colour", {"\"blue\""}}};
              }),
              HasSubstr("require each other in a circle; mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].experiments[0].requirements = {{"no", {"1"}}}; }),
              HasSubstr("no lane of the domain \"web\" has the parameter \"no\"; mend:"));
  EXPECT_THAT(
      broken([](Lanes& lanes) { lanes[0].experiments[0].condition = {{R"({"$or": null})"}}; }),
      HasSubstr("$or must be a list of conditions, but is null; mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].experiments[0].together_with = "colour"; }),
              HasSubstr("no other lane has an experiment \"colour\"; mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].experiments[0].hypothesis = ""; }),
              HasSubstr("mend:"));
  EXPECT_THAT(broken([](Lanes& lanes) { lanes[0].experiments[0].arms[0].weight = 33.333; }),
              HasSubstr("33.333 is no share; mend:"));
}

TEST(Lanes, ARunningExperimentIsOnlyEndedOrPhased) {
  Configuration current = testing_example::two_exclusive_lanes();
  complete(current);
  const Time now = testing_example::kDuring;
  const auto problems = [&](auto edit) {
    Configuration next = current;
    edit(next.domains[0].lanes);
    return problems_of_change(current, next, now).size();
  };
  using Lanes = std::vector<Lane>;
  EXPECT_EQ(problems([](Lanes&) {}), 0U);
  EXPECT_EQ(problems([&](Lanes& lanes) { lanes[0].experiments[0].ends_at = now; }), 0U);
  EXPECT_EQ(problems([](Lanes& lanes) { lanes[0].experiments[0].is_killed = true; }), 0U);
  EXPECT_EQ(problems([&](Lanes& lanes) {
              lanes[0].experiments[0].phases.push_back({now, "new", {50, 50}, 100});
            }),
            0U);
  EXPECT_EQ(problems([](Lanes& lanes) { lanes[0].experiments[0].arms[0].weight = 40; }), 1U);
  EXPECT_EQ(problems([](Lanes& lanes) { lanes[0].experiments[0].phases[0].salt = "x"; }), 1U);
  EXPECT_EQ(problems([](Lanes& lanes) { lanes[0].experiments.clear(); }), 1U);
  EXPECT_EQ(
      problems([](Lanes& lanes) { lanes[0].experiments[0].ends_at += std::chrono::hours(1); }), 1U);
  EXPECT_EQ(problems([](Lanes& lanes) { lanes[0].share = 40; }), 2U)
      << "it moves the next lane too";
  EXPECT_EQ(problems([](Lanes& lanes) { lanes[0].parameters[0].value.text = "\"x\""; }), 1U);
  EXPECT_EQ(problems([](Lanes& lanes) { lanes.clear(); }), 2U);
}

TEST(Segment, SaysWhatAUnitIsLikeInOneText) {
  EXPECT_EQ(segment_of({{"device", "phone"}, {"country", "DE"}, {"empty", ""}, {"device", "tv"}}),
            "country=DE;device=phone");
  EXPECT_EQ(segment_of({{"a=b", "c;d\n"}}), "a b=c d ");
  EXPECT_EQ(segment_of({{"long", std::string(39, 'x') + "é"}}), "long=" + std::string(39, 'x'));
  EXPECT_THAT(dimensions_of("country=DE;device=phone"),
              ElementsAre(Dimension("country", "DE"), Dimension("device", "phone")));
  EXPECT_THAT(dimensions_of("phone"), ElementsAre(Dimension("segment", "phone")));
  EXPECT_THAT(dimensions_of(""), IsEmpty());
}

struct ButtonColour {
  static constexpr std::string_view kName = "button.colour";
  static constexpr std::string_view kDefault = "none";
};
struct Unknown {
  static constexpr std::string_view kName = "no.such";
  static constexpr bool kDefault = true;
};

class Heard final : public ExposureSink {
 public:
  void exposed(const Exposure& exposure) override {
    heard.push_back(std::string(exposure.experiment) + " " + std::string(exposure.arm));
  }
  std::vector<std::string> heard;
};

TEST(Visit, TellsOfWhatIsAskedForAndOnlyOnce) {
  const auto snapshot = snapshot_of(testing_example::two_exclusive_lanes());
  const std::string id = testing_example::id_in(*snapshot, "colours");
  Heard sink;
  Visit visit(snapshot, {.units = {.user = id}}, testing_example::kDuring, &sink);
  EXPECT_THAT(sink.heard, IsEmpty());
  EXPECT_TRUE(visit.get<Unknown>());
  EXPECT_THAT(sink.heard, IsEmpty());
  const std::string_view colour = visit.get<ButtonColour>();
  EXPECT_EQ(visit.get<ButtonColour>(), colour);
  EXPECT_THAT(sink.heard, ElementsAre("colour " + std::string(colour)));
}

TEST(Promotion, RampsUpWithTimeAndLeavesUnitsInExperimentsAlone) {
  Configuration configuration = testing_example::two_exclusive_lanes();
  complete(configuration);
  const Time now = testing_example::kDuring;
  const auto step = [&](int days, Percent share) {
    return RampStep{now + std::chrono::hours(24 * days), share};
  };
  Change promotion = promote_arm("ada", "it won", "colour", "blue", {step(0, 10), step(1, 100)});
  ASSERT_TRUE(promotion.edit(configuration, now));
  const auto snapshot = snapshot_of(configuration);
  const auto share_at = [&](Time at) {
    int blue = 0;
    Assignments assignments;
    for (int i = 0; i < 20'000; ++i) {
      const std::string id = std::to_string(i);
      snapshot->assign({.units = {.user = id}}, at, assignments);
      if (assignments.value(*snapshot->find_parameter("button.colour")).json() == "\"blue\"")
        ++blue;
    }
    return blue;
  };
  EXPECT_NEAR(share_at(now), 2'000, 200);
  EXPECT_EQ(share_at(now + std::chrono::hours(25)), 20'000);
}

}  // namespace
}  // namespace hornbeam::experiment
