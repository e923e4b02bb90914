// Attacks on applications, by their number in docs/design/security.md; those on the server alone
// are in hornbeam/http/attack_test.cc.

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

struct Anything {
  std::vector<std::string> a;
};
constexpr auto describe(base::Type<Anything>) {
  return base::fields(base::field("a", &Anything::a));
}

TEST(Attack, 12_ACompressedBodyIsNotInflatedPastAnyLimit) {
  App app;
  app.post("/", [](const Body<Anything>& body) { return base::to_json(body->a.size()); });
  TestClient client(app);
  const std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
  const auto response = client.post("/", with_body(gzip, "application/json"),
                                    with_header("Content-Encoding", "gzip"));
  EXPECT_GE(response.status(), 400);
  EXPECT_LT(response.status(), 500);
}

TEST(Attack, 13_LongPathsAndParametersExhaustNoStack) {
  App app;
  app.get("/{rest:path}", [](const std::string& rest) { return base::to_json(rest.size()); });
  app.post("/", [](const Request& request) { return request.content_type(); });
  TestClient client(app);
  client.get("/" + std::string(200'000, 'a')).expect_body("200000");
  client.post("/", with_body("x", "text/plain; filename*=" + std::string(200'000, '\'')))
      .expect_body("text/plain");
}

TEST(Attack, 14_AnEmptyForwardedFieldIsNothing) {
  App app;
  app.get("/", [](const Request& request) { return request.remote_address(); });
  app.settings().trusted_proxies = TrustedProxies::hops(1);
  for (const char* value : {"", " ", ",", ",,", "\"", ";", "[", "]", ":"}) {
    TestClient client(app);
    client
        .get("/", with_header("X-Forwarded-For", value), with_header("X-Forwarded-Host", value),
             with_header("X-Forwarded-Proto", value))
        .expect_body("127.0.0.1");
  }
  app.settings().trusted_proxies = {.forwarded = 1};
  for (const char* value : {"", ",", "for=", "for=\"", "for=\"[\"", "=;=", "for=\"\\"}) {
    TestClient(app).get("/", with_header("Forwarded", value)).expect_body("127.0.0.1");
  }
}

TEST(Attack, 17_DeepJsonIsRefused) {
  App app;
  app.post("/", [](const Body<Anything>&) { return "taken"; });
  TestClient client(app);
  for (const char* piece : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string bomb;
    for (int i = 0; i < 50'000; ++i) bomb += piece;
    client.post("/", with_json(bomb)).expect_status(400);
  }
}

TEST(Attack, 18_ManyNamesCostNoMoreThanTheirLength) {
  // Arguments are a list and JSON members are ordered: there is no hash to make collide.
  App app;
  app.post("/", [](const Request& request) { return base::to_json(request.form().size()); });
  std::string form;
  for (int i = 0; i < 50'000; ++i) form += "n" + std::to_string(i) + "=&";
  TestClient client(app);
  client.post("/", with_body(form, "application/x-www-form-urlencoded")).expect_status(200);
}

TEST(Attack, 30_TheHostFieldSteersNoRedirect) {
  App app;
  app.get("/slash/", [] { return "in"; });
  TestClient poisoned(app, {.host = "evil.example"});
  poisoned.get("/slash").expect_status(308).expect_header("Location", "/slash/");
  const auto doubled = poisoned.get("//evil.example/..");
  const std::string location = doubled.find_header("Location").value_or("");
  EXPECT_FALSE(location.starts_with("//")) << location;
  app.settings().trusted_hosts = {"example.org"};
  poisoned.get("/slash/").expect_status(400);
}

}  // namespace
}  // namespace hornbeam::web
