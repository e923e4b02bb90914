// How a cluster that is busy, away or angry is asked again: a server of the test's own plays it.

#include "hornbeam/denorm/opensearch/cluster.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/denorm/opensearch/opensearch_target.h"
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

/// A search, read and written.
std::string written_of(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  if (!document) return "no JSON: " + document.error().message();
  const auto request = search::parse_search_request(document->root());
  if (!request) return "not read: " + request.error().message;
  const auto written = request_json(*request);
  return written ? *written : "not written: " + written.error().message;
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

/// What is written, read and written again is the same: nothing is lost that is read at all.
TEST(RequestJson, EveryKindOfQueryIsWrittenAsItIsRead) {
  const char* const queries[] = {
      R"({"match_none":{}})",
      R"({"match":{"t":{"query":"a","fuzziness":"1","prefix_length":1,"boost":2,"_name":"n"}}})",
      R"({"match_phrase":{"t":{"query":"a b","slop":2,"zero_terms_query":"all"}}})",
      R"({"match_phrase_prefix":{"t":{"query":"a b","analyzer":"simple","max_expansions":3}}})",
      R"({"match_bool_prefix":{"t":{"query":"a b","analyzer":"simple","fuzziness":"AUTO"}}})",
      R"({"multi_match":{"query":"a","fields":["t^2","u"],"type":"phrase_prefix","slop":1,
          "max_expansions":7,"zero_terms_query":"all"}})",
      R"({"terms":{"t":{"index":"i","id":"1","path":"p","routing":"r"}}})",
      R"({"terms":{"t":{"index":"i","path":"p","query":{"term":{"x":"y"}}}}})",
      R"({"terms_set":{"t":{"terms":["a","b"],"minimum_should_match_field":"n"}}})",
      R"({"regexp":{"t":{"value":"a.*","case_insensitive":true}}})",
      R"({"fuzzy":{"t":{"value":"abc","fuzziness":1,"transpositions":false}}})",
      R"({"range":{"d":{"gt":"now-1d","format":"yyyy","time_zone":"+01:00","relation":"within"}}})",
      R"({"nested":{"path":"n","query":{"term":{"n.x":"y"}},"score_mode":"max","inner_hits":{"size":1}}})",
      R"({"query_string":{"query":"a b","fields":["t"],"quote_analyzer":"simple","phrase_slop":2,
          "quote_field_suffix":".x","analyze_wildcard":true,"allow_leading_wildcard":false,
          "fuzzy_prefix_length":2,"type":"cross_fields","tie_breaker":0.5,"time_zone":"+01:00"}})",
      R"({"simple_query_string":{"query":"a + b","flags":"AND|PREFIX","lenient":true,
          "quote_field_suffix":".x","fuzzy_max_expansions":3}})",
      R"({"more_like_this":{"fields":["t"],"like":["a",{"_id":"7"}],"unlike":"b","stop_words":["c"],
          "min_doc_freq":1,"max_doc_freq":9,"boost_terms":1,"include":true,"analyzer":"simple"}})",
      R"({"boosting":{"positive":{"term":{"t":"a"}},"negative":{"term":{"t":"b"}},"negative_boost":0.2}})",
      R"({"function_score":{"query":{"match_all":{}},"functions":[
          {"filter":{"term":{"t":"a"}},"weight":2},
          {"field_value_factor":{"field":"n","factor":1.5,"modifier":"log1p","missing":1}},
          {"random_score":{"seed":7,"field":"n"}},
          {"gauss":{"d":{"origin":"2026-01-01","scale":"10d","offset":"1d","decay":0.3},
                    "multi_value_mode":"avg"}}],
          "score_mode":"sum","boost_mode":"replace","max_boost":9,"min_score":1}})",
      R"({"intervals":{"t":{"all_of":{"ordered":true,"max_gaps":3,"intervals":[
          {"match":{"query":"a b","ordered":false,"filter":{"not_containing":{"prefix":{"prefix":"z"}}}}},
          {"any_of":{"intervals":[{"wildcard":{"pattern":"c*"}},{"fuzzy":{"term":"d","fuzziness":"1"}},
            {"regexp":{"pattern":"e.","case_insensitive":true}}]}}]},"boost":2}}})",
      R"({"span_near":{"clauses":[{"span_term":{"t":"a"}},{"span_or":{"clauses":[
          {"span_term":{"t":"b"}},{"span_multi":{"match":{"prefix":{"t":"c"}}}}]}}],"slop":2,"in_order":false}})",
      R"({"span_first":{"match":{"span_term":{"t":"a"}},"end":3}})",
      R"({"span_not":{"include":{"span_term":{"t":"a"}},"exclude":{"span_term":{"t":"b"}},"pre":1,"post":2}})",
      R"({"span_within":{"little":{"span_term":{"t":"a"}},"big":{"span_multi":{"match":{"fuzzy":{"t":"b"}}}}}})",
      R"({"geo_distance":{"distance":"1.5km","p":{"lat":52.5,"lon":13.4},"ignore_unmapped":true}})",
      R"({"geo_bounding_box":{"p":{"top_left":{"lat":53,"lon":13},"bottom_right":{"lat":52,"lon":14}}}})",
      R"({"distance_feature":{"field":"p","origin":[13.4,52.5],"pivot":"1km"}})",
      R"({"distance_feature":{"field":"d","origin":"now","pivot":"7d","boost":3}})",
  };
  for (const char* const query : queries) {
    const auto once = written_of(std::string(R"({"query":)") + query + "}");
    EXPECT_THAT(once, testing::StartsWith("{"));
    EXPECT_EQ(written_of(once), once) << query;
  }
}

