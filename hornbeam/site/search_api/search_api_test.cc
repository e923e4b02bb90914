#include "hornbeam/site/search_api/search_api.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "hornbeam/search/node/node.h"

// What OpenSearch's own tests do not ask, or not in a way that shows it.
namespace hornbeam::site {
namespace {

namespace fs = std::filesystem;

class SearchApiTest : public testing::Test {
 protected:
  ~SearchApiTest() override {
    api_.reset();
    node_.reset();
    fs::remove_all(folder_);
  }

  RestResponse send(std::string_view method, const std::string& target, std::string body = {},
                    std::string_view type = "application/json") {
    RestRequest request{.method = std::string(method),
                        .path = target.substr(0, target.find('?')),
                        .body = std::move(body),
                        .content_type = std::string(type)};
    std::string_view rest = target;
    rest.remove_prefix(std::min(request.path.size() + 1, rest.size()));
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('&'));
      const std::size_t equals = std::min(one.find('='), one.size());
      request.query.emplace_back(one.substr(0, equals),
                                 one.substr(std::min(equals + 1, one.size())));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    }
    return api_->handle(request);
  }

  /// The value at a path such as "error.type" of an answer, as JSON.
  static std::string at(const RestResponse& response, std::string_view path) {
    const auto document = base::JsonDocument::parse(response.body);
    if (!document) return "no JSON: " + response.body;
    base::JsonView value = document->root();
    while (!path.empty()) {
      const std::string_view name = path.substr(0, path.find('.'));
      const auto found = value.find(name);
      if (!found) return "none";
      value = *found;
      path.remove_prefix(std::min(name.size() + 1, path.size()));
    }
    return text_of(value);
  }

  void put(const std::string& index, int id, const std::string& source,
           const std::string& parameters = "") {
    const std::string path = "/" + index + "/_doc/" + std::to_string(id) + parameters;
    ASSERT_LT(send("PUT", path, source).status, 300);
  }

  void reopen() {
    api_.reset();
    node_.reset();
    node_ = std::make_unique<search::Node>(folder_);
    api_ = std::make_unique<SearchApi>(*node_);
  }

 private:
  static fs::path new_folder() {
    std::string pattern = (fs::temp_directory_path() / "search_api_test.XXXXXX").string();
    return mkdtemp(pattern.data());
  }

  const fs::path folder_ = new_folder();
  std::unique_ptr<search::Node> node_ = std::make_unique<search::Node>(folder_);
  std::unique_ptr<SearchApi> api_ = std::make_unique<SearchApi>(*node_);
};

TEST_F(SearchApiTest, RefusesBodiesThatAreNoJson) {
  const RestResponse form =
      send("POST", "/books/_search", "{}", "application/x-www-form-urlencoded");
  EXPECT_EQ(form.status, 406);
  EXPECT_EQ(at(form, "error"),
            "Content-Type header [application/x-www-form-urlencoded] is not supported");
  EXPECT_EQ(at(send("PUT", "/books", "{}", ""), "error"), "Content-Type header is missing");
  EXPECT_EQ(send("PUT", "/books", "{}", "application/vnd.elasticsearch+json").status, 200);
  EXPECT_EQ(send("GET", "/books/_count", "", "").status, 200);
}

TEST_F(SearchApiTest, PrintsPrettilyForWhoeverAsks) {
  send("PUT", "/books");
  EXPECT_EQ(send("GET", "/books/_count?pretty&filter_path=count", "", "").body,
            "{\n  \"count\" : 0\n}\n");
  EXPECT_TRUE(send("GET", "/nowhere?pretty").body.contains("{\n  \"error\" : {\n"));
}

TEST_F(SearchApiTest, TakesOneComposableTemplateWithItsComponents) {
  EXPECT_EQ(send("PUT", "/_component_template/names",
                 R"({"template": {"mappings": {"properties": {"name": {"type": "keyword"}}}}})")
                .status,
            200);
  EXPECT_EQ(send("PUT", "/_index_template/low",
                 R"({"index_patterns": ["b*"], "template": {"aliases": {"low": {}}}})")
                .status,
            200);
  EXPECT_EQ(send("PUT", "/_index_template/high",
                 R"({"index_patterns": "boo*", "priority": 5, "composed_of": ["names"],
                     "template": {"settings": {"number_of_replicas": 0}}})")
                .status,
            200);
  reopen();
  put("books", 1, R"({"name": "A B"})");
  const RestResponse created = send("GET", "/books");
  EXPECT_EQ(at(created, "books.mappings.properties.name.type"), "keyword");
  EXPECT_EQ(at(created, "books.settings.index.number_of_replicas"), "0");
  EXPECT_EQ(at(created, "books.aliases"), "{}");
  const RestResponse removed = send("DELETE", "/_component_template/names");
  EXPECT_EQ(removed.status, 400);
  EXPECT_EQ(at(removed, "error.reason"),
            "component templates [names] cannot be removed as they are still in use by index "
            "templates [high]");
  EXPECT_EQ(send("GET", "/_index_template/none").status, 404);
  EXPECT_EQ(
      at(send("PUT", "/_index_template/x", R"({"index_patterns": ["x"], "composed_of": ["y"]})"),
         "error.type"),
      "invalid_index_template_exception");
}

