// URLs of routes: by handle, Endpoint and name; and the paths that need more than a pattern:
// several paths of one handler, prefixes and hosts with parameters, typed parameters.

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

constexpr Endpoint<"admin.users.show", std::int64_t> kShowUser;

std::string failure_of(const std::function<std::string()>& build) {
  try {
    return "built " + build();
  } catch (const BuildError& error) {
    return error.what();
  }
}

TEST(UrlFor, BuildsByHandleEndpointAndName) {
  App app;
  const auto show =
      app.get("/users/{id}/{slug}", [](std::int64_t, const std::string&) { return "x"; })
          .name("show");
  Blueprint users("users", "/users");
  users.get("/{id}", [](std::int64_t id) { return std::to_string(id); }).name(kShowUser);
  users.get("/", [](const Request& request) { return url_for(request, ".show", {{"id", 3}}); });
  Blueprint admin("admin", "/admin");
  admin.mount(std::move(users));
  app.mount(std::move(admin));
  app.get("/links", [show](const Request& request) {
    return url_for(request, show, 7, "a b/ü") + " " + url_for(request, kShowUser, 8) + " " +
           url_for(request, "admin.users.show",
                   {{"id", 9}, {"tab", "x y"}, {"n", std::vector{1, 2}}}) +
           " " + url_for(request, show, 7, "s", UrlOptions{.anchor = "top", .external = true}) +
           " " +
           url_for(request, "show",
                   {{"id", 1},
                    {"slug", "s"},
                    {"_external", true},
                    {"_scheme", "https"},
                    {"_anchor", "x y"}});
  });
  TestClient client(app);
  client.get("/links").expect_body(
      "/users/7/a%20b/%C3%BC /admin/users/8 /admin/users/9?tab=x+y&n=1&n=2 "
      "http://localhost/users/7/s#top https://localhost/users/1/s#x%20y");
  client.get("/admin/users/").expect_body("/admin/users/3");
  EXPECT_EQ(url_for(app, show, 1, "x"), "/users/1/x");
  EXPECT_EQ(url_for(app, kShowUser, 1), "/admin/users/1");
}

TEST(UrlFor, SaysWhatIsMissingAndWhatIsNear) {
  App app;
  app.get("/users/{id}", [](int) { return "x"; }).name("users.show");
  auto build = [&](std::string_view name, const UrlValues& values) {
    return failure_of([&] { return url_for(app, name, values); });
  };
  EXPECT_EQ(build("users.shwo", {}),
            "could not build url for endpoint 'users.shwo'. Did you mean 'users.show' instead?");
  EXPECT_EQ(build("users.show", {{"tab", 1}}),
            "could not build url for endpoint 'users.show' with values ['tab']. Did you forget to "
            "specify values ['id']?");
  EXPECT_NE(build("users.show", {{"id", "seven"}}).find("'seven' is not a value"),
            std::string::npos);
  EXPECT_NE(failure_of([&] {
              return url_for(app, "users.show", {{"id", 1}, {"_external", true}});
            }).find("server_name"),
            std::string::npos);
  const std::vector<std::string> names{"id"};
  EXPECT_EQ(app.urls().check("users.show", names), std::nullopt);
  EXPECT_NE(app.urls().check("users.show", {}), std::nullopt);
  EXPECT_NE(app.urls().check("users", names), std::nullopt);
}

TEST(UrlFor, TheMapIsCheckedWhenTheApplicationStarts) {
  App app;
  app.at_start([](App& started) {
    if (auto trouble = started.urls().check("home", {})) throw std::logic_error(*trouble);
  });
  EXPECT_THROW(app.handler(), std::logic_error);
  App wrong;
  wrong.get("/{id}", [](std::int64_t) { return "x"; }).name(kShowUser);  // No blueprint around it.
  EXPECT_THROW(wrong.handler(), std::logic_error);
}

TEST(Routing, OneHandlerOnSeveralPaths) {
  App app;
  app.get("/users/page/{n}", [](int n) { return std::to_string(n); })
      .name("users")
      .also("/users/", {{"n", 1}})
      .alias("/users/page-{n}.html");
  // Other methods of the same paths change nothing.
  app.post("/users/", [] { return "added"; });
  TestClient client(app);
  client.get("/users/").expect_body("1");
  client.post("/users/").expect_body("added");
  client.get("/users/page/2").expect_body("2");
  client.get("/users/page/1?a=b").expect_status(308).expect_header("Location", "/users/?a=b");
  client.get("/users/page-3.html").expect_status(308).expect_header("Location", "/users/page/3");
  client.get("/users").expect_status(308).expect_header("Location", "/users/");
  EXPECT_EQ(url_for(app, "users", {{"n", 1}}), "/users/");
  EXPECT_EQ(url_for(app, "users", {{"n", 5}}), "/users/page/5");
  App wrong;
  wrong.get("/p/{n}", [](int) { return "x"; }).also("/p/{m}");
  EXPECT_THROW(wrong.handler(), std::invalid_argument);
}

