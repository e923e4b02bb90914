// The session's cookie: what itsdangerous' URLSafeTimedSerializer makes of Flask's session.

#include <array>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/log.h"
#include "hornbeam/web/cookie.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

namespace {

constexpr std::string_view kSalt = "cookie-session";
constexpr std::size_t kMaxPayload = std::size_t{64} << 10;
/// By how much the clock of the machine that signed may be ahead.
constexpr std::int64_t kClockSkew = 60;
/// What browsers keep of a cookie, its name and attributes included (RFC 6265, section 6.1).
constexpr std::size_t kUsualCookieBytes = 4096;

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), code.data(), &size);
  return {reinterpret_cast<const char*>(code.data()), size};
}

std::string signature(std::string_view text, std::string_view secret, bool sha1) {
  const EVP_MD* digest = sha1 ? EVP_sha1() : EVP_sha256();
  return base::base64url_encode(hmac(digest, hmac(digest, secret, kSalt), text));
}

/// Big-endian without leading zeros.
std::string time_bytes(std::int64_t seconds) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    const char byte = static_cast<char>((seconds >> shift) & 255);
    if (!bytes.empty() || byte != 0) bytes += byte;
  }
  return bytes;
}

std::optional<std::int64_t> time_from(std::string_view bytes) {
  if (bytes.size() > 7) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char byte : bytes) seconds = seconds * 256 + static_cast<unsigned char>(byte);
  return seconds;
}

/// `json` compressed, if that makes it shorter by more than the dot that says so.
std::optional<std::string> deflate_payload(std::string_view json) {
  uLongf size = compressBound(json.size());
  std::string bytes(size, '\0');
  const int done = compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                            reinterpret_cast<const Bytef*>(json.data()), json.size());
  if (done != Z_OK || size + 1 >= json.size()) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

/// Only after the signature has passed, and never to more than a cookie's worth.
std::optional<std::string> inflate_payload(std::string_view compressed) {
  std::string text(kMaxPayload, '\0');
  uLongf size = text.size();
  const int done = uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                              reinterpret_cast<const Bytef*>(compressed.data()), compressed.size());
  if (done != Z_OK) return std::nullopt;
  text.resize(size);
  return text;
}

bool is_signed(std::string_view text, std::string_view given, const SessionOptions& options) {
  const bool sha1 = options.sha1_compatible;
  if (equal_in_constant_time(given, signature(text, options.secret_key, sha1))) return true;
  for (const std::string& key : options.fallback_keys) {
    if (equal_in_constant_time(given, signature(text, key, sha1))) return true;
  }
  return false;
}

}  // namespace

std::int64_t SessionOptions::seconds_since_epoch() const {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const auto now = clock ? clock() : std::chrono::system_clock::now().time_since_epoch();
  return duration_cast<seconds>(now).count();
}

std::string sign_payload(std::string_view json, const SessionOptions& options,
                         std::int64_t seconds_since_epoch) {
  const auto compressed = deflate_payload(json);
  std::string text =
      compressed ? "." + base::base64url_encode(*compressed) : base::base64url_encode(json);
  text += "." + base::base64url_encode(time_bytes(seconds_since_epoch));
  return text + "." + signature(text, options.secret_key, options.sha1_compatible);
}

std::optional<std::string> unsign_payload(std::string_view cookie, const SessionOptions& options,
                                          std::int64_t seconds_since_epoch) {
  if (options.secret_key.empty()) return std::nullopt;
  const std::size_t last = cookie.rfind('.');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::string_view text = cookie.substr(0, last);
  if (!is_signed(text, cookie.substr(last + 1), options)) return std::nullopt;

  const std::size_t middle = text.rfind('.');
  if (middle == std::string_view::npos) return std::nullopt;
  const auto time = base::base64url_decode(text.substr(middle + 1));
  const auto signed_at = time ? time_from(*time) : std::nullopt;
  if (!signed_at || seconds_since_epoch - *signed_at > options.lifetime.count() ||
      *signed_at - seconds_since_epoch > kClockSkew) {
    return std::nullopt;
  }

  std::string_view payload = text.substr(0, middle);
  const bool is_compressed = payload.starts_with('.');
  if (is_compressed) payload.remove_prefix(1);
  std::optional<std::string> json = base::base64url_decode(payload);
  return json && is_compressed ? inflate_payload(*json) : json;
}

std::string sign_session(const Session& session, const SessionOptions& options,
                         std::int64_t seconds_since_epoch) {
  return sign_payload(session.to_json(), options, seconds_since_epoch);
}

std::optional<Session> unsign_session(std::string_view cookie, const SessionOptions& options,
                                      std::int64_t seconds_since_epoch) {
  const auto json = unsign_payload(cookie, options, seconds_since_epoch);
  return json ? std::optional(Session::from_json(*json)) : std::nullopt;
}

std::string session_cookie(const Session& session, const SessionOptions& options, bool is_secure,
                           std::int64_t seconds_since_epoch) {
  Cookie cookie;
  cookie.name = options.cookie_name;
  cookie.path = options.path;
  cookie.domain = options.domain;
  cookie.same_site = options.same_site;
  cookie.is_secure = is_secure || options.same_site == "None";
  if (session.empty()) {
    cookie.expires = 0;
    return cookie.to_string();
  }
  cookie.value = sign_session(session, options, seconds_since_epoch);
  if (session.is_permanent()) cookie.expires = seconds_since_epoch + options.lifetime.count();
  std::string text = cookie.to_string();
  if (text.size() > kUsualCookieBytes) {
    base::log_warning(
        "the session's cookie has {} bytes, and browsers drop those over {}. Mend: keep in it what "
        "names things, and the things in the database",
        text.size(), kUsualCookieBytes);
  }
  return text;
}

}  // namespace hornbeam::web
