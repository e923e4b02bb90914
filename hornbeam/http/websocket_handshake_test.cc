#include "hornbeam/http/websocket_handshake.h"

#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/http/websocket_handshake_cases.h"
#include "hornbeam/http/websocket_handshake_fields.h"

namespace hornbeam::http {
namespace {

using testing::HasSubstr;

using Outcome = std::expected<HandshakeAccepted, HandshakeRefused>;

Outcome check(const cases::HandshakeCase& row, std::optional<DeflatePolicy> deflate = {},
              bool is_tls = false) {
  std::map<std::string, std::string> fields;
  for (const auto& [name, value] : cases::fields_of(row)) fields[name] = value;
  const auto find = [&](const std::string& name) -> std::optional<std::string_view> {
    const auto found = fields.find(name);
    return found == fields.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
  return check_handshake({.method = row.method,
                          .minor_version = row.version == "HTTP/1.1" ? 1 : 0,
                          .is_tls = is_tls,
                          .host = fields["Host"],
                          .upgrade = find("Upgrade"),
                          .connection = find("Connection"),
                          .key = find("Sec-WebSocket-Key"),
                          .version = find("Sec-WebSocket-Version"),
                          .origin = find("Origin"),
                          .protocols = find("Sec-WebSocket-Protocol"),
                          .extensions = find("Sec-WebSocket-Extensions")},
                         {.allowed_origins = cases::kAllowedOrigins,
                          .protocols = cases::kProtocols,
                          .deflate = deflate});
}

TEST(WebSocketHandshake, AnswersAsTheTableSays) {
  std::set<std::string> names;
  for (const auto& row : cases::handshake_cases()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    const Outcome outcome = check(row);
    EXPECT_EQ(outcome ? 101 : outcome.error().status, row.status) << row.name;
    if (outcome) EXPECT_EQ(outcome->protocol, row.protocol) << row.name;
    if (!outcome) EXPECT_FALSE(outcome.error().message.empty()) << row.name;
  }
}

TEST(WebSocketHandshake, AcceptsTheKeyOfTheSpecification) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshake, WritesTheResponseForTheGoodHandshake) {
  const Outcome outcome = check({"",
                                 {cases::with("Sec-WebSocket-Protocol", "chat.v1"),
                                  cases::with("Sec-WebSocket-Extensions", "permessage-deflate")}},
                                DeflatePolicy{});
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->deflate);
  std::string response;
  append_handshake_response(response, *outcome);
  EXPECT_EQ(response,
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: chat.v1\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
            "client_no_context_takeover\r\n");
}

TEST(WebSocketHandshake, LeavesOutWhatWasNotAgreed) {
  const Outcome outcome =
      check({"", {cases::with("Sec-WebSocket-Extensions", "permessage-deflate")}});
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->deflate);
  std::string response;
  append_handshake_response(response, *outcome);
  EXPECT_THAT(response, testing::Not(HasSubstr("Extensions")));
  EXPECT_THAT(response, testing::Not(HasSubstr("Protocol:")));
}

TEST(WebSocketHandshake, TellsAWrongVersionWhichToUse) {
  const Outcome outcome = check({"", {cases::with("Sec-WebSocket-Version", "99")}});
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().fields,
              testing::Contains(testing::Pair("Sec-WebSocket-Version", "13")));
  EXPECT_THAT(outcome.error().fields, testing::Contains(testing::Pair("Upgrade", "websocket")));
}

TEST(WebSocketHandshake, KnowsTheSitesOwnOriginUnderTls) {
  const auto status = [](const std::string& host, const std::string& origin) {
    const Outcome outcome =
        check({"", {cases::with("Host", host), cases::with("Origin", origin)}}, {}, true);
    return outcome ? 101 : outcome.error().status;
  };
  EXPECT_EQ(status("site.test", "https://site.test"), 101);
  EXPECT_EQ(status("site.test", "https://site.test:443"), 101);
  EXPECT_EQ(status("site.test:443", "https://site.test"), 101);
  EXPECT_EQ(status("site.test:8443", "https://site.test:8443"), 101);
  EXPECT_EQ(status("site.test", "http://site.test"), 403);
  EXPECT_EQ(status("site.test", "http://site.test:443"), 403);
  EXPECT_EQ(status("site.test:8443", "https://site.test"), 403);
}

TEST(WebSocketHandshake, ChecksPatternsForOrigins) {
  for (const char* good :
       {"https://example.org", "http://example.org:8080", "https://*.example.org",
        "https://*.example.org:8443", "http://[::1]:3000", "HTTP://LOCALHOST"}) {
    EXPECT_TRUE(check_origin_pattern(good)) << good;
  }
  for (const char* bad : {"", "*", "example.org", "https://", "https://*", "https://*.",
                          "*://a.org", "https://a.*.org", "https://*a.org", "https://a*.org",
                          "https://*.*.org", "ws://a.org", "https://a.org/",

                          "https://a.org:x", "https://*.[::1]", "https://u@a.org",
                          "https://a.org:99999", "https://..org", "https://*..org"}) {
    const auto result = check_origin_pattern(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code, "bad_origin");
  }
}

TEST(WebSocketHandshake, AllowsNobodyThroughAPatternThatIsWrong) {
  const std::vector<std::string> patterns = {"*", "https://*", "https://*example.org", "https://"};
  EXPECT_FALSE(is_origin_allowed("https://a.example.org", "site.test", true, patterns));
  EXPECT_FALSE(is_origin_allowed("https://*", "site.test", true, patterns));
}

// Long runs of white space made a server of another project backtrack for minutes (CVE-2021-32640).
TEST(WebSocketHandshake, ReadsHostileFieldsInLinearTime) {
  const std::string spaces(std::size_t{8} << 20, ' ');
  EXPECT_FALSE(parse_token_list("a" + spaces + "b"));
  EXPECT_FALSE(parse_extensions("a" + spaces + "b"));
  EXPECT_FALSE(list_has_token("a" + spaces + "b", "upgrade"));
  std::string commas;
  for (int i = 0; i < 1'000'000; ++i) commas += " ,\t";
  EXPECT_FALSE(parse_token_list(commas));
  EXPECT_EQ(parse_token_list(commas + "a")->size(), 1U);
  EXPECT_FALSE(parse_extensions("a; b=\"" + std::string(std::size_t{8} << 20, '\\')));
}

TEST(WebSocketHandshake, ReadsExtensionsWithParameters) {
  const auto offers = parse_extensions("one; a; b=2 ; c=\"th\\ree\" , two");
  ASSERT_TRUE(offers);
  ASSERT_EQ(offers->size(), 2U);
  const auto& [name, parameters] = offers->front();
  EXPECT_EQ(name, "one");
  ASSERT_EQ(parameters.size(), 3U);
  EXPECT_EQ(parameters[0].name, "a");
  EXPECT_FALSE(parameters[0].value);
  EXPECT_EQ(parameters[1].value, "2");
  EXPECT_EQ(parameters[2].value, "three");
  EXPECT_EQ(offers->back().name, "two");
}

}  // namespace
}  // namespace hornbeam::http