TEST_F(SearchApiTest, DeletesAndChangesWhatAQueryFinds) {
  send("PUT", "/books", R"({"settings": {"refresh_interval": "-1"}})");
  for (int id = 0; id < 10; ++id) put("books", id, R"({"year": )" + std::to_string(id) + "}");
  send("POST", "/books/_refresh");
  EXPECT_EQ(send("POST", "/books/_delete_by_query").status, 400) << "a query is needed";
  const RestResponse deleted =
      send("POST", "/books/_delete_by_query?refresh&scroll_size=2&max_docs=3",
           R"({"query": {"range": {"year": {"lt": 5}}}})");
  EXPECT_EQ(at(deleted, "deleted"), "3");
  EXPECT_EQ(at(deleted, "batches"), "2");
  EXPECT_EQ(at(send("GET", "/books/_count"), "count"), "7");
  // One that was written since it could be found is not written over.
  put("books", 9, R"({"year": 90})");
  const RestResponse conflict = send("POST", "/books/_update_by_query");
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(at(conflict, "version_conflicts"), "1");
  EXPECT_TRUE(at(conflict, "failures").contains("version_conflict_engine_exception"));
  put("books", 9, R"({"year": 91})");
  EXPECT_EQ(send("POST", "/books/_update_by_query?conflicts=proceed").status, 200);
}

TEST_F(SearchApiTest, CopiesDocumentsWithTheirRouting) {
  put("books", 1, R"({"a": 1, "b": 2})", "?routing=x");
  put("books", 2, R"({"a": 2})");
  send("POST", "/books/_refresh");
  const RestResponse copied =
      send("POST", "/_reindex?refresh",
           R"({"source": {"index": "books", "_source": ["a"]}, "dest": {"index": "copies"}})");
  EXPECT_EQ(at(copied, "created"), "2");
  const RestResponse one = send("GET", "/copies/_doc/1?routing=x");
  EXPECT_EQ(at(one, "_routing"), "x");
  EXPECT_EQ(at(one, "_source"), R"({"a":1})");
  EXPECT_EQ(
      at(send("POST", "/_reindex", R"({"source": {"index": "books"}, "dest": {"index": "books"}})"),
         "error.type"),
      "action_request_validation_exception");
}

TEST_F(SearchApiTest, AnswersTasksLater) {
  put("books", 1, "{}");
  send("POST", "/books/_refresh");
  const RestResponse begun =
      send("POST", "/books/_update_by_query?wait_for_completion=false&refresh", "{}");
  const std::string task = at(begun, "task");
  const RestResponse done = send("GET", "/_tasks/" + task + "?wait_for_completion");
  EXPECT_EQ(at(done, "completed"), "true");
  EXPECT_EQ(at(done, "task.action"), "indices:data/write/update/byquery");
  EXPECT_EQ(at(done, "response.updated"), "1");
  EXPECT_EQ(send("GET", "/_tasks/" + task + "9").status, 404);
  EXPECT_EQ(send("GET", "/_tasks/nonsense").status, 400);
  EXPECT_EQ(send("POST", "/_tasks/" + task + "/_cancel").status, 404) << "it has ended";
}

TEST_F(SearchApiTest, FindsADocumentOnlyByARoutingToItsShard) {
  send("PUT", "/books", R"({"settings": {"number_of_shards": 5}})");
  put("books", 1, "{}", "?routing=5");
  EXPECT_EQ(send("GET", "/books/_doc/1?routing=5").status, 200);
  EXPECT_EQ(send("GET", "/books/_doc/1?routing=4").status, 404);
  EXPECT_EQ(send("DELETE", "/books/_doc/1?routing=4").status, 404);
  EXPECT_EQ(send("DELETE", "/books/_doc/1?routing=5").status, 200);
}

