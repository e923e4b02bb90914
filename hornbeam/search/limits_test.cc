// What a stranger may ask of an index ends: with an answer or with an error that says what was too
// much. A test here that does not end by itself is stopped, and fails, by ctest.

#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/index.h"
#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::ids;
using testing::matches;
using testing::new_index;

constexpr std::string_view kMapping = R"({"properties": {
    "tag": {"type": "keyword", "ignore_above": 100000}, "n": {"type": "long"},
    "text": {"type": "text"}, "at": {"type": "date"}}})";

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string put_error(Index& index, std::string_view json) {
  const auto put = index.put("1", json);
  return put ? "" : put.error().code + ": " + put.error().message;
}

TEST(Limits, MalformedJsonIsRefusedWhereItIsWrong) {
  const auto index = new_index(kMapping);
  EXPECT_EQ(put_error(*index, "{\"text\":\n  \"a\",}"),
            "mapper_parsing_exception: malformed JSON at line 2, column 7: syntax error");
  EXPECT_EQ(ids(*index, "{\"query\": {\"match_all\": {}}"),
            "parsing_exception: malformed JSON at line 1, column 28: incomplete JSON");
  for (const char* const body :
       {"", "{", "[]", "\"a\"", "{\"query\"", "{\"query\": [}", "{\"a\": 1e}",
        "{\"query\": {\"match_all\": {}}} {}", "{'query': 1}", "\xFF"}) {
    EXPECT_TRUE(ids(*index, body).contains("exception: ")) << body;
    EXPECT_TRUE(put_error(*index, body).contains("exception: ")) << body;
  }
}

TEST(Limits, DeepNestingIsRefusedBeforeTheStackEnds) {
  const auto index = new_index(kMapping);
  for (const std::size_t depth : {65UL, 1'000'000UL}) {
    EXPECT_TRUE(ids(*index, repeated(R"({"query":)", depth)).contains("exception: "));
    EXPECT_TRUE(ids(*index, repeated(R"({"aggs":{"a":)", depth)).contains("exception: "));
    EXPECT_TRUE(put_error(*index, repeated(R"({"a":)", depth)).contains("exception: "));
    EXPECT_TRUE(put_error(*index, R"({"n":)" + repeated("[", depth)).contains("exception: "));
    EXPECT_TRUE(index->put_mapping(repeated(R"({"properties":{"a":)", depth)).error().code ==
                "mapper_parsing_exception");
    const std::string text = repeated("(", depth) + "a" + repeated(")", depth);
    EXPECT_TRUE(
        matches(*index, R"({"query_string": {"query": ")" + text + "\"}}").contains("exception: "));
    const auto pattern = matches(*index, R"({"regexp": {"tag": ")" + text + "\"}}");
    EXPECT_TRUE(pattern.empty() || pattern.contains("exception: ")) << pattern;
  }
}

TEST(Limits, ADocumentOfAHundredMegabytesIsTakenAndALargerOneRefused) {
  const auto index = new_index(kMapping);
  const std::string words = std::string(200, 'w') + " " + std::string(200, 'x') + " again ";
  std::string json = R"({"text": ")";
  while (json.size() < (100UL << 20) - 500) json += words;
  json += "\"}";
  EXPECT_EQ(put_error(*index, json), "");
  index->refresh();
  EXPECT_EQ(matches(*index, R"({"match": {"text": "again"}})"), "1");
  json.insert(json.size() - 1, std::string(500, ' '));
  EXPECT_EQ(put_error(*index, json),
            fmt::format("illegal_argument_exception: document [1] has {} bytes, which is more than "
                        "the 104857600 that this index takes",
                        json.size()));
}

TEST(Limits, AValueOfManyMegabytesIsNoTerm) {
  const auto index = new_index(R"({"properties": {"tag": {"type": "keyword"}}})");
  EXPECT_TRUE(put_error(*index, R"({"tag": ")" + std::string(10 << 20, 'a') + "\"}")
                  .contains("illegal_argument_exception: Document contains at least one immense "
                            "term in field=\"tag\""));
}

