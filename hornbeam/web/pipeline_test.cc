// The order of hooks, error handlers and what they see, as Flask has it.

#include <gtest/gtest.h>

#include "hornbeam/base/sleep.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

struct Trace {
  std::string text;
  void add(std::string_view word) { text += std::string(word) + " "; }
};

Blueprint traced_blueprint(Trace& trace, const std::string& name) {
  Blueprint blueprint(name, "/" + name);
  for (const char* which : {"1", "2"}) {
    blueprint.before_request([&trace, word = name + ".before" + which] { trace.add(word); });
    blueprint.after_request(
        [&trace, word = name + ".after" + which](Response&) { trace.add(word); });
    blueprint.teardown_request([&trace, word = name + ".teardown" + which] { trace.add(word); });
  }
  return blueprint;
}

App traced_app(Trace& trace) {
  App app;
  for (const char* which : {"1", "2"}) {
    app.before_request([&trace, word = std::string("before") + which] { trace.add(word); });
    app.after_request(
        [&trace, word = std::string("after") + which](Response&) { trace.add(word); });
    app.teardown_request([&trace, word = std::string("teardown") + which] { trace.add(word); });
  }
  Blueprint outer = traced_blueprint(trace, "outer");
  Blueprint inner = traced_blueprint(trace, "inner");
  inner.get("/now", [&trace](const Request& request) {
    trace.add("view");
    request.after_this_request([&trace](Response&) { trace.add("after_this"); });
    return "now";
  });
  inner.get("/later", [&trace](const Request& request) -> Task<std::string> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    trace.add("view");
    request.after_this_request([&trace](Response&) { trace.add("after_this"); });
    co_return "later";
  });
  inner.get("/fails", []() -> std::string { throw std::runtime_error("on purpose"); });
  outer.mount(std::move(inner));
  app.mount(std::move(outer));
  return app;
}

constexpr std::string_view kBefore =
    "before1 before2 outer.before1 outer.before2 inner.before1 inner.before2 ";
constexpr std::string_view kAfter =
    "inner.after2 inner.after1 outer.after2 outer.after1 after2 after1 "
    "inner.teardown2 inner.teardown1 outer.teardown2 outer.teardown1 teardown2 teardown1 ";

TEST(Pipeline, RunsHooksInFlasksOrder) {
  for (const char* path : {"/outer/inner/now", "/outer/inner/later"}) {
    Trace trace;
    App app = traced_app(trace);
    TestClient client(app);
    client.get(path).expect_status(200);
    EXPECT_EQ(trace.text, std::string(kBefore) + "view after_this " + std::string(kAfter)) << path;
  }
}

TEST(Pipeline, AfterAndTeardownRunWhenAHandlerFails) {
  Trace trace;
  App app = traced_app(trace);
  TestClient client(app, {.propagates_errors = false});
  client.get("/outer/inner/fails").expect_status(500);
  EXPECT_EQ(trace.text, std::string(kBefore) + std::string(kAfter));
}

TEST(Pipeline, WithoutARouteOnlyTheApplicationsHooksRun) {
  Trace trace;
  App app = traced_app(trace);
  TestClient client(app);
  client.get("/outer/inner/none").expect_status(404);
  EXPECT_EQ(trace.text, "before1 before2 after2 after1 teardown2 teardown1 ");
}

TEST(Pipeline, TheFirstBeforeHookThatAnswersEndsTheRound) {
  Trace trace;
  App app;
  app.before_request([](const Request& request) -> std::optional<Response> {
    if (request.find_header("x-token")) return std::nullopt;
    return text("who are you?", 401);
  });
  app.before_request([&trace] { trace.add("second"); });
  app.get("/", [&trace] {
    trace.add("view");
    return "in";
  });
  TestClient client(app);
  client.get("/").expect_status(401).expect_body("who are you?");
  client.get("/none").expect_status(401);
  EXPECT_EQ(trace.text, "");
  client.get("/", with_header("X-Token", "1")).expect_body("in");
  EXPECT_EQ(trace.text, "second view ");
}

TEST(Pipeline, AnAfterHookChangesOrReplacesTheResponse) {
  App app;
  app.after_request([](Response& response) { response.set_field("X-Seen", "yes"); });
  app.after_request(
      [](Response& response) { return text("[" + std::string(response.bytes()) + "]"); });
  app.get("/", [] { return "x"; });
  TestClient client(app);
  client.get("/").expect_body("[x]").expect_header("X-Seen", "yes");
}

class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class VeryBroken : public Broken {
 public:
  using Broken::Broken;
};

TEST(ErrorHandlers, TheMostDerivedClassWinsWhateverTheOrder) {
  App app;
  app.on_error<std::exception>([](const std::exception&) { return text("any", 500); });
  app.on_error<VeryBroken>([](const VeryBroken& error) { return text(error.what(), 503); });
  app.on_error<Broken>([](const Broken&) { return text("broken", 502); });
  app.get("/very", []() -> std::string { throw VeryBroken("very"); });
  app.get("/broken", []() -> std::string { throw Broken("x"); });
  app.get("/any", []() -> std::string { throw std::logic_error("x"); });
  TestClient client(app);
  client.get("/very").expect_status(503).expect_body("very");
  client.get("/broken").expect_status(502).expect_body("broken");
  client.get("/any").expect_status(500).expect_body("any");
}

