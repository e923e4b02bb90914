#include <cmath>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_view.h"
#include "hornbeam/base/log_capture.h"
#include "hornbeam/base/log_format.h"

namespace hornbeam::base {
namespace {

// 2026-03-01 12:00:00.123
constexpr std::chrono::system_clock::time_point kTime{std::chrono::milliseconds(1772366400123)};

std::string pretty(std::string_view message, std::initializer_list<LogField> fields = {}) {
  return format_log_pretty({kTime, LogLevel::kInfo, message, {fields.begin(), fields.size()}},
                           false);
}
std::string json(std::string_view message, std::initializer_list<LogField> fields = {}) {
  return format_log_json({kTime, LogLevel::kInfo, message, {fields.begin(), fields.size()}});
}

TEST(LogFormat, WritesFieldsOfEveryKind) {
  const std::string name = "Ann B";
  EXPECT_EQ(pretty("saved", {{"id", 3}, {"by", name}, {"ok", true}, {"took", 0.5}, {"n", 7U}}),
            "2026-03-01 12:00:00.123 info    saved  id=3 by=\"Ann B\" ok=true took=0.5 n=7");
  EXPECT_EQ(json("saved", {{"id", -3}, {"by", name}, {"ok", false}, {"took", 0.5}, {"n", 7U}}),
            R"({"time":"2026-03-01T12:00:00.123Z","level":"info","message":"saved","id":-3,)"
            R"("by":"Ann B","ok":false,"took":0.5,"n":7})");
}

TEST(LogFormat, HasColoursOnlyWhenAsked) {
  EXPECT_EQ(format_log_pretty({kTime, LogLevel::kError, "no"}, true),
            "2026-03-01 12:00:00.123 \x1b[31;1merror  \x1b[0m no");
}

TEST(LogFormat, QuotesValuesThatWouldNotBeReadBack) {
  EXPECT_EQ(
      pretty("", {{"a", ""}, {"b", "x=y"}, {"c", "say \"hi\""}, {"d", "c:\\x"}}),
      "2026-03-01 12:00:00.123 info      a=\"\" b=\"x=y\" c=\"say \\\"hi\\\"\" d=\"c:\\\\x\"");
}

TEST(LogFormat, EscapesWhatWouldForgeALineOrCommandATerminal) {
  struct Case {
    std::string_view text;
    std::string_view pretty;
    std::string_view json;
  };
  for (const auto& [text, in_pretty, in_json] : {
           Case{"a\n2026 error b", "a\\n2026 error b", "a\\n2026 error b"},
           Case{"a\r\tb", "a\\r\\tb", "a\\r\\tb"},
           Case{"\x1b[2Jx", "\\x1b[2Jx", "\\u001b[2Jx"},
           Case{std::string_view("\0\x7f", 2), "\\x00\\x7f", "\\u0000\\u007f"},
           Case{"\xc2\x9b", "\\u009b", "\\u009b"},            // CSI of 8-bit terminals
           Case{"\xe2\x80\xa8", "\\u2028", "\\u2028"},        // line separator
           Case{"\xe2\x80\xae", "\\u202e", "\\u202e"},        // right-to-left override
           Case{"\xff\xfe", "\\xff\\xfe", "\\ufffd\\ufffd"},  // no UTF-8
           Case{"\xc0\x8a", "\\xc0\\x8a", "\\ufffd\\ufffd"},  // an overlong line feed
           Case{"\xe2\x82", "\\xe2\\x82", "\\ufffd\\ufffd"},  // cut off
           Case{"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80",
                "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"},
       }) {
    EXPECT_TRUE(pretty(text).ends_with(in_pretty)) << pretty(text);
    EXPECT_TRUE(json(text).contains("\"message\":\"" + std::string(in_json) + "\"")) << json(text);
    EXPECT_TRUE(json("", {{text, text}}).contains(in_json));
  }
}

TEST(LogFormat, KeepsItsOwnKeysApartFromFields) {
  EXPECT_TRUE(json("m", {{"level", "x"}, {"time", 1}, {"message", 2}})
                  .ends_with(R"("field.level":"x","field.time":1,"field.message":2})"));
}

TEST(LogFormat, WritesNumbersThatJsonLacksAsNull) {
  EXPECT_TRUE(json("m", {{"x", std::nan("")}}).ends_with(R"("x":null})"));
  EXPECT_TRUE(pretty("m", {{"x", std::nan("")}}).ends_with("x=nan"));
}

TEST(LogFormat, GivesOneLineOfValidTextForAnyBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& each : bytes) each = static_cast<char>(random());
    for (const std::string& line : {pretty(bytes, {{bytes, bytes}}), json(bytes, {{"k", bytes}})}) {
      ASSERT_TRUE(is_valid_utf8(line));
      for (const char each : line) ASSERT_GE(static_cast<unsigned char>(each), 0x20);
    }
    ASSERT_TRUE(JsonDocument::parse(json(bytes, {{"k", bytes}})).has_value()) << hex_encode(bytes);
  }
}

TEST(Log, DropsWhatIsBelowItsLevel) {
  LogCapture log(LogFormat::kPretty, LogLevel::kWarning);
  log_info("quiet");
  log_info("quiet", {{"id", 1}});
  log_warning("heard", {{"id", 2}});
  log_error("{} heard", "also");
  EXPECT_EQ(log.lines().size(), 2U);
  EXPECT_TRUE(log.contains("warning heard  id=2"));
  EXPECT_TRUE(log.contains("error   also heard"));
}

TEST(Log, TakesLinesFromManyThreadsWhole) {
  LogCapture log;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([thread] {
      for (int i = 0; i < 100; ++i) log_info("line", {{"thread", thread}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(log.lines_with("\"message\":\"line\"").size(), 400U);
}

}  // namespace
}  // namespace hornbeam::base
