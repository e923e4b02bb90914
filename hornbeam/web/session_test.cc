#include "hornbeam/web/session.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

constexpr std::int64_t kThen = 1700000000;

SessionOptions flask_options() {
  SessionOptions options;
  options.secret_key = "secret-key";
  options.sha1_compatible = true;
  return options;
}

TEST(Session, ReadsTheCookieOfFlask) {
  const auto session =
      unsign_session("eyJ1c2VyX2lkIjo3LCJvcmciOiJhY21lIn0.ZVPxAA.jEiq1rXtX_uUwTVB1A6N97riV-M",
                     flask_options(), kThen);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->find<int>("user_id"), 7);
  EXPECT_EQ(session->find<std::string>("org"), "acme");
}

TEST(Session, SignsSoThatItCanReadAndNobodyCanChange) {
  SessionOptions options;
  options.secret_key = "0123456789abcdef";
  Session session;
  session.set("user_id", 7);
  const std::string cookie = sign_session(session, options, kThen);
  EXPECT_EQ(unsign_session(cookie, options, kThen)->find<int>("user_id"), 7);
  for (std::size_t i = 0; i < cookie.size(); ++i) {
    std::string changed = cookie;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(unsign_session(changed, options, kThen)) << changed;
  }
  EXPECT_FALSE(unsign_session("", options, kThen));
  EXPECT_FALSE(unsign_session("..", options, kThen));
}

TEST(Session, IsOldAfterItsLifetime) {
  SessionOptions options;
  options.secret_key = "0123456789abcdef";
  options.lifetime = std::chrono::seconds(100);
  Session session;
  session.set("a", 1);
  const std::string cookie = sign_session(session, options, kThen);
  EXPECT_TRUE(unsign_session(cookie, options, kThen + 100));
  EXPECT_FALSE(unsign_session(cookie, options, kThen + 101));
}

TEST(Session, FormerKeysVerifyAndTheCurrentOneSigns) {
  SessionOptions former;
  former.secret_key = "former-key-former-key";
  Session session;
  session.set("a", 1);
  const std::string cookie = sign_session(session, former, kThen);
  SessionOptions rotated;
  rotated.secret_key = "current-key-current-key";
  EXPECT_FALSE(unsign_session(cookie, rotated, kThen));
  rotated.fallback_keys = {former.secret_key};
  EXPECT_TRUE(unsign_session(cookie, rotated, kThen));
  EXPECT_NE(sign_session(session, rotated, kThen), cookie);
}

App make_login() {
  App app;
  app.settings().session.secret_key = "0123456789abcdef";
  app.post("/login/{name}",
           [](const std::string& name, Session& session) { session.set("user", name); });
  app.post("/logout", [](Session& session) { session.clear(); });
  app.get("/me", [](Session& session) { return session.find<std::string>("user"); });
  app.get("/plain", [] { return "plain"; });
  return app;
}

TEST(Session, TravelsInACookieThatScriptsAndOtherSitesDoNotGet) {
  App app = make_login();
  TestClient client(app);
  client.get("/me").expect_status(404).expect_header("Vary", "Accept, Cookie");
  const auto login = client.post("/login/ann");
  const std::string cookie = login.find_header("Set-Cookie").value_or("");
  EXPECT_NE(cookie.find("; Path=/; HttpOnly; SameSite=Lax"), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  client.get("/me").expect_body("ann");
  EXPECT_FALSE(client.get("/me").find_header("Set-Cookie")) << "unchanged, so not sent again";
  EXPECT_FALSE(client.get("/plain").find_header("Vary"));
  client.post("/logout").expect_status(204);
  EXPECT_FALSE(client.cookies().find("session"));
  client.get("/me").expect_status(404);
}

TEST(Session, WritingWithoutAKeyFailsLoudly) {
  App app;
  app.post("/", [](Session& session) { session.set("a", 1); });
  app.get("/", [](Session& session) { return session.empty() ? "empty" : "full"; });
  TestClient client(app, {.propagates_errors = false});
  client.get("/").expect_body("empty");
  client.post("/").expect_status(500);
}

}  // namespace
}  // namespace hornbeam::web
