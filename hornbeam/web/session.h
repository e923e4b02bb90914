#pragma once

// Session: a few values that travel in a signed cookie.
//
// The cookie is Flask's: base64url(JSON) "." base64url(time) "." base64url(HMAC), so the client can
// read it but not change it. JSON that zlib makes shorter is compressed, and has "." before it. It
// is checked and read when a handler first asks; a bad or an old one is an empty session. It is
// written after the after_request hooks, only if it changed or is permanent.
//
// Flask writes what JSON has no type for as an object with one tag: {" t": [...]} is a tuple, " b"
// bytes, " u" a UUID, " d" a time, " m" markup, and " di" an object that itself has but one member
// named like a tag. Values keep their tags while they are carried along; `find` sees through them
// (a tuple is an array, a UUID its text), `find_bytes` and `find_time` read the types' values.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json.h"

namespace hornbeam::web {

/// A user's data between requests, kept in a signed cookie: everyone can read it, nobody can change
/// it. Flask reads what it writes.
class Session {
 public:
  /// The value under `key`; nothing if there is none or it is of another type.
  template <class Value>
  std::optional<Value> find(std::string_view key) const {
    const std::optional<std::string> text = find_json(key);
    if (!text) return std::nullopt;
    auto value = base::from_json<Value>(*text);
    return value ? std::optional(std::move(*value)) : std::nullopt;
  }
  /// Stores a value, as JSON, under `key`.
  template <class Value>
  void set(std::string_view key, const Value& value) {
    set_json(key, base::to_json(value));
  }
  /// The value under `key` as JSON without Flask's tags; nothing if there is none.
  std::optional<std::string> find_json(std::string_view key) const;
  /// Requires: `json` is JSON.
  void set_json(std::string_view key, std::string json);

  /// Bytes that need be no text, as Python's `bytes`.
  std::optional<std::string> find_bytes(std::string_view key) const;
  /// Stores bytes under `key`.
  void set_bytes(std::string_view key, std::string_view bytes);
  /// A time to the second, as Python's `datetime`.
  std::optional<std::chrono::sys_seconds> find_time(std::string_view key) const;
  /// Stores a time under `key`.
  void set_time(std::string_view key, std::chrono::sys_seconds time);
  /// A UUID such as "6ba7b810-9dad-11d1-80b4-00c04fd430c8", as Python's `UUID`. Throws
  /// std::invalid_argument if it is none.
  void set_uuid(std::string_view key, std::string_view uuid);
  /// The JSON under `key` just as Flask has it, tags included; nothing if there is none.
  std::optional<std::string> find_tagged(std::string_view key) const;
  /// Stores JSON with Flask's tags as it is. Requires: it is JSON.
  void set_tagged(std::string_view key, std::string json);

  /// Whether there is a value under `key`.
  bool contains(std::string_view key) const { return find_text(key) != nullptr; }
  /// Removes the value under `key`, if there is one.
  void erase(std::string_view key);
  /// Forgets everything; the cookie is deleted.
  void clear();
  /// Whether there is no value at all.
  bool empty() const { return values_.empty(); }
  /// Keeps the cookie past the browser's end, for SessionOptions::lifetime from the last response.
  void set_permanent(bool permanent);
  /// Whether the cookie outlives the browser.
  bool is_permanent() const;

  /// Whether anything was changed since it was read: then the cookie is sent.
  bool is_modified() const noexcept { return is_modified_; }

  /// The whole session as a JSON object with Flask's tags, keys in order, all ASCII.
  std::string to_json() const;
  /// A session of the members of the object `json`, tags understood; empty if it is none.
  static Session from_json(std::string_view json);

 private:
  const std::string* find_text(std::string_view key) const;

  std::map<std::string, std::string, std::less<>> values_;  // Each value is tagged JSON text.
  bool is_modified_ = false;
};

/// How the session's cookie is signed and sent.
struct SessionOptions {
  /// Signs the cookie. Empty: sessions can be read (they are empty) but not written. At least 16
  /// bytes of randomness.
  std::string secret_key;
  /// Former keys, which still verify.
  std::vector<std::string> fallback_keys;
  std::string cookie_name = "session";  ///< What the cookie is called.
  /// How long a signature, and a permanent session's cookie, is good.
  std::chrono::seconds lifetime = std::chrono::hours(24 * 31);
  std::string path = "/";  ///< Sent back for this path and what is below it.
  /// Empty: the host that set it.
  std::string domain;
  /// "Lax", "Strict" or "None"; empty leaves it out.
  std::string same_site = "Lax";
  /// Sign with SHA-1, as Flask does, so that both can read each other's cookies.
  bool sha1_compatible = false;
  /// A permanent session's cookie is sent again with every response, so that it ends `lifetime`
  /// after the last one.
  bool refreshes_permanent = true;
  /// The time since 1970. Empty: the system's.
  std::function<std::chrono::nanoseconds()> clock{};

  /// Now, by `clock`.
  std::int64_t seconds_since_epoch() const;
};

/// `json` with the time and its signature, as itsdangerous' URLSafeTimedSerializer has it.
std::string sign_payload(std::string_view json, const SessionOptions& options,
                         std::int64_t seconds_since_epoch);
/// The JSON that `cookie` carries; nothing if the signature is wrong, or older than the lifetime.
std::optional<std::string> unsign_payload(std::string_view cookie, const SessionOptions& options,
                                          std::int64_t seconds_since_epoch);

/// The same for a whole session.
std::string sign_session(const Session& session, const SessionOptions& options,
                         std::int64_t seconds_since_epoch);
/// What `cookie` carries; nothing if the signature is wrong or older than the lifetime.
std::optional<Session> unsign_session(std::string_view cookie, const SessionOptions& options,
                                      std::int64_t seconds_since_epoch);

/// The Set-Cookie value that stores `session`, or, if it is empty, deletes it.
std::string session_cookie(const Session& session, const SessionOptions& options, bool is_secure,
                           std::int64_t seconds_since_epoch);

}  // namespace hornbeam::web
