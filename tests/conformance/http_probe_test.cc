// Raw HTTP/1.1 requests with the outcome that the RFCs demand, against a running server.

#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "hornbeam/http/server.h"
#include "tests/support/conformance.h"
#include "tests/support/raw_client.h"

namespace hornbeam {
namespace {

class Welcoming final : public http::Handler {
 public:
  http::Reply handle(http::Request& request) override {
    if (request.find_field("upgrade") == "websocket") {
      return http::WebSocketUpgrade{.run = [](http::WebSocket) -> base::Task<void> { co_return; }};
    }
    return http::Response(200, "text/plain", std::string("welcome"));
  }
};

struct Outcome {
  int status = 0;  // 0: no response at all.
  bool closed = false;
};

Outcome exchange(std::uint16_t port, std::string_view request) {
  const tests::RawClient client(port);
  client.set_patience(300);
  client.send(request);
  const std::string response = client.read_all();
  Outcome outcome{.status = 0, .closed = !client.timed_out()};
  if (response.starts_with("HTTP/1.1 ")) outcome.status = std::stoi(response.substr(9, 3));
  return outcome;
}

// "400/431 or close", "2xx + close", "!101", "400 or close (pass), 2xx (warn)": alternatives, of
// which one must hold.
bool meets(const Outcome& outcome, std::string expected) {
  expected = expected.substr(0, expected.find(" (pass)"));
  if (expected == "!101") return outcome.status != 101;
  if (expected == "2xx + close") return outcome.status / 100 == 2 && outcome.closed;
  for (std::size_t at = expected.find(" or "); at != std::string::npos;
       at = expected.find(" or ")) {
    expected.replace(at, 4, "/");
  }
  std::istringstream alternatives(expected);
  for (std::string alternative; std::getline(alternatives, alternative, '/');) {
    if (alternative == "close" && outcome.closed && outcome.status / 100 != 2) return true;
    if (alternative == "timeout" && outcome.status == 0 && !outcome.closed) return true;
    if (alternative == "2xx" && outcome.status / 100 == 2) return true;
    if (alternative == std::to_string(outcome.status)) return true;
  }
  return false;
}

// Where the recorded request has lost its bytes beyond ASCII ("??" stands in their place, which is
// a fine query), the bytes that its name speaks of.
std::string bytes_of(std::string_view name, std::string recorded) {
  if (name == "MAL-NON-ASCII-URL") recorded.replace(recorded.find("??"), 2, "\xc3\xa9");
  if (name == "MAL-URL-OVERLONG-UTF8") recorded.replace(recorded.find("??"), 2, "\xc0\xaf");
  // The record keeps 8 KiB of what its description calls a 100 KB request.
  if (recorded.size() == 8192) recorded.append(92'000, recorded.back());
  return recorded;
}

TEST(HttpProbe, EveryCaseEndsAsTheSpecificationsDemand) {
  const auto folder = tests::conformance_folder("http");
  if (!folder) GTEST_SKIP() << tests::kNoConformanceData;
  std::ifstream file(*folder / "http11probe.json");
  std::stringstream text;
  text << file.rdbuf();
  const boost::json::value suite = boost::json::parse(text.str());
  Welcoming handler;
  http::ServerOptions options;
  options.port = 0;
  options.loops = 1;
  http::Server server(options, handler);
  server.start();
  int passed = 0;
  for (const boost::json::value& item : suite.at("cases").as_array()) {
    const std::string name(item.at("id").as_string());
    const std::string expected(item.at("expected").as_string());
    const Outcome outcome =
        exchange(server.port(), bytes_of(name, std::string(item.at("rawRequest").as_string())));
    EXPECT_TRUE(meets(outcome, expected))
        << name << ": expected " << expected << ", got status " << outcome.status
        << (outcome.closed ? ", closed" : ", open");
    passed += meets(outcome, expected) ? 1 : 0;
  }
  std::cout << passed << " of " << suite.at("cases").as_array().size()
            << " probes end as they must\n";
}

}  // namespace
}  // namespace hornbeam
