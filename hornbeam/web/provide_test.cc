#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {

struct ApiKey {
  std::string value;
};
template <>
struct Extract<ApiKey> {
  static base::Task<ApiKey> from(const Request& request) {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    const auto key = request.find_header("x-api-key");
    if (!key) throw unauthorized("send X-Api-Key");
    co_return ApiKey{std::string(*key)};
  }
};

struct Color {
  std::string name;
};
template <>
struct PathSegment<Color> {
  static constexpr int kWeight = 75;
  static std::optional<Color> parse(std::string_view text) {
    if (text == "red" || text == "blue") return Color{std::string(text)};
    return std::nullopt;
  }
};

struct Celsius {
  double degrees;
};
template <>
struct Respond<Celsius> {
  static Response from(Celsius value) { return text(std::to_string(value.degrees) + " C"); }
};

namespace {

struct User {
  std::string name;
};
struct Account {
  std::string owner;
};
struct Counter {
  int value = 0;
};

TEST(Provide, ComputesOncePerRequestWhatHandlersAndHooksTake) {
  App app;
  int calls = 0;
  app.provide([&calls](const Request& request) -> std::optional<User> {
    ++calls;
    const auto name = request.find_header("x-user");
    if (!name) return std::nullopt;
    return User{std::string(*name)};
  });
  app.provide<Account>([](const User& user) -> Task<Account> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    co_return Account{"account of " + user.name};
  });
  app.before_request([](const User* user) { static_cast<void>(user); });
  app.get("/me", [](const User& user) { return user.name; });
  app.get("/account", [](const Account& account, const User&) { return account.owner; });
  app.get("/maybe", [](const User* user) { return user != nullptr ? user->name : "nobody"; });
  TestClient client(app);
  client.get("/me").expect_status(401);
  client.get("/maybe").expect_body("nobody");
  calls = 0;
  client.get("/me", with_header("X-User", "ann")).expect_body("ann");
  EXPECT_EQ(calls, 1);
  client.get("/account", with_header("X-User", "ann")).expect_body("account of ann");
  client.get("/account").expect_status(401);
}

TEST(Provide, SharesWhatTheApplicationOwns) {
  Counter counter;
  App app;
  app.share(counter);
  app.post("/", [](Counter& shared) { return std::to_string(++shared.value); });
  TestClient client(app);
  client.post("/").expect_body("1");
  client.post("/").expect_body("2");
  EXPECT_EQ(counter.value, 2);
}

TEST(Provide, NamesTheHandlerThatTakesWhatNothingProvides) {
  App app;
  app.get("/me", [](const User& user) { return user.name; });
  try {
    app.handler();
    FAIL();
  } catch (const std::logic_error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("GET '/me' takes a"), std::string::npos) << message;
    EXPECT_NE(message.find("User, which nothing provides. Mend: app.provide"), std::string::npos)
        << message;
  }
}

TEST(Provide, RefusesACircle) {
  App app;
  app.provide([](const Account& account) { return User{account.owner}; });
  app.provide([](const User& user) { return Account{user.name}; });
  EXPECT_THROW(app.handler(), std::logic_error);
}

TEST(Extract, OnesOfTheUsersOwnMayWaitAndRefuse) {
  App app;
  app.get("/{id}", [](const ApiKey& key, int id) { return key.value + std::to_string(id); });
  TestClient client(app);
  client.get("/5").expect_status(401).expect_body_contains("send X-Api-Key");
  client.get("/5", with_header("X-Api-Key", "k")).expect_body("k5");
}

TEST(PathSegment, OfATypeOfTheUsersOwnPrefersTheStricterRoute) {
  App app;
  app.get("/{color}", [](const Color& color) { return "color " + color.name; });
  app.get("/{name}", [](const std::string& name) { return "name " + name; });
  TestClient client(app);
  client.get("/red").expect_body("color red");
  client.get("/ann").expect_body("name ann");
}

TEST(Respond, WithATypeOfTheUsersOwn) {
  App app;
  app.get("/", [] { return Celsius{21.5}; });
  TestClient client(app);
  client.get("/").expect_body_contains("21.5");
}

