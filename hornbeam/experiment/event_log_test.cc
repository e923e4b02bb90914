#include "hornbeam/experiment/event_log.h"

#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/error.h"
#include "hornbeam/experiment/testing/example.h"

namespace hornbeam::experiment {
namespace {

using base::run;
using testing_example::kDuring;

MetricEvent event(int number) {
  return {.id = std::to_string(number),
          .user = "u",
          .session = {},
          .organisation = {},
          .metric = "orders",
          .value = 1,
          .at = kDuring};
}

TEST(EventLog, DropsAndCountsWhatItHasNoRoomFor) {
  EventLog log(3);
  for (int i = 0; i < 5; ++i) log.happened(event(i));
  EXPECT_EQ(log.waiting(), 3U);
  EXPECT_EQ(log.dropped(), 2U);
  auto taken = log.take(2);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].id, "0");
  log.happened(event(9));
  log.put_back(std::move(taken));
  EXPECT_EQ(log.waiting(), 3U);
  EXPECT_EQ(log.dropped(), 3U);
  EXPECT_EQ(log.take(1).at(0).id, "0") << "what waited longest goes first";
}

TEST(EventLog, KeepsWhatCouldNotBeStored) {
  const auto database = data::Database::open("sqlite://");
  const Lanes lanes(*database);
  Ingest ingest(*database, lanes);
  EventLog log;
  for (int i = 0; i < 1'500; ++i) log.happened(event(i));
  EXPECT_THROW(run(flush(ingest, log, kDuring)), data::DatabaseError) << "there are no tables";
  EXPECT_EQ(log.waiting(), 1'500U);
  data::migrate(*database, experiment_migrations());
  EXPECT_EQ(run(flush(ingest, log, kDuring)), 1'500U);
  EXPECT_EQ(log.waiting(), 0U);
}

}  // namespace
}  // namespace hornbeam::experiment
