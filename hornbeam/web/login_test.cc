#include "hornbeam/web/login.h"

#include <set>

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using namespace std::chrono_literals;

const PasswordOptions kCheap{.memory_bytes = std::size_t{1} << 20, .passes = 1};

struct Credentials {
  std::string name;
  std::string password;
  bool remember = false;
};
constexpr auto describe(base::Type<Credentials>) {
  return base::fields(base::field("name", &Credentials::name),
                      base::field("password", &Credentials::password),
                      base::field("remember", &Credentials::remember, base::or_default));
}

/// A site with users ann (1) and bob (2), whose clock stands until it is moved.
struct Site {
  explicit Site(const PasswordOptions& stored = kCheap) : login(store, options()) {
    store.add_account({.id = "1", .name = "ann", .password_hash = hash_password("annie", stored)});
    store.add_account({.id = "2", .name = "bob", .password_hash = hash_password("bobby", kCheap)});
    app.settings().session.secret_key = "0123456789abcdef";
    app.use(login);
    app.post("/login", [this](const Request& request, Form<Credentials> form) -> Task<Response> {
      const auto account =
          co_await login.log_in(request, form->name, form->password, form->remember);
      if (!account) co_return text("wrong", 401);
      co_return redirect(Login::next_location(request));
    });
    app.post("/logout",
             [this](const Request& request) -> Task<void> { co_await login.log_out(request); });
    app.post("/everywhere", [this](const Account& account) -> Task<void> {
      co_await login.log_out_everywhere(account.id);
    });
    app.get("/me", [](const Account& account) { return account.name; });
    app.get("/home", [](const Account* account) {
      return account != nullptr ? account->name : std::string("nobody");
    });
    app.get("/session", [](Session& session) { return session.to_json(); });
    app.post("/plant", [](Session& session) {
      session.set("_id", "planted");
      session.set("_csrf", "planted");
      session.set("cart", 3);
    });
    app.get("/id", [](Session& session) { return session.find<std::string>("_id"); });
  }

  LoginOptions options() {
    LoginOptions chosen;
    chosen.login_page = "/login";
    chosen.password = kCheap;
    chosen.guesses = 3;
    chosen.clock = [this] { return now; };
    return chosen;
  }

  static auto as(const std::string& name, const std::string& password,
                 const std::string& remember = "false") {
    return with_form({{"name", name}, {"password", password}, {"remember", remember}});
  }

