#include "hornbeam/site/basic_auth.h"

#include <gtest/gtest.h>

#include "hornbeam/web/app.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::site {
namespace {

TEST(BasicAuth, KnowsWhoBringsTheRightToken) {
  const BasicAuth auth("here", "ada:0123456789abcdef bob:fedcba9876543210");
  web::App app;
  app.get("/", [&](const web::Request& request) -> web::Response {
    const auto user = auth.user(request);
    return user ? web::text(*user) : auth.challenge();
  });
  web::TestClient client(app);
  client.get("/").expect_status(401).expect_header("www-authenticate",
                                                   "Basic realm=\"here\", charset=\"UTF-8\"");
  // "ada:0123456789abcdef", "ada:0123456789abcdeg", "eve:0123456789abcdef", and what is none.
  const auto ask = [&](const std::string& value) {
    return client.get("/", web::with_header("Authorization", value));
  };
  ask("Basic YWRhOjAxMjM0NTY3ODlhYmNkZWY=").expect_body("ada");
  ask("basic YWRhOjAxMjM0NTY3ODlhYmNkZWY=").expect_body("ada");
  for (const auto* const bad :
       {"Basic YWRhOjAxMjM0NTY3ODlhYmNkZWc=", "Basic ZXZlOjAxMjM0NTY3ODlhYmNkZWY=", "Basic",
        "Basic !", "Bearer YWRh"}) {
    EXPECT_EQ(ask(bad).status(), 401) << bad;
  }
}

TEST(BasicAuth, RefusesTokensThatCanBeGuessed) {
  EXPECT_THROW(BasicAuth("here", "ada:short"), std::invalid_argument);
  EXPECT_THROW(BasicAuth("here", "ada"), std::invalid_argument);
  EXPECT_EQ(BasicAuth("here", "").challenge().status(), 403);
}

}  // namespace
}  // namespace hornbeam::site
