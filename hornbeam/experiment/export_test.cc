// What a lane exports gives every unit, in GrowthBook's evaluation, what the lane itself gives.

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "hornbeam/experiment/growthbook/evaluate.h"
#include "hornbeam/experiment/growthbook_export.h"
#include "hornbeam/experiment/testing/example.h"

namespace hornbeam::experiment {
namespace {

using growthbook::Value;

// Configurations with everything in them, by chance.
class RandomConfiguration {
 public:
  explicit RandomConfiguration(unsigned seed) : random_(seed) {}

  Configuration make() {
    Configuration configuration;
    for (int i = 0; i < 1 + below(2); ++i) configuration.domains.push_back(domain(i));
    return configuration;
  }

 private:
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  bool chance(int percent) { return below(100) < percent; }

  Domain domain(int number) {
    Domain domain;
    domain.key = "domain" + std::to_string(number);
    domain.unit = static_cast<UnitKind>(below(3));
    domain.control = below(101);
    for (int i = 0; i < below(2); ++i) {
      domain.holdouts.push_back({.key = "holdout", .share = below(30) * 1.0, .salt = {}});
    }
    double left = 100;
    for (int i = 0; i < 1 + below(4); ++i) {
      domain.lanes.push_back(lane(domain.key + "lane" + std::to_string(i), left));
      if (i > 0 && chance(30) && !domain.lanes.back().experiments.empty()) {
        domain.lanes.back().experiments[0].requirements.push_back(
            {.parameter = domain.lanes[0].parameters[0].name, .value = {value()}});
      }
    }
    return domain;
  }

  std::string value() { return std::array{"1", "2", "\"a\"", "\"b\"", "true"}.at(below(5)); }

  Lane lane(const std::string& key, double& left) {
    Lane lane;
    lane.key = key;
    lane.share = std::max(1.0, std::floor(left / 3 * 100) / 100);
    lane.mode = left < 2 || chance(40) ? LaneMode::kOrthogonal : LaneMode::kExclusive;
    if (lane.mode == LaneMode::kExclusive) left -= lane.share;
    for (int i = 0; i < 1 + below(2); ++i) {
      lane.parameters.push_back({key + ".p" + std::to_string(i), base::RawJson{value()}});
    }
    for (int i = 0; i < below(3); ++i) lane.launches.push_back(launch(lane, i));
    if (chance(85)) lane.experiments.push_back(experiment(lane));
    return lane;
  }

  ParameterValues values(const Lane& lane) {
    ParameterValues values;
    for (const ParameterDefault& each : lane.parameters) {
      if (chance(75)) values[each.name] = base::RawJson{value()};
    }
    return values;
  }

  Launch launch(const Lane& lane, int number) {
    return {.key = lane.key + "launch" + std::to_string(number),
            .values = values(lane),
            .salt = {},
            .ramp = {{testing_example::kDuring - std::chrono::hours(below(5)), below(80) * 1.0},
                     {testing_example::kDuring + std::chrono::hours(1), 100}},
            .is_killed = chance(10)};
  }

  Experiment experiment(const Lane& lane) {
    Experiment experiment = testing_example::experiment(lane.key + "experiment", {});
    double left = 100;
    const int arms = 1 + below(4);
    for (int i = 0; i < arms; ++i) {
      const double weight = i + 1 == arms ? left : below(static_cast<int>(left) + 1);
      left -= weight;
      experiment.arms.push_back(
          {.key = "arm" + std::to_string(i), .weight = weight, .values = values(lane)});
    }
    if (chance(40)) experiment.condition = base::RawJson{R"({"country": {"$in": ["DE", "AT"]}})"};
    complete_phases(experiment);
    return experiment;
  }

  void complete_phases(Experiment& experiment) {
    Phase phase{.starts_at = experiment.starts_at, .salt = {}, .weights = {}, .coverage = 100};
    for (const Arm& arm : experiment.arms) phase.weights.push_back(arm.weight);
    experiment.phases = {phase};
    if (!chance(40)) return;
    phase.starts_at += std::chrono::hours(24);
    phase.coverage = below(10001) / 100.0;
    experiment.phases.push_back(phase);
  }

