#include "hornbeam/web/session.h"

#include <array>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/cookie.h"

namespace hornbeam::web {

namespace {

constexpr std::string_view kSalt = "cookie-session";
constexpr std::string_view kPermanentKey = "_permanent";
constexpr std::size_t kMaxPayload = std::size_t{64} << 10;

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

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
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

void Session::erase(std::string_view key) {
  const auto found = values_.find(key);
  if (found == values_.end()) return;
  values_.erase(found);
  is_modified_ = true;
}

void Session::clear() {
  is_modified_ |= !values_.empty();
  values_.clear();
}

void Session::set_permanent(bool permanent) {
  if (permanent) {
    set(kPermanentKey, true);
  } else {
    erase(kPermanentKey);
  }
}

bool Session::is_permanent() const {
  return find<bool>(kPermanentKey).value_or(false);
}

const std::string* Session::find_text(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

void Session::set_text(std::string_view key, std::string json) {
  values_.insert_or_assign(std::string(key), std::move(json));
  is_modified_ = true;
}

std::string Session::to_json() const {
  std::string json = "{";
  for (const auto& [key, value] : values_) {
    if (json.size() > 1) json += ',';
    base::append_json_string(json, key);
    json += ':';
    json += value;
  }
  return json + "}";
}

Session Session::from_json(std::string_view json) {
  Session session;
  const auto document = base::JsonDocument::parse(json);
  if (!document || document->root().kind() != base::JsonKind::kObject) return session;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const auto [key, value] = document->root().member(i);
    session.values_.emplace(std::string(key), value.text());
  }
  return session;
}

std::string sign_session(const Session& session, const SessionOptions& options,
                         std::int64_t seconds_since_epoch) {
  const std::string text = base::base64url_encode(session.to_json()) + "." +
                           base::base64url_encode(time_bytes(seconds_since_epoch));
  return text + "." + signature(text, options.secret_key, options.sha1_compatible);
}

std::optional<Session> unsign_session(std::string_view cookie, const SessionOptions& options,
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
  if (!signed_at || seconds_since_epoch - *signed_at > options.lifetime.count())
    return std::nullopt;

  std::string_view payload = text.substr(0, middle);
  const bool is_compressed = payload.starts_with('.');
  if (is_compressed) payload.remove_prefix(1);
  std::optional<std::string> json = base::base64url_decode(payload);
  if (json && is_compressed) json = inflate_payload(*json);
  if (!json) return std::nullopt;
  return Session::from_json(*json);
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
  return cookie.to_string();
}

}  // namespace hornbeam::web