  std::chrono::nanoseconds now = std::chrono::hours(500'000);
  MemoryUserStore store;
  Login login;
  App app;
};

TEST(Login, LetsInWhoKnowsThePasswordAndOutAgain) {
  Site site;
  TestClient client(site.app);
  client.get("/me").expect_status(401);
  client.get("/home").expect_body("nobody");
  client.post("/login", Site::as("ann", "wrong")).expect_status(401);
  client.post("/login", Site::as("zoe", "annie")).expect_status(401);
  client.post("/login", Site::as("ann", "annie")).expect_status(302).expect_header("Location", "/");
  client.get("/me").expect_body("ann");
  client.get("/home").expect_body("ann");
  client.post("/logout").expect_status(204);
  client.get("/me").expect_status(401);
}

TEST(Login, BrowsersAreSentToTheLoginPageAndBack) {
  Site site;
  TestClient client(site.app);
  const auto browser = with_header("Accept", "text/html,*/*;q=0.8");
  client.get("/me?tab=1", browser)
      .expect_status(302)
      .expect_header("Location", "/login?next=%2Fme%3Ftab%3D1");
  client.get("/me").expect_status(401);
  client.post("/login?next=%2Fme%3Ftab%3D1", Site::as("ann", "annie"))
      .expect_header("Location", "/me?tab=1");
}

TEST(Login, NextStaysOnThisSite) {
  Site site;
  TestClient client(site.app);
  for (const char* next : {"//evil.example", "/%5Cevil.example", "https://evil.example",
                           "javascript:alert(1)", "evil.example", "/%09/evil.example",
                           "%2F%2Fevil.example", "/a%0D%0AX:%20y", "%5C%5Cevil.example", ""}) {
    client.post(std::string("/login?next=") + next, Site::as("ann", "annie"))
        .expect_header("Location", "/");
  }
}

TEST(Login, RenewsTheSessionAgainstFixation) {
  Site site;
  TestClient client(site.app);
  client.post("/plant");
  client.post("/login", Site::as("ann", "annie")).expect_status(302);
  const std::string session = client.get("/session").body();
  EXPECT_FALSE(session.contains("planted")) << session;
  EXPECT_TRUE(session.contains("\"cart\":3")) << "what is harmless is kept: " << session;
  client.post("/login", Site::as("bob", "bobby")).expect_status(302);
  EXPECT_FALSE(client.get("/session").body().contains("cart")) << "another user's";
}

TEST(Login, EndsEverySessionOfAnAccountAtOnce) {
  Site site;
  TestClient one(site.app), two(site.app), other(site.app);
  one.post("/login", Site::as("ann", "annie", "true"));
  two.post("/login", Site::as("ann", "annie", "true"));
  other.post("/login", Site::as("bob", "bobby"));
  one.post("/everywhere").expect_status(204);
  for (TestClient* client : {&one, &two}) client->get("/me").expect_status(401);
  other.get("/me").expect_body("bob");
}

/// Ends the session and leaves the other cookies, as closing a browser does.
void close_browser(TestClient& client) {
  client.cookies().store("session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                         "localhost", "/", 1'700'000'000);
}

std::string remember_cookie(TestClient& client) {
  return client.cookies().find("remember").value_or("");
}

auto with_remembered(const std::string& value) {
  return with_header("Cookie", "remember=" + value);
}

TEST(Login, RemembersABrowserWithATokenThatChangesWithEachUse) {
  Site site;
  TestClient client(site.app);
  client.post("/login", Site::as("ann", "annie", "true"));
  const std::string first = remember_cookie(client);
  EXPECT_EQ(first.size(), 22U + 1 + 43) << first;
  close_browser(client);
  client.get("/me").expect_body("ann");
  const std::string second = remember_cookie(client);
  EXPECT_NE(first, second);
  EXPECT_EQ(first.substr(0, 22), second.substr(0, 22)) << "one series";
  const auto stored = client.wait(site.store.find_remembered(first.substr(0, 22)));
  ASSERT_TRUE(stored);
  EXPECT_FALSE(second.contains(stored->token_hash)) << "the store has no token";
  // A request that was under way with the token before.
  TestClient late(site.app);
  late.get("/me", with_remembered(first)).expect_body("ann");
}

TEST(Login, ATokenThatComesTwiceWasStolenAndEndsAllLogins) {
  Site site;
  TestClient client(site.app);
  client.post("/login", Site::as("ann", "annie", "true"));
  const std::string stolen = remember_cookie(client);
  TestClient thief(site.app);
  thief.get("/me", with_remembered(stolen)).expect_body("ann");
  site.now += 2min;
  close_browser(client);
  client.get("/me").expect_status(401);
  thief.get("/me").expect_status(401);
}

TEST(Login, ARememberedLoginEndsAndAnInventedOneIsNone) {
  Site site;
  TestClient client(site.app);
  client.post("/login", Site::as("ann", "annie", "true"));
  const std::string cookie = remember_cookie(client);
  TestClient other(site.app);
  for (const std::string& made_up :
       {std::string("x"), std::string("."), std::string("a.b"), cookie.substr(0, 23)}) {
    other.get("/home", with_remembered(made_up)).expect_body("nobody");
  }
  TestClient again(site.app);
  again.post("/login", Site::as("ann", "annie", "true"));
  const std::string good = remember_cookie(again);
  site.now += std::chrono::hours(24 * 32);
  other.get("/home", with_remembered(good)).expect_body("nobody");
}

TEST(Login, LoggingOutForgetsTheBrowser) {
  Site site;
  TestClient client(site.app);
  client.post("/login", Site::as("ann", "annie", "true"));
  const std::string cookie = remember_cookie(client);
  client.post("/logout");
  EXPECT_EQ(remember_cookie(client), "");
  TestClient(site.app).get("/home", with_remembered(cookie)).expect_body("nobody");
}

TEST(Login, GuessingIsThrottledForTheNameAndAddress) {
  Site site;
  TestClient client(site.app);
  for (int i = 0; i < 3; ++i) client.post("/login", Site::as("ann", "x")).expect_status(401);
  client.post("/login", Site::as("ann", "annie")).expect_status(429);
  client.post("/login", Site::as("bob", "bobby")).expect_status(302);
  site.now += 10min;
  client.post("/login", Site::as("ann", "annie")).expect_status(302);
}

TEST(Login, HashesAPasswordAnewWhenTheParametersRose) {
  Site site(PasswordOptions{.memory_bytes = std::size_t{64} << 10, .passes = 1});
  TestClient client(site.app);
  client.post("/login", Site::as("ann", "annie")).expect_status(302);
  const auto account = client.wait(site.store.find_account("1"));
  EXPECT_TRUE(account->password_hash.starts_with("$argon2id$v=19$m=1024,"))
      << account->password_hash;
  client.post("/login", Site::as("ann", "annie")).expect_status(302);
}

TEST(Login, IsRefusedWithoutASecretKey) {
  MemoryUserStore store;
  Login login(store);
  App app;
  app.use(login);
  try {
    app.handler();
    FAIL();
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("Mend: set secret_key"), std::string_view::npos);
  }
}

TEST(Attack, 02_SessionIdsAre128BitsThatNobodyCanGuess) {
  Site site;
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    TestClient client(site.app);
    client.post("/login", Site::as("bob", "bobby"));
    const std::string id = client.get("/id").body();
    EXPECT_EQ(id.size(), 22U) << "128 bits in base64";
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 20U);
}

}  // namespace
}  // namespace hornbeam::web
