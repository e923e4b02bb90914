// Exposures and events, on SQLite and PostgreSQL: what results are made of, whatever comes when.

#include "hornbeam/experiment/ingest.h"

#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/postgres_server.h"
#include "hornbeam/experiment/segment.h"
#include "hornbeam/experiment/testing/example.h"

namespace hornbeam::experiment {
namespace {

using base::run;
using std::chrono::hours;
using testing_example::kDuring;

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
class IngestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!database_) GTEST_SKIP() << "PostgreSQL is not installed";
    data::migrate(*database_, experiment_migrations());
    lanes_ = std::make_unique<Lanes>(*database_);
    ASSERT_TRUE(run(lanes_->change(
        replace_configuration("ada", "to begin", testing_example::two_exclusive_lanes()),
        kDuring)));
    ingest_ = std::make_unique<Ingest>(*database_, *lanes_);
  }
  // A unit, number by number, and the arm that the colours give it; "" if it is in another lane.
  std::string arm_of(const std::string& user) const {
    Assignments assignments;
    lanes_->snapshot()->assign({.units = {.user = user}}, kDuring, assignments);
    return std::string(assignments.all()[0].arm_key());
  }
  std::string user_in(const std::string& arm) const {
    for (int i = 0;; ++i) {
      if (arm_of("u" + std::to_string(i)) == arm) return "u" + std::to_string(i);
    }
  }
  static Exposures exposure(const std::string& user, const std::string& arm, Time at) {
    return {.experiment = "colour",
            .arm = arm,
            .kind = UnitKind::kUser,
            .unit = user,
            .first_at = at,
            .last_at = at,
            .count = 1,
            .version = 1,
            .phase = 0};
  }
  static MetricEvent event(const std::string& id, const std::string& user, double value, Time at,
                           const std::string& metric = "orders") {
    return {.id = id,
            .user = user,
            .session = {},
            .organisation = {},
            .metric = metric,
            .value = value,
            .at = at};
  }
  std::string results() {
    std::string text;
    for (const ResultRow& row : run(ingest_->results("colour"))) {
      text += row.arm + " " + (row.metric.empty() ? "exposed" : row.metric) + " " +
              std::to_string(row.units) + " " + std::to_string(row.events) + " " +
              std::to_string(static_cast<int>(row.total)) + " " +
              std::to_string(static_cast<int>(row.total_of_squares)) + "\n";
    }
    return text;
  }
  std::unique_ptr<data::Database> database_ = Where::open();
  std::unique_ptr<Lanes> lanes_;
  std::unique_ptr<Ingest> ingest_;
};
using Places = ::testing::Types<InSqlite, InPostgresql>;
TYPED_TEST_SUITE(IngestTest, Places);

TYPED_TEST(IngestTest, SumsWhatUnitsDoAfterTheirFirstExposure) {
  const std::string red = this->user_in("red");
  run(this->ingest_->write(
      {this->exposure(red, "red", kDuring)},
      {this->event("before", red, 5, kDuring - hours(1)), this->event("a", red, 2, kDuring),
       this->event("b", red, 3, kDuring + hours(30)),
       this->event("c", red, 3, kDuring, "another metric")},
      kDuring + hours(40)));
  EXPECT_EQ(this->results(), "red exposed 1 0 0 0\nred orders 1 2 5 25\n");
  const auto day = std::chrono::floor<std::chrono::days>(kDuring).time_since_epoch().count();
  const auto by_day = run(this->ingest_->results_by_day("colour"));
  ASSERT_EQ(by_day.size(), 2U) << "all belongs to the day of the first exposure";
  EXPECT_EQ(by_day[1].day, day);
  EXPECT_EQ(by_day[1].row.total, 5);
}

TYPED_TEST(IngestTest, MovesAUnitToTheDayOfAnExposureThatTurnsOutToBeEarlier) {
  const std::string red = this->user_in("red");
  run(this->ingest_->write({this->exposure(red, "red", kDuring)},
                           {this->event("a", red, 2, kDuring)}, kDuring));
  run(this->ingest_->write({this->exposure(red, "red", kDuring - hours(48))}, {}, kDuring));
  const auto day = std::chrono::floor<std::chrono::days>(kDuring).time_since_epoch().count();
  std::map<std::int64_t, double> totals;
  for (const DayResult& each : run(this->ingest_->results_by_day("colour"))) {
    totals[each.day] += each.row.total;
  }
  EXPECT_EQ(totals, (std::map<std::int64_t, double>{{day - 2, 2}, {day, 0}}));
}

