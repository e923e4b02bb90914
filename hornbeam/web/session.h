#pragma once

// Session: a few values that travel in a signed cookie.
//
// The cookie is Flask's: base64url(JSON) "." base64url(time) "." base64url(HMAC), so the client can
// read it but not change it. It is checked and read when a handler first asks; a bad or an old one
// is an empty session. It is written after the after_request hooks, only if it changed.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json.h"

namespace hornbeam::web {

class Session {
 public:
  /// The value under `key`; nothing if there is none or it is of another type.
  template <class Value>
  std::optional<Value> find(std::string_view key) const {
    const std::string* text = find_text(key);
    if (text == nullptr) return std::nullopt;
    auto value = base::from_json<Value>(*text);
    return value ? std::optional(std::move(*value)) : std::nullopt;
  }
  template <class Value>
  void set(std::string_view key, const Value& value) {
    set_text(key, base::to_json(value));
  }
  bool contains(std::string_view key) const { return find_text(key) != nullptr; }
  void erase(std::string_view key);
  /// Forgets everything; the cookie is deleted.
  void clear();
  bool empty() const { return values_.empty(); }
  /// Keeps the cookie past the browser's end, for SessionOptions::lifetime from the last response.
  void set_permanent(bool permanent);
  bool is_permanent() const;

  bool is_modified() const noexcept { return is_modified_; }

  /// The whole session as a JSON object, with keys in order.
  std::string to_json() const;
  /// A session of the members of the object `json`; empty if it is none.
  static Session from_json(std::string_view json);

 private:
  const std::string* find_text(std::string_view key) const;
  void set_text(std::string_view key, std::string json);

  std::map<std::string, std::string, std::less<>> values_;  // Each value is JSON text.
  bool is_modified_ = false;
};

struct SessionOptions {
  /// Signs the cookie. Empty: sessions can be read (they are empty) but not written. At least 16
  /// bytes of randomness.
  std::string secret_key;
  /// Former keys, which still verify.
  std::vector<std::string> fallback_keys;
  std::string cookie_name = "session";
  /// How long a signature, and a permanent session's cookie, is good.
  std::chrono::seconds lifetime = std::chrono::hours(24 * 31);
  std::string path = "/";
  /// Empty: the host that set it.
  std::string domain;
  /// "Lax", "Strict" or "None"; empty leaves it out.
  std::string same_site = "Lax";
  /// Sign with SHA-1, as Flask does, so that both can read each other's cookies.
  bool sha1_compatible = false;
};

/// `payload` with the time and its signature.
std::string sign_session(const Session& session, const SessionOptions& options,
                         std::int64_t seconds_since_epoch);
/// What `cookie` carries; nothing if the signature is wrong or older than the lifetime.
std::optional<Session> unsign_session(std::string_view cookie, const SessionOptions& options,
                                      std::int64_t seconds_since_epoch);

/// The Set-Cookie value that stores `session`, or, if it is empty, deletes it.
std::string session_cookie(const Session& session, const SessionOptions& options, bool is_secure,
                           std::int64_t seconds_since_epoch);

}  // namespace hornbeam::web
