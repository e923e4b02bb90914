#include "hornbeam/web/proxy.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Forwarded read(const Fields& fields, const TrustedProxies& proxies) {
  const http::Request request = http::Request::make(http::Method::kGet, "/", fields);
  return read_forwarded(request, proxies);
}

struct AddressCase {
  const char* field;
  int hops;
  const char* address;
};

TEST(Proxy, TheAddressIsTheOneTheOutermostTrustedProxyWrote) {
  for (const AddressCase& each : std::vector<AddressCase>{
           {"203.0.113.7", 1, "203.0.113.7"},
           {"6.6.6.6, 203.0.113.7", 1, "203.0.113.7"},
           {"6.6.6.6, 203.0.113.7, 10.0.0.1", 2, "203.0.113.7"},
           {"203.0.113.7", 2, ""},  // Fewer than proxies: nobody trusted has written it.
           {"203.0.113.7", 0, ""},
           {"", 1, ""},
           {",", 1, ""},
           {" , ,", 1, ""},
           {"\"6.6.6.6, 203.0.113.7", 1, "203.0.113.7"},
           {"unknown", 1, ""},
           {"<script>", 1, ""},
           {"203.0.113.7:4711", 1, "203.0.113.7"},
           {"2001:db8::7", 1, "2001:db8::7"},
           {"[2001:db8::7]:80", 1, "2001:db8::7"},
           {"[2001:db8::7", 1, ""},
           {"300.1.1.1", 1, ""},
       }) {
    EXPECT_EQ(read({{"X-Forwarded-For", each.field}}, {.address = each.hops}).address, each.address)
        << each.field << " at " << each.hops;
  }
}

TEST(Proxy, RepeatedFieldsAreOneList) {
  EXPECT_EQ(
      read({{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "203.0.113.7"}}, {.address = 1})
          .address,
      "203.0.113.7");
}

TEST(Proxy, SchemeHostPortAndPrefixAreTakenOnlyIfTheyCanBe) {
  const TrustedProxies all{.scheme = 1, .host = 1, .port = 1, .prefix = 1};
  const Forwarded good = read({{"X-Forwarded-Proto", "HTTPS"},
                               {"X-Forwarded-Host", "example.org"},
                               {"X-Forwarded-Port", "8443"},
                               {"X-Forwarded-Prefix", "/app/"}},
                              all);
  EXPECT_EQ(good.scheme, "https");
  EXPECT_EQ(good.host, "example.org:8443");
  EXPECT_EQ(good.prefix, "/app");
  const Forwarded bad = read({{"X-Forwarded-Proto", "javascript"},
                              {"X-Forwarded-Host", "evil.example/\"><b>"},
                              {"X-Forwarded-Port", "80x"},
                              {"X-Forwarded-Prefix", "//evil.example"}},
                             all);
  EXPECT_EQ(bad.scheme + bad.host + bad.prefix, "");
  EXPECT_EQ(read({{"Host", "example.org:8080"},
                  {"X-Forwarded-Proto", "https"},
                  {"X-Forwarded-Port", "443"}},
                 all)
                .host,
            "example.org");
}

struct ForwardedCase {
  const char* field;
  int hops;
  const char* all;
};

TEST(Proxy, ReadsTheStandardField) {
  for (const ForwardedCase& each : std::vector<ForwardedCase>{
           {"for=192.0.2.60;proto=http;by=203.0.113.43", 1, "192.0.2.60|http|"},
           {"For=\"[2001:db8:cafe::17]:4711\"", 1, "2001:db8:cafe::17||"},
           {"for=6.6.6.6, for=192.0.2.43;host=\"example.org:81\";proto=https", 1,
            "192.0.2.43|https|example.org:81"},
           {"for=192.0.2.43, for=198.51.100.17", 2, "192.0.2.43||"},
           {"for=_hidden, for=unknown", 1, "||"},
           {"for=\"6.6.6.6, for=192.0.2.43", 1, "192.0.2.43||"},
           {"for=\"\\\"6.6.6.6\", for=192.0.2.43", 1, "192.0.2.43||"},
           {"", 1, "||"},
           {";;=,=;", 1, "||"},
       }) {
    const Forwarded read_one = read({{"Forwarded", each.field}, {"X-Forwarded-For", "6.6.6.6"}},
                                    {.address = 1, .forwarded = each.hops});
    EXPECT_EQ(read_one.address + "|" + read_one.scheme + "|" + read_one.host, each.all)
        << each.field;
  }
}

