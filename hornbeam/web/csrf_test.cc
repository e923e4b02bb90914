#include "hornbeam/web/csrf.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

const TestClientOptions kChecked{.checks_csrf = true};
const auto kForm = with_form({{"title", "Hello"}});

App make_app() {
  App app;
  app.settings().session.secret_key = "0123456789abcdef";
  app.get("/form", [](const Request& request) { return html(csrf_field(request)); });
  app.get("/token", [](const Request& request) { return csrf_token(request); });
  app.post("/posts", [] { return "saved"; });
  app.put("/posts", [] { return "replaced"; });
  app.post("/waits", []() -> Task<std::string> { co_return "saved"; });
  app.post("/stream", [](BodyStream body) -> Task<std::string> {
    while (co_await body.next()) {
    }
    co_return "taken";
  });
  app.post("/hook", [] { return "taken"; }).exempt_from_csrf();
  Blueprint api("api", "/api");
  api.exempt_from_csrf();
  api.post("/posts", [] { return "taken"; });
  app.mount(std::move(api));
  return app;
}

TEST(Csrf, AFormWithCookiesNeedsTheTokenOfItsSession) {
  App app = make_app();
  TestClient client(app, kChecked);
  client.post("/posts", kForm).expect_body("saved");  // Nobody is logged in: nothing to be had.
  const std::string token = client.get("/token").body();
  for (const char* path : {"/posts", "/waits"}) {
    SCOPED_TRACE(path);
    client.post(path, kForm).expect_status(403).expect_body_contains("Mend: go back, reload");
    client.post(path, with_form({{"csrf_token", "x"}})).expect_status(403);
    client.post(path, with_form({{"csrf_token", token}})).expect_body("saved");
    client.post(path, kForm, with_header("X-CSRF-Token", token)).expect_body("saved");
    client.post(path, kForm, with_header("X-CSRF-Token", "x")).expect_status(403);
  }
  client.put("/posts", kForm).expect_status(403);
}

TEST(Csrf, TheTokenOfAnotherSessionIsNoGood) {
  App app = make_app();
  TestClient attacker(app, kChecked);
  TestClient victim(app, kChecked);
  const std::string stolen = attacker.get("/token").body();
  const std::string own = victim.get("/token").body();
  victim.post("/posts", with_form({{"csrf_token", stolen}})).expect_status(403);
  victim.post("/posts", with_form({{"csrf_token", own}})).expect_status(200);
}

TEST(Csrf, TheTokenIsMaskedAnewEachTime) {
  App app = make_app();
  TestClient client(app, kChecked);
  const std::string first = client.get("/token").body();
  const std::string second = client.get("/token").body();
  EXPECT_NE(first, second);
  EXPECT_EQ(first.size(), 86U) << "512 bits: a mask and the masked token";
  client.post("/posts", with_form({{"csrf_token", first}})).expect_status(200);
  client.post("/posts", with_form({{"csrf_token", second}})).expect_status(200);
  client.get("/form").expect_body_contains("<input type=\"hidden\" name=\"csrf_token\" value=\"");
}

struct Case {
  const char* name;
  std::vector<std::pair<std::string, std::string>> fields;
  bool is_form;
  int status;
};