TYPED_TEST(IngestTest, CountsUnitsByTheirArmsInTwoExperiments) {
  for (const char* key : {"colour", "layout"}) {
    ASSERT_TRUE(run(this->lanes_->change(end_experiment("ada", "both now", key), kDuring)));
  }
  Change change{.actor = "ada", .action = "both", .subject = {}, .reason = "to see", .edit = {}};
  change.edit = [](Configuration& configuration, Time now) -> base::Result<void> {
    for (Lane& lane : configuration.domains[0].lanes) {
      lane.mode = LaneMode::kOrthogonal;
      const Arm arm = lane.experiments[0].arms[0];
      Experiment next = testing_example::experiment(
          "both:" + lane.key, {{"without", 50, {}}, {arm.key, 50, arm.values}});
      next.starts_at = now;
      lane.experiments.push_back(next);
    }
    return {};
  };
  const auto changed = run(this->lanes_->change(change, kDuring));
  ASSERT_TRUE(changed) << changed.error().message;
  const auto expose = [&](const std::string& user, const std::string& lane, Time at) {
    Assignments assignments;
    this->lanes_->snapshot()->assign({.units = {.user = user}}, at, assignments);
    Exposures made = this->exposure(user, "", at);
    made.experiment = "both:" + lane;
    made.arm = assignments.all()[lane == "colours" ? 0 : 1].arm_key();
    run(this->ingest_->write({made}, {}, at));
    return made.arm;
  };
  std::map<std::string, std::pair<int, int>> expected;  // units, events
  for (int i = 0; i < 60; ++i) {
    const std::string user = "u" + std::to_string(i);
    const std::string one = expose(user, "colours", kDuring + hours(i));
    if (i % 3 != 0) {
      const Time at = kDuring + hours(i);
      run(this->ingest_->write({}, {this->event("a", user, 1, at)}, at));
    }
    if (i % 10 == 0) continue;  // In one of the two alone.
    const std::string other = expose(user, "layout", kDuring + hours(i + 1));
    const bool does = i % 2 == 0;
    if (does) {
      const Time at = kDuring + hours(i + 2);
      run(this->ingest_->write({}, {this->event("b", user, 2, at)}, at));
    }
    if (i >= 50) continue;  // After the time that is asked for.
    auto& [units, events] = expected[one + "/" + other];
    ++units;
    events += does ? 1 : 0;
  }
  std::map<std::string, std::pair<int, int>> counted;
  for (const CellResult& each :
       run(this->ingest_->cells("both:colours", "both:layout", "orders", kDuring + hours(51)))) {
    counted[each.one + "/" + each.other] = {each.units, each.did};
    EXPECT_EQ(each.total, 2.0 * static_cast<double>(each.did)) << "the event before both counts";
  }
  EXPECT_EQ(counted, expected);
  EXPECT_GE(counted.size(), 3U) << "of four cells, and the control";
}

