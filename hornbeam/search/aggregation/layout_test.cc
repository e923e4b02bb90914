// Aggregations over random documents: the same however these lie in segments and indices, and the
// same as counting by hand.

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/testing/test_indices.h"

namespace hornbeam::search::aggregation {
namespace {

using testing::Layout;
using testing::TestIndices;

constexpr std::string_view kMapping = R"({"properties": {
    "tags": {"type": "keyword"}, "n": {"type": "long"}, "x": {"type": "double"},
    "at": {"type": "date"}, "ok": {"type": "boolean"}, "wide": {"type": "long"}}})";

constexpr std::int64_t kYear2020 = 1'577'836'800'000;

struct TestDocument {
  std::vector<std::string> tags{};
  std::vector<std::int64_t> numbers{};
  std::int64_t at = 0;

  std::string json() const {
    std::string all_tags;
    for (const std::string& tag : tags) all_tags += (all_tags.empty() ? "\"" : ",\"") + tag + '"';
    std::string all_numbers;
    for (const std::int64_t n : numbers)
      all_numbers += (all_numbers.empty() ? "" : ",") + std::to_string(n);
    const std::int64_t first = numbers.empty() ? 0 : numbers.front();
    return fmt::format(R"({{"tags": [{}], "n": [{}], "x": {}.5, "at": {}, "ok": {}, "wide": {}}})",
                       all_tags, all_numbers, first, at, first % 2 == 0, first * 1'000'000'007);
  }
};

std::vector<TestDocument> documents(std::size_t count) {
  std::mt19937 random(17);
  std::geometric_distribution<int> tag(0.2);
  std::vector<TestDocument> all;
  for (std::size_t i = 0; i < count; ++i) {
    TestDocument document{.at =
                              kYear2020 + static_cast<std::int64_t>(random() % 63'000'000) * 1'000};
    for (std::size_t n = random() % 4; n > 0; --n) {
      const std::string name = "t" + std::to_string(tag(random));
      if (std::ranges::find(document.tags, name) == document.tags.end()) {
        document.tags.push_back(name);
      }
    }
    for (std::size_t n = random() % 3; n > 0; --n) {
      document.numbers.push_back(static_cast<std::int64_t>(random() % 60) - 20);
    }
    all.push_back(std::move(document));
  }
  return all;
}

std::unique_ptr<TestIndices> indices_of(const std::vector<TestDocument>& all, Layout layout) {
  auto indices = std::make_unique<TestIndices>(kMapping, layout);
  for (const TestDocument& each : all) indices->add(each.json());
  indices->refresh();
  return indices;
}

TEST(AggregationLayout, MakesNoDifference) {
  const char* const cases[] = {
      R"({"a": {"terms": {"field": "tags"}, "aggs": {"s": {"stats": {"field": "n"}},
            "u": {"terms": {"field": "n", "size": 3, "order": {"m": "desc"}},
                  "aggs": {"m": {"max": {"field": "x"}}}}}}})",
      R"({"a": {"terms": {"field": "n", "size": 100}}, "b": {"terms": {"field": "wide"}},
          "c": {"terms": {"field": "ok", "missing": true}}, "d": {"terms": {"field": "x"}}})",
      R"({"a": {"terms": {"field": "tags", "size": 3}}, "b": {"terms": {"field": "n", "size": 4}},
          "c": {"terms": {"field": "tags", "size": 2, "min_doc_count": 20}},
          "d": {"terms": {"field": "tags", "size": 1000}}})",
      R"({"a": {"date_histogram": {"field": "at", "calendar_interval": "month",
                                   "time_zone": "America/New_York"},
                "aggs": {"t": {"terms": {"field": "tags", "size": 2}},
                         "c": {"cumulative_sum": {"buckets_path": "_count"}}}}})",
      R"({"a": {"date_histogram": {"field": "at", "fixed_interval": "36h", "offset": "5h"}}})",
      R"({"a": {"histogram": {"field": "n", "interval": 7, "offset": 3},
                "aggs": {"p": {"percentiles": {"field": "x"}}}},
          "b": {"histogram": {"field": "x", "interval": 2.5}}})",
      R"({"a": {"range": {"field": "n", "ranges": [{"to": 0}, {"from": 0, "to": 20}, {"from": 5}]},
                "aggs": {"c": {"cardinality": {"field": "tags"}}}}})",
      R"({"a": {"filters": {"filters": {"x": {"term": {"tags": "t1"}}, "y": {"term": {"ok": true}}},
                            "other_bucket": true}, "aggs": {"e": {"extended_stats": {"field": "n"}}}},
          "b": {"missing": {"field": "tags"}}, "c": {"global": {},
                "aggs": {"v": {"value_count": {"field": "n"}}}}})",
      R"({"a": {"multi_terms": {"terms": [{"field": "tags"}, {"field": "ok"}]}},
          "b": {"composite": {"size": 7, "sources": [{"t": {"terms": {"field": "tags"}}},
                {"n": {"histogram": {"field": "n", "interval": 10}}}]}},
          "c": {"rare_terms": {"field": "tags", "max_doc_count": 3}}})",
      R"({"a": {"significant_terms": {"field": "tags", "min_doc_count": 1}},
          "b": {"adjacency_matrix": {"filters": {"x": {"term": {"tags": "t1"}},
                                                 "y": {"term": {"tags": "t2"}}}}},
          "c": {"median_absolute_deviation": {"field": "n"}}})",
  };
  const auto all = documents(400);
  const auto one = indices_of(all, {});
  const auto many = indices_of(all, {.indices = 3, .documents_per_segment = 37});
  for (const char* const aggregations : cases) {
    for (const char* const query : {R"({"match_all": {}})", R"({"range": {"n": {"gt": 5}}})"}) {
      const std::string expected = one->run(aggregations, query);
      EXPECT_TRUE(expected.starts_with("{")) << expected;
      EXPECT_EQ(many->run(aggregations, query), expected) << aggregations;
    }
  }
}