App make_app() {
  App app;
  app.get("/", [](const Request& request) {
    return request.remote_address() + " " + request.url() + (request.is_secure() ? " tls" : "");
  });
  app.get("/slash/", [] { return "slash"; });
  app.get("/waits",
          [](const Request& request) -> Task<std::string> { co_return request.remote_address(); });
  return app;
}

TEST(Proxy, NothingIsBelievedByDefault) {
  App app = make_app();
  TestClient(app)
      .get("/", with_header("X-Forwarded-For", "6.6.6.6"),
           with_header("X-Forwarded-Proto", "https"), with_header("X-Forwarded-Host", "evil"),
           with_header("Forwarded", "for=6.6.6.6"))
      .expect_body("127.0.0.1 http://localhost/");
}

TEST(Proxy, TheRequestIsWhatTheTrustedProxySays) {
  App app = make_app();
  app.settings().trusted_proxies = TrustedProxies::hops(1);
  app.settings().trusted_proxies.prefix = 1;
  TestClient client(app);
  const auto address = with_header("X-Forwarded-For", "6.6.6.6, 203.0.113.7");
  client
      .get("/", address, with_header("X-Forwarded-Proto", "https"),
           with_header("X-Forwarded-Host", "example.org"),
           with_header("X-Forwarded-Prefix", "/app"))
      .expect_body("203.0.113.7 https://example.org/app/ tls");
  client.get("/", with_header("X-Forwarded-For", "")).expect_body("127.0.0.1 http://localhost/");
  client.get("/waits", address).expect_body("203.0.113.7");
  client.get("/slash?a=b", with_header("X-Forwarded-Prefix", "/app"))
      .expect_status(308)
      .expect_header("Location", "/app/slash/?a=b");
}

TEST(Proxy, SocketsTakeTheOriginThatTheProxyServes) {
  App app;
  app.socket("/ws", [](Socket<std::string> socket) -> Task<void> { co_await socket.receive(); });
  app.settings().trusted_proxies = TrustedProxies::hops(1);
  TestClient client(app);
  const auto origin = with_header("Origin", "https://example.org");
  const auto host = with_header("X-Forwarded-Host", "example.org");
  client.socket("/ws", origin, host, with_header("X-Forwarded-Proto", "https")).close();
  EXPECT_THROW(client.socket("/ws", origin), TestFailure);
}

struct HostCase {
  const char* host;
  bool is_trusted;
};

TEST(Proxy, ATrustedHostIsNamedWhollyOrByItsDomain) {
  const std::vector<std::string> trusted{"example.org", ".example.com", "[::1]"};
  for (const HostCase& each : std::vector<HostCase>{{"example.org", true},
                                                    {"EXAMPLE.org:8080", true},
                                                    {"www.example.org", false},
                                                    {"example.com", true},
                                                    {"www.example.com", true},
                                                    {"a.b.example.com:1", true},
                                                    {"evilexample.com", false},
                                                    {".example.com", false},
                                                    {"example.com.evil.org", false},
                                                    {"[::1]:80", true},
                                                    {"[::2]", false},
                                                    {"", false}}) {
    EXPECT_EQ(is_trusted_host(each.host, trusted), each.is_trusted) << each.host;
  }
}

TEST(Proxy, ARequestForAnotherHostIsAnsweredBeforeAnythingRuns) {
  App app = make_app();
  bool ran = false;
  app.before_request([&ran] { ran = true; });
  app.settings().trusted_hosts = {"example.org"};
  TestClient other(app);
  for (const char* path : {"/", "/waits", "/slash", "/none"}) other.get(path).expect_status(400);
  EXPECT_FALSE(ran);
  TestClient own(app, {.host = "example.org:8000"});
  own.get("/waits").expect_status(200);
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace hornbeam::web
