#include "hornbeam/web/rate_limit.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

using namespace std::chrono_literals;

/// A clock that stands until it is moved.
struct Clock {
  std::chrono::nanoseconds now = 1h;
};

RateLimitOptions limit_of(Clock& clock, std::uint32_t requests, std::chrono::nanoseconds period) {
  RateLimitOptions options;
  options.requests = requests;
  options.period = period;
  options.clock = [&clock] { return clock.now; };
  return options;
}

TEST(RateLimit, ABurstIsAllowedAndThenOneInEachInterval) {
  Clock clock;
  RateLimit limit(limit_of(clock, 3, 30s));
  EXPECT_EQ(limit.spend("a").remaining, 2U);
  EXPECT_EQ(limit.spend("a").remaining, 1U);
  EXPECT_EQ(limit.spend("a").remaining, 0U);
  EXPECT_FALSE(limit.spend("a").is_allowed);
  EXPECT_EQ(limit.spend("a").retry_after, 10s) << "refused requests cost nothing";
  EXPECT_TRUE(limit.spend("b").is_allowed) << "others are not concerned";
  clock.now += 10s - 1ns;
  EXPECT_FALSE(limit.spend("a").is_allowed);
  clock.now += 1ns;
  EXPECT_TRUE(limit.spend("a").is_allowed);
  EXPECT_FALSE(limit.spend("a").is_allowed);
  clock.now += 1h;
  EXPECT_EQ(limit.peek("a").remaining, 3U) << "never more than the burst";
  limit.spend("a");
  limit.forgive("a");
  EXPECT_EQ(limit.peek("a").remaining, 3U);
}

TEST(RateLimit, AFloodOfKeysTakesNoMoreMemoryAndFreesNoOffender) {
  Clock clock;
  RateLimitOptions options = limit_of(clock, 10, 10s);
  options.max_keys = 64;
  RateLimit limit(std::move(options));
  for (int i = 0; i < 10; ++i) limit.spend("offender");
  EXPECT_FALSE(limit.peek("offender").is_allowed);
  for (int i = 0; i < 10'000; ++i) limit.spend("key" + std::to_string(i));
  EXPECT_FALSE(limit.peek("offender").is_allowed);
}

TEST(RateLimit, ARequestTooManyIs429AndSaysWhen) {
  Clock clock;
  App app;
  app.get("/", [] { return "in"; });
  app.get("/free", [] { return "free"; });
  RateLimitOptions options = limit_of(clock, 2, 60s);
  options.routes = {"/"};
  app.use(RateLimit(std::move(options)));
  app.settings().trusted_proxies.address = 1;
  TestClient client(app);
  client.get("/")
      .expect_status(200)
      .expect_header("RateLimit-Policy", "\"default\";q=2;w=60")
      .expect_header("RateLimit", "\"default\";r=1;t=30");
  client.get("/").expect_status(200);
  client.get("/")
      .expect_status(429)
      .expect_header("Retry-After", "30")
      .expect_header("RateLimit", "\"default\";r=0;t=30");
  client.get("/free").expect_status(200);
  client.get("/", with_header("X-Forwarded-For", "203.0.113.7")).expect_status(200);
  clock.now += 30s;
  client.get("/").expect_status(200);
}

TEST(RateLimit, KeysAreWhatTheApplicationSays) {
  Clock clock;
  App app;
  app.get("/", [] { return "in"; });
  RateLimitOptions options = limit_of(clock, 1, 60s);
  options.key = [](const Request& request) {
    return std::string(request.find_header("x-user").value_or(""));
  };
  app.use(RateLimit(std::move(options)));
  TestClient client(app);
  client.get("/", with_header("X-User", "ann")).expect_status(200);
  client.get("/", with_header("X-User", "ann")).expect_status(429);
  client.get("/", with_header("X-User", "bob")).expect_status(200);
  for (int i = 0; i < 3; ++i) client.get("/").expect_status(200);
}

TEST(RateLimit, AHouseholdsAddressesAreOneKey) {
  App app;
  app.get("/", [](const Request& request) { return base::to_json(address_key(request).size()); });
  app.settings().trusted_proxies.address = 1;
  TestClient client(app);
  client.get("/", with_header("X-Forwarded-For", "2001:db8:1:2:3:4:5:6")).expect_body("8");
  client.get("/", with_header("X-Forwarded-For", "203.0.113.7")).expect_body("11");
}

}  // namespace
}  // namespace hornbeam::web
