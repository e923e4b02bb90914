#include "hornbeam/feed/publisher.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>
#include <librdkafka/rdkafka.h>

#include "hornbeam/feed/internal/kafka_client.h"
#include "hornbeam/feed/internal/redis_connection.h"
#include "hornbeam/feed/testing/kafka_cluster.h"
#include "hornbeam/feed/testing/library.h"
#include "hornbeam/feed/testing/redis_server.h"

namespace hornbeam::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RecordingSink final : public ChangeSink {
 public:
  void publish(std::span<const Change> changes) override {
    for (const Change& each : changes) {
      if (is_away) throw std::runtime_error("the broker is away");
      told.push_back(each.place + '=' + each.key);
    }
  }
  bool is_away = false;
  std::vector<std::string> told;
};

class PublisherTest : public OnLibrary {
 protected:
  static void tell_all(Publisher& publisher) {
    while (publisher.step() == Work::kMore) continue;
  }
  RecordingSink sink_;
};
INSTANTIATE_TEST_SUITE_P(On, PublisherTest, data::kEachDatabase, data::database_name);

TEST_P(PublisherTest, TellsWhatChangesFromItsBeginOnEachOnce) {
  run("INSERT INTO books (id, title) VALUES (1, 'before')");
  Publisher publisher(*database_, sink_, "publish", {.changes_at_once = 2});
  tell_all(publisher);
  EXPECT_THAT(sink_.told, IsEmpty());
  for (int id = 2; id <= 6; ++id) {
    run("INSERT INTO books (id, title) VALUES (" + std::to_string(id) + ", 'x')");
  }
  tell_all(publisher);
  tell_all(publisher);
  EXPECT_THAT(sink_.told,
              ElementsAre("books.id=2", "books.id=3", "books.id=4", "books.id=5", "books.id=6"));
}

TEST_P(PublisherTest, TellsAgainWhatItDoesNotKnowToBeTold) {
  Publisher publisher(*database_, sink_, "publish");
  tell_all(publisher);
  run("INSERT INTO books (id, title) VALUES (1, 'x')");
  sink_.is_away = true;
  EXPECT_THROW(publisher.step(), std::runtime_error);
  sink_.is_away = false;
  tell_all(publisher);
  EXPECT_THAT(sink_.told, ElementsAre("books.id=1"));
}

TEST_P(PublisherTest, GoesOnWhereAnotherProcessWasAndOnlyOneTells) {
  {
    Publisher first(*database_, sink_, "publish");
    tell_all(first);
    run("INSERT INTO books (id, title) VALUES (1, 'x')");
    tell_all(first);
    Publisher second(*database_, sink_, "publish");
    run("INSERT INTO books (id, title) VALUES (2, 'x')");
    EXPECT_EQ(second.step(), Work::kDone);
    EXPECT_THAT(sink_.told, ElementsAre("books.id=1"));
    EXPECT_FALSE(second.cursor());
  }
  Publisher third(*database_, sink_, "publish");
  tell_all(third);
  EXPECT_THAT(sink_.told, ElementsAre("books.id=1", "books.id=2"));
}

TEST_P(PublisherTest, SaysThatAnythingMayHaveChangedWhereTheLogIsTooShort) {
  Publisher publisher(*database_, sink_, "publish");
  tell_all(publisher);
  run("INSERT INTO books (id, title) VALUES (1, 'x')");
  database_->write_now(
      [](data::Transaction& tx) { trim(tx, {.give_up_after = std::chrono::hours(-1)}); });
  tell_all(publisher);
  run("INSERT INTO books (id, title) VALUES (2, 'x')");
  tell_all(publisher);
  EXPECT_THAT(sink_.told, ElementsAre("*=*", "books.id=2"));
}

TEST_P(PublisherTest, KeepsTheLogForWhatItHasNotTold) {
  Publisher publisher(*database_, sink_, "publish");
  tell_all(publisher);
  run("INSERT INTO books (id, title) VALUES (1, 'x')");
  database_->write_now([](data::Transaction& tx) { trim(tx); });
  tell_all(publisher);
  EXPECT_THAT(sink_.told, ElementsAre("books.id=1"));
}

const Change kChanges[] = {{"books.id", "7", 1'000}, {"tags.id", "say \"hi\"", 2'000}};

TEST(SinkOfRedis, AddsAnEntryForEachChange) {
  RedisServer* const server = RedisServer::shared();
  if (server == nullptr) GTEST_SKIP() << "Redis is not installed";
  const auto sink = open_sink(server->url("?stream=told&kept=500"));
  sink->publish(kChanges);
  internal::RedisConnection connection(internal::BrokerUrl::parse(server->url(), "redis", {}),
                                       std::chrono::seconds(5));
  const auto entries = connection.run({"XRANGE", "told", "-", "+"});
  ASSERT_EQ(entries->elements, 2U);
  std::vector<std::string> words;
  const redisReply& fields = *entries->element[1]->element[1];
  for (std::size_t at = 0; at < fields.elements; ++at) {
    words.emplace_back(fields.element[at]->str, fields.element[at]->len);
  }
  EXPECT_THAT(words, ElementsAre("place", "tags.id", "key", "say \"hi\"", "at", "2000"));
}

TEST(SinkOfRedis, ComesBackAfterTheServerWasAway) {
  const auto server = RedisServer::start();
  if (!server) GTEST_SKIP() << "Redis is not installed";
  const auto sink = open_sink(server->url());
  sink->publish(kChanges);
  server->kill();
  EXPECT_THROW(sink->publish(kChanges), std::runtime_error);
  server->start_again();
  sink->publish(kChanges);
}

TEST(SinkOfKafka, SendsAMessageForEachChange) {
  KafkaCluster cluster;
  const std::string url = cluster.url("told");
  open_sink(url)->publish(kChanges);
  const auto consumer =
      internal::open_kafka_consumer(internal::parse_kafka_url(url), {{"group.id", "reader"}});
  rd_kafka_poll_set_consumer(consumer.get());
  rd_kafka_topic_partition_list_t* const partitions = rd_kafka_topic_partition_list_new(4);
  for (int partition = 0; partition < 4; ++partition) {
    rd_kafka_topic_partition_list_add(partitions, "told", partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(consumer.get(), partitions);
  rd_kafka_topic_partition_list_destroy(partitions);
  std::vector<std::string> told;
  for (int polls = 0; polls < 200 && told.size() < 2; ++polls) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(consumer.get(), 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      told.push_back(std::string(static_cast<const char*>(message->key), message->key_len) + ' ' +
                     std::string(static_cast<const char*>(message->payload), message->len));
    }
    rd_kafka_message_destroy(message);
  }
  EXPECT_THAT(told, testing::UnorderedElementsAre(
                        R"(books.id=7 {"place":"books.id","key":"7","at":1000})",
                        R"(tags.id=say "hi" {"place":"tags.id","key":"say \"hi\"","at":2000})"));
  rd_kafka_consumer_close(consumer.get());
}

TEST(OpenSink, SaysWhatIsWrongWithAUrl) {
  EXPECT_THROW(open_sink("in-process:"), std::invalid_argument);
  EXPECT_THROW(open_sink("redis://host?group=x"), std::invalid_argument);
}

}  // namespace
}  // namespace hornbeam::feed
