#include "hornbeam/web/test_client.h"

#include <sstream>

#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_clock.h"

namespace chat {

struct Said {
  std::string text;
};
constexpr auto describe(hornbeam::Type<Said>) {
  return hornbeam::fields(hornbeam::field("text", &Said::text, hornbeam::length(1, 5)));
}
struct Heard {
  std::string by;
  std::string text;
};
constexpr auto describe(hornbeam::Type<Heard>) {
  return hornbeam::fields(hornbeam::field("by", &Heard::by), hornbeam::field("text", &Heard::text));
}

}  // namespace chat

namespace hornbeam::web {
namespace {

App make_moving() {
  App app;
  app.route({Method::kGet, Method::kPost, Method::kPut}, "/end", [](const Request& request) {
    return std::string(request.method_name()) + " " + std::string(request.body());
  });
  app.route({Method::kGet, Method::kPost, Method::kPut}, "/by/{code}",
            [](int code) { return redirect("/end", code); });
  app.get("/circle", [] { return redirect("/circle"); });
  app.get("/away", [] { return redirect("https://example.org/"); });
  app.get("/own", [] { return redirect("http://localhost/end"); });
  return app;
}

TEST(TestClient, FollowsRedirectsAsBrowsersDo) {
  struct Case {
    int code;
    const char* after_post;
    const char* after_put;
  };
  App app = make_moving();
  TestClient client(app);
  for (const auto& [code, after_post, after_put] :
       std::initializer_list<Case>{{301, "GET ", "PUT x"},
                                   {302, "GET ", "PUT x"},
                                   {303, "GET ", "GET "},
                                   {307, "POST x", "PUT x"},
                                   {308, "POST x", "PUT x"}}) {
    const std::string path = "/by/" + std::to_string(code);
    const auto body = with_body("x", "text/plain");
    const auto posted = client.post(path, body, follow_redirects());
    posted.expect_body(after_post);
    ASSERT_EQ(posted.history().size(), 1U);
    EXPECT_EQ(posted.history()[0].status(), code);
    client.put(path, body, follow_redirects()).expect_body(after_put);
    client.get(path).expect_status(code);
  }
  client.get("/own", follow_redirects()).expect_body("GET ");
  EXPECT_THROW(client.get("/circle", follow_redirects()), TestFailure);
  EXPECT_THROW(client.get("/away", follow_redirects()), TestFailure);
}

TEST(TestClient, AFailedExpectationShowsTheExchange) {
  App app;
  app.settings().security_headers.is_on = false;
  app.post("/posts", [](const Request&) { return status(201, "made"); });
  TestClient client(app);
  const auto response = client.post("/posts", with_json(R"({"a":1})"));
  try {
    response.expect_status(200);
    FAIL();
  } catch (const TestFailure& failure) {
    const std::string what = failure.what();
    EXPECT_EQ(what.substr(0, what.find(':')), __FILE__);
    EXPECT_EQ(what.substr(what.find(": ") + 2),
              "expected status 200 OK\n--- request\nPOST /posts\ncontent-type: application/json\n\n"
              "{\"a\":1}\n--- response\n201 Created\nContent-Type: text/plain; charset=utf-8\n\n"
              "made\n---");
  }
  std::ostringstream printed;
  printed << response;
  EXPECT_NE(printed.str().find("201 Created"), std::string::npos);
}

TEST(TestClient, KeepsCookiesByDomainAndPath) {
  App app;
  app.get("/set/{name}", [](const std::string& name) {
    Response response = text("set");
    response.add_field("Set-Cookie", Cookie{.name = name, .value = "1"}.to_string());
    response.add_field("Set-Cookie",
                       Cookie{.name = "deep", .value = "2", .path = "/a/b"}.to_string());
    response.add_field("Set-Cookie", "foreign=3; Domain=example.org");
    return response;
  });
  app.get("/drop/{name}", [](const std::string& name) {
    Response response = text("dropped");
    response.add_field("Set-Cookie", Cookie{.name = name, .value = "", .expires = 0}.to_string());
    return response;
  });
  app.get("/{rest:path}", [](const Request& request, const std::string&) {
    return std::string(request.find_header("cookie").value_or("none"));
  });
  TestClient client(app);
  client.get("/x").expect_body("none");
  client.get("/set/one");
  client.get("/x").expect_body("one=1");
  client.get("/a/b").expect_body("deep=2; one=1");
  client.get("/a/bc").expect_body("one=1");
  client.get("/a/b/c").expect_body("deep=2; one=1");
  client.get("/drop/one");
  client.get("/x").expect_body("none");
}

TEST(Cookie, CarriesOnlyWhatACookieCan) {
  EXPECT_THROW((Cookie{.name = "a b", .value = "1"}.to_string()), std::invalid_argument);
  EXPECT_THROW((Cookie{.name = "a", .value = "1;2"}.to_string()), std::invalid_argument);
  EXPECT_THROW((Cookie{.name = "a", .value = "1\r\nX: y"}.to_string()), std::invalid_argument);
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_FALSE(parse_http_date("yesterday"));
}

TEST(TestClient, TwoApplicationsLiveInOneProcess) {
  auto make = [](const std::string& word) {
    App app;
    app.settings().session.secret_key = word + "-0123456789abcdef";
    app.get("/", [word] { return word; });
    return app;
  };
  App first = make("first");
  App second = make("second");
  TestClient one(first);
  TestClient two(second);
  one.get("/").expect_body("first");
  two.get("/").expect_body("second");
  one.get("/").expect_body("first");
}

// ---- Sockets ----

App make_chat() {
  App app;
  app.socket("/chat/{room}",
             [](Socket<chat::Said, chat::Heard> socket, std::string room) -> Task<void> {
               while (auto said = co_await socket.receive()) {
                 socket.send(chat::Heard{room, said->text});
               }
             });
  return app;
}

TEST(Socket, SpeaksDescribedStructs) {
  App app = make_chat();
  TestClient client(app);
  auto socket = client.socket("/chat/blue");
  socket.send_json(chat::Said{"hi"});
  EXPECT_EQ(socket.receive_json<chat::Heard>().by, "blue");
  EXPECT_FALSE(socket.receive_now());
}

TEST(Socket, ClosesOnAMessageThatIsNotWhatItTakes) {
  App app = make_chat();
  TestClient client(app);
  for (const char* bad : {"no json", "{}", R"({"text":"too long"})"}) {
    auto socket = client.socket("/chat/blue");
    socket.send(bad);
    EXPECT_EQ(socket.wait_closed(), 1007) << bad;
    EXPECT_THROW(socket.receive(), TestFailure);
  }
  auto binary = client.socket("/chat/blue");
  binary.send_binary("\x01");
  EXPECT_EQ(binary.wait_closed(), 1003);
}

TEST(Socket, HandsBadMessagesToThoseWhoAsk) {
  App app;
  app.socket("/", [](Socket<chat::Said, std::string> socket) -> Task<void> {
    while (auto received = co_await socket.receive_checked()) {
      socket.send(*received ? (*received)->text : received->error().message());
    }
  });
  TestClient client(app);
  auto socket = client.socket("/");
  socket.send("{}");
  EXPECT_EQ(socket.receive(), "required key not provided @ data['text']");
  socket.send(R"({"text":"ok"})");
  EXPECT_EQ(socket.receive(), "ok");
}

TEST(Socket, EndsWhenTheClientGoes) {
  App app;
  bool has_ended = false;
  app.socket("/", [&has_ended](Socket<> socket) -> Task<void> {
    while (co_await socket.receive()) {
    }
    has_ended = true;
  });
  TestClient client(app);
  auto socket = client.socket("/");
  EXPECT_FALSE(has_ended);
  socket.close(1001);
  EXPECT_TRUE(has_ended);
}

TEST(Socket, IsRefusedBeforeTheHandshakeByHooksAndOrigins) {
  App app;
  Blueprint guarded("guarded", "/guarded");
  guarded.before_request([](const Request& request) -> std::optional<Response> {
    if (request.find_query("token") == "1") return std::nullopt;
    return text("no", 401);
  });
  guarded.socket("/", [](Socket<> socket) -> Task<void> {
    socket.send("in");
    co_return;
  });
  app.mount(std::move(guarded));
  app.socket("/open",
             [](Socket<> socket) -> Task<void> {
               socket.send("in");
               co_return;
             })
      .allow_origins({"https://*.example.org"});
  TestClient client(app);
  EXPECT_THROW(client.socket("/guarded/"), TestFailure);
  EXPECT_EQ(client.socket("/guarded/?token=1").receive(), "in");
  EXPECT_THROW(client.socket("/open", with_header("Origin", "https://evil.org")), TestFailure);
  EXPECT_EQ(client.socket("/open", with_header("Origin", "https://a.example.org")).receive(), "in");
  EXPECT_EQ(client.socket("/open", with_header("Origin", "http://localhost")).receive(), "in");
}

TEST(Socket, AnExceptionReachesTheTestAndClosesWith1011) {
  App app;
  app.socket("/", [](Socket<> socket) -> Task<void> {
    co_await socket.receive();
    throw std::runtime_error("on purpose");
  });
  TestClient client(app);
  auto socket = client.socket("/");
  socket.send("x");
  EXPECT_EQ(socket.wait_closed(), 1011);
  EXPECT_THROW(socket.receive(), std::runtime_error);
}

TEST(Socket, SharesItsPathWithAPage) {
  App app;
  app.get("/", [] { return "page"; });
  app.socket("/", [](Socket<> socket) -> Task<void> {
    socket.send("socket");
    co_return;
  });
  TestClient client(app);
  client.get("/").expect_body("page");
  EXPECT_EQ(client.socket("/").receive(), "socket");
}

TEST(TestClient, ReadsAndEditsTheSession) {
  App app;
  app.settings().session.secret_key = "0123456789abcdef";
  app.get("/who",
          [](Session& session) { return session.find<std::string>("name").value_or("nobody"); });
  app.post("/name", [](Session& session) {
    session.set("name", std::string("Bob"));
    return "";
  });
  TestClient client(app);
  client.get("/who").expect_body("nobody");
  client.edit_session([](Session& session) { session.set("name", std::string("Ada")); });
  client.get("/who").expect_body("Ada");
  client.post("/name");
  EXPECT_EQ(client.session().find<std::string>("name"), "Bob");
}

TEST(TestClient, SessionsEndByItsClock) {
  App app;
  TestClock clock;
  app.settings().session.secret_key = "0123456789abcdef";
  app.settings().session.clock = clock;
  app.get("/who", [](Session& session) { return session.contains("name") ? "known" : "nobody"; });
  TestClient client(app, {.clock = clock});
  client.edit_session([](Session& session) { session.set("name", 1); });
  clock.advance(std::chrono::hours(24 * 30));
  client.get("/who").expect_body("known");
  clock.advance(std::chrono::hours(24 * 2));
  client.get("/who").expect_body("nobody");
}

TEST(TestClient, SendsFiles) {
  App app;
  app.post("/files", [](const Request& request, const Uploads& files) {
    const Upload& file = files["file"];
    return std::string(request.form().find("title").value_or("")) + " " + file.filename() + " " +
           file.content_type() + " " + file.read();
  });
  TestClient client(app);
  client
      .post("/files",
            with_files({{"file", "a.txt", "text/plain", "some\r\nbytes"}}, {{"title", "T"}}))
      .expect_body("T a.txt text/plain some\r\nbytes");
}

TEST(TestClient, ReadsAStreamPieceByPiece) {
  App app;
  app.get("/count", [] {
    return stream("text/plain", [](http::BodySink& sink) -> Task<void> {
      for (int i = 0; co_await sink.write(std::to_string(i)); ++i) {
        co_await base::sleep_for(std::chrono::milliseconds(1));
      }
    });
  });
  TestClient client(app);
  TestStream counting = client.stream("/count");
  EXPECT_EQ(counting.status(), 200);
  EXPECT_EQ(counting.next(), "0");
  EXPECT_EQ(counting.next(), "1");
  counting.close();
}

TEST(TestClient, AStreamThatNobodyReadsWaits) {
  App app;
  app.get("/endless", [] {
    return stream("text/plain", [](http::BodySink& sink) -> Task<void> {
      while (co_await sink.write("more")) {
      }
    });
  });
  TestClient client(app);
  TestStream endless = client.stream("/endless");
  EXPECT_EQ(endless.next(), "more");
}

TEST(TestClient, AStreamEnds) {
  App app;
  app.get("/two", [] {
    return stream("text/plain", [](http::BodySink& sink) -> Task<void> {
      co_await sink.write("a");
      co_await sink.write("b");
    });
  });
  TestClient client(app);
  TestStream two = client.stream("/two");
  EXPECT_EQ(two.next(), "a");
  EXPECT_EQ(two.next(), "b");
  EXPECT_EQ(two.next(), std::nullopt);
}

TEST(TestClientDeathTest, WhatDoesNotEndWithTheClientFailsTheTest) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        App app;
        app.socket("/stuck", [](Socket<std::string> socket) -> Task<void> {
          while (true) {  // It never looks whether anybody is there.
            socket.send("still here");
            co_await base::sleep_for(std::chrono::milliseconds(10));
          }
        });
        TestClient client(app);
        client.socket("/stuck").receive();
      },
      "does not end with its client:\n  the conversation at /stuck");
}

}  // namespace
}  // namespace hornbeam::web
