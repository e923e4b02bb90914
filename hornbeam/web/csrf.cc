#include "hornbeam/web/csrf.h"

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/internal/guard.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

namespace {

constexpr std::string_view kSessionKey = "_csrf";
constexpr std::size_t kTokenBytes = 32;

/// The session's own token; empty if it has none.
std::string session_token(const Session& session) {
  const auto text = session.find<std::string>(kSessionKey);
  const auto bytes = text ? base::base64url_decode(*text) : std::nullopt;
  return bytes && bytes->size() == kTokenBytes ? *bytes : std::string();
}

std::string exclusive_or(std::string_view left, std::string_view right) {
  std::string bytes(left);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ right[i]);
  return bytes;
}

}  // namespace

std::string csrf_token(const Request& request) {
  Session& session = request.session();
  std::string token = session_token(session);
  if (token.empty()) {
    token = random_bytes(kTokenBytes);
    session.set(kSessionKey, base::base64url_encode(token));
  }
  const std::string mask = random_bytes(kTokenBytes);
  return base::base64url_encode(mask + exclusive_or(token, mask));
}

std::string csrf_field(const Request& request) {
  return "<input type=\"hidden\" name=\"" + base::html_escape(csrf_options(request).field_name) +
         "\" value=\"" + csrf_token(request) + "\">";
}

bool is_csrf_token(const Request& request, std::string_view token) {
  const std::string expected = session_token(request.session());
  const auto masked = base::base64url_decode(token);
  if (expected.empty() || !masked || masked->size() != 2 * kTokenBytes) return false;
  const std::string_view both = *masked;
  return equal_in_constant_time(exclusive_or(both.substr(kTokenBytes), both.substr(0, kTokenBytes)),
                                expected);
}

void renew_csrf_token(const Request& request) {
  request.session().erase(kSessionKey);
}

}  // namespace hornbeam::web
