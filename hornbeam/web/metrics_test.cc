#include "hornbeam/web/metrics.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/internal/metric_text.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

/// The samples of a text in format 0.0.4, read strictly: what is not of the grammar fails the test.
std::map<std::string, double> parse(const std::string& text) {
  std::map<std::string, double> samples;
  std::set<std::string> families;
  std::string family;
  EXPECT_TRUE(text.ends_with('\n'));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << "twice: " << family;
      continue;
    }
    if (line.starts_with("# TYPE ")) {
      EXPECT_EQ(line.substr(7, family.size() + 1), family + " ");
      const std::string kind = line.substr(8 + family.size());
      EXPECT_TRUE(kind == "counter" || kind == "gauge" || kind == "histogram") << line;
      continue;
    }
    EXPECT_TRUE(line.starts_with(family)) << line;
    // Names and labels end at the last space: label values are quoted, numbers have none.
    const std::size_t space = line.rfind(' ');
    const std::string head = line.substr(0, space);
    bool is_quoted = false;
    for (std::size_t i = 0; i < head.size(); ++i) {
      if (head[i] == '\\') {
        EXPECT_TRUE(is_quoted && std::string("\\\"n").contains(head.at(++i))) << line;
      } else if (head[i] == '"') {
        is_quoted = !is_quoted;
      }
    }
    EXPECT_FALSE(is_quoted) << line;
    const bool is_labelled = head.find('{') != std::string::npos;
    EXPECT_EQ(is_labelled, head.ends_with('}')) << line;
    EXPECT_TRUE(samples.emplace(head, std::stod(line.substr(space + 1))).second) << line;
  }
  return samples;
}

TEST(MetricRegistry, WritesTheTextFormat) {
  MetricRegistry registry;
  registry.counter("b_total", "Bees.\nA \"quoted\" \\ line.").add(3);
  registry.gauge("a_now", "Now.", {"kind", "place"}).with({"x", "y"}).set(-0.5);
  Histogram& histogram = registry.histogram("c_seconds", "Time.", {0.5, 1});
  for (const double value : {0.1, 0.5, 0.7, 1.0, 2.0}) histogram.observe(value);
  EXPECT_EQ(registry.expose(MetricFormat::kPrometheus),
            "# HELP a_now Now.\n# TYPE a_now gauge\na_now{kind=\"x\",place=\"y\"} -0.5\n"
            "# HELP b_total Bees.\\nA \"quoted\" \\\\ line.\n# TYPE b_total counter\nb_total 3\n"
            "# HELP c_seconds Time.\n# TYPE c_seconds histogram\n"
            "c_seconds_bucket{le=\"0.5\"} 2\nc_seconds_bucket{le=\"1.0\"} 4\n"
            "c_seconds_bucket{le=\"+Inf\"} 5\nc_seconds_sum 4.3\nc_seconds_count 5\n");
  EXPECT_EQ(registry.expose(MetricFormat::kOpenMetrics),
            "# HELP a_now Now.\n# TYPE a_now gauge\na_now{kind=\"x\",place=\"y\"} -0.5\n"
            "# HELP b Bees.\\nA \\\"quoted\\\" \\\\ line.\n# TYPE b counter\nb_total 3\n"
            "# HELP c_seconds Time.\n# TYPE c_seconds histogram\n"
            "c_seconds_bucket{le=\"0.5\"} 2\nc_seconds_bucket{le=\"1.0\"} 4\n"
            "c_seconds_bucket{le=\"+Inf\"} 5\nc_seconds_sum 4.3\nc_seconds_count 5\n# EOF\n");
}

TEST(MetricRegistry, EscapesLabelValues) {
  MetricRegistry registry;
  auto& family = registry.counter("a_total", "A.", {"v"});
  family.with({"say \"hi\"\n\\"}).add();
  family.with({"gr\xc3\xbc\xc3\x9f"}).add();
  family.with({"bad\xff"}).add();
  const std::string text = registry.expose(MetricFormat::kPrometheus);
  EXPECT_TRUE(text.contains(R"(a_total{v="say \"hi\"\n\\"} 1)")) << text;
  EXPECT_TRUE(text.contains("a_total{v=\"gr\xc3\xbc\xc3\x9f\"} 1"));
  EXPECT_TRUE(text.contains("a_total{v=\"bad\xef\xbf\xbd\"} 1"));
  EXPECT_EQ(parse(text).size(), 3U);
}

