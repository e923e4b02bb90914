#include "hornbeam/web/internal/router.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/internal/name_table.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

App make_app() {
  App app;
  app.get("/", [] { return "root"; });
  app.get("/users/me", [] { return "me"; });
  app.get("/users/{id}", [](std::uint32_t id) { return "id " + std::to_string(id); });
  app.get("/users/{name}", [](const std::string& name) { return "name " + name; });
  app.get("/ratio/{value}", [](double value) { return std::to_string(value).substr(0, 3); });
  app.get("/v{major}.{minor}",
          [](int major, int minor) { return std::to_string(major) + "-" + std::to_string(minor); });
  app.get("/folder/", [] { return "folder"; });
  app.post("/posted", [] { return "posted"; });
  app.get("/both", [] { return "got"; });
  app.post("/both", [] { return "posted"; });
  app.get("/files/{path:path}/edit", [](const std::string& path) { return "edit " + path; });
  app.get("/files/{path:path}", [](const std::string& path) { return "file " + path; });
  app.get("/wild/{x}/end", [](const std::string& x) { return "wild " + x; });
  app.get("/wild/special/other", [] { return "special"; });
  return app;
}

TEST(Router, PrefersLiteralsThenNumbersThenText) {
  App app = make_app();
  TestClient client(app);
  client.get("/users/me").expect_body("me");
  client.get("/users/7").expect_body("id 7");
  client.get("/users/007").expect_body("id 7");
  client.get("/users/-7").expect_body("name -7");
  client.get("/users/99999999999").expect_body("name 99999999999");
  client.get("/users/ann").expect_body("name ann");
  client.get("/users/").expect_status(404);
  client.get("/ratio/1.5").expect_body("1.5");
  client.get("/ratio/1").expect_status(404);
  client.get("/v1.20").expect_body("1-20");
  client.get("/v1.x").expect_status(404);
}

TEST(Router, ManyWaysToFailAreSoonOver) {
  App app;
  app.get("/{a}-{b}-{c}-{d}.zip", [](const std::string& a, const std::string&, const std::string&,
                                     const std::string&) { return a; });
  TestClient client(app);
  client.get("/a-b-c-d.zip").expect_body("a");
  // Some 10^12 ways to take it apart, none of which fits.
  client.get("/" + std::string(2000, '-') + ".zap").expect_status(404);
  client.get("/" + std::string(2000, 'x') + "-y-.zip").expect_status(404);
}

TEST(NameTable, NamesThatDifferAtTheirEndAreSpread) {
  for (const std::string begin : {"resource", "/api/v1/page", "x"}) {
    std::set<std::uint64_t> places;
    for (int i = 10; i < 50; ++i) places.insert(hash_name(begin + std::to_string(i)) & 127U);
    EXPECT_GT(places.size(), 25U) << begin;
  }
}

TEST(NameTable, FindsWhatWasSetLast) {
  NameTable<const int*> table;
  const std::array<int, 2> values{};
  EXPECT_EQ(table.find(""), nullptr);
  for (int i = 0; i < 1000; ++i) table.set("name" + std::to_string(i), values.data());
  table.set("", values.data());
  table.set("name7", &values[1]);
  EXPECT_EQ(table.find(""), values.data());
  EXPECT_EQ(table.find("name7"), &values[1]);
  EXPECT_EQ(table.find("name999"), values.data());
  EXPECT_EQ(table.find("name1000"), nullptr);
  EXPECT_EQ(table.find("nam"), nullptr);
}

TEST(Router, AShortcutIsNoOtherWay) {
  App app;
  app.get("/{name}", [](const std::string& name) { return "name " + name; });
  app.get("/a/{x}/c/d", [](const std::string& x) { return "deep " + x; });
  app.get("/a/b/{y}", [](const std::string& y) { return "near " + y; });
  app.get("/a/b/last/", [] { return "last"; });
  app.get("/{x}/{y}/c/d/{z}/f/g", [](const std::string& x, const std::string&,
                                     const std::string& z) { return "long " + x + z; });
  TestClient client(app);
  client.get("/a").expect_body("name a");
  client.get("/a/b/c").expect_body("near c");
  client.get("/a/b/c/d").expect_body("deep b");
  client.get("/a/b/c/d/e/f/g").expect_body("long ae");
  client.get("/a/b/last").expect_status(308);
  client.get("/a//c/d").expect_status(404);
  client.get("/a/b/" + std::string(8000, '/')).expect_status(404);
}

