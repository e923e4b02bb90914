#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "hornbeam/search/node/node.h"
#include "hornbeam/site/search_api/search_api.h"

// What is asked of searches over REST, and what hits show.
namespace hornbeam::site {
namespace {

namespace fs = std::filesystem;

class SearchingTest : public testing::Test {
 protected:
  SearchingTest() {
    send("PUT", "/books", R"({"settings": {"index.max_docvalue_fields_search": 1}, "mappings": {
        "properties": {"by": {"type": "keyword"}, "year": {"type": "integer"},
        "title": {"type": "text"}}}})");
    put(1, R"({"by": "Eco", "year": 1980, "title": "the name of the rose"})");
    put(2, R"({"by": "Eco", "year": 1988, "title": "the pendulum"})");
    put(3, R"({"by": "Calvino", "year": 1972, "title": "the cities"})");
  }
  ~SearchingTest() override {
    api_.reset();
    node_.reset();
    fs::remove_all(folder_);
  }

  RestResponse send(const std::string& method, const std::string& path, std::string body = {},
                    std::vector<std::pair<std::string, std::string>> query = {}) {
    return api_->handle({.method = method,
                         .path = path,
                         .query = std::move(query),
                         .body = std::move(body),
                         .content_type = "application/json"});
  }
  void put(int id, const std::string& source) {
    send("PUT", "/books/_doc/" + std::to_string(id), source, {{"refresh", "true"}});
  }
  /// What `filter_path` leaves of an answer.
  std::string asked(const std::string& path, const std::string& body, const std::string& filter) {
    return send("POST", path, body, {{"filter_path", filter}}).body;
  }

  fs::path folder_ =
      fs::temp_directory_path() / ("searching_test_" + std::to_string(::getpid()) + "_" +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
  std::unique_ptr<search::Node> node_ = std::make_unique<search::Node>(folder_);
  std::unique_ptr<SearchApi> api_ = std::make_unique<SearchApi>(*node_);
};

TEST_F(SearchingTest, CollapsedHitsShowTheirGroupAndTheOthersOfIt) {
  EXPECT_EQ(
      asked("/books/_search", R"({"sort": ["year"], "collapse": {"field": "by",
                "inner_hits": {"name": "all", "sort": ["year"], "_source": ["year"]}}})",
            "hits.hits.fields,hits.hits.inner_hits.all.hits.hits._source"),
      R"({"hits":{"hits":[{"fields":{"by":["Calvino"]},"inner_hits":{"all":{"hits":)"
      R"({"hits":[{"_source":{"year":1972}}]}}}},{"fields":{"by":["Eco"]},"inner_hits":)"
      R"({"all":{"hits":{"hits":[{"_source":{"year":1980}},{"_source":{"year":1988}}]}}}}]}})");
}

TEST_F(SearchingTest, MatchesAreExplained) {
  const std::string body = R"({"query": {"term": {"by": "Eco"}}})";
  EXPECT_EQ(asked("/books/_explain/1", body, "_id,matched"), R"({"_id":"1","matched":true})");
  EXPECT_EQ(asked("/books/_explain/3", body, "matched"), R"({"matched":false})");
  EXPECT_EQ(send("POST", "/books/_explain/9", body).status, 404);
  EXPECT_EQ(send("POST", "/books/_explain/1").status, 400);
}

TEST_F(SearchingTest, TermVectorsSayWhereTermsStand) {
  EXPECT_EQ(asked("/books/_termvectors/1", R"({"term_statistics": true})",
                  "term_vectors.title.terms.the"),
            R"({"term_vectors":{"title":{"terms":{"the":{"doc_freq":3,"ttf":4,"term_freq":2,)"
            R"("tokens":[{"position":0,"start_offset":0,"end_offset":3},)"
            R"({"position":3,"start_offset":12,"end_offset":15}]}}}}})");
  EXPECT_EQ(asked("/_mtermvectors", R"({"docs": [{"_index": "books", "_id": "9"},
                {"_index": "none", "_id": "1"}]})",
                  "docs.found,docs.error.type"),
            R"({"docs":[{"found":false},{"error":{"type":"index_not_found_exception"}}]})");
}

TEST_F(SearchingTest, TermsAreLookedUpInOtherDocuments) {
  send("PUT", "/lists/_doc/1", R"({"wanted": {"by": ["Eco", null]}})", {{"refresh", "true"}});
  const auto found = [&](const std::string& lookup) {
    return asked("/books/_search", R"({"query": {"terms": {"by": )" + lookup + "}}}",
                 "hits.hits._id,error.type");
  };
  EXPECT_EQ(found(R"({"index": "lists", "id": "1", "path": "wanted.by"})"),
            R"({"hits":{"hits":[{"_id":"1"},{"_id":"2"}]}})");
  EXPECT_EQ(found(R"({"index": "lists", "path": "wanted.by", "query": {"match_all": {}}})"),
            R"({"hits":{"hits":[{"_id":"1"},{"_id":"2"}]}})");
  EXPECT_TRUE(
      found(R"({"index": "none", "id": "1", "path": "by"})").contains("no such index [none]"));
}

TEST_F(SearchingTest, LimitsOfTheIndexHold) {
  const auto reason = [&](const std::string& body) {
    return asked("/books/_search", body, "error.root_cause.reason");
  };
  EXPECT_TRUE(reason(R"({"docvalue_fields": ["by", "year"]})").contains("docvalue_fields"));
  EXPECT_TRUE(reason(R"({"from": 9999})").contains("Result window is too large"));
  EXPECT_TRUE(reason(R"({"size": 2147483648})").contains("out of range of int"));
  EXPECT_TRUE(reason(R"({"slice": {"id": 0, "max": 1025}})").contains("number of slices"));
}

TEST_F(SearchingTest, ASearchOfAListThatCannotBeReadSpoilsAll) {
  const std::string lines = "{\"index\":\"books\"}\n{\"sise\":1}\n{\"index\":\"books\"}\n{}\n";
  EXPECT_EQ(send("POST", "/_msearch", lines).status, 400);
  const std::string missing = "{\"index\":\"none\"}\n{}\n{\"index\":\"books\"}\n{}\n";
  EXPECT_EQ(asked("/_msearch", missing, "responses.status"),
            R"({"responses":[{"status":404},{"status":200}]})");
}

}  // namespace
}  // namespace hornbeam::site