TEST(AggregationLayout, CountsAsByHand) {
  const auto all = documents(3'000);
  std::map<std::string, std::uint64_t> tags;
  std::map<std::int64_t, std::uint64_t> months;
  double sum = 0;
  for (const TestDocument& each : all) {
    for (const std::string& tag : each.tags) ++tags[tag];
    for (const std::int64_t n : each.numbers) sum += static_cast<double>(n);
    const auto day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(each.at)));
    const std::chrono::year_month_day date(day);
    const std::chrono::sys_days first(date.year() / date.month() / 1);
    ++months[std::chrono::duration_cast<std::chrono::milliseconds>(first.time_since_epoch())
                 .count()];
  }
  const auto indices = indices_of(all, {.indices = 2, .documents_per_segment = 500});
  const std::string terms = indices->run(R"({"a": {"terms": {"field": "tags", "size": 1000}}})");
  for (const auto& [tag, count] : tags) {
    EXPECT_TRUE(terms.contains(fmt::format(R"({{"key":"{}","doc_count":{}}})", tag, count))) << tag;
  }
  const std::string by_month =
      indices->run(R"({"a": {"date_histogram": {"field": "at", "calendar_interval": "month"}}})");
  for (const auto& [month, count] : months) {
    EXPECT_TRUE(by_month.contains(fmt::format(R"("key":{},"doc_count":{}}})", month, count)))
        << month;
  }
  EXPECT_EQ(indices->run(R"({"a": {"sum": {"field": "n"}}})"),
            fmt::format(R"({{"a":{{"value":{}.0}}}})", sum));
}

TEST(AggregationLayout, LeavesDeletedDocumentsOut) {
  TestIndices indices(kMapping);
  indices.add(R"({"tags": "gone", "n": 1})");
  indices.add(R"({"tags": "kept", "n": 2})");
  indices.refresh();
  ASSERT_TRUE(indices.index(0).remove("0"));
  indices.refresh();
  EXPECT_EQ(indices.run(R"({"a": {"terms": {"field": "tags"}}, "s": {"sum": {"field": "n"}},
                            "g": {"global": {}}})"),
            R"({"a":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[)"
            R"({"key":"kept","doc_count":1}]},"s":{"value":2.0},"g":{"doc_count":1}})");
}

}  // namespace
}  // namespace hornbeam::search::aggregation
