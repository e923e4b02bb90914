// The configuration in a database, on SQLite and on PostgreSQL.

#include "hornbeam/experiment/lanes.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/postgres_server.h"
#include "hornbeam/experiment/testing/example.h"

namespace hornbeam::experiment {
namespace {

using base::run;
using ::testing::HasSubstr;

struct InSqlite {
  static std::unique_ptr<data::Database> open() { return data::Database::open("sqlite://"); }
};
struct InPostgresql {
  static std::unique_ptr<data::Database> open() {
    data::PostgresServer* server = data::PostgresServer::shared();
    return server == nullptr ? nullptr : data::Database::open(server->new_database_url());
  }
};

template <class Where>
class LanesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!database_) GTEST_SKIP() << "PostgreSQL is not installed";
    data::migrate(*database_, experiment_migrations());
  }
  std::unique_ptr<data::Database> database_ = Where::open();
};
using Places = ::testing::Types<InSqlite, InPostgresql>;
TYPED_TEST_SUITE(LanesTest, Places);

TYPED_TEST(LanesTest, AreReadByAnotherProcessAsTheyWereWritten) {
  Lanes lanes(*this->database_);
  const auto stored = run(
      lanes.change(replace_configuration("ada", "to begin", testing_example::two_exclusive_lanes()),
                   testing_example::kDuring));
  ASSERT_TRUE(stored) << stored.error().message;
  Lanes other(*this->database_);
  EXPECT_EQ(other.snapshot()->version(), 0);
  const auto read = run(other.refresh());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(other.snapshot()->version(), 1);
  EXPECT_EQ(base::to_json(other.snapshot()->configuration()),
            base::to_json(lanes.snapshot()->configuration()));
}

TYPED_TEST(LanesTest, KeepEveryChangeWithWhoMadeItAndWhy) {
  Lanes lanes(*this->database_);
  const Time now = testing_example::kDuring;
  ASSERT_TRUE(run(lanes.change(
      replace_configuration("ada", "to begin", testing_example::two_exclusive_lanes()), now)));
  ASSERT_TRUE(run(lanes.change(begin_phase("bob", "more red", "colour", {75, 25}, 100),
                               now + std::chrono::hours(1))));
  ASSERT_TRUE(
      run(lanes.change(end_experiment("eve", "clear", "colour"), now + std::chrono::hours(2))));
  const auto refused =
      run(lanes.change(end_experiment("eve", "again", "colour"), now + std::chrono::hours(3)));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("has ended; mend:"));
  const auto audit = run(lanes.audit(0));
  ASSERT_EQ(audit.size(), 3U);
  EXPECT_EQ(audit[1].actor + " " + audit[1].action + " " + audit[1].subject + " " + audit[1].reason,
            "bob phase colour more red");
  EXPECT_EQ(audit[2].version, 3);
  const auto version = run(lanes.version(2));
  const std::vector<Phase>& phases = version->domains[0].lanes[0].experiments[0].phases;
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_NE(phases[0].salt, phases[1].salt);
}

TYPED_TEST(LanesTest, WriteDownHowAnExperimentWillBeRead) {
  const MetricDefinition orders{.key = "orders", .title = "Orders", .smallest_effect = 0.02};
  Lanes lanes(*this->database_, {orders});
  Configuration first = testing_example::two_exclusive_lanes();
  first.domains[0].lanes[0].experiments[0].guardrail_metrics = {"returns"};
  const Time now = testing_example::kDuring;
  ASSERT_TRUE(run(lanes.change(replace_configuration("ada", "to begin", first), now)));
  const auto plan_of = [](const Lanes& of) {
    return of.snapshot()->configuration().domains[0].lanes[0].experiments[0].plan;
  };
  ASSERT_TRUE(plan_of(lanes));
  EXPECT_EQ(plan_of(lanes)->recorded_at, now);
  EXPECT_EQ(plan_of(lanes)->days, 21) << "of the 23 that it runs";
  ASSERT_EQ(plan_of(lanes)->metrics.size(), 2U);
  EXPECT_EQ(plan_of(lanes)->metrics[0], orders);
  EXPECT_EQ(plan_of(lanes)->metrics[1].title, "returns") << "nobody had defined it";

  // Another version of the program, which sees the metric otherwise.
  Lanes later(*this->database_, {{.key = "orders", .title = "Sold", .smallest_effect = 0.5}});
  ASSERT_TRUE(run(later.change(begin_phase("bob", "more red", "colour", {75, 25}, 100),
                               now + std::chrono::hours(1))));
  EXPECT_EQ(plan_of(later)->metrics[0], orders);
  Configuration edited = later.snapshot()->configuration();
  edited.domains[0].lanes[0].experiments[0].plan->metrics[0].smallest_effect = 0.5;
  EXPECT_FALSE(run(later.change(replace_configuration("eve", "it looks better", edited),
                                now + std::chrono::hours(2))));
}