TEST(ErrorHandlers, AreLookedUpByStatusFirstAndFromTheBlueprintOutwards) {
  App app;
  app.on_error(404, [](const HttpError&) { return text("app 404", 404); });
  app.on_error<HttpError>([](const HttpError& error) { return text("app class", error.status()); });
  Blueprint shop("shop", "/shop");
  shop.on_error(404, [](const HttpError& error) { return text("shop " + error.message(), 404); });
  shop.on_error<HttpError>([](const HttpError&) { return text("shop class", 418); });
  shop.get("/none", []() -> std::string { throw not_found("nail"); });
  shop.get("/conflict", []() -> std::string { abort(409, "taken"); });
  app.get("/gone", []() -> std::string { abort(410); });
  app.mount(std::move(shop));
  TestClient client(app);
  client.get("/shop/none").expect_body("shop nail");
  client.get("/shop/conflict").expect_status(418).expect_body("shop class");
  client.get("/gone").expect_status(410).expect_body("app class");
  client.get("/shop/no-such-route").expect_body("app 404");
}

TEST(ErrorHandlers, A500HandlerSeesTheOriginalException) {
  App app;
  app.on_error(500, [](const HttpError& error) -> Response {
    try {
      std::rethrow_exception(error.original());
    } catch (const std::exception& original) {
      return text(original.what(), 500);
    }
  });
  app.get("/now", []() -> std::string { throw std::runtime_error("now"); });
  app.get("/later", []() -> Task<std::string> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    throw std::runtime_error("later");
  });
  TestClient client(app, {.propagates_errors = false});
  client.get("/now").expect_status(500).expect_body("now");
  client.get("/later").expect_status(500).expect_body("later");
}

TEST(ErrorHandlers, MayWait) {
  App app;
  app.on_error(404, [](const HttpError&) -> Task<std::string> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    co_return "looked everywhere";
  });
  TestClient client(app);
  client.get("/none").expect_status(200).expect_body("looked everywhere");
}

TEST(ErrorHandlers, OneThatFailsItselfStillLeavesAResponse) {
  App app;
  app.on_error(404, [](const HttpError&) -> std::string { throw std::runtime_error("oops"); });
  TestClient client(app, {.propagates_errors = false});
  client.get("/none").expect_status(500);
}

TEST(Errors, ArePagesForBrowsersAndProblemsForPrograms) {
  App app;
  app.get("/", []() -> std::string { throw not_found("no <b>such</b> game"); });
  TestClient client(app);
  client.get("/", with_header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"))
      .expect_header("Content-Type", "text/html; charset=utf-8")
      .expect_body_contains("no &lt;b&gt;such&lt;/b&gt; game");
  for (const char* accept : {"*/*", "application/json", "text/html;q=0.5, application/json"}) {
    client.get("/", with_header("Accept", accept))
        .expect_header("Content-Type", "application/problem+json");
  }
}

TEST(Errors, ReachTheTestUnlessToldOtherwise) {
  App app;
  app.get("/now", []() -> std::string { throw std::runtime_error("now"); });
  app.get("/later", []() -> Task<std::string> {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    throw std::runtime_error("later");
  });
  TestClient client(app);
  EXPECT_THROW(client.get("/now"), std::runtime_error);
  EXPECT_THROW(client.get("/later"), std::runtime_error);
}

TEST(Registration, EndsWithTheFirstRequest) {
  App app;
  app.get("/", [] { return "x"; });
  TestClient client(app);
  EXPECT_THROW(app.get("/late", [] { return "x"; }), std::logic_error);
  EXPECT_THROW(app.before_request([] {}), std::logic_error);
}

TEST(Registration, RefusesARouteTwice) {
  App app;
  app.get("/a/{x}", [](int) { return "x"; });
  app.get("/a/{y}", [](int) { return "y"; });
  EXPECT_THROW(app.handler(), std::invalid_argument);
}

TEST(Registration, ChecksRuntimePathsWithTheRuleAndTheMend) {
  App app;
  auto refusal = [&app](const std::string& path) -> std::string {
    try {
      app.get(runtime_path(std::move(path)), [](int) { return "x"; });
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("a/{x}"), "the path 'a/{x}' does not begin with '/'. Mend: put one in front");
  EXPECT_NE(refusal("/a/{x"), "");
  EXPECT_NE(refusal("/a/{}"), "");
  EXPECT_NE(refusal("/a"), "");
  EXPECT_NE(refusal("/{x:path}"), "");
  EXPECT_NE(refusal("/{x}/{x}"), "");
  EXPECT_EQ(refusal("/a/{x}"), "");
}

}  // namespace
}  // namespace hornbeam::web
