// Hooks, error handlers and signals in the order in which the real Flask runs them: applications
// with nested blueprints and every set of error handlers, as flask_hooks_oracle.py builds them.

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/json.h"
#include "hornbeam/base/log.h"
#include "hornbeam/web/app.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

/// One request to one application, as Flask answered it.
struct Exchange {
  unsigned mask = 0;
  std::string target;
  int status = 0;
  std::vector<std::string> events;
};
constexpr auto describe(base::Type<Exchange>) {
  return base::fields(
      base::field("mask", &Exchange::mask), base::field("target", &Exchange::target),
      base::field("status", &Exchange::status), base::field("events", &Exchange::events));
}

class ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class SubError : public ValueError {
 public:
  using ValueError::ValueError;
};

using Events = std::vector<std::string>;

template <class Level>
void add_level(Level& level, Events& events, const std::string& name, const std::string& prefix) {
  for (const std::string number : {"1", "2"}) {
    const std::string place = name + " " + number;
    level.before_request([&events, place, name, early = number == "2" ? prefix + "/early" : ""](
                             const Request& request) -> std::optional<Response> {
      events.push_back("before " + place);
      if (request.path() == early) return text("early " + name);
      return std::nullopt;
    });
    level.after_request([&events, place, late = number == "1" ? prefix + "/late" : ""](
                            const Request& request, Response&) {
      events.push_back("after " + place);
      if (request.path() == late) throw ValueError("late");
    });
    level.teardown_request([&events, place](const std::exception_ptr& failure) {
      events.push_back("teardown " + place + (failure ? " error" : " none"));
    });
  }
  for (const std::string what : {"ok", "boom", "teapot", "early", "late", "sub", "after_this"}) {
    level.get(runtime_path("/" + what), [&events, name, what](const Request& request) {
      events.push_back("handler " + name);
      if (what == "boom") throw ValueError("boom");
      if (what == "sub") throw SubError("sub");
      if (what == "teapot") throw HttpError(418, "teapot");
      if (what == "after_this") {
        request.after_this_request([&events](Response&) { events.emplace_back("after_this"); });
      }
      return "ok";
    });
  }
}

template <class Level>
void add_handler(Level& level, Events& events, const std::string& entry) {
  const std::string name = entry.substr(0, entry.find(' '));
  const std::string kind = entry.substr(name.size() + 1);
  const auto handle = [&events, entry, name] {
    events.push_back("handled by " + entry);
    return text("handled by " + name, 499);
  };
  if (kind == "ValueError") {
    level.template on_error<ValueError>([handle](const ValueError&) { return handle(); });
  } else {
    level.on_error(std::stoi(kind), [handle](const HttpError&) { return handle(); });
  }
}

std::string message_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  }
}

App make_app(unsigned mask, Events& events) {
  App app;
  Blueprint outer("outer", "/outer");
  Blueprint inner("inner", "/inner");
  add_level(app, events, "app", "");
  add_level(outer, events, "outer", "/outer");
  add_level(inner, events, "inner", "/outer/inner");
  const std::array<std::string, 7> handlers{
      "app 418",          "outer 418",        "inner 418", "app ValueError",
      "outer ValueError", "inner ValueError", "app 500"};
  for (std::size_t bit = 0; bit < handlers.size(); ++bit) {
    if ((mask & (1U << bit)) == 0) continue;
    if (handlers[bit].starts_with("app")) add_handler(app, events, handlers[bit]);
    if (handlers[bit].starts_with("outer")) add_handler(outer, events, handlers[bit]);
    if (handlers[bit].starts_with("inner")) add_handler(inner, events, handlers[bit]);
  }
  outer.mount(std::move(inner));
  app.mount(std::move(outer));
  Signals& signals = app.signals();
  signals.request_started.connect([&events](const Request&) { events.emplace_back("started"); });
  signals.request_finished.connect([&events](const Request&, const Response& response) {
    events.push_back("finished " + std::to_string(response.status()));
  });
  signals.got_request_exception.connect(
      [&events](const Request&, const std::exception_ptr& thrown) {
        events.push_back("exception " + message_of(thrown));
      });
  signals.request_tearing_down.connect([&events](const Request&, const std::exception_ptr&) {
    events.emplace_back("tearing down");
  });
  return app;
}

std::vector<Exchange> ask_flask() {
  const std::string command = std::string(HORNBEAM_PYTHON) + " " + HORNBEAM_SOURCE_DIR +
                              "/tests/conformance/flask_hooks_oracle.py";
  std::string text;
  std::array<char, 4096> piece{};
  // NOLINTNEXTLINE(cert-env33-c): the words are our own.
  std::FILE* pipe = popen(command.c_str(), "r");
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) text += piece.data();
  EXPECT_EQ(pclose(pipe), 0) << command;
  std::vector<Exchange> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    auto exchange = base::from_json<Exchange>(text.substr(at, end - at));
    if (!exchange) throw std::runtime_error(exchange.error().message());
    all.push_back(std::move(*exchange));
    at = end + 1;
  }
  return all;
}

std::string joined(const Events& events) {
  std::string text;
  for (const std::string& each : events) text += each + ", ";
  return text;
}

TEST(FlaskHooks, RunInItsOrderWithEverySetOfErrorHandlers) {
  const std::vector<Exchange> exchanges = ask_flask();
  ASSERT_EQ(exchanges.size(), 3200U);
  base::set_log_level(base::LogLevel::kOff);
  Events events;
  std::optional<App> app;
  std::optional<TestClient> client;
  unsigned mask = ~0U;
  int differences = 0;
  for (const Exchange& expected : exchanges) {
    if (expected.mask != mask) {
      client.reset();
      app.emplace(make_app(mask = expected.mask, events));
      client.emplace(*app, TestClientOptions{.propagates_errors = false});
    }
    events.clear();
    const std::string path = expected.target.substr(0, expected.target.find('?'));
    const TestResponse response =
        client->request(path == expected.target ? http::Method::kGet : http::Method::kPost, path);
    if (response.status() == expected.status && events == expected.events) continue;
    if (++differences > 10) continue;
    ADD_FAILURE() << "handlers " << mask << ", " << expected.target
                  << "\n  Flask:    " << expected.status << " " << joined(expected.events)
                  << "\n  Hornbeam: " << response.status() << " " << joined(events);
  }
  base::set_log_level(base::LogLevel::kInfo);
  EXPECT_EQ(differences, 0);
}

}  // namespace
}  // namespace hornbeam::web