TEST(RequestJson, EveryPartOfASearchIsWrittenAsItIsRead) {
  const char* const bodies[] = {
      R"({"rescore":{"window_size":5,"query":{"rescore_query":{"term":{"t":"a"}},"score_mode":"max"}}})",
      R"({"collapse":{"field":"c","inner_hits":{"name":"others","size":2}}})",
      R"({"slice":{"id":1,"max":3},"explain":true,"include_named_queries_score":true})",
      R"({"sort":[{"_geo_distance":{"p":[{"lat":1,"lon":2}],"unit":"km","order":"desc","mode":"avg"}},
          {"n.x":{"order":"asc","nested":{"path":"n","filter":{"term":{"n.y":"z"}},"max_children":2}}}]})",
      R"({"highlight":{"max_analyzer_offset":100,"order":"score","encoder":"html",
          "highlight_query":{"match":{"t":"a"}},"fields":{"t":{"matched_fields":["u"]}}}})",
      R"({"suggest":{"text":"helo","a":{"term":{"field":"t","suggest_mode":"always","sort":"frequency"}},
          "b":{"phrase":{"field":"t","highlight":{"pre_tag":"<","post_tag":">"},"confidence":0.5}},
          "c":{"prefix":"x","completion":{"field":"s","fuzzy":{"min_length":2},"skip_duplicates":true,
               "contexts":{"k":[{"context":"v","boost":2}]}}},
          "d":{"regex":"x.*","completion":{"field":"s"}}}})",
  };
  for (const char* const body : bodies) {
    const auto once = written_of(body);
    EXPECT_THAT(once, testing::StartsWith("{"));
    EXPECT_EQ(written_of(once), once) << body;
  }
}

TEST_F(ClusterTest, ASearchIsWrittenInElasticsearchsWordsWhereTheyDiffer) {
  script_.say({{200, R"({"version":{"number":"8.1.0"}})"}, {200, R"({"hits":{"hits":[]}})"}});
  OpenSearchTarget target(url(), {.cluster = options()});
  const auto document = base::JsonDocument::parse(
      R"({"highlight":{"max_analyzer_offset":9,"fields":{"t":{}}},"include_named_queries_score":true})");
  const auto request = search::parse_search_request(document->root());
  ASSERT_TRUE(request);
  ASSERT_TRUE(target.search("books", *request));
  ASSERT_TRUE(target.search("books", *request));
  ASSERT_EQ(script_.bodies().size(), 3U) << "it asks once what it is";
  EXPECT_THAT(script_.bodies()[1], HasSubstr("max_analyzed_offset"));
  EXPECT_THAT(script_.bodies()[1], testing::Not(HasSubstr("include_named_queries_score")));
  EXPECT_EQ(kind_of_cluster(R"({"version":{"number":"3.4.0","distribution":"opensearch"}})"),
            ClusterKind::kOpenSearch);
}

TEST(RequestJson, RefusesAggregationsWhoseTextIsNotThere) {
  const auto document = base::JsonDocument::parse(R"({"aggs":{"by":{"terms":{"field":"x"}}}})");
  auto request = search::parse_search_request(document->root());
  ASSERT_TRUE(request);
  request->aggregations_text.clear();
  EXPECT_THAT(request_json(*request).error().message,
              HasSubstr("set SearchRequest::aggregations_text"));
}

TEST(RequestJson, AHashIsPutIntoADocument) {
  EXPECT_EQ(with_hash(R"({"a":1})", "ff"), R"({"a":1,"hornbeam_hash":"ff"})");
  EXPECT_EQ(with_hash("{ }", "ff"), R"({ "hornbeam_hash":"ff"})");
}

}  // namespace
}  // namespace hornbeam::denorm
