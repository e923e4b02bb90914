#pragma once

// For tests only: opening handshakes and what a server must answer, as data. A row says in what it
// differs from a good handshake; `to_bytes` writes it out for a driver that speaks to a real server
// with the same policy over plain TCP. Source: RFC 6455 section 4.2, RFC 6454 for origins.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hornbeam::http::cases {

/// The policy that the rows assume.
inline const std::vector<std::string> kAllowedOrigins = {
    "https://*.example.org", "http://localhost:3000", "https://exact.example.net:8443"};
inline const std::vector<std::string> kProtocols = {"chat.v2", "chat.v1"};

/// A field that differs from the good handshake: another value, or none at all.
struct Change {
  std::string name;
  std::optional<std::string> value;
};

inline Change with(std::string name, std::string value) {
  return {std::move(name), std::move(value)};
}
inline Change without(std::string name) {
  return {std::move(name), std::nullopt};
}

struct HandshakeCase {
  std::string name;
  std::vector<Change> changes = {};
  int status = 101;
  std::string protocol = {};  ///< With 101: the subprotocol that must be chosen.
  std::string method = "GET";
  std::string version = "HTTP/1.1";
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The fields that `row` sends.
inline Fields fields_of(const HandshakeCase& row) {
  Fields fields = {
      {"Host", "www.site.test:8080"},  {"Upgrade", "websocket"},
      {"Connection", "Upgrade"},       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
      {"Sec-WebSocket-Version", "13"},
  };
  for (const auto& [name, value] : row.changes) {
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    if (value) fields.emplace_back(name, *value);
  }
  return fields;
}

/// The request as bytes.
inline std::string to_bytes(const HandshakeCase& row, const std::string& target = "/ws") {
  std::string bytes = row.method + " " + target + " " + row.version + "\r\n";
  for (const auto& [name, value] : fields_of(row))
    bytes.append(name).append(": ").append(value).append("\r\n");
  return bytes + "\r\n";
}

inline std::vector<HandshakeCase> request_cases() {
  return {
      {"a good handshake is accepted", {}},
      {"Upgrade may be in any case", {with("Upgrade", "WebSocket")}},
      {"Upgrade may be one of several", {with("Upgrade", "h2c, websocket")}},
      {"a handshake without Upgrade is told to upgrade", {without("Upgrade")}, 426},
      {"an upgrade to something else is told to upgrade", {with("Upgrade", "h2c")}, 426},
      {"an Upgrade that only begins well is told to upgrade", {with("Upgrade", "websockets")}, 426},
      {"an Upgrade that only ends well is told to upgrade", {with("Upgrade", "awebsocket")}, 426},
      {"Connection may be in any case", {with("Connection", "upgrade")}},
      {"Connection may name other things too", {with("Connection", "keep-alive, Upgrade")}},
      {"Connection may have white space and empty members",
       {with("Connection", "keep-alive ,,\tUPGRADE ,")}},
      {"a handshake without Connection is refused", {without("Connection")}, 400},
      {"a Connection without Upgrade is refused", {with("Connection", "keep-alive")}, 400},
      {"a Connection that only contains the word is refused",
       {with("Connection", "no-upgrade")},
       400},
      {"an empty Connection is refused", {with("Connection", "")}, 400},
      {"POST is refused", {}, 405, "", "POST"},
      {"HEAD is refused", {}, 405, "", "HEAD"},
      {"get in small letters is refused", {}, 405, "", "get"},
      {"HTTP/1.0 is refused", {}, 400, "", "GET", "HTTP/1.0"},
      {"a handshake without a version is told which to use",
       {without("Sec-WebSocket-Version")},
       426},
      {"version 8 is told which to use", {with("Sec-WebSocket-Version", "8")}, 426},
      {"version 0 is told which to use", {with("Sec-WebSocket-Version", "0")}, 426},
      {"version 14 is told which to use", {with("Sec-WebSocket-Version", "14")}, 426},
      {"version 013 is told which to use", {with("Sec-WebSocket-Version", "013")}, 426},
      {"two versions are told which to use", {with("Sec-WebSocket-Version", "13, 8")}, 426},
      {"a version that is no number is told which to use",
       {with("Sec-WebSocket-Version", "x")},
       426},
      {"other extensions are passed over", {with("Sec-WebSocket-Extensions", "x-unheard; of=1")}},
      {"extensions with a dangling parameter are refused",
       {with("Sec-WebSocket-Extensions", "permessage-deflate;")},
       400},
      {"extensions with an empty value are refused",
       {with("Sec-WebSocket-Extensions", "permessage-deflate; a=")},
       400},
      {"extensions with an open quote are refused",
       {with("Sec-WebSocket-Extensions", "permessage-deflate; a=\"10")},
       400},
      {"extensions with a quoted value that is no token are refused",
       {with("Sec-WebSocket-Extensions", "permessage-deflate; a=\"1 0\"")},
       400},
      {"extensions without a comma are refused",
       {with("Sec-WebSocket-Extensions", "one two")},
       400},
      {"extensions that name nothing are refused", {with("Sec-WebSocket-Extensions", ",")}, 400},
  };
}

inline std::vector<HandshakeCase> key_cases() {
  std::vector<HandshakeCase> rows = {
      {"a key of sixteen zeros is accepted",
       {with("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")}},
      {"a key with plus and slash is accepted",
       {with("Sec-WebSocket-Key", "+/+/+/+/+/+/+/+/+/+/+A==")}},
      {"a handshake without a key is refused", {without("Sec-WebSocket-Key")}, 400},
  };
  for (const auto& [what, key] : std::vector<std::pair<std::string, std::string>>{
           {"empty key", ""},
           {"key of fifteen bytes", "AAAAAAAAAAAAAAAAAAAA"},
           {"key of seventeen bytes", "AAAAAAAAAAAAAAAAAAAAAAA="},
           {"key of eighteen bytes", "AAAAAAAAAAAAAAAAAAAAAAAA"},
           {"key without padding", "dGhlIHNhbXBsZSBub25jZQ"},
           {"key with half its padding", "dGhlIHNhbXBsZSBub25jZQ="},
           {"key with padding in the middle", "dGhlIHNhbXBsZ==ub25jZQ=="},
           {"key in the URL alphabet", "-_-_-_-_-_-_-_-_-_-_-A=="},
           {"key with a space", "dGhlIHNhbXBs ZSBub25jZ=="},
           {"key in plain letters", "the sample nonce"},
           {"pair of keys", "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="},
       }) {
    const std::string article = what.starts_with('e') ? "an " : "a ";
    rows.push_back({article + what + " is refused", {with("Sec-WebSocket-Key", key)}, 400});
  }
  return rows;
}

inline std::vector<HandshakeCase> protocol_cases() {
  const auto offering = [](std::string name, std::string offer, int status, std::string chosen) {
    return HandshakeCase{std::move(name),
                         {with("Sec-WebSocket-Protocol", std::move(offer))},
                         status,
                         std::move(chosen)};
  };
  return {
      offering("the one protocol offered is chosen", "chat.v1", 101, "chat.v1"),
      offering("the server's favourite is chosen among several", "chat.v1, chat.v2", 101,
               "chat.v2"),
      offering("protocols nobody knows leave none", "other, another", 101, ""),
      offering("names of protocols are compared exactly", "Chat.V1", 101, ""),
      offering("a name that only begins well is not chosen", "chat.v10", 101, ""),
      offering("empty members are passed over", ",,chat.v1,", 101, "chat.v1"),
      offering("a list of nothing is refused", " , ", 400, ""),
      offering("a protocol that is no token is refused", "chat v1", 400, ""),
      offering("a protocol in quotes is refused", "\"chat.v1\"", 400, ""),
      offering("a protocol with a slash is refused", "chat/1", 400, ""),
  };
}

inline std::vector<HandshakeCase> origin_cases() {
  const auto from = [](std::string name, std::string origin, int status) {
    return HandshakeCase{std::move(name), {with("Origin", std::move(origin))}, status};
  };
  const auto at = [](std::string name, std::string host, std::string origin, int status) {
    return HandshakeCase{std::move(name),
                         {with("Host", std::move(host)), with("Origin", std::move(origin))},
                         status};
  };
  return {
      from("the site's own origin may connect", "http://www.site.test:8080", 101),
      from("an origin's case is no matter", "HTTP://WWW.Site.TEST:8080", 101),
      from("another port of the site may not connect", "http://www.site.test:8081", 403),
      from("the default port of the site may not connect", "http://www.site.test", 403),
      from("the site under another scheme may not connect", "https://www.site.test:8080", 403),
      from("a parent of the site may not connect", "http://site.test:8080", 403),
      from("a subdomain of the site may not connect", "http://a.www.site.test:8080", 403),
      from("a site that ends like it may not connect", "http://evilwww.site.test:8080", 403),
      from("a site that begins like it may not connect", "http://www.site.test.evil.test:8080",
           403),
      from("a foreign site may not connect", "http://evil.test", 403),
      from("the origin null may not connect", "null", 403),
      from("an empty origin may not connect", "", 403),
      from("a host without a scheme is no origin", "www.site.test:8080", 403),
      from("an origin with a path is none", "http://www.site.test:8080/", 403),
      from("an origin with a user is none", "http://www.site.test:8080@evil.test", 403),
      from("an origin with a user before the site is none", "http://a@www.site.test:8080", 403),
      from("an origin of another kind may not connect", "file://", 403),
      from("two origins may not connect", "http://www.site.test:8080, http://evil.test", 403),
      from("an origin with a port that is no number may not connect", "http://www.site.test:x",
           403),
      from("an origin with a port past the last may not connect", "http://www.site.test:73616",
           403),
      at("a site at its default port may be named without it", "plain.test", "http://plain.test",
         101),
      at("a site at its default port may be named with it", "plain.test:80", "http://plain.test",
         101),
      at("an origin at its default port may be named with it", "plain.test", "http://plain.test:80",
         101),
      at("a site named by an IPv4 address may connect", "127.0.0.1:8080", "http://127.0.0.1:8080",
         101),
      at("a site named by an IPv6 address may connect", "[::1]:8080", "http://[::1]:8080", 101),
      at("a site at another IPv6 address may not connect", "[::1]:8080", "http://[::2]:8080", 403),
      from("a listed origin may connect", "http://localhost:3000", 101),
      from("a listed origin under another scheme may not connect", "https://localhost:3000", 403),
      from("a listed origin at another port may not connect", "http://localhost:3001", 403),
      from("a listed origin without its port may not connect", "https://exact.example.net", 403),
      from("a listed origin with its port may connect", "https://exact.example.net:8443", 101),
      from("a wildcard admits a label", "https://a.example.org", 101),
      from("a wildcard admits several labels", "https://a.b.example.org", 101),
      from("a wildcard admits the default port by number", "https://a.example.org:443", 101),
      from("a wildcard does not admit no label", "https://example.org", 403),
      from("a wildcard does not admit part of a label", "https://badexample.org", 403),
      from("a wildcard does not admit an empty label", "https://.example.org", 403),
      from("a wildcard does not admit another scheme", "http://a.example.org", 403),
      from("a wildcard does not admit another port", "https://a.example.org:444", 403),
      from("a wildcard does not admit more behind", "https://a.example.org.evil.test", 403),
      from("a wildcard is no label itself", "https://*.example.org", 403),
  };
}

/// Every row.
inline std::vector<HandshakeCase> handshake_cases() {
  std::vector<HandshakeCase> rows = request_cases();
  for (const auto group : {key_cases, protocol_cases, origin_cases}) {
    const auto more = group();
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

}  // namespace hornbeam::http::cases