TEST(Router, ComesBackFromALiteralThatLeadsNowhere) {
  App app = make_app();
  TestClient client(app);
  client.get("/wild/special/end").expect_body("wild special");
  client.get("/wild/special/other").expect_body("special");
}

TEST(Router, APathTakesSlashesAndLeavesWhatFollows) {
  App app = make_app();
  TestClient client(app);
  client.get("/files/a/b.txt").expect_body("file a/b.txt");
  client.get("/files/a/b/edit").expect_body("edit a/b");
  client.get("/files/edit").expect_body("file edit");
  client.get("/files/a/").expect_body("file a/");
  client.get("/files/").expect_status(404);
}

TEST(Router, RedirectsToTheSlashAndKeepsTheQuery) {
  App app = make_app();
  TestClient client(app);
  client.get("/folder?a=1&b=%20")
      .expect_status(308)
      .expect_header("Location", "/folder/?a=1&b=%20");
  client.get("/folder/").expect_body("folder");
  client.get("/both/").expect_status(404);
}

TEST(Router, MergesSlashesAndNeverNamesAnotherHost) {
  App app = make_app();
  TestClient client(app);
  client.get("/users//me").expect_status(308).expect_header("Location", "/users/me");
  client.get("//users/me?x=1").expect_status(308).expect_header("Location", "/users/me?x=1");
  client.get("//folder").expect_status(308).expect_header("Location", "/folder/");
  client.get("//evil.example/..").expect_status(404);
  App any;
  any.get("/{first}/", [](const std::string&) { return "x"; });
  any.get("/{first}/{rest:path}", [](const std::string&, const std::string&) { return "y"; });
  TestClient other(any);
  for (const char* path : {"//evil.example", "///evil.example", "/%2fevil.example",
                           "//evil.example/%2e%2e", "/\\evil.example", "/%5Cevil.example"}) {
    const std::string location = other.get(path).find_header("Location").value_or("/");
    EXPECT_FALSE(location.starts_with("//")) << path << " led to " << location;
    EXPECT_EQ(location.find('\\'), std::string::npos) << path << " led to " << location;
  }
}

TEST(Router, AnswersHeadAndOptionsByItself) {
  App app = make_app();
  TestClient client(app);
  client.request(http::Method::kHead, "/users/me").expect_status(200).expect_body("");
  client.request(http::Method::kOptions, "/both")
      .expect_status(200)
      .expect_header("Allow", "GET, HEAD, POST, OPTIONS");
  client.request(http::Method::kDelete, "/both")
      .expect_status(405)
      .expect_header("Allow", "GET, HEAD, POST, OPTIONS");
  client.get("/posted").expect_status(405).expect_header("Allow", "POST, OPTIONS");
  client.request(http::Method::kOptions, "/none").expect_status(404);
}

TEST(Router, DecodesBeforeItMatches) {
  App app = make_app();
  TestClient client(app);
  client.get("/users/%6de").expect_body("me");
  client.get("/users%2Fme").expect_body("me");
  client.get("/users/a%00b").expect_status(404);
  client.get("/users/%FF").expect_status(404);
  client.get("/users/%zz").expect_body("name %zz");
}

TEST(Router, FindsEachOfManyRoutes) {
  Router router;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    router.add(Rule{.pattern = "/r" + std::to_string(i) + "/{x}",
                    .types = {segment_type<int>()},
                    .methods = http::Method::kGet},
               i);
  }
  PathArguments arguments;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const auto match =
        router.match("/r" + std::to_string(i) + "/5", http::Method::kGet, false, arguments);
    ASSERT_EQ(match.kind, RouteMatch::Kind::kFound);
    ASSERT_EQ(match.route, i);
  }
}

}  // namespace
}  // namespace hornbeam::web