  std::mt19937 random_;
};

class Viewed final : public growthbook::Tracker {
 public:
  void viewed(const growthbook::ExperimentResult& result) override {
    told.insert(result.experiment->key + " " + std::string(result.key()));
  }
  std::set<std::string> told;  // of the feature, and of those that it requires
};

// The arms of one subject, in words.
std::string all_of(const Assignments& assignments) {
  std::string all;
  for (const Assignment& each : assignments.all()) {
    all += std::string(each.experiment_key()) + " " + std::to_string(each.arm) + " " +
           std::to_string(each.phase) + " " + std::to_string(static_cast<int>(each.standing)) +
           " " + std::to_string(each.launches) + "\n";
  }
  return all;
}

TEST(Lanes, GiveTheSameAtOnceAsOneByOne) {
  // What was decided elsewhere makes a snapshot go the long way; nobody knows this experiment.
  const ArmsByExperiment decided{{"no such experiment", "arm"}};
  Assignments quick;
  Assignments at_length;
  for (unsigned seed = 0; seed < 40; ++seed) {
    const auto snapshot = Snapshot::make(RandomConfiguration(seed).make(), 1);
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    for (int i = 0; i < 400; ++i) {
      const std::string user = "user-" + std::to_string(i) + (i % 5 == 0 ? "é" : "");
      Subject subject{.units = {user, user, user}};
      if (i % 9 == 0) subject.units.organisation = {};
      const Time now = testing_example::kDuring + std::chrono::hours(24 * (i % 50 - 15));
      (*snapshot)->assign(subject, now, quick);
      subject.sticky = &decided;
      (*snapshot)->assign(subject, now, at_length);
      ASSERT_EQ(all_of(quick), all_of(at_length)) << user << " by seed " << seed;
    }
  }
}

TEST(Export, GivesEveryUnitWhatTheLaneGives) {
  std::size_t in_experiments = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    const auto snapshot = Snapshot::make(RandomConfiguration(seed).make(), 1);
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    const Value exported = growthbook_payload(**snapshot, testing_example::kDuring);
    const auto payload = growthbook::Payload::parse(exported.json());
    ASSERT_TRUE(payload) << payload.error().message;
    for (int i = 0; i < 200; ++i) {
      const std::string user = "user-" + std::to_string(i);
      const std::string session = i % 7 == 0 ? "" : "sitzung-ü" + std::to_string(i * 31);
      const std::string organisation = std::to_string(i % 20);
      growthbook::User reader;
      reader.attributes = Value::object(
          {{"id", user},
           {"session", session},
           {"organisation", organisation},
           {"country", std::array{"DE", "AT", "FR"}.at(static_cast<std::size_t>(i % 3))}});
      Assignments assignments;
      (*snapshot)->assign(
          {.units = {user, session, organisation}, .attributes = &reader.attributes},
          testing_example::kDuring, assignments);
      for (const auto& [name, feature] : (*payload)->features()) {
        Viewed viewed;
        const auto place = *(*snapshot)->find_parameter(name);
        const auto result = growthbook::Evaluation(**payload, reader, &viewed).feature(name);
        ASSERT_EQ(*result.value, assignments.value(place))
            << name << " of " << user << " by seed " << seed << "\n"
            << exported.json();
        const Assignment& own = assignments.of(place);
        if (!own.is_counted() || !own.experiment_key().starts_with("domain")) continue;
        ++in_experiments;
        const std::string told =
            std::string(own.experiment_key()) + " " + std::string(own.arm_key());
        ASSERT_TRUE(viewed.told.contains(told)) << name << " of " << user << " by seed " << seed;
      }
    }
  }
  EXPECT_GT(in_experiments, 5'000U);
}

}  // namespace
}  // namespace hornbeam::experiment
