#include "hornbeam/web/cors.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

App make_app(CorsOptions options) {
  App app;
  app.use(Cors(std::move(options)));
  app.get("/api/posts", [] { return "posts"; });
  app.put("/api/posts", [] { return "put"; });
  app.get("/page", [] { return "page"; });
  return app;
}

const auto kFriend = with_header("Origin", "https://a.friend.example");
const auto kStranger = with_header("Origin", "https://friend.example.evil.org");

TEST(Cors, APageOnTheListMayReadAndIsNamed) {
  App app = make_app({.origins = {"https://*.friend.example"},
                      .paths = {"/api/"},
                      .exposed_headers = {"ETag"},
                      .allows_credentials = true});
  TestClient client(app);
  client.get("/api/posts", kFriend)
      .expect_header("Access-Control-Allow-Origin", "https://a.friend.example")
      .expect_header("Access-Control-Allow-Credentials", "true")
      .expect_header("Access-Control-Expose-Headers", "ETag")
      .expect_header("Vary", "Origin");
  for (const char* origin : {"https://friend.example", "http://a.friend.example", "null",
                             "https://afriend.example", "https://a.friend.example.evil.org"}) {
    const auto response = client.get("/api/posts", with_header("Origin", origin));
    EXPECT_FALSE(response.find_header("Access-Control-Allow-Origin")) << origin;
    response.expect_header("Vary", "Origin");
  }
  client.get("/api/posts").expect_header("Vary", "Origin");
  EXPECT_FALSE(client.get("/page", kFriend).find_header("Access-Control-Allow-Origin"));
}

TEST(Cors, APreflightIsAnsweredBeforeAnythingElse) {
  App app = make_app({.origins = {"https://*.friend.example"},
                      .methods = {http::Method::kGet, http::Method::kPut},
                      .request_headers = {"Content-Type", "X-CSRF-Token"}});
  bool ran = false;
  app.before_request([&ran] { ran = true; });
  TestClient client(app);
  const auto asks = with_header("Access-Control-Request-Method", "PUT");
  client.request(http::Method::kOptions, "/api/posts", kFriend, asks)
      .expect_status(204)
      .expect_header("Access-Control-Allow-Origin", "https://a.friend.example")
      .expect_header("Access-Control-Allow-Methods", "GET, PUT")
      .expect_header("Access-Control-Allow-Headers", "Content-Type, X-CSRF-Token")
      .expect_header("Access-Control-Max-Age", "600")
      .expect_header("Vary",
                     "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  const auto refused = client.request(http::Method::kOptions, "/api/posts", kStranger, asks);
  refused.expect_status(204);
  EXPECT_FALSE(refused.find_header("Access-Control-Allow-Origin"));
  EXPECT_FALSE(refused.find_header("Access-Control-Allow-Methods"));
  EXPECT_FALSE(ran);
  client.request(http::Method::kOptions, "/api/posts")
      .expect_header("Allow", "GET, HEAD, PUT, OPTIONS");
}

TEST(Cors, EveryoneMayReadWithoutCredentialsOnly) {
  App app = make_app({.origins = {"*"}});
  TestClient(app).get("/api/posts", kStranger).expect_header("Access-Control-Allow-Origin", "*");
  EXPECT_THROW(Cors({.origins = {"*"}, .allows_credentials = true}), std::invalid_argument);
  for (const char* origin : {"friend.example", "https://*", "https://a.*.example", "null"}) {
    EXPECT_THROW(Cors({.origins = {origin}}), std::invalid_argument) << origin;
  }
}

}  // namespace
}  // namespace hornbeam::web