TYPED_TEST(IngestTest, MakesTheSameResultsAnewAndForgetsUnits) {
  std::vector<Exposures> exposures;
  std::vector<MetricEvent> events;
  for (int i = 0; i < 40; ++i) {
    const std::string user = (i % 2 == 0 ? "u" : "simulated-") + std::to_string(i);
    if (this->arm_of(user).empty()) continue;
    exposures.push_back(this->exposure(user, this->arm_of(user), kDuring + hours(i)));
    exposures.back().segment = segment_of(
        {{"device", i % 4 < 2 ? "phone" : "desktop"}, {"language", i % 3 == 0 ? "de" : ""}});
    events.push_back(this->event("e", user, i, kDuring + hours(30)));
  }
  run(this->ingest_->write(exposures, events, kDuring + hours(40)));
  const std::string grown = this->results();
  run(this->ingest_->rebuild_results());
  EXPECT_EQ(this->results(), grown);
  const auto exposed = [&](std::string_view dimension, std::string_view value) {
    std::int64_t units = 0;
    for (const auto& each : run(this->ingest_->results_by_dimension("colour"))) {
      const bool is_meant = each.dimension == dimension && each.value == value;
      if (is_meant && each.result.row.metric.empty()) units += each.result.row.units;
    }
    return units;
  };
  const auto having = [&](const std::string& part) {
    return std::ranges::count_if(exposures, [&](const Exposures& each) {
      return each.segment.find(part) != std::string::npos;
    });
  };
  const auto all = static_cast<std::int64_t>(exposures.size());
  EXPECT_EQ(exposed("device", "phone"), having("phone"));
  EXPECT_EQ(exposed("device", "desktop"), having("desktop"));
  EXPECT_EQ(exposed("language", "de"), having("language=de"));
  EXPECT_EQ(exposed("language", ""), all - having("language=de"));
  const auto simulated = std::count_if(exposures.begin(), exposures.end(), [](const auto& each) {
    return each.unit.starts_with("simulated-");
  });
  ASSERT_GT(simulated, 0);
  EXPECT_EQ(run(this->ingest_->count_units("colour", UnitKind::kUser, "simulated-")), simulated);
  EXPECT_EQ(run(this->ingest_->forget_units(UnitKind::kUser, "simulated-")), simulated);
  std::int64_t units = 0;
  for (const ResultRow& row : run(this->ingest_->results("colour"))) {
    if (row.metric.empty()) units += row.units;
  }
  EXPECT_EQ(units, all - simulated);
  for (const Exposures& each : exposures) {
    const bool is_kept = !each.unit.starts_with("simulated-");
    EXPECT_EQ(run(this->ingest_->records_of(UnitKind::kUser, each.unit)).size(), is_kept ? 1U : 0U);
  }
}

TYPED_TEST(IngestTest, ComesToTheSameInWhateverOrderThingsArrive) {
  std::vector<Exposures> exposures;
  std::vector<MetricEvent> events;
  std::mt19937 random(3);
  for (int i = 0; i < 12; ++i) {
    const std::string user = "u" + std::to_string(i);
    if (this->arm_of(user).empty()) continue;
    exposures.push_back(this->exposure(user, this->arm_of(user), kDuring + hours(i % 3)));
    exposures.push_back(this->exposure(user, this->arm_of(user), kDuring - hours(i)));
    for (int j = 0; j < 4; ++j) {
      events.push_back(this->event(std::to_string(j), user, static_cast<double>(random() % 9),
                                   kDuring + hours(static_cast<int>(random() % 40) - 20)));
    }
  }
  const auto again = [&] {
    run(this->database_->write([](data::Transaction& tx) {
      tx.execute("DELETE FROM experiment_results");
      tx.execute("DELETE FROM experiment_units");
      tx.execute("DELETE FROM experiment_exposures");
      tx.execute("DELETE FROM experiment_events");
      tx.execute("DELETE FROM experiment_unit_totals");
    }));
  };
  run(this->ingest_->write(exposures, events, kDuring + hours(20)));
  const std::string expected = this->results();
  for (int round = 0; round < 3; ++round) {
    again();
    std::vector<std::size_t> order(exposures.size() + events.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      if (i < exposures.size()) {
        run(this->ingest_->write({exposures[i]}, {}, kDuring + hours(20)));
      } else {
        run(this->ingest_->write({}, {events[i - exposures.size()]}, kDuring + hours(20)));
      }
    }
    EXPECT_EQ(this->results(), expected) << round;
  }
}

