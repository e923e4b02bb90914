// The promise of hints, for each kind of them: a view is right if every hint is lost, if each comes
// ten times, and if all come late.

#include "hornbeam/feed/wakeups.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/feed/internal/redis_connection.h"
#include "hornbeam/feed/open_wakeups.h"
#include "hornbeam/feed/testing/kafka_cluster.h"
#include "hornbeam/feed/testing/library.h"
#include "hornbeam/feed/testing/redis_server.h"

namespace hornbeam::feed {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kPatience{20};
constexpr std::chrono::hours kNever{1};

/// A number that threads raise, and a test waits for.
class Count {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    ++value_;
    raised_.notify_all();
  }
  int value() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  bool reaches(int wanted, milliseconds patience = kPatience) {
    std::unique_lock lock(mutex_);
    return raised_.wait_for(lock, patience, [&] { return value_ >= wanted; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable raised_;
  int value_ = 0;
};

/// Announces until it is heard: nobody says when a connection is there.
bool is_heard(Wakeups& wakeups, Count& count) {
  for (int hints = 0; hints < 200; ++hints) {
    wakeups.announce();
    if (count.reaches(1, milliseconds(100))) return true;
  }
  return false;
}

/// Of the books of the library: the keys that have changed.
class View {
 public:
  explicit View(data::Database& database)
      : database_(database),
        cursor_(database.read_now([](data::Snapshot& db) { return newest(db); })) {}

  Work step() {
    const Changes read =
        database_.read_now([&](data::Snapshot& db) { return read_changes(db, cursor_, 7); });
    cursor_ = read.next;
    for (const Change& each : read.changes) {
      if (keys_.insert(each.key).second) found_.raise();
    }
    return read.has_more ? Work::kMore : Work::kDone;
  }
  bool has(int count) { return found_.reaches(count); }

 private:
  data::Database& database_;
  Cursor cursor_;
  std::set<std::string> keys_;
  Count found_;
};

/// Hints on the way from one to another that goes wrong. Lifetime: ends before `behind`.
class Spoiled final : public Wakeups {
 public:
  enum class How { kLost, kTenTimes, kLate };
  Spoiled(Wakeups& behind, How how) : behind_(behind), how_(how) {}

  void announce() noexcept override { behind_.announce(); }
  [[nodiscard]] Subscription listen(Listener listener) override {
    {
      const std::lock_guard lock(mutex_);
      late_ = listener;
    }
    return behind_.listen([this, listener = std::move(listener)] {
      heard_.raise();
      for (int each = 0; how_ == How::kTenTimes && each < 10; ++each) listener();
    });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    late_();
  }
  bool has_heard() { return heard_.reaches(1); }

 private:
  Wakeups& behind_;
  const How how_;
  std::mutex mutex_;
  Listener late_;  // Guarded by mutex_.
  Count heard_;
};

enum class Kind { kInProcess, kPostgresql, kRedis, kKafka };

class WakeupsTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    static int streams = 0;
    const std::string name = "hints" + std::to_string(++streams);
    if (GetParam() == Kind::kPostgresql) {
      data::PostgresServer* const server = data::PostgresServer::shared();
      if (server == nullptr) GTEST_SKIP() << "PostgreSQL is not installed";
      url_ = server->new_database_url();
    } else if (GetParam() == Kind::kRedis) {
      RedisServer* const server = RedisServer::shared();
      if (server == nullptr) GTEST_SKIP() << "Redis is not installed";
      url_ = server->url("?stream=" + name);
    } else if (GetParam() == Kind::kKafka) {
      static KafkaCluster cluster;
      url_ = cluster.url(name);
    }
    database_ = data::Database::open(GetParam() == Kind::kPostgresql ? url_ : folder_.url());
    create_library(*database_);
    wakeups_ = open_wakeups(url_);
  }

  /// Writes twenty books, each in a transaction of its own.
  void write(Wakeups& wakeups) {
    for (int id = 1; id <= 20; ++id) {
      database_->write_now([id](data::Transaction& tx) {
        tx.execute("INSERT INTO books (id, title) VALUES (?, 'x')", id);
      });
      wakeups.announce();
    }
  }
  /// A view that is woken by hints that are spoiled, and looks by itself every `poll`.
  void expect_right(Spoiled::How how, milliseconds poll) {
    Spoiled spoiled(*wakeups_, how);
    View view(*database_);
    FollowerThread thread({.name = "view", .poll = poll}, &spoiled,
                          [&](const std::stop_token&) { return view.step(); });
    write(spoiled);
    EXPECT_TRUE(spoiled.has_heard()) << "no hint was under way";
    if (how == Spoiled::How::kLate) spoiled.release();
    EXPECT_TRUE(view.has(20));
    thread.stop();
  }

  data::TemporaryFolder folder_;
  std::string url_;
  std::unique_ptr<data::Database> database_;
  std::unique_ptr<Wakeups> wakeups_;
};
std::string kind_name(const testing::TestParamInfo<Kind>& info) {
  constexpr const char* kNames[] = {"InProcess", "Postgresql", "Redis", "Kafka"};
  return kNames[static_cast<int>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(On, WakeupsTest,
                         testing::Values(Kind::kInProcess, Kind::kPostgresql, Kind::kRedis,
                                         Kind::kKafka),
                         kind_name);

TEST_P(WakeupsTest, EachWhoListensHearsWhatAnotherAnnounces) {
  const auto elsewhere = GetParam() == Kind::kInProcess ? nullptr : open_wakeups(url_);
  Count first;
  Count second;
  const auto one = wakeups_->listen([&] { first.raise(); });
  const auto two = (elsewhere ? *elsewhere : *wakeups_).listen([&] { second.raise(); });
  ASSERT_TRUE(is_heard(*wakeups_, first));
  ASSERT_TRUE(is_heard(*wakeups_, second));
  for (int hints = 0; hints < 3; ++hints) {
    const int before_first = first.value();
    const int before_second = second.value();
    wakeups_->announce();
    EXPECT_TRUE(first.reaches(before_first + 1));
    EXPECT_TRUE(second.reaches(before_second + 1));
  }
}

TEST_P(WakeupsTest, WhoNoLongerListensIsNotCalled) {
  Count ended;
  Count listening;
  {
    const auto subscription = wakeups_->listen([&] { ended.raise(); });
    ASSERT_TRUE(is_heard(*wakeups_, ended));
  }
  const int before = ended.value();
  const auto subscription = wakeups_->listen([&] { listening.raise(); });
  EXPECT_TRUE(is_heard(*wakeups_, listening));
  EXPECT_EQ(ended.value(), before);
}

TEST_P(WakeupsTest, AHintIsEnoughWithoutPolling) {
  View view(*database_);
  FollowerThread thread({.name = "view", .poll = kNever}, wakeups_.get(),
                        [&](const std::stop_token&) { return view.step(); });
  write(*wakeups_);
  EXPECT_TRUE(view.has(20));
}

TEST_P(WakeupsTest, AViewIsRightIfEveryHintIsLost) {
  expect_right(Spoiled::How::kLost, milliseconds(10));
}

TEST_P(WakeupsTest, AViewIsRightIfEachHintComesTenTimes) {
  expect_right(Spoiled::How::kTenTimes, kNever);
}

TEST_P(WakeupsTest, AViewIsRightIfAllHintsComeLate) {
  expect_right(Spoiled::How::kLate, kNever);
}

TEST(WakeupsOfRedis, AreHeardAgainAfterTheServerWasAway) {
  const auto server = RedisServer::start();
  if (!server) GTEST_SKIP() << "Redis is not installed";
  const auto wakeups = open_wakeups(server->url());
  Count heard;
  const auto subscription = wakeups->listen([&] { heard.raise(); });
  ASSERT_TRUE(is_heard(*wakeups, heard));
  server->kill();
  wakeups->announce();
  const int before = heard.value();
  server->start_again();
  EXPECT_TRUE(heard.reaches(before + 1)) << "once, for what was said while nobody listened";
  // The sender finds the broken connection by the first hint, which is lost.
  const int after = heard.value();
  for (int hints = 0; hints < 100 && heard.value() == after; ++hints) {
    wakeups->announce();
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_GT(heard.value(), after);
}

TEST(WakeupsOfRedis, OfAGroupEachIsHeardByOne) {
  RedisServer* const server = RedisServer::shared();
  if (server == nullptr) GTEST_SKIP() << "Redis is not installed";
  const std::string url = server->url("?stream=shared&group=workers");
  const auto first = open_wakeups(url);
  const auto second = open_wakeups(url);
  Count heard;
  const auto one = first->listen([&] { heard.raise(); });
  const auto two = second->listen([&] { heard.raise(); });
  internal::RedisConnection connection(internal::BrokerUrl::parse(server->url(), "redis", {}),
                                       kPatience);
  const auto readers = [&]() -> std::size_t {
    try {
      return connection.run({"XINFO", "CONSUMERS", "shared", "workers"})->elements;
    } catch (const std::runtime_error&) {
      return 0;  // There is no such group yet.
    }
  };
  for (int looks = 0; looks < 500 && readers() < 2; ++looks) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  ASSERT_EQ(readers(), 2U);
  const int before = heard.value();
  for (int hints = 1; hints <= 10; ++hints) {
    first->announce();
    ASSERT_TRUE(heard.reaches(before + hints));
  }
  EXPECT_EQ(heard.value(), before + 10);
}

TEST(WakeupsOfKafka, AreHeardOnceTheBrokersAreBack) {
  KafkaCluster cluster;
  const auto wakeups = open_wakeups(cluster.url("hints"));
  Count heard;
  const auto subscription = wakeups->listen([&] { heard.raise(); });
  ASSERT_TRUE(is_heard(*wakeups, heard));
  const int before = heard.value();
  cluster.set_down(true);
  wakeups->announce();
  cluster.set_down(false);
  EXPECT_TRUE(heard.reaches(before + 1));
}

TEST(WakeupsOfKafka, AreHeardInAGroup) {
  KafkaCluster cluster;
  const auto wakeups = open_wakeups(cluster.url("hints", "?group=workers"));
  Count heard;
  const auto subscription = wakeups->listen([&] { heard.raise(); });
  // Until Kafka has dealt out the partitions, which takes it a while, hints are heard by nobody.
  for (int hints = 0; hints < 200 && heard.value() < 2; ++hints) {
    wakeups->announce();
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_GE(heard.value(), 2);
}

TEST(OpenWakeups, SaysWhatIsWrongWithAUrlAndShowsNoPassword) {
  EXPECT_NE(open_wakeups(""), nullptr);
  EXPECT_NE(open_wakeups("in-process:"), nullptr);
  const auto error_of = [](const std::string& url) -> std::string {
    try {
      open_wakeups(url);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_of("amqp://host"), testing::HasSubstr("names no kind of wake-ups"));
  EXPECT_THAT(error_of("redis://:secret@host?strem=x"), testing::HasSubstr("no option strem"));
  EXPECT_THAT(error_of("redis://:secret@host?strem=x"), testing::Not(testing::HasSubstr("secret")));
  EXPECT_THAT(error_of("redis://"), testing::HasSubstr("names no host"));
  EXPECT_THAT(error_of("kafka://host/topic?security.protocl=ssl"),
              testing::HasSubstr("security.protocl"));
}

}  // namespace
}  // namespace hornbeam::feed