TEST(MetricRegistry, WritesNumbersAsBothFormatsHaveThem) {
  EXPECT_EQ(metric_number(0), "0.0");
  EXPECT_EQ(metric_number(1e300), "1e+300");
  EXPECT_EQ(metric_number(std::nan("")), "NaN");
  EXPECT_EQ(metric_number(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(metric_number(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(MetricRegistry, RefusesNamesThatPrometheusWould) {
  MetricRegistry registry;
  registry.counter("a_total", "A.");
  EXPECT_NO_THROW(registry.counter("a_total", "A."));
  EXPECT_THROW(registry.counter("a_total", "A.", {"x"}), std::invalid_argument);
  EXPECT_THROW(registry.counter_from("a_total", "A.", [] { return 0.0; }), std::invalid_argument);
  EXPECT_THROW(registry.counter("a", "no _total"), std::invalid_argument);
  EXPECT_THROW(registry.gauge("b_total", "_total"), std::invalid_argument);
  EXPECT_THROW(registry.gauge("1b", ""), std::invalid_argument);
  EXPECT_THROW(registry.gauge("b c", ""), std::invalid_argument);
  EXPECT_THROW(registry.gauge("", ""), std::invalid_argument);
  for (const char* label : {"", "le", "__name__", "a-b", "a:b"}) {
    EXPECT_THROW(registry.gauge("b", "", {label}), std::invalid_argument) << label;
  }
  EXPECT_THROW(registry.histogram("c", "", {1.0, 1.0}), std::invalid_argument);
}

TEST(MetricRegistry, BoundsHowManySeriesAFamilyHas) {
  MetricRegistry registry(10);
  auto& family = registry.counter("a_total", "A.", {"v"});
  for (int i = 0; i < 100; ++i) family.with({std::to_string(i)}).add();
  const auto samples = parse(registry.expose(MetricFormat::kPrometheus));
  EXPECT_EQ(samples.size(), 11U);
  EXPECT_EQ(samples.at("a_total{v=\"9\"}"), 1);
  EXPECT_EQ(samples.at("a_total{v=\"other\"}"), 90);
}

TEST(MetricRegistry, CountsFromManyThreads) {
  MetricRegistry registry;
  auto& family = registry.counter("a_total", "A.", {"v"});
  Histogram& histogram = registry.histogram("b", "B.", {10});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        family.with({std::to_string(i % 50)}).add();
        histogram.observe(i % 20);
      }
      parse(registry.expose(MetricFormat::kPrometheus));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t total = 0;
  for (const auto* each : family.series()) total += each->metric->value();
  EXPECT_EQ(family.series().size(), 50U);
  EXPECT_EQ(total, 4000U);
  EXPECT_EQ(histogram.snapshot().cumulative.back(), 4000U);
  EXPECT_EQ(histogram.snapshot().sum, 4.0 * 9500);
}

App make_app(Metrics metrics = {}) {
  App app;
  app.use(metrics);
  app.get("/users/{id}", [](int id) { return std::to_string(id); });
  app.get("/fails", []() -> std::string { throw std::runtime_error("no"); });
  return app;
}

TEST(Metrics, CountRequestsByPatternAndClass) {
  App app = make_app();
  TestClient client(app, {.propagates_errors = false});
  for (int i = 0; i < 50; ++i) client.get("/users/" + std::to_string(i)).expect_status(200);
  for (int i = 0; i < 50; ++i) client.get("/nowhere/" + std::to_string(i)).expect_status(404);
  client.get("/fails").expect_status(500);
  client.request(http::Method::kHead, "/users/1");
  const TestResponse response =
      client.get("/metrics")
          .expect_status(200)
          .expect_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  const auto samples = parse(response.body());
  auto count = [&](const char* labels) {
    return samples.at("http_requests_total{" + std::string(labels) + "}");
  };
  EXPECT_EQ(count(R"(method="GET",route="/users/{id}",status="2xx")"), 50);
  EXPECT_EQ(count(R"(method="GET",route="none",status="4xx")"), 50);
  EXPECT_EQ(count(R"(method="GET",route="/fails",status="5xx")"), 1);
  EXPECT_EQ(count(R"(method="HEAD",route="/users/{id}",status="2xx")"), 1);
  const std::string durations = R"(http_request_duration_seconds_count{method="GET",)";
  EXPECT_EQ(samples.at(durations + R"(route="/users/{id}"})"), 50);
  EXPECT_EQ(samples.at("http_requests_in_flight"), 1) << "this one";
  for (const char* name : {"process_cpu_seconds_total", "process_open_fds", "process_max_fds",
                           "process_virtual_memory_bytes", "process_resident_memory_bytes",
                           "process_start_time_seconds"}) {
    EXPECT_GT(samples.at(name), 0) << name;
  }
  EXPECT_FALSE(response.body().contains("nowhere"));
}

TEST(Metrics, SpeakOpenMetricsToThoseWhoAsk) {
  App app = make_app();
  TestClient client(app);
  // As Prometheus 2.40 asks.
  client
      .get("/metrics",
           with_header("accept",
                       "application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
                       "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"))
      .expect_header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
      .expect_body_contains("# TYPE process_cpu_seconds counter\n")
      .expect_body_contains("\n# EOF\n");
  client.get("/metrics", with_header("accept", "*/*"))
      .expect_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
}

TEST(Metrics, AskForTheirToken) {
  App app = make_app({.path = "/internal/metrics", .token = "s3cret"});
  TestClient client(app);
  client.get("/internal/metrics").expect_status(401).expect_header("WWW-Authenticate", "Bearer");
  client.get("/internal/metrics", with_header("authorization", "Bearer wrong")).expect_status(401);
  client.get("/internal/metrics", with_header("authorization", "Bearer s3cret")).expect_status(200);
}

TEST(Metrics, AreReadByPrometheusOwnParser) {
  if (std::system("/usr/bin/python3 -c 'import prometheus_client' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-prometheus-client is not installed";
  }
  App app = make_app();
  TestClient client(app);
  client.get("/users/1");
  const char* const script =
      "/usr/bin/python3 -c 'import sys\n"
      "from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n"
      "families = list(parse(sys.stdin.read()))\n"
      "assert len(families) > 10, families' 2>&1";
  std::FILE* const parser = ::popen(script, "w");
  ASSERT_NE(parser, nullptr);
  const std::string text =
      client.get("/metrics", with_header("accept", "application/openmetrics-text")).body();
  std::fwrite(text.data(), 1, text.size(), parser);
  EXPECT_EQ(::pclose(parser), 0) << text;
}

}  // namespace
}  // namespace hornbeam::web