TYPED_TEST(IngestTest, RefusesByItsRules) {
  const std::string red = this->user_in("red");
  MetricEvent nameless = this->event("", red, 1, kDuring);
  const IngestReport report = run(this->ingest_->write(
      {this->exposure(red, "red", kDuring), this->exposure(red, "blue", kDuring),
       this->exposure("nobody knows", "purple", kDuring),
       this->exposure(red, "red", kDuring + hours(24 * 30))},
      {this->event("a", red, 1, kDuring), this->event("a", red, 1, kDuring),
       this->event("old", red, 1, kDuring - hours(24 * 8)),
       this->event("new", red, 1, kDuring + hours(1)), nameless},
      kDuring));
  EXPECT_EQ(report.forged, 3);
  EXPECT_EQ(report.exposures, 1);
  EXPECT_EQ(report.events, 1);
  EXPECT_EQ(report.duplicates, 1);
  EXPECT_EQ(report.late, 1);
  EXPECT_EQ(report.early, 1);
  EXPECT_EQ(report.malformed, 1);
  std::vector<MetricEvent> flood;
  for (int i = 0; i < 1'001; ++i) flood.push_back(this->event(std::to_string(i), red, 1, kDuring));
  EXPECT_EQ(run(this->ingest_->write({}, flood, kDuring)).robots, 1'001);
}

TYPED_TEST(IngestTest, TakesUnitsOutThatWereInSeveralArms) {
  const std::string red = this->user_in("red");
  run(this->ingest_->write({this->exposure(red, "red", kDuring)},
                           {this->event("a", red, 2, kDuring)}, kDuring));
  // A second phase gives the unit another arm in the end.
  std::string other = "red";
  for (int hour = 1; other == "red"; ++hour) {
    ASSERT_TRUE(run(this->lanes_->change(begin_phase("ada", "again", "colour", {50, 50}, 100),
                                         kDuring + hours(hour))));
    Assignments assignments;
    this->lanes_->snapshot()->assign({.units = {.user = red}}, kDuring + hours(hour), assignments);
    other = assignments.all()[0].arm_key();
  }
  run(this->ingest_->write({this->exposure(red, other, kDuring + hours(100))},
                           {this->event("b", red, 2, kDuring + hours(100))}, kDuring + hours(100)));
  EXPECT_EQ(this->results(), "red exposed 0 0 0 0\nred orders 0 0 0 0\n");
  EXPECT_EQ(run(this->ingest_->units_in_several_arms("colour")), 1);
}

TYPED_TEST(IngestTest, StoresAnExposureOnceAndCountsIt) {
  const std::string red = this->user_in("red");
  ExposureLog log;
  for (int i = 0; i < 10; ++i) {
    log.exposed({.experiment = "colour",
                 .arm = "red",
                 .kind = UnitKind::kUser,
                 .unit = red,
                 .at = kDuring + hours(i),
                 .version = 1,
                 .phase = 0});
    if (i == 4) EXPECT_EQ(run(this->ingest_->flush(log, kDuring)), 1U);
  }
  EXPECT_EQ(run(this->ingest_->flush(log, kDuring)), 1U);
  EXPECT_EQ(log.waiting(), 0U);
  using Row = std::tuple<Time, Time, std::int64_t, std::int64_t>;
  const auto rows = run(this->database_->read([](data::Snapshot& db) {
    return db.query<Row>("SELECT first_at, last_at, count, version FROM experiment_exposures")
        .all();
  }));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0], Row(kDuring, kDuring + hours(9), 10, 1));
  EXPECT_EQ(run(this->ingest_->arms_of(UnitKind::kUser, red)),
            (ArmsByExperiment{{"colour", "red"}}));
}

TEST(ExposureLogConcurrent, NeverHoldsMoreThanItMayAndCountsWhatItDrops) {
  ExposureLog log({.most_waiting = 100});
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&log] {
        for (int i = 0; i < 1'000; ++i) {
          const std::string unit = std::to_string(i);
          log.exposed({.experiment = "e",
                       .arm = "a",
                       .kind = UnitKind::kUser,
                       .unit = unit,
                       .at = {},
                       .version = 1,
                       .phase = 0});
        }
      });
    }
  }
  EXPECT_EQ(log.waiting(), 100U);
  EXPECT_EQ(log.statistics().heard, 4'000U);
  std::int64_t kept = 0;
  for (const Exposures& each : log.take(1'000)) kept += each.count;
  EXPECT_EQ(static_cast<std::uint64_t>(kept) + log.statistics().dropped, 4'000U);
}

TEST(Robots, SayWhatTheyAre) {
  EXPECT_TRUE(is_robot("Mozilla/5.0 (compatible; Googlebot/2.1)"));
  EXPECT_TRUE(is_robot("curl/7.88.1"));
  EXPECT_TRUE(is_robot(""));
  EXPECT_FALSE(is_robot("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"));
}

}  // namespace
}  // namespace hornbeam::experiment
