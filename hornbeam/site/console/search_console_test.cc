#include "hornbeam/site/console/search_console.h"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/http/server.h"
#include "hornbeam/site/search_api/handlers.h"
#include "hornbeam/site/search_api/remote_index.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::site {
namespace {

namespace fs = std::filesystem;

using web::with_header;
using web::with_json;

/// A new one, gone after everything that is declared below it.
struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "search_console_test.XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }

  fs::path path;
};

class SearchConsoleTest : public testing::Test {
 protected:
  SearchConsoleTest() {
    app_.before_request([this](const web::Request& request) {
      request.local<ConsoleRights>().writes = may_write_;
    });
    app_.mount("/console", search_console(node_, pool_));
    client_.emplace(app_);
  }

  web::TestResponse run(std::string_view method, std::string_view path, std::string body = {}) {
    std::string target = fmt::format("/console/run?method={}&path={}", method, path);
    if (body.empty()) return client_->post(std::move(target));
    return client_->post(std::move(target), with_json(body));
  }
  /// The status of the index's own answer; 0 if it was not asked.
  static std::string status(const web::TestResponse& response) {
    return std::string(response.find_header("X-Search-Status").value_or("0"));
  }
  void fill() {
    may_write_ = true;
    run("PUT", "/plants/_doc/1?refresh=true", R"({"name": "Yew", "bed": 3})").expect_status(200);
    may_write_ = false;
  }

  bool may_write_ = false;

 private:
  const Folder folder_;
  search::Node node_{folder_.path};
  base::ThreadPool pool_{1};
  web::App app_;

 protected:
  std::optional<web::TestClient> client_;
};

TEST_F(SearchConsoleTest, ShowsItsPageAndEveryFileThatItNames) {
  const auto page = client_->get("/console/").expect_status(200);
  const std::string body(page.body());
  EXPECT_NE(body.find("<title>Query console</title>"), std::string::npos);
  EXPECT_NE(body.find("data-writes=\"no\""), std::string::npos);
  int named = 0;
  for (auto at = body.find("\"static/"); at != std::string::npos;
       at = body.find("\"static/", at + 1)) {
    const std::string name = body.substr(at + 1, body.find('"', at + 1) - at - 1);
    client_->get("/console/" + name).expect_status(200);
    ++named;
  }
  EXPECT_GE(named, 10);
}

TEST_F(SearchConsoleTest, LetsEveryoneRead) {
  fill();
  const auto found = run("GET", "/plants/_search", R"({"query": {"term": {"bed": 3}}})");
  EXPECT_EQ(status(found), "200");
  found.expect_body_contains(R"("name":"Yew")");
  for (const auto* const path : {"/", "/_cat/indices", "/plants/_mapping", "/plants/_doc/1",
                                 "/_cluster/health", "/plants/_count", "/plants/_stats"}) {
    EXPECT_EQ(status(run("GET", path)), "200") << path;
  }
}

TEST_F(SearchConsoleTest, GivesTheStatusOfTheIndexBesideItsOwn) {
  const auto missing = run("GET", "/nothing/_search").expect_status(200);
  EXPECT_EQ(status(missing), "404");
  missing.expect_body_contains("index_not_found_exception");
  // A slip of a reader is an error, not a matter of rights.
  EXPECT_EQ(status(run("GET", "/plants/_serach")), "400");
}

TEST_F(SearchConsoleTest, RefusesEveryChangeOfThoseWhoMayOnlyRead) {
  fill();
  constexpr std::pair<std::string_view, std::string_view> kChanges[] = {
      {"PUT", "/plants/_doc/1"},
      {"POST", "/plants/_doc"},
      {"DELETE", "/plants/_doc/1"},
      {"POST", "/_bulk"},
      {"PUT", "/plants/_bulk"},
      {"POST", "/plants/_update/1"},
      {"POST", "/plants/_delete_by_query"},
      {"POST", "/plants/_update_by_query"},
      {"POST", "/_reindex"},
      {"PUT", "/other"},
      {"DELETE", "/plants"},
      {"DELETE", "/*"},
      {"PUT", "/plants/_mapping"},
      {"PUT", "/plants/_settings"},
      {"POST", "/_aliases"},
      {"POST", "/plants/_close"},
      {"GET", "/plants/_refresh"},
      {"PUT", "/_cluster/settings"},
      {"PUT", "/_template/a"},
      // However it is written.
      {"PUT", "//plants///_doc/1"},
      {"PUT", "/plants/%5Fdoc/1/../../_doc/1"},
      {"PUT", "/plants/_doc/1%3Frefresh"},
      // And what holds memory.
      {"GET", "/plants/_search%3Fscroll=1m"},
      {"GET", "/_search/scroll/abc"},
  };
  for (const auto& [method, path] : kChanges) {
    const auto refused = run(method, path, "{}");
    const bool did_nothing = refused.status() == 403 || status(refused) == "400";
    EXPECT_TRUE(did_nothing) << method << ' ' << path << '\n' << refused;
    EXPECT_EQ(status(run("GET", "/plants/_doc/1")), "200") << method << ' ' << path;
  }
  run("PUT", "/plants/_doc/1", "{}").expect_status(403).expect_body_contains("right to write");
  run("GET", "/plants/_doc/1").expect_body_contains(R"("_version":1)");
}