TEST(Csrf, AnotherSitesPageIsRefusedByWhatItsBrowserSays) {
  const std::vector<Case> cases{
      {"own page", {{"Sec-Fetch-Site", "same-origin"}}, false, 200},
      {"typed by the user", {{"Sec-Fetch-Site", "none"}}, false, 200},
      {"other site", {{"Sec-Fetch-Site", "cross-site"}}, false, 403},
      {"sibling domain", {{"Sec-Fetch-Site", "same-site"}}, false, 403},
      {"own origin", {{"Origin", "http://localhost"}}, false, 200},
      {"own origin behind a proxy", {{"Origin", "https://localhost"}}, false, 200},
      {"other origin", {{"Origin", "https://evil.example"}}, false, 403},
      {"no origin to speak of", {{"Origin", "null"}}, false, 403},
      {"other port", {{"Origin", "http://localhost:81"}}, false, 403},
      {"no browser", {}, false, 200},
      {"trusted", {{"Origin", "https://a.friend.example"}}, false, 200},
      {"trusted, said twice",
       {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://a.friend.example"}},
       false,
       200},
      {"untrusted parent", {{"Origin", "https://friend.example"}}, false, 403},
      // A login form of another site: there is no cookie yet, but there will be.
      {"other site's form, no cookie", {{"Sec-Fetch-Site", "cross-site"}}, true, 403},
      {"other origin's form, no cookie", {{"Origin", "https://evil.example"}}, true, 403},
      {"no browser's form, no cookie", {}, true, 200},
  };
  App app = make_app();
  app.settings().csrf.trusted_origins = {"https://*.friend.example"};
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    TestClient client(app, kChecked);
    const auto with_fields = [&each](TestRequest& request) {
      for (const auto& field : each.fields) request.fields.push_back(field);
      if (!each.is_form) request.fields.emplace_back("cookie", "a=b");
    };
    if (each.is_form) {
      client.post("/posts", kForm, with_fields).expect_status(each.status);
    } else {
      client.post("/posts", with_json("{}"), with_fields).expect_status(each.status);
    }
  }
}

TEST(Csrf, CredentialsThatBrowsersSendUnaskedCountAsCookies) {
  App app = make_app();
  TestClient client(app, kChecked);
  const auto foreign = with_header("Sec-Fetch-Site", "cross-site");
  client.post("/posts", with_json("{}"), foreign).expect_status(200);
  client.post("/posts", with_json("{}"), foreign, with_header("Authorization", "Bearer x"))
      .expect_status(200);
  client.post("/posts", with_json("{}"), foreign, with_header("Authorization", "Basic YTpi"))
      .expect_status(403);
}

TEST(Csrf, ExemptRoutesTakeWhatComes) {
  App app = make_app();
  TestClient client(app, kChecked);
  static_cast<void>(client.get("/token"));
  for (const char* path : {"/hook", "/api/posts"}) {
    client.post(path, kForm, with_header("Sec-Fetch-Site", "cross-site")).expect_body("taken");
  }
}

TEST(Csrf, AStreamedFormIsBelievedByItsBrowsersWord) {
  App app = make_app();
  TestClient client(app, kChecked);
  const std::string token = client.get("/token").body();
  client.post("/stream", kForm).expect_status(403);
  client.post("/stream", kForm, with_header("Sec-Fetch-Site", "same-origin")).expect_body("taken");
  client.post("/stream", kForm, with_header("X-CSRF-Token", token)).expect_body("taken");
}

TEST(Csrf, WithoutASecretKeyOnlyTheOriginIsChecked) {
  App app;
  app.post("/posts", [] { return "saved"; });
  TestClient client(app, kChecked);
  const auto cookie = with_header("Cookie", "a=b");
  client.post("/posts", kForm, cookie).expect_status(200);
  client.post("/posts", kForm, cookie, with_header("Origin", "http://evil.example"))
      .expect_status(403);
}

TEST(Csrf, CanBeSwitchedOffAndAnsweredByTheApplication) {
  App off = make_app();
  off.settings().csrf.is_on = false;
  TestClient(off, kChecked)
      .post("/posts", kForm, with_header("Origin", "http://evil.example"))
      .expect_status(200);

  App own = make_app();
  own.on_error<CsrfError>([](const CsrfError&) { return text("who sent you?", 403); });
  TestClient(own, kChecked)
      .post("/posts", kForm, with_header("Origin", "http://evil.example"))
      .expect_status(403)
      .expect_body("who sent you?");
}

TEST(Csrf, ABrowserIsShownAPageThatSaysWhatToDo) {
  App app = make_app();
  TestClient client(app, kChecked);
  static_cast<void>(client.get("/token"));
  client.post("/posts", kForm, with_header("Accept", "text/html"))
      .expect_status(403)
      .expect_body_contains("<h1>403 Forbidden</h1>")
      .expect_body_contains("reload the page and send the form again");
}

TEST(Csrf, AWrongTrustedOriginIsFoundBeforeAnythingIsServed) {
  App app;
  app.settings().csrf.trusted_origins = {"friend.example"};
  EXPECT_THROW(app.handler(), std::invalid_argument);
}

}  // namespace
}  // namespace hornbeam::web
