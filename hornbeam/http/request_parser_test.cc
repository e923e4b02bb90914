#include "hornbeam/http/request_parser.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::http {
namespace {

struct Parsed {
  ParseState state = ParseState::kIncomplete;
  int status = 0;
  std::string reason;
  std::string method, target, path, query, host;
  std::vector<std::pair<std::string, std::string>> fields;
  Framing framing;
  std::size_t consumed = 0;
};

Parsed copy_of(const HeadOutcome& outcome, const Request& request, const Framing& framing) {
  Parsed parsed;
  parsed.state = outcome.state;
  parsed.consumed = outcome.consumed;
  if (outcome.state == ParseState::kRefused) {
    parsed.status = outcome.refusal.status;
    parsed.reason = outcome.refusal.reason;
  }
  if (outcome.state != ParseState::kComplete) return parsed;
  parsed.method = request.method_name();
  parsed.target = request.target();
  parsed.path = request.path();
  parsed.query = request.query();
  parsed.host = request.host();
  for (const FieldView& field : request.fields()) {
    parsed.fields.emplace_back(field.name, field.value);
  }
  parsed.framing = framing;
  return parsed;
}

Parsed parse(std::string text, HeadLimits limits = {}) {
  RequestParser parser;
  Request request;
  Framing framing;
  const HeadOutcome outcome = parser.parse(text, limits, request, framing);
  return copy_of(outcome, request, framing);
}

// One byte more each time, as the slowest of clients sends; each time in another place of memory.
Parsed parse_byte_by_byte(const std::string& text) {
  RequestParser parser;
  Request request;
  Framing framing;
  for (std::size_t size = 1; size <= text.size(); ++size) {
    std::string seen = text.substr(0, size);
    const HeadOutcome outcome = parser.parse(seen, {}, request, framing);
    if (outcome.state != ParseState::kIncomplete) return copy_of(outcome, request, framing);
  }
  return {};
}

TEST(RequestParser, GivesViewsOfAllParts) {
  const Parsed parsed =
      parse("GET /a/b?c=d HTTP/1.1\r\nHost: example.org:80\r\nX-Thing:  two words \r\n\r\nrest");
  ASSERT_EQ(parsed.state, ParseState::kComplete);
  EXPECT_EQ(parsed.method, "GET");
  EXPECT_EQ(parsed.target, "/a/b?c=d");
  EXPECT_EQ(parsed.path, "/a/b");
  EXPECT_EQ(parsed.query, "c=d");
  EXPECT_EQ(parsed.host, "example.org:80");
  const std::vector<std::pair<std::string, std::string>> fields{{"host", "example.org:80"},
                                                                {"x-thing", "two words"}};
  EXPECT_EQ(parsed.fields, fields);
  EXPECT_EQ(parsed.consumed, 69U);
}

TEST(RequestParser, AnAbsoluteTargetsAuthorityWinsOverHost) {
  const Parsed parsed = parse("GET http://a.example:81/x?y HTTP/1.1\r\nHost: b.example\r\n\r\n");
  ASSERT_EQ(parsed.state, ParseState::kComplete);
  EXPECT_EQ(parsed.host, "a.example:81");
  EXPECT_EQ(parsed.path, "/x");
  EXPECT_EQ(parsed.target, "/x?y");
}

TEST(RequestParser, DetachedRequestsOutliveTheirBytes) {
  std::string text = "GET http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n";
  RequestParser parser;
  Request request;
  Framing framing;
  ASSERT_EQ(parser.parse(text, {}, request, framing).state, ParseState::kComplete);
  const Request owned = request.detach();
  text.assign(text.size(), '#');
  EXPECT_EQ(owned.path(), "/");
  EXPECT_EQ(owned.host(), "a.example");
  EXPECT_EQ(owned.find_field("host"), "a.example");
}

struct Case {
  const char* name;
  std::string text;
  int status;  // 0: accepted.
};

std::string head(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  return line + "\r\nHost: x\r\n" + fields + "\r\n";
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"one leading empty line is ignored", "\r\n" + head(""), 0},
      {"two leading empty lines are not", "\r\n\r\n" + head(""), 400},
      {"a carriage return is no empty line", "\r\r\n" + head(""), 400},
      {"a carriage return before a method", "\r" + head(""), 400},
      {"HTTP/1.0 needs no host", "GET / HTTP/1.0\r\n\r\n", 0},
      {"HTTP/1.1 needs one", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", head("Host: y\r\n"), 400},
      {"an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"a host with userinfo", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"a host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a host with a bad port", "GET / HTTP/1.1\r\nHost: a:70000\r\n\r\n", 400},
      {"an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0},
      {"an open IPv6 host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      {"a bare line feed behind the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
      {"a bare line feed behind a field", "GET / HTTP/1.1\r\nHost: x\n\r\n", 400},
      {"a bare line feed as the end", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400},
      {"a bare carriage return in a value", head("A: b\rc\r\n"), 400},
      {"a NUL in a value", head(std::string("A: b\0c\r\n", 8)), 400},
      {"a tab in a value", head("A: b\tc\r\n"), 0},
      {"bytes beyond ASCII in a value", head("A: \xc3\xa9\r\n"), 0},
      {"a delete character in a value", head("A: b\x7f\r\n"), 400},
      {"white space before a colon", head("A : b\r\n"), 400},
      {"an empty field name", head(": b\r\n"), 400},
      {"a field without a colon", head("A\r\n"), 400},
      {"a name that is no token", head("A(b): c\r\n"), 400},
      {"a folded line", head("A: b\r\n c\r\n"), 400},
      {"a line of white space first", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
      {"two spaces in the request line", head("", "GET  / HTTP/1.1"), 400},
      {"a tab in the request line", head("", "GET\t/ HTTP/1.1"), 400},
      {"a trailing space in the request line", head("", "GET / HTTP/1.1 "), 400},
      {"no version", head("", "GET /"), 400},
      {"a lower-case version", head("", "GET / http/1.1"), 400},
      {"HTTP/2.0", head("", "GET / HTTP/2.0"), 505},
      {"HTTP/1.2", head("", "GET / HTTP/1.2"), 505},
      {"HTTP/11.1", head("", "GET / HTTP/11.1"), 400},
      {"a fragment in the target", head("", "GET /a#b HTTP/1.1"), 400},
      {"bytes beyond ASCII in the target", head("", "GET /\xc3\xa9 HTTP/1.1"), 400},
      {"what browsers leave unencoded in a query", head("", "GET /?a=|^`{} HTTP/1.1"), 0},
      {"a target that is no path", head("", "GET a HTTP/1.1"), 400},
      {"an absolute target of another scheme", head("", "GET ftp://a/ HTTP/1.1"), 400},
      {"an absolute target with userinfo", head("", "GET http://u@a/ HTTP/1.1"), 400},
      {"an asterisk for GET", head("", "GET * HTTP/1.1"), 400},
      {"an asterisk for OPTIONS", head("", "OPTIONS * HTTP/1.1"), 0},
      {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501},
      {"a method of our own", head("", "BREW / HTTP/1.1"), 0},
      {"a method without end", std::string(70, 'A') + "\r\nHost: x\r\n\r\n", 400},
      {"a method without end, whose line ends", std::string(70, 'A') + "\r\nHost: x\r\n", 400},
      {"a method that is no token", head("", "G@T / HTTP/1.1"), 400},
      {"a TLS hello", std::string("\x16\x03\x01\x02\x00", 5), 400},
      {"a length", head("Content-Length: 5\r\n"), 0},
      {"a length with a plus", head("Content-Length: +5\r\n"), 400},
      {"a negative length", head("Content-Length: -1\r\n"), 400},
      {"a length in hexadecimal", head("Content-Length: 0x5\r\n"), 400},
      {"a length with a space", head("Content-Length: 1 0\r\n"), 400},
      {"an empty length", head("Content-Length:\r\n"), 400},
      {"a list of lengths", head("Content-Length: 5, 5\r\n"), 400},
      {"two equal lengths", head("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"two different lengths", head("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {"a length past 2^63", head("Content-Length: 9223372036854775808\r\n"), 400},
      {"chunked", head("Transfer-Encoding: chunked\r\n"), 0},
      {"CHUNKED", head("Transfer-Encoding: CHUNKED\r\n"), 0},
      {"chunked with a length", head("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
      {"chunked twice", head("Transfer-Encoding: chunked, chunked\r\n"), 501},
      {"gzip, then chunked", head("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {"chunked, then gzip", head("Transfer-Encoding: chunked, gzip\r\n"), 400},
      {"identity", head("Transfer-Encoding: identity\r\n"), 400},
      {"xchunked", head("Transfer-Encoding: xchunked\r\n"), 400},
      {"a vertical tab before chunked", head("Transfer-Encoding: \vchunked\r\n"), 400},
      {"two transfer encodings",
       head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"an empty transfer encoding", head("Transfer-Encoding:\r\n"), 400},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"an unknown expectation", head("Expect: a-miracle\r\n"), 417},
  };
  return all;
}

TEST(RequestParser, AcceptsAndRefusesAsTheTableSays) {
  for (const Case& item : cases()) {
    const Parsed whole = parse(item.text);
    EXPECT_NE(whole.state, ParseState::kIncomplete) << item.name;
    EXPECT_EQ(whole.status, item.status) << item.name << ": " << whole.reason;
    const Parsed slow = parse_byte_by_byte(item.text);
    EXPECT_EQ(slow.state, whole.state) << item.name;
    EXPECT_EQ(slow.status, whole.status) << item.name << ": " << slow.reason;
    EXPECT_EQ(slow.fields, whole.fields) << item.name;
  }
}

TEST(RequestParser, DecidesWhetherTheConnectionStays) {
  const std::vector<std::pair<std::string, bool>> table = {
      {head(""), true},
      {head("Connection: close\r\n"), false},
      {head("Connection: Keep-Alive, CLOSE\r\n"), false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  };
  for (const auto& [text, keeps] : table) EXPECT_EQ(parse(text).framing.keep_alive, keeps) << text;
}

TEST(RequestParser, NamesTheLimitThatWasPassed) {
  EXPECT_EQ(parse("GET /" + std::string(9000, 'a')).status, 414);
  EXPECT_EQ(parse(head("A: " + std::string(40000, 'a') + "\r\n")).status, 431);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(40000, 'a')).status, 431);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  EXPECT_EQ(parse(head(many)).status, 431);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: x\r\n" + many).status, 431) << "before the head ends";
  EXPECT_EQ(parse(std::string(100, 'A')).status, 400) << "before the request line ends";
}

}  // namespace
}  // namespace hornbeam::http
