#include "hornbeam/web/access_log.h"

#include <gtest/gtest.h>

#include "hornbeam/base/log_capture.h"
#include "hornbeam/http/body.h"
#include "hornbeam/web.h"
#include "hornbeam/web/request_id.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

struct Line {
  std::string message;
  std::string method;
  std::string path;
  int status = 0;
  std::uint64_t bytes = 0;
  double seconds = -1;
  std::optional<std::string> route;
  std::optional<std::string> request_id;
  std::optional<std::string> trace_id;
  std::optional<std::string> span_id;
  std::optional<std::string> address;
  std::optional<std::string> user_agent;
};
constexpr auto describe(base::Type<Line>) {
  return base::fields(field("message", &Line::message), field("method", &Line::method),
                      field("path", &Line::path), field("status", &Line::status),
                      field("bytes", &Line::bytes), field("seconds", &Line::seconds),
                      field("route", &Line::route), field("request_id", &Line::request_id),
                      field("trace_id", &Line::trace_id), field("span_id", &Line::span_id),
                      field("address", &Line::address), field("user_agent", &Line::user_agent));
}

const std::string kParent = "00-12345678901234567890123456789012-1234567890123456-01";

App make_app(AccessLog log = {}) {
  App app;
  app.use(log);
  app.get("/posts/{id}", [](int id) { return "post " + std::to_string(id); });
  app.get("/later", []() -> Task<std::string> { co_return "later"; });
  app.get("/id", [](const Request& request) { return std::string(request.id()); });
  app.get("/fails", []() -> std::string { throw std::runtime_error("out of\nink"); });
  app.get("/stream", [] {
    return stream("text/plain", [](BodySink& sink) -> Task<void> {
      co_await sink.write("one ");
      co_await sink.write("two");
    });
  });
  app.socket("/ws", [](Socket<> socket) -> Task<void> {
    while (co_await socket.receive()) {
    }
  });
  return app;
}

/// The access line of the last request. Without the fields that every log line has.
Line line_of(const base::LogCapture& log) {
  const std::vector<std::string> lines = log.lines_with("\"message\":\"request\"");
  if (lines.empty()) throw std::runtime_error("no access line");
  const std::string& last = lines.back();
  auto line = base::from_json<Line>("{" + last.substr(last.find("\"message\"")));
  if (!line) throw std::runtime_error(last + ": " + line.error().message());
  return *line;
}

TEST(AccessLog, SaysWhatWasAskedAndAnswered) {
  App app = make_app();
  TestClient client(app);
  const base::LogCapture log;
  struct Case {
    const char* target;
    const char* path;
    const char* route;
    int status;
    std::uint64_t bytes;
  };
  for (const auto& [target, path, route, status, bytes] : {
           Case{"/posts/3?token=secret", "/posts/3", "/posts/{id}", 200, 6},
           Case{"/posts/%33", "/posts/%33", "/posts/{id}", 200, 6},
           Case{"/later", "/later", "/later", 200, 5},
           Case{"/stream", "/stream", "/stream", 200, 7},
       }) {
    const TestResponse response = client.get(target, with_header("user-agent", "curl"));
    const Line line = line_of(log);
    EXPECT_EQ(line.method, "GET");
    EXPECT_EQ(line.path, path);
    EXPECT_EQ(line.route.value_or(""), route);
    EXPECT_EQ(line.status, status);
    EXPECT_EQ(line.bytes, bytes);
    EXPECT_GE(line.seconds, 0);
    EXPECT_EQ(line.address, "127.0.0.1");
    EXPECT_EQ(line.request_id, response.find_header("x-request-id"));
    EXPECT_EQ(line.request_id->size(), 32U);
    EXPECT_FALSE(line.trace_id);
    EXPECT_FALSE(line.user_agent);
  }
  EXPECT_EQ(log.lines_with("\"message\":\"request\"").size(), 4U) << "one line for each";
  EXPECT_FALSE(log.contains("secret"));
}

