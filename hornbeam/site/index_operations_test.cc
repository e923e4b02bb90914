#include "hornbeam/site/index_operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/fixture.h"
#include "hornbeam/denorm/embedded_target.h"
#include "hornbeam/denorm/indexer.h"
#include "hornbeam/denorm/opensearch/opensearch_target.h"
#include "hornbeam/feed/tracking.h"
#include "hornbeam/search/node/node.h"

namespace hornbeam::site {
namespace {

using testing::HasSubstr;

denorm::DocumentType notes() {
  return {.name = "notes",
          .key = feed::column("notes.id"),
          .render = denorm::by_sql("SELECT CAST(id AS TEXT), json_object('text', text) FROM notes "
                                   "WHERE id IN (:keys)")};
}

class IndexOperationsTest : public testing::Test {
 protected:
  IndexOperationsTest() {
    const denorm::DocumentType types[] = {notes()};
    const data::Migration steps[] = {
        {.number = 1,
         .name = "create_notes",
         .up = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"},
        feed::tracking_migration(2, "track", denorm::tracking_of(types))};
    data::migrate(*database_, steps);
    run("INSERT INTO notes (id, text) VALUES (1, 'fox'), (2, 'bee')");
  }
  void run(std::string_view sql) {
    database_->write_now([&](data::Transaction& tx) { tx.execute(data::unchecked_sql(sql)); });
  }

  data::TemporaryFolder folder_;
  std::unique_ptr<data::Database> database_ = data::Database::open(folder_.url());
  search::Node node_{folder_.path() / "search"};
  denorm::EmbeddedTarget target_{node_};
  web::MetricRegistry registry_;
  web::App app_;
  IndexOperations operations_{{*database_, target_, {notes()}}};
};

TEST_F(IndexOperationsTest, AddsTheCommandAndPublishesTheLag) {
  operations_.add_to(app_, registry_);
  ASSERT_EQ(app_.commands().size(), 1U);
  EXPECT_EQ(app_.commands()[0].name, "index");
  EXPECT_EQ(app_.commands()[0].run({"rebuild", "notes"}), 0);
  run("UPDATE notes SET text = 'wolf'");
  operations_.look();
  const std::string metrics = registry_.expose(web::MetricFormat::kPrometheus);
  EXPECT_THAT(metrics, HasSubstr("hornbeam_index_lag_changes{index=\"notes\"} 2.0\n"));
  EXPECT_THAT(metrics, HasSubstr("hornbeam_index_documents{index=\"notes\"} 2.0\n"));
  EXPECT_THAT(metrics, HasSubstr("hornbeam_index_alarm{index=\"notes\"} 0.0\n"));
  EXPECT_EQ(app_.commands()[0].run({"no", "such"}), 1);
}

TEST_F(IndexOperationsTest, IsAlarmedWhileThereIsNoIndexAndReadyOnceThereIs) {
  operations_.look();
  EXPECT_TRUE(operations_.alarms().empty()) << "it may be on its way";
  IndexOperations operations({*database_, target_, {notes()}},
                             {.longest_lag = std::chrono::milliseconds(0)});
  operations.look();
  const web::HealthCheck check = operations.check();
  EXPECT_THROW(base::run(check.run()), std::runtime_error);
  denorm::Indexer(*database_, target_, notes()).catch_up();
  operations.look();
  EXPECT_NO_THROW(base::run(check.run()));
  ASSERT_EQ(operations.last().size(), 1U);
  EXPECT_EQ(operations.last()[0].index, "notes-1");
}

TEST_F(IndexOperationsTest, IsAlarmedWhileTheClusterIsAway) {
  denorm::OpenSearchOptions impatient;
  impatient.cluster.most_tries = 1;
  // Nobody can listen on port 0.
  denorm::OpenSearchTarget away("http://127.0.0.1:0", impatient);
  IndexOperations operations({*database_, away, {notes()}});
  operations.add_to(app_, registry_);
  operations.look();
  EXPECT_THAT(operations.alarms().at("notes"),
              HasSubstr("cannot be looked at: http://127.0.0.1:0"));
  EXPECT_THROW(base::run(operations.check().run()), std::runtime_error);
  EXPECT_THAT(registry_.expose(web::MetricFormat::kPrometheus),
              HasSubstr("hornbeam_index_alarm{index=\"notes\"} 1.0\n"));
}

}  // namespace
}  // namespace hornbeam::site