TEST(Respond, RedirectsStayOnThisSite) {
  EXPECT_EQ(local_location("/home?tab=1"), "/home?tab=1");
  for (const char* foreign : {"//evil", "/\\evil", "https://evil", "", "\\evil", "/a\r\nb"}) {
    EXPECT_EQ(local_location(foreign), "/") << foreign;
  }
  EXPECT_THROW(redirect("/a\r\nSet-Cookie: x"), std::invalid_argument);
}

TEST(Request, KeepsValuesForAsLongAsItLives) {
  App app;
  app.before_request([](const Request& request) { request.local<Counter>().value = 41; });
  app.get("/",
          [](const Request& request) { return std::to_string(++request.local<Counter>().value); });
  TestClient client(app);
  client.get("/").expect_body("42");
  client.get("/").expect_body("42");
}

TEST(Request, TellsWhatItIs) {
  App app;
  app.get("/a/{b}", [](const Request& request, const std::string&) {
    return std::string(request.path()) + "|" + request.url() + "|" + request.remote_address() +
           "|" + std::string(request.route_path()) + "|" +
           std::string(request.find_cookie("c").value_or("-"));
  });
  TestClient client(app);
  client.get("/a/x%20y?q=1", with_header("Cookie", "b=1; c=\"two\""))
      .expect_body("/a/x y|http://localhost/a/x%20y?q=1|127.0.0.1|/a/{b}|two");
}

TEST(BodyStream, TakesTheBodyAsItArrives) {
  App app;
  app.post("/",
           [](BodyStream body) -> Task<std::string> {
             std::size_t size = 0;
             while (auto piece = co_await body.next()) size += piece->size();
             co_return std::to_string(size);
           })
      .max_body(10);
  TestClient client(app);
  client.post("/", with_body("12345", "text/plain")).expect_body("5");
  client.post("/", with_body("12345678901", "text/plain")).expect_status(413);
}

TEST(Stream, WritesPieceByPiece) {
  App app;
  app.get("/", [] {
    return stream("text/csv", [](BodySink& sink) -> Task<void> {
      for (int i = 0; i < 3; ++i) co_await sink.write(std::to_string(i) + "\n");
    });
  });
  TestClient client(app);
  client.get("/").expect_body("0\n1\n2\n").expect_header("Content-Type", "text/csv");
}

TEST(Background, RunsUntilTheServerStops) {
  int rounds = 0;
  bool has_ended = false;
  App app;
  app.background("count", [&](Background background) -> Task<void> {
    while (co_await background.sleep_for(std::chrono::milliseconds(1))) ++rounds;
    has_ended = true;
  });
  app.get("/wait", [&]() -> Task<std::string> {
    while (rounds < 3) co_await base::sleep_for(std::chrono::milliseconds(1));
    co_return "three";
  });
  {
    TestClient client(app);
    client.start_background();
    client.get("/wait").expect_body("three");
  }
  EXPECT_TRUE(has_ended);
}

TEST(AfterResponse, RunsWhatNeedNotKeepTheClientWaiting) {
  bool is_done = false;
  auto work = [](bool& done) -> Task<void> {
    done = true;
    co_return;
  };
  App app;
  app.get("/", [&](const Request& request) {
    request.after_response("mail", work(is_done));
    return is_done ? "too early" : "answered";
  });
  TestClient client(app);
  client.get("/").expect_body("answered");
  client.settle();
  EXPECT_TRUE(is_done);
}

TEST(Command, TakesTypedArguments) {
  App app;
  std::string greeted;
  app.command("greet", "Greets", [&](const std::string& name, int times) {
    while (times-- > 0) greeted += name;
  });
  app.command("answer", "Answers", []() -> Task<int> { co_return 42; });
  EXPECT_EQ(app.commands()[0].usage, "<text> <number>");
  EXPECT_EQ(app.commands()[0].run({"ann", "2"}), 0);
  EXPECT_EQ(greeted, "annann");
  EXPECT_THROW(app.commands()[0].run({"ann", "two"}), std::invalid_argument);
  EXPECT_THROW(app.commands()[0].run({"ann"}), std::invalid_argument);
  EXPECT_EQ(app.commands()[1].run({}), 42);
}

}  // namespace
}  // namespace hornbeam::web