TEST_F(SearchConsoleTest, EveryHandlerThatReadsIsOneOfTheList) {
  using search_handlers::only_reads;
  for (const search_handlers::RestRoute& route : search_handlers::routes()) {
    const bool is_put_or_delete = route.methods.find("GET") == std::string_view::npos &&
                                  route.methods.find("HEAD") == std::string_view::npos;
    if (is_put_or_delete) {
      EXPECT_FALSE(only_reads(route.handler)) << route.methods << ' ' << route.path;
    }
  }
}

TEST_F(SearchConsoleTest, LetsThoseWithTheRightWrite) {
  may_write_ = true;
  EXPECT_EQ(status(run("PUT", "/plants/_doc/1", R"({"name": "Yew"})")), "201");
  const auto bulk = client_->post(
      "/console/run?method=POST&path=/_bulk%3Frefresh=true",
      web::with_body("{\"index\":{\"_index\":\"plants\",\"_id\":\"2\"}}\n{\"name\":\"Elm\"}\n",
                     "application/x-ndjson"));
  EXPECT_EQ(status(bulk), "200");
  EXPECT_EQ(status(run("GET", "/plants/_doc/2")), "200");
  EXPECT_EQ(status(run("DELETE", "/plants")), "200");
}

TEST_F(SearchConsoleTest, AnswersProgramsAsTheIndexItselfDoes) {
  fill();
  client_->get("/console/rest/plants/_doc/1").expect_status(200).expect_body_contains("Yew");
  client_->get("/console/rest/plants/_doc/9").expect_status(404);
  client_->post("/console/rest/plants/_search?size=0", with_json("{}")).expect_status(200);
  client_->put("/console/rest/plants/_doc/1", with_json("{}")).expect_status(403);
  client_->del("/console/rest/plants").expect_status(403);
}

TEST_F(SearchConsoleTest, SaysWhatIsMissingInARequest) {
  client_->post("/console/run").expect_status(400);
  client_->post("/console/run?method=GET&path=_search").expect_status(400);
  EXPECT_EQ(status(run("TRACE", "/_search")), "405");
  EXPECT_EQ(status(run("GET", "/_search", "{\"query\": ")), "400");
}

TEST_F(SearchConsoleTest, TakesNoChangeFromAnotherSitesPage) {
  may_write_ = true;
  client_->get("/console/");
  client_
      ->post("/console/run?method=DELETE&path=/plants", with_header("Sec-Fetch-Site", "cross-site"),
             with_header("Cookie", "session=x"))
      .expect_status(403);
}

/// A cluster that says what it is asked.
class Echo final : public http::Handler {
 public:
  http::Reply handle(http::Request& request) override {
    return http::Response(404, "application/vnd.elasticsearch+json",
                          fmt::format(R"("{} {}?{} {}")", request.method_name(), request.path(),
                                      request.query(), request.body()));
  }
};

class RemoteConsoleTest : public testing::Test {
 protected:
  RemoteConsoleTest() {
    server_.start();
    app_.before_request([this](const web::Request& request) {
      request.local<ConsoleRights>().writes = may_write_;
    });
    const std::string url = fmt::format("http://127.0.0.1:{}", server_.port());
    app_.mount("/console", search_console(std::make_shared<RemoteIndex>(url), pool_));
    client_.emplace(app_);
  }
  static http::ServerOptions free_port() {
    http::ServerOptions options;
    options.port = 0;
    return options;
  }
  web::TestResponse run(std::string_view method, std::string_view path) {
    return client_->post(fmt::format("/console/run?method={}&path={}", method, path),
                         with_json("{}"));
  }

  bool may_write_ = false;
  Echo handler_;
  http::Server server_{free_port(), handler_};
  base::ThreadPool pool_{1};
  web::App app_;
  std::optional<web::TestClient> client_;
};

TEST_F(RemoteConsoleTest, HandsRequestsOnAsTheyAre) {
  const auto answer = run("POST", "/plants,beds/_search%3Fsize=1");
  EXPECT_EQ(answer.find_header("X-Search-Status"), "404");
  EXPECT_EQ(answer.find_header("Content-Type"), "application/json; charset=UTF-8");
  run("POST", "/plants/_search%3Fsize=1%26q=a%2520b%252F")
      .expect_body(R"("POST /plants/_search?size=1&q=a%20b%2F {}")");
  run("GET", "/plants/_doc/1%2525%20x%0D%0AHost:y").expect_body_contains("1%25%20x%0D%0AHost:y");
}

TEST_F(RemoteConsoleTest, RefusesReadersWhatItDoesNotKnowToBeReading) {
  for (const auto* const path : {"/plants", "/_security/user", "/_snapshot/a/b/_restore"}) {
    for (const auto* const method : {"PUT", "DELETE", "POST"}) run(method, path).expect_status(403);
  }
  run("GET", "/_security/user").expect_status(403);
  run("GET", "/_cat/indices").expect_status(200);
  may_write_ = true;
  EXPECT_EQ(run("GET", "/_security/user").find_header("X-Search-Status"), "404");
}

TEST_F(RemoteConsoleTest, RefusesPathsThatAProxyMightReadOtherwise) {
  may_write_ = true;
  for (const auto* const path : {"/a/_doc/..", "/a/_doc/%252e%252E", "/%255Fsecurity/_search"}) {
    EXPECT_EQ(run("GET", path).find_header("X-Search-Status"), "400") << path;
  }
}

TEST_F(RemoteConsoleTest, SaysThatTheClusterIsAway) {
  server_.stop();
  const auto answer = run("GET", "/_cat/indices");
  EXPECT_EQ(answer.find_header("X-Search-Status"), "502");
  answer.expect_body_contains("cluster_unavailable").expect_body_contains("cannot connect");
}

}  // namespace
}  // namespace hornbeam::site