TEST(Routing, PrefixesAndHostsHaveParameters) {
  App app;
  Blueprint projects("projects", "/orgs/{org}");
  projects.before_request([](PathValue<"org"> org) -> std::optional<Response> {
    if (*org == "closed") return text("closed", 403);
    return std::nullopt;
  });
  projects
      .get("/p/{id}",
           [](int id, PathValue<"org"> org, const Request& request) {
             return *org + std::to_string(id) + url_for(request, ".show", {{"id", id + 1}});
           })
      .name("show");
  app.mount(std::move(projects));
  Blueprint tenant("tenant");
  tenant.get("/p/{id}", [](int id, PathValue<"org"> org) { return *org + std::to_string(id); })
      .name("show");
  app.host("{org}.Example.org", std::move(tenant));
  Blueprint main("main");
  main.get("/p/{id}", [](int) { return "main"; });
  app.host("www.example.org", std::move(main));
  app.get("/", [](const Request& request) {
    return url_for(request, "tenant.show", {{"org", "acme"}, {"id", 1}});
  });
  TestClient client(app);
  client.get("/orgs/acme/p/7").expect_body("acme7/orgs/acme/p/8");
  client.get("/orgs/closed/p/7").expect_status(403);
  client.get("/orgs/acme/p/x").expect_status(404);
  client.get("/p/7").expect_status(404);
  client.get("/").expect_body("http://acme.example.org/p/1");
  TestClient acme(app, {.host = "ACME.example.org:8000"});
  acme.get("/p/7").expect_body("acme7");
  acme.get("/").expect_body("http://acme.example.org/p/1");
  TestClient www(app, {.host = "www.example.org"});
  www.get("/p/7").expect_body("main");
}

TEST(Routing, TypesSayWhatAPathTakes) {
  App app;
  app.get("/n/{n}", [](InRange<int, 5, 9> n) { return std::to_string(n); }).name("n");
  app.get("/n/{text}", [](const std::string& text) { return "text " + text; });
  app.get("/k/{kind}", [](AnyOf<"post", "page"> kind) { return std::string(kind); }).name("k");
  app.get("/k/{text}", [](const std::string& text) { return "text " + text; });
  app.get("/l/{code}", [](const SizedText<2>& code) { return code.value; });
  app.get("/d/{n}", [](FixedDigits<4> n) { return std::to_string(n); }).name("d");
  app.get("/u/{id}", [](Uuid id) { return id.to_string(); }).name("u");
  const auto ratio = app.get("/f/{x}", [](double x) { return std::to_string(x); }).name("f");
  TestClient client(app);
  client.get("/n/7").expect_body("7");
  client.get("/n/3").expect_status(404);  // As in Werkzeug: the range is no part of the match.
  client.get("/n/x").expect_body("text x");
  client.get("/k/post").expect_body("post");
  client.get("/k/other").expect_body("text other");
  client.get("/l/dé").expect_body("dé");
  client.get("/l/deu").expect_status(404);
  client.get("/d/0012").expect_body("12");
  client.get("/d/12").expect_status(404);
  client.get("/u/2B5B0911-fdcf-4dd2-921b-28ace88db8a0")
      .expect_body("2b5b0911-fdcf-4dd2-921b-28ace88db8a0");
  client.get("/u/2B5B0911-fdcf-4dd2-921b-28ace88db8ag").expect_status(404);
  EXPECT_EQ(url_for(app, "d", {{"n", 12}}), "/d/0012");
  EXPECT_EQ(url_for(app, ratio, 0.00001), "/f/0.00001");
  EXPECT_EQ(url_for(app, "f", {{"x", 2}}), "/f/2.0");
  EXPECT_THROW(url_for(app, "n", {{"n", 3}}), BuildError);
  EXPECT_THROW(url_for(app, "k", {{"kind", "other"}}), BuildError);
}

TEST(Routing, ASlashAtTheEndMayNotMatter) {
  App app;
  app.get("/a", [] { return "a"; }).any_slash();
  app.get("/b/", [] { return "b"; }).any_slash();
  TestClient client(app);
  for (const char* path : {"/a", "/a/"}) client.get(path).expect_body("a");
  for (const char* path : {"/b", "/b/"}) client.get(path).expect_body("b");
}

}  // namespace
}  // namespace hornbeam::web
