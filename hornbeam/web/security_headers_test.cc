#include "hornbeam/web/security_headers.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

App make_app() {
  App app;
  app.get("/", [] { return "plain"; });
  app.get("/waits", []() -> Task<std::string> { co_return "later"; });
  app.get("/fails", []() -> std::string { throw not_found("gone"); });
  app.get("/page", [](const Request& request) {
    const std::string nonce(csp_nonce(request));
    EXPECT_EQ(nonce, csp_nonce(request)) << "one for the whole request";
    return html("<script nonce=\"" + nonce + "\">1</script>");
  });
  app.get("/own", [](const Request& request) {
    Response response = text("own");
    response.set_field("content-security-policy", "default-src 'none'");
    response.set_field("Referrer-Policy", "");
    static_cast<void>(csp_nonce(request));
    return response;
  });
  app.get("/unchanged", [] { return Response(304); });
  app.static_files("/static", EmbeddedFiles{{"a.css", "body{}"}});
  return app;
}

void expect_all(const TestResponse& response) {
  response.expect_header("X-Content-Type-Options", "nosniff")
      .expect_header("Referrer-Policy", "same-origin")
      .expect_header("Cross-Origin-Opener-Policy", "same-origin");
  EXPECT_FALSE(response.find_header("Strict-Transport-Security")) << "only over TLS";
  for (const char* name : {"X-Content-Type-Options", "Content-Security-Policy"}) {
    EXPECT_EQ(response.find_headers(name).size(), 1U) << response;
  }
}

TEST(SecurityHeaders, AreOnEveryResponseByDefault) {
  App app = make_app();
  TestClient client(app);
  for (const char* path : {"/", "/waits", "/fails", "/static/a.css", "/none"}) {
    SCOPED_TRACE(path);
    const TestResponse response = client.get(path);
    expect_all(response);
    response.expect_header("Content-Security-Policy", kPolicy);
  }
  expect_all(client.post("/"));  // 405
}

TEST(SecurityHeaders, DoNotReplaceWhatAHandlerHasSet) {
  App app = make_app();
  TestClient client(app);
  const TestResponse response = client.get("/own");
  EXPECT_EQ(response.find_headers("Content-Security-Policy"),
            std::vector<std::string>{"default-src 'none'"});
  response.expect_header("Referrer-Policy", "").expect_header("X-Content-Type-Options", "nosniff");
}

TEST(SecurityHeaders, ThePolicyAllowsTheNonceOfItsOwnPageOnly) {
  App app = make_app();
  TestClient client(app);
  const TestResponse page = client.get("/page");
  const std::string body = page.body();
  const std::string nonce = body.substr(15, body.find('"', 15) - 15);
  EXPECT_EQ(nonce.size(), 22U) << "128 bits";
  const std::string policy = page.find_header("Content-Security-Policy").value_or("");
  EXPECT_TRUE(policy.contains("script-src 'self' 'nonce-" + nonce + "';")) << policy;
  EXPECT_TRUE(policy.contains("style-src 'self' 'nonce-" + nonce + "';")) << policy;
  expect_all(page);
  EXPECT_NE(client.get("/page").body(), body) << "another each time";
}

TEST(SecurityHeaders, AnErrorPageMayUseItsOwnStyle) {
  App app = make_app();
  TestClient client(app);
  const TestResponse page = client.get("/none", with_header("Accept", "text/html"));
  const std::size_t place = page.body().find("<style nonce=\"") + 14;
  const std::string nonce = page.body().substr(place, 22);
  EXPECT_TRUE(page.find_header("Content-Security-Policy")->contains("'nonce-" + nonce + "'"));
}

TEST(SecurityHeaders, AnUnchangedPageKeepsThePolicyItCameWith) {
  App app = make_app();
  TestClient client(app);
  const TestResponse response = client.get("/unchanged").expect_status(304);
  EXPECT_FALSE(response.find_header("Content-Security-Policy"));
  response.expect_header("X-Content-Type-Options", "nosniff");
}

TEST(SecurityHeaders, StrictTransportGoesOutOverTlsOnly) {
  App app = make_app();
  app.settings().trusted_proxies.scheme = 1;
  TestClient client(app);
  client.get("/", with_header("X-Forwarded-Proto", "https"))
      .expect_header("Strict-Transport-Security", "max-age=31536000");
  EXPECT_FALSE(client.get("/").find_header("Strict-Transport-Security"));
}

TEST(SecurityHeaders, AreSwitchedOneByOneOrAllAtOnce) {
  App some = make_app();
  some.settings().security_headers.content_security_policy = "";
  some.settings().security_headers.opener_policy = "";
  const TestResponse response = TestClient(some).get("/page");
  EXPECT_FALSE(response.find_header("Content-Security-Policy"));
  EXPECT_FALSE(response.find_header("Cross-Origin-Opener-Policy"));
  response.expect_header("X-Content-Type-Options", "nosniff");

  App none = make_app();
  none.settings().security_headers.is_on = false;
  EXPECT_FALSE(TestClient(none).get("/").find_header("X-Content-Type-Options"));

  App reports = make_app();
  reports.settings().security_headers.reports_only = true;
  const TestResponse reported = TestClient(reports).get("/");
  EXPECT_FALSE(reported.find_header("Content-Security-Policy"));
  reported.expect_header("Content-Security-Policy-Report-Only", kPolicy);
}

TEST(SecurityHeaders, AWrongValueIsFoundBeforeAnythingIsServed) {
  App app = make_app();
  app.settings().security_headers.referrer_policy = "a\r\nX-Injected: yes";
  EXPECT_THROW(app.handler(), std::invalid_argument);
}

}  // namespace
}  // namespace hornbeam::web
