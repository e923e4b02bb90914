// What may refuse a socket has its say before the handshake, so that a refusal is a response.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

struct Member {
  std::string name;
};

struct Ticket {
  std::string text;
};

}  // namespace

template <>
struct Extract<Ticket> {
  static base::Task<Ticket> from(const Request& request) {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    const auto given = request.find_query("ticket");
    if (!given) throw HttpError(403, "no ticket");
    co_return Ticket{std::string(*given)};
  }
};

namespace {

Task<void> greet(Socket<> socket, Ticket ticket) {
  socket.send("hello " + ticket.text);
  while (auto message = co_await socket.receive()) socket.send(ticket.text + ": " + *message);
}

std::string refusal_of(TestClient& client, const std::string& target) {
  try {
    client.socket(target);
  } catch (const TestFailure& refused) {
    return refused.what();
  }
  return "accepted";
}

TEST(SocketHandshake, IsRefusedByAnExtractorThatWaitsWithAResponse) {
  App app;
  app.socket("/chat", greet);
  TestClient client(app);
  EXPECT_THAT(refusal_of(client, "/chat"), testing::HasSubstr("403"));
  EXPECT_EQ(client.socket("/chat?ticket=blue").receive(), "hello blue");
}

TEST(SocketHandshake, IsRefusedByAHookOrProviderThatWaitsWithAResponse) {
  App app;
  app.provide([](const Request& request) -> Task<std::optional<Member>> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    const auto name = request.find_query("name");
    if (!name) co_return std::nullopt;
    co_return Member{std::string(*name)};
  });
  app.before_request([](const Request& request) -> Task<std::optional<Response>> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    if (request.find_query("gone")) co_return text("gone", 404);
    co_return std::nullopt;
  });
  app.socket("/", [](Socket<> socket, const Member& member) -> Task<void> {
    socket.send(member.name);
    co_await socket.receive();
  });
  TestClient client(app);
  EXPECT_THAT(refusal_of(client, "/?gone=1"), testing::HasSubstr("404"));
  EXPECT_THAT(refusal_of(client, "/"), testing::HasSubstr("401"));
  EXPECT_EQ(client.socket("/?name=ann").receive(), "ann");
}

TEST(SocketHandshake, CarriesTheSessionCookieAndWhatHooksAdd) {
  App app;
  app.settings().session.secret_key = "secret-key";
  app.after_request([](Response& response) { response.set_field("X-Seen", "1"); });
  app.socket("/", [](Socket<> socket, Session& session) -> Task<void> {
    co_await socket.receive();
    session.clear();  // Too late for a cookie, and harmless.
  });
  app.before_request([](const Request& request) {
    if (request.path() == "/") request.session().set("id", 7);
  });
  app.get("/id", [](const Session& session) { return session.contains("id") ? "known" : "new"; });
  TestClient client(app);
  client.socket("/");
  EXPECT_EQ(client.get("/id").expect_status(200).body(), "known");
}

TEST(SocketHandshake, RunsTeardownHooksAlsoWhenItFails) {
  App app;
  int ended = 0;
  app.teardown_request([&ended] { ++ended; });
  app.socket("/", [](Socket<> socket) -> Task<void> { co_await socket.receive(); });
  TestClient client(app);
  EXPECT_THROW(client.socket("/", with_header("Origin", "https://evil.org")), TestFailure);
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(client.get("/").status(), 426);
}

}  // namespace
}  // namespace hornbeam::web