TEST_F(SearchApiTest, WritesThroughAnAliasWithItsRouting) {
  send("PUT", "/books", R"({"aliases": {"mine": {"routing": "me"}}})");
  put("mine", 1, "{}");
  EXPECT_EQ(at(send("GET", "/books/_doc/1?routing=me"), "_routing"), "me");
  EXPECT_EQ(at(send("PUT", "/mine/_doc/2?routing=you", "{}"), "error.reason"),
            "Alias [mine] has index routing associated with it [me], and was provided with "
            "routing value [you], rejecting operation");
}

TEST_F(SearchApiTest, SortsTablesByNumbers) {
  for (int id = 0; id < 10; ++id) put("many", id, "{}");
  for (int id = 0; id < 9; ++id) put("fewer", id, "{}");
  send("POST", "/_refresh");
  EXPECT_EQ(send("GET", "/_cat/indices?h=index,docs.count&s=docs.count").body,
            "fewer  9\nmany  10\n");
  EXPECT_EQ(send("GET", "/_cat/indices?h=i,dc&s=dc:desc&v").body, "i     dc\nmany  10\nfewer  9\n");
  EXPECT_EQ(send("GET", "/_cat/count?format=json&h=count").body, R"([{"count":"19"}])");
  EXPECT_TRUE(send("GET", "/_cat/shards?help").body.contains("| shard name\n"));
  EXPECT_TRUE(send("GET", "/_cat").body.contains("/_cat/segments/{index}\n"));
}

TEST_F(SearchApiTest, IsYellowWithCopiesThatNoNodeHas) {
  send("PUT", "/books", R"({"settings": {"number_of_replicas": 0}})");
  EXPECT_EQ(at(send("GET", "/_cluster/health"), "status"), "green");
  send("PUT", "/others");
  EXPECT_EQ(at(send("GET", "/_cluster/health"), "status"), "yellow");
  EXPECT_EQ(at(send("GET", "/_cluster/health?level=indices"), "indices.books.status"), "green");
  const RestResponse waited = send("GET", "/_cluster/health?wait_for_status=green");
  EXPECT_EQ(waited.status, 408);
  EXPECT_EQ(at(waited, "timed_out"), "true");
}

TEST_F(SearchApiTest, HeedsAndKeepsItsOwnSettings) {
  const RestResponse unknown =
      send("PUT", "/_cluster/settings", R"({"transient": {"search.guess": 1}})");
  EXPECT_EQ(at(unknown, "error.reason"), "transient setting [search.guess], not recognized");
  EXPECT_EQ(send("PUT", "/_cluster/settings",
                 R"({"persistent": {"action.auto_create_index": "false"},
                     "transient": {"search": {"max_buckets": 1}}})")
                .status,
            200);
  EXPECT_EQ(send("PUT", "/books/_doc/1", "{}").status, 404);
  send("PUT", "/books");
  for (int id = 0; id < 2; ++id) put("books", id, R"({"n": )" + std::to_string(id) + "}");
  send("POST", "/_refresh");
  const std::string search = R"({"aggs": {"a": {"terms": {"field": "n"}}}})";
  EXPECT_EQ(send("POST", "/books/_search", search).status, 503);
  reopen();
  const RestResponse kept = send("GET", "/_cluster/settings?flat_settings");
  EXPECT_EQ(at(kept, "persistent"), R"({"action.auto_create_index":"false"})");
  EXPECT_EQ(at(kept, "transient"), "{}");
  EXPECT_EQ(send("POST", "/books/_search", search).status, 200);
}

TEST_F(SearchApiTest, CountsWhatWasAskedOfAnIndex) {
  put("books", 1, "{}");
  send("GET", "/books/_doc/1");
  send("POST", "/books/_flush");
  send("POST", "/books/_refresh");
  send("GET", "/books/_search");
  const RestResponse stats = send("GET", "/books/_stats");
  EXPECT_EQ(at(stats, "indices.books.primaries.docs.count"), "1");
  EXPECT_EQ(at(stats, "indices.books.primaries.indexing.index_total"), "1");
  EXPECT_EQ(at(stats, "_all.total.get.total"), "1");
  EXPECT_EQ(at(stats, "_all.total.flush.total"), "1");
  EXPECT_EQ(at(stats, "_all.total.search.query_total"), "1");
  EXPECT_EQ(at(send("GET", "/books/_stats/docs"), "_all.total.store"), "none");
  EXPECT_EQ(send("GET", "/_stats/nonsense").status, 400);
  EXPECT_TRUE(at(send("GET", "/books/_segments"), "indices.books.shards").contains("num_docs"));
}

}  // namespace
}  // namespace hornbeam::site