TEST(AccessLog, SeesRequestsWithoutRouteAndSockets) {
  App app = make_app();
  TestClient client(app);
  const base::LogCapture log;
  client.get("/nowhere").expect_status(404);
  EXPECT_EQ(line_of(log).status, 404);
  EXPECT_FALSE(line_of(log).route);
  client.request(http::Method::kHead, "/posts/3").expect_status(200);
  EXPECT_EQ(line_of(log).bytes, 0U);
  client.del("/posts/3").expect_status(405);
  EXPECT_EQ(line_of(log).status, 405);
  auto socket = client.socket("/ws");
  EXPECT_EQ(line_of(log).status, 101);
  socket.close();
}

TEST(AccessLog, CannotBeForgedByWhatIsSent) {
  App app = make_app({.has_user_agent = true, .has_address = false});
  TestClient client(app);
  const base::LogCapture log;
  const std::string hostile = "x\",\"status\":999,\"a\":\"\xff\x1b[2J";
  client.get("/later", with_header("user-agent", hostile));
  ASSERT_EQ(log.lines().size(), 1U);
  EXPECT_EQ(line_of(log).status, 200);
  EXPECT_EQ(line_of(log).user_agent, "x\",\"status\":999,\"a\":\"\xef\xbf\xbd\x1b[2J");
  EXPECT_FALSE(line_of(log).address);
}

TEST(AccessLog, NamesTheClientsTrace) {
  App app = make_app();
  TestClient client(app);
  const base::LogCapture log;
  client.get("/later", with_header("traceparent", kParent));
  EXPECT_EQ(line_of(log).trace_id, "12345678901234567890123456789012");
  EXPECT_NE(line_of(log).span_id.value_or(""), "");
  EXPECT_NE(line_of(log).span_id, "1234567890123456");
}

TEST(RequestId, IsOnTheErrorsLineAndItsResponse) {
  App app;
  app.get("/fails", []() -> std::string { throw std::runtime_error("out of\nink"); });
  app.get("/fine", [] { return "fine"; });
  TestClient client(app, {.propagates_errors = false});
  const base::LogCapture log;
  const TestResponse response =
      client.get("/fails", with_header("traceparent", kParent)).expect_status(500);
  const std::string id = response.find_header("x-request-id").value_or("");
  EXPECT_EQ(id.size(), 32U);
  ASSERT_EQ(log.lines().size(), 1U);
  EXPECT_TRUE(log.contains("GET /fails: unhandled: out of\\nink"));
  EXPECT_TRUE(log.contains("\"request_id\":\"" + id + "\""));
  EXPECT_TRUE(log.contains("\"trace_id\":\"12345678901234567890123456789012\""));
  EXPECT_FALSE(client.get("/fine").find_header("x-request-id")) << "nobody asked for it";
}

TEST(RequestId, IsTakenFromTrustedProxiesOnly) {
  struct Case {
    bool is_trusted;
    std::vector<std::string> sent;
    bool is_taken;
  };
  for (const auto& [is_trusted, sent, is_taken] : {
           Case{false, {"abc"}, false},
           Case{true, {"abc"}, true},
           Case{true, {"A.b_c-9"}, true},
           Case{true, {std::string(64, 'a')}, true},
           Case{true, {std::string(65, 'a')}, false},
           Case{true, {"a b"}, false},
           Case{true, {"a\"b"}, false},
           Case{true, {""}, false},
           Case{true, {"abc", "def"}, false},
           Case{true, {}, false},
       }) {
    App app = make_app();
    app.settings().trusted_proxies.request_id = is_trusted;
    TestClient client(app);
    const base::LogCapture log;
    const TestResponse response = client.get("/id", [&sent](TestRequest& request) {
      for (const std::string& id : sent) request.fields.emplace_back("X-Request-Id", id);
    });
    EXPECT_EQ(!sent.empty() && response.body() == sent.front(), is_taken) << response;
    EXPECT_TRUE(is_request_id(response.body()));
    response.expect_header("X-Request-Id", response.body());
  }
}

}  // namespace
}  // namespace hornbeam::web
