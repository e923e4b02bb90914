// Any bytes at all as the fields of an opening handshake: never a crash, never an acceptance
// without a key of 24 letters and version 13, never a field break in the response.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/http/websocket_handshake.h"

namespace {

// The input is one field a line; a line break cannot be part of a field.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hornbeam;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  http::HandshakeRequest request{.method = "GET", .host = "site.test", .upgrade = "websocket"};
  const std::vector<std::string> patterns = {std::string(take_line(rest)), "https://*.example.org"};
  const std::vector<std::string> protocols = {"chat", "superchat"};
  request.host = take_line(rest);
  request.connection = take_line(rest);
  request.key = take_line(rest);
  request.version = take_line(rest);
  request.protocols = take_line(rest);
  request.extensions = take_line(rest);
  if (!rest.empty()) request.origin = rest;

  const auto outcome = http::check_handshake(
      request, {.allowed_origins = patterns, .protocols = protocols, .deflate = {{}}});
  if (!outcome) {
    base::check(outcome.error().status >= 400 && !outcome.error().message.empty());
    return 0;
  }
  base::check(request.key->size() == 24 && request.version == "13");
  std::string response;
  http::append_handshake_response(response, *outcome);
  std::size_t lines = 0;
  for (const char byte : response) lines += byte == '\n';
  const std::size_t expected = 4 + !outcome->protocol.empty() + !outcome->extensions.empty();
  base::check(lines == expected, "a field broke the response");
  return 0;
}