TYPED_TEST(LanesTest, RefuseToEditWhatIsRunning) {
  Lanes lanes(*this->database_);
  Configuration configuration = testing_example::two_exclusive_lanes();
  ASSERT_TRUE(run(lanes.change(replace_configuration("ada", "to begin", configuration),
                               testing_example::kDuring)));
  Configuration next = lanes.snapshot()->configuration();
  next.domains[0].lanes[0].experiments[0].arms[0].weight = 10;
  next.domains[0].lanes[0].experiments[0].arms[1].weight = 90;
  const auto refused =
      run(lanes.change(replace_configuration("ada", "to edit", next), testing_example::kDuring));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              HasSubstr("\"colour\" is running, so it cannot be changed; mend: end it, or begin "
                        "another phase"));
  EXPECT_EQ(lanes.snapshot()->version(), 1);
}

TYPED_TEST(LanesTest, ChangesAtOnceAreMadeOneUponTheOther) {
  Lanes lanes(*this->database_);
  ASSERT_TRUE(run(
      lanes.change(replace_configuration("ada", "to begin", testing_example::two_exclusive_lanes()),
                   testing_example::kDuring)));
  constexpr int kEach = 5;
  {
    std::vector<std::jthread> processes;
    for (int process = 0; process < 2; ++process) {
      processes.emplace_back([&] {
        Lanes own(*this->database_);
        for (int i = 0; i < kEach; ++i) {
          Change change = replace_configuration("ada", "one more", {});
          change.edit = [](Configuration& configuration, Time) -> base::Result<void> {
            Lane lane = testing_example::lane("", "", "x");
            lane.mode = LaneMode::kOrthogonal;
            lane.key = "lane" + std::to_string(configuration.domains[0].lanes.size());
            lane.parameters[0].name = lane.key + ".p";
            configuration.domains[0].lanes.push_back(lane);
            return {};
          };
          EXPECT_TRUE(run(own.change(change, testing_example::kDuring)));
        }
      });
    }
  }
  ASSERT_TRUE(run(lanes.refresh()));
  EXPECT_EQ(lanes.snapshot()->version(), 1 + 2 * kEach);
  EXPECT_EQ(lanes.snapshot()->configuration().domains[0].lanes.size(), 2U + 2 * kEach);
}

TEST(LanesConcurrent, ReadersSeeOneSnapshotOrTheNext) {
  const auto database = InSqlite::open();
  data::migrate(*database, experiment_migrations());
  Lanes lanes(*database);
  std::atomic<bool> is_over = false;
  std::jthread reader([&] {
    std::int64_t newest = 0;
    Assignments assignments;
    while (!is_over) {
      const auto snapshot = lanes.snapshot();
      EXPECT_GE(snapshot->version(), newest);
      newest = snapshot->version();
      snapshot->assign({.units = {.user = "ada"}}, testing_example::kDuring, assignments);
      EXPECT_EQ(assignments.all().size(), newest == 0 ? 0U : 2U);
    }
  });
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(
        run(lanes.change(replace_configuration("ada", "anew",
                                               i == 0 ? testing_example::two_exclusive_lanes()
                                                      : lanes.snapshot()->configuration()),
                         testing_example::kDuring)));
  }
  is_over = true;
}

}  // namespace
}  // namespace hornbeam::experiment