TEST(Limits, FieldsAreNotGuessedWithoutEnd) {
  const auto index = new_index();
  std::string json = "{";
  for (int i = 0; i < 5'000; ++i) json += fmt::format(R"({}"field{}": {})", i ? "," : "", i, i);
  EXPECT_EQ(put_error(*index, json + "}"),
            "illegal_argument_exception: Limit of total fields [1000] has been exceeded");
  EXPECT_EQ(index->mapping(), "{}");
  EXPECT_EQ(put_error(*index, R"({"field": 1})"), "");
}

TEST(Limits, ARegexpThatExplodesIsRefusedOrEnds) {
  const auto index = new_index(kMapping);
  // What a matcher that tries one way after the other would never come to the end of.
  ASSERT_TRUE(index->put("1", R"({"tag": ")" + std::string(30'000, 'a') + "\"}"));
  index->refresh();
  const auto regexp = [&](std::string_view pattern) {
    return matches(*index, fmt::format(R"({{"regexp": {{"tag": "{}"}}}})", pattern));
  };
  for (const char* const pattern :
       {"(a*)*b", "(a|aa)+b", "(a|a?)+b", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b", "(.*a){12}b",
        "([a-z]+)*b", "((a+)+)+b"}) {
    EXPECT_EQ(regexp(pattern), "") << pattern;
  }
  EXPECT_EQ(regexp("(a|aa)+"), "1");
  EXPECT_TRUE(regexp("((((a{1000}){1000}){1000}){1000})").contains("exception: "));
  EXPECT_TRUE(regexp(std::string(1'001, 'a')).contains("[index.max_regex_length]"));
  EXPECT_EQ(
      matches(*index, fmt::format(R"({{"wildcard": {{"tag": "{}b"}}}})", repeated("*a", 200))), "");
}

TEST(Limits, TenThousandClausesAreTooMany) {
  const auto index = new_index(kMapping);
  ASSERT_TRUE(index->put("1", R"({"text": "w1 w2", "tag": "w1"})"));
  index->refresh();
  std::string clauses;
  std::string words;
  std::string values;
  for (int i = 0; i < 10'000; ++i) {
    clauses += fmt::format(R"({}{{"term": {{"tag": "w{}"}}}})", i ? "," : "", i);
    words += fmt::format(" w{}", i);
    values += fmt::format(R"({}"w{}")", i ? "," : "", i);
  }
  const char* const refused = "too_many_clauses: maxClauseCount is set to 1024";
  for (const char* const occur : {"must", "should", "filter", "must_not"}) {
    EXPECT_EQ(matches(*index, fmt::format(R"({{"bool": {{"{}": [{}]}}}})", occur, clauses)),
              refused);
  }
  EXPECT_EQ(matches(*index, fmt::format(R"({{"match": {{"text": "{}"}}}})", words)), refused);
  EXPECT_EQ(matches(*index, fmt::format(R"({{"query_string": {{"query": "{}"}}}})", words)),
            refused);
  EXPECT_EQ(matches(*index, fmt::format(R"({{"dis_max": {{"queries": [{}]}}}})", clauses)),
            refused);
  // Terms are looked up, not joined: ten thousand ids are what it is for.
  EXPECT_EQ(matches(*index, fmt::format(R"({{"terms": {{"tag": [{}]}}}})", values)), "1");
}

TEST(Limits, TooManyBucketsAreRefusedBeforeTheyAreMade) {
  const auto index = new_index(kMapping);
  ASSERT_TRUE(index->put("1", R"({"n": 0, "at": "1970-01-01"})"));
  ASSERT_TRUE(index->put("2", R"({"n": 4000000000000000000, "at": "9999-01-01"})"));
  index->refresh();
  const auto aggregate = [&](std::string_view aggregation) {
    return ids(*index, fmt::format(R"({{"size": 0, "aggs": {{"a": {}}}}})", aggregation));
  };
  for (const char* const aggregation : {
           R"({"histogram": {"field": "n", "interval": 1}})",
           R"({"histogram": {"field": "n", "interval": 1e-300}})",
           R"({"histogram": {"field": "n", "interval": 5,
               "extended_bounds": {"min": -1e12, "max": 1e12}}})",
           R"({"date_histogram": {"field": "at", "fixed_interval": "1ms", "min_doc_count": 0}})",
           R"({"date_histogram": {"field": "at", "calendar_interval": "1m", "min_doc_count": 0}})",
       }) {
    const std::string answer = aggregate(aggregation);
    EXPECT_TRUE(answer.contains("too_many_buckets_exception: ")) << aggregation << answer;
  }
  std::string numbers;
  std::string tags;
  for (int i = 0; i < 70'000; ++i) {
    numbers += fmt::format("{}{}", i ? "," : "", i);
    tags += fmt::format(R"({}"t{}")", i ? "," : "", i);
  }
  ASSERT_TRUE(index->put("3", fmt::format(R"({{"n": [{}], "tag": [{}]}})", numbers, tags)));
  index->refresh();
  const std::string all = aggregate(R"({"terms": {"field": "tag", "size": 100000}})");
  EXPECT_TRUE(
      all.starts_with("too_many_buckets_exception: Trying to create too many buckets. "
                      "Must be less than or equal to: [65535] but was [70000]"))
      << all.substr(0, 200);
  EXPECT_TRUE(aggregate(R"({"composite": {"size": 100000, "sources": [
                            {"a": {"terms": {"field": "tag"}}}]}})")
                  .starts_with("too_many_buckets_exception"));
}

TEST(Limits, BucketsOfBucketsCountTogether) {
  const auto index = new_index(kMapping);
  std::string numbers;
  std::string tags;
  for (int i = 0; i < 300; ++i) {
    numbers += fmt::format("{}{}", i ? "," : "", i);
    tags += fmt::format(R"({}"t{}")", i ? "," : "", i);
  }
  ASSERT_TRUE(index->put("1", fmt::format(R"({{"n": [{}], "tag": [{}]}})", numbers, tags)));
  index->refresh();
  EXPECT_TRUE(ids(*index, R"({"aggs": {"a": {"terms": {"field": "n", "size": 1000}, "aggs": {
                                       "b": {"terms": {"field": "tag", "size": 1000}}}}}})")
                  .starts_with("too_many_buckets_exception"));
}

TEST(Limits, MoreHitsThanTheWindowAreRefused) {
  const auto index = new_index(kMapping);
  EXPECT_TRUE(ids(*index, R"({"from": 9999, "size": 2})").contains("[10000]"));
  EXPECT_TRUE(ids(*index, R"({"size": 18446744073709551615, "from": 1})").contains("exception"));
  EXPECT_TRUE(ids(*index, R"({"from": -1})").contains("exception"));
}

}  // namespace
}  // namespace hornbeam::search
