// How a cluster that is busy, away or angry is asked again: a server of the test's own plays it.

#include "hornbeam/denorm/opensearch/cluster.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/denorm/opensearch/request_json.h"
#include "hornbeam/denorm/target.h"
#include "hornbeam/http/server.h"
#include "hornbeam/search/collection/queries.h"

namespace hornbeam::denorm {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

/// Answers what the test tells it to, the last of it for ever.
class Script final : public http::Handler {
 public:
  http::BodyPlan plan(const http::Request&) override { return {.max_bytes = 64 << 20}; }
  http::Reply handle(http::Request& request) override {
    const std::lock_guard lock(mutex_);
    bodies_.emplace_back(request.body());
    const auto [status, body] = answers_.front();
    if (answers_.size() > 1) answers_.erase(answers_.begin());
    return http::Response(status, "application/json", std::string(body));
  }
  void say(std::vector<std::pair<int, std::string>> answers) {
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }
  std::vector<std::string> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<int, std::string>> answers_ = {{200, "{}"}};
  std::vector<std::string> bodies_;
};

class ClusterTest : public testing::Test {
 protected:
  ClusterTest() { server_.start(); }
  static http::ServerOptions server_options() {
    http::ServerOptions options;
    options.port = 0;
    return options;
  }
  static ClusterOptions options() {
    ClusterOptions options;
    options.most_tries = 4;
    options.first_pause = milliseconds(1);
    options.longest_pause = milliseconds(5);
    options.bulk_bytes = std::size_t{256} * 1024;
    return options;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

  Script script_;
  http::Server server_{server_options(), script_};
};

TEST_F(ClusterTest, AsksAgainWhileItSaysNotNow) {
  script_.say({{429, "{}"}, {503, "{}"}, {502, "{}"}, {200, R"({"ok":1})"}});
  Cluster cluster(url(), options());
  EXPECT_EQ(cluster.ask("GET", "/").body, R"({"ok":1})");
  EXPECT_EQ(cluster.statistics().requests, 4U);
  EXPECT_EQ(cluster.statistics().retries, 3U);
  EXPECT_EQ(cluster.statistics().pushbacks, 2U);
}

TEST_F(ClusterTest, GivesUpWithItsWordsAndDoesNotAskAgainWhatIsRefused) {
  script_.say({{503, R"({"error":{"reason":"no master"}})"}});
  Cluster cluster(url(), options());
  try {
    cluster.ask("GET", "/");
    ADD_FAILURE() << "it was answered";
  } catch (const TargetUnavailable& away) {
    EXPECT_THAT(away.what(), HasSubstr("503 no master"));
  }
  script_.say({{400, R"({"error":{"reason":"no such thing"}})"}});
  const auto before = cluster.statistics().requests;
  EXPECT_THROW(cluster.require("PUT", "/x", "{}"), TargetUnavailable);
  EXPECT_EQ(cluster.statistics().requests, before + 1);
}

TEST_F(ClusterTest, SaysThatNobodyIsThere) {
  server_.stop();
  Cluster cluster(url(), options());
  EXPECT_THROW(cluster.ask("GET", "/"), TargetUnavailable);
  EXPECT_EQ(cluster.statistics().requests, 4U);
}

TEST_F(ClusterTest, OfABulkOnlyWhatThereWasNoRoomForIsSentAgain) {
  script_.say({{200, R"({"items":[{"index":{"status":201}},{"index":{"status":429,"error":{"type":
      "es_rejected_execution_exception","reason":"full"}}},{"index":{"status":400,"error":{"type":
      "mapper_parsing_exception","reason":"no date"}}}]})"},
               {200, R"({"items":[{"index":{"status":201}}]})"}});
  Cluster cluster(url(), options());
  const BulkAction actions[] = {{"first\n"}, {"second\n"}, {"third\n"}};
  const auto outcomes = cluster.bulk("/_bulk", actions);
  EXPECT_EQ(outcomes[0].status, 201);
  EXPECT_EQ(outcomes[1].status, 201);
  EXPECT_EQ(outcomes[2].status, 400);
  EXPECT_EQ(outcomes[2].reason, "no date");
  EXPECT_THAT(script_.bodies(), ElementsAre("first\nsecond\nthird\n", "second\n"));
  EXPECT_LT(cluster.statistics().bulk_bytes, options().bulk_bytes);
}

TEST_F(ClusterTest, ABulkThatIsTooLargeIsSentInSmallerPieces) {
  const std::string large(100'000, 'x');
  const BulkAction actions[] = {{large}, {large}};
  script_.say(
      {{413, "{}"}, {200, R"({"items":[{"index":{"status":201}},{"index":{"status":201}}]})"}});
  Cluster cluster(url(), options());
  const auto outcomes = cluster.bulk("/_bulk", actions);
  EXPECT_EQ(outcomes[1].status, 201);
  EXPECT_EQ(cluster.statistics().bulk_bytes / 1024, 136U) << "half, and a little more again";
}

TEST(RequestJson, IsReadBackAsTheSameRequest) {
  const char* const texts[] = {
      R"({"query":{"match_all":{}},"from":0,"size":10,"track_total_hits":10000})",
      R"({"query":{"bool":{"must":[{"match":{"title":{"query":"a b","operator":"and"}}}],"filter":[{"range":{"year":{"gte":"1990","lt":"2000"}}}],"must_not":[{"term":{"shelf":{"value":"x"}}}]}},"from":5,"size":2,"track_total_hits":true})",
      R"({"query":{"terms":{"id":["1","2"]}},"from":0,"size":0,"sort":[{"year":{"order":"desc"}}],"track_total_hits":10000,"aggs":{"by":{"terms":{"field":"shelf"}}}})",
  };
  for (const char* const text : texts) {
    const auto document = base::JsonDocument::parse(text);
    const auto request = search::parse_search_request(document->root());
    ASSERT_TRUE(request) << request.error().message;
    const auto written = request_json(*request);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(*written, text);
  }
}

TEST(RequestJson, SaysWhatItDoesNotWrite) {
  const auto document =
      base::JsonDocument::parse(R"({"query":{"more_like_this":{"like":["a"],"fields":["t"]}}})");
  const auto request = search::parse_search_request(document->root());
  ASSERT_TRUE(request);
  EXPECT_THAT(request_json(*request).error().message, HasSubstr("not sent to a cluster"));
}

TEST(RequestJson, AHashIsPutIntoADocument) {
  EXPECT_EQ(with_hash(R"({"a":1})", "ff"), R"({"a":1,"hornbeam_hash":"ff"})");
  EXPECT_EQ(with_hash("{ }", "ff"), R"({ "hornbeam_hash":"ff"})");
}

}  // namespace
}  // namespace hornbeam::denorm
