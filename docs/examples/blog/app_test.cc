#include "docs/examples/blog/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/testing.h"

namespace blog {
namespace {

namespace web = hornbeam::web;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// [fixture]
/// A blog in memory, new for each test.
class BlogTest : public testing::Test {
 protected:
  static web::Config config() {
    web::Config made;
    made.set("database.url", R"("sqlite://")", "test");
    return made;
  }
  BlogTest() : blog_(config()) {
    blog_.app.settings().session.secret_key = "only for tests, only for tests";
  }
  void register_as(web::TestClient& client, const std::string& email) {
    client
        .post("/register", web::with_form({{"email", email}, {"password", "a long password"}}),
              web::follow_redirects())
        .expect_body_contains("Welcome!")
        .expect_body_contains(email);
  }
  Blog blog_;
};
// [/fixture]

// [test]
TEST_F(BlogTest, AWriterRegistersWritesAndChanges) {
  web::TestClient ada(blog_.app);
  ada.get("/").expect_body_contains("Nobody has written anything yet.");
  register_as(ada, "ada@example.org");
  ada.post("/create", web::with_form({{"title", "On <gardens>"}, {"body", "They grow."}}),
           web::follow_redirects())
      .expect_body_contains("On &lt;gardens&gt;")
      .expect_body_contains("by ada on");
  ada.get("/1/update").expect_body_contains(R"(value="On &lt;gardens&gt;")");
  ada.post("/1/update", web::with_form({{"title", "On bees"}, {"body", "They hum."}}),
           web::follow_redirects())
      .expect_body_contains("On bees");
  ada.post("/1/delete", web::follow_redirects()).expect_body_contains("Nobody has written");
}
// [/test]

// [others]
TEST_F(BlogTest, OthersCannotChangeAPost) {
  web::TestClient ada(blog_.app);
  register_as(ada, "ada@example.org");
  ada.post("/create", web::with_form({{"title", "Mine"}, {"body", "Mine."}}));
  web::TestClient bob(blog_.app);
  register_as(bob, "bob@example.org");
  bob.get("/1/update").expect_status(403);
  bob.post("/1/update", web::with_form({{"title", "x"}, {"body", "x"}})).expect_status(403);
  bob.post("/1/delete").expect_status(403);
  bob.get("/2/update").expect_status(404);
  EXPECT_THAT(bob.get("/").body(), AllOf(HasSubstr("Mine."), Not(HasSubstr("Edit"))));
}
// [/others]

TEST_F(BlogTest, WhoIsNotLoggedInIsSentToTheLogin) {
  web::TestClient client(blog_.app);
  client.get("/create", web::with_header("Accept", "text/html"))
      .expect_status(302)
      .expect_header("location", "/login?next=%2Fcreate");
}

TEST_F(BlogTest, AWrongFormIsShownAgainWithWhatIsWrong) {
  web::TestClient client(blog_.app);
  register_as(client, "ada@example.org");
  client.post("/create", web::with_form({{"title", ""}, {"body", "kept <text>"}}))
      .expect_status(422)
      .expect_body_contains("aria-invalid")
      .expect_body_contains("kept &lt;text&gt;");
  client.post("/logout");
  client
      .post("/register",
            web::with_form({{"email", "ADA@example.org"}, {"password", "a long password"}}))
      .expect_status(422)
      .expect_body_contains("there is an account");
  client
      .post("/login", web::with_form({{"email", "ada@example.org"}, {"password", "not hers, no"}}))
      .expect_status(422)
      .expect_body_contains("is wrong");
}

// [token]
TEST_F(BlogTest, AFormWithoutItsTokenIsRefused) {
  web::TestClient browser(blog_.app, {.checks_csrf = true});
  const std::string page = browser.get("/register").body();
  const std::string mark = R"(name="csrf_token" value=")";
  const std::size_t begin = page.find(mark) + mark.size();
  const std::string token = page.substr(begin, page.find('"', begin) - begin);
  browser
      .post("/register",
            web::with_form({{"email", "ada@example.org"}, {"password", "a long password"}}))
      .expect_status(403);
  browser
      .post("/register", web::with_form({{"email", "ada@example.org"},
                                         {"password", "a long password"},
                                         {"csrf_token", token}}))
      .expect_status(303);
}
// [/token]

TEST_F(BlogTest, NobodySeesAnAddressOrAPassword) {
  web::TestClient ada(blog_.app);
  register_as(ada, "ada@example.org");
  ada.post("/create", web::with_form({{"title", "Mine"}, {"body", "Mine."}}));
  web::TestClient reader(blog_.app);
  EXPECT_THAT(reader.get("/").body(), AllOf(HasSubstr("by ada"), Not(HasSubstr("ada@"))));
  const std::string shown_again =
      reader.post("/register", web::with_form({{"email", "bob"}, {"password", "typed before"}}))
          .expect_status(422)
          .body();
  EXPECT_THAT(shown_again, AllOf(HasSubstr(R"(value="bob")"), Not(HasSubstr("typed before"))));
}

TEST_F(BlogTest, LoggingInLeadsBack) {
  web::TestClient client(blog_.app);
  register_as(client, "ada@example.org");
  client.post("/logout");
  client
      .post("/login?next=/create",
            web::with_form({{"email", "ada@example.org"}, {"password", "a long password"}}))
      .expect_status(303)
      .expect_header("location", "/create");
}

}  // namespace
}  // namespace blog
