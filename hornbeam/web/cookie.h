#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hornbeam::web {

/// A cookie to be set.
struct Cookie {
  std::string name;        ///< A token of RFC 6265; anything else is refused when it is set.
  std::string value;       ///< As it is sent, without quotes.
  std::string path = "/";  ///< Sent back for this path and what is below it.
  std::string domain{};    ///< Empty: the host that set it, and no other.
  /// When it ends, in seconds since 1970; 0 deletes it; nothing: with the browser.
  std::optional<std::int64_t> expires{};
  std::string same_site = "Lax";  ///< "Lax", "Strict", "None"; empty leaves it out.
  bool is_http_only = true;       ///< Hidden from scripts.
  bool is_secure = false;         ///< Sent over TLS only.

  /// As a Set-Cookie field has it. Throws std::invalid_argument if a part has bytes that a cookie
  /// cannot carry.
  std::string to_string() const;
};

/// A time as HTTP writes it, such as "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t seconds_since_epoch);
/// The seconds since 1970 of such a text; nothing if it is another.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace hornbeam::web
