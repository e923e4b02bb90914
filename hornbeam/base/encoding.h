#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::base {

/// Turns "%41" into "A"; an escape that is not two hex digits stays as it is, as WSGI servers do.
/// With `plus_is_space`, '+' becomes a space, as in forms and query strings.
std::string percent_decode(std::string_view text, bool plus_is_space = false);

/// What a URL path may show as it is: unreserved characters and "!$&'()*+,/:;=@".
inline constexpr std::string_view kPathSafe = "!$&'()*+,/:;=@-._~";
/// What a query key or value may show as it is.
inline constexpr std::string_view kQuerySafe = "-._~";

/// Replaces every byte but ASCII letters, digits and those in `safe` by its escape.
std::string percent_encode(std::string_view text, std::string_view safe = kQuerySafe);

/// Base64 in the URL alphabet, without padding (RFC 4648, section 5).
std::string base64url_encode(std::string_view bytes);
/// The bytes; nothing if `text` is not unpadded URL base64 in its one canonical spelling.
std::optional<std::string> base64url_decode(std::string_view text);

/// Lower-case hexadecimal digits of `bytes`.
std::string hex_encode(std::string_view bytes);

/// How many bytes at the front of `text` are ASCII.
std::size_t ascii_prefix(std::string_view text) noexcept;

/// True if `text` is UTF-8 without surrogates and overlong forms (RFC 3629).
bool is_valid_utf8(std::string_view text) noexcept;

/// The number of code points in `text`. Requires: valid UTF-8; else bytes that begin none count for
/// nothing.
std::size_t utf8_length(std::string_view text) noexcept;

/// Takes one code point off the front of `text`. Requires: `text` is not empty. Never reads past
/// its end; what is not UTF-8 gives some code point.
char32_t take_code_point(std::string_view& text) noexcept;
/// Appends the UTF-8 of `point`. Requires: a code point, not a surrogate.
void append_utf8(std::string& out, char32_t point);

/// `text` as it stands inside HTML text and quoted attributes: & < > " ' are replaced.
std::string html_escape(std::string_view text);
/// Appends `html_escape(text)`.
void append_html_escaped(std::string& out, std::string_view text);

}  // namespace hornbeam::base
