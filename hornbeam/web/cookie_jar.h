#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::web {

/// What a client remembers of Set-Cookie fields, by domain, path and name (RFC 6265, section 5).
class CookieJar {
 public:
  /// Takes in a Set-Cookie field of a response from `host` to a request for `path`.
  void store(std::string_view set_cookie, std::string_view host, std::string_view path,
             std::int64_t now);
  /// The Cookie field of a request; empty if none fits. Longer paths come first.
  std::string cookies_for(std::string_view host, std::string_view path, bool is_secure,
                          std::int64_t now) const;
  /// A cookie's value, whatever its domain and path.
  std::optional<std::string> find(std::string_view name) const;
  /// Forgets every cookie.
  void clear() { cookies_.clear(); }

 private:
  struct Stored {
    std::string name;
    std::string value;
    std::string domain;
    std::string path;
    bool is_host_only = true;
    bool is_secure = false;
    std::optional<std::int64_t> expires;
  };
  std::vector<Stored> cookies_;
};

}  // namespace hornbeam::web
