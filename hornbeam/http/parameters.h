#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::http {

/// A field value such as `form-data; name="a"; filename*=UTF-8''b.txt`, taken apart.
struct ParameterizedValue {
  std::string value;  ///< What stands before the first ';', in lower case.
  /// Names in lower case and decoded values. An extended one, `name*`, replaces the plain one.
  std::vector<std::pair<std::string, std::string>> parameters;

  /// The value of a parameter; `name` is in lower case.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
};

/// Takes `text` apart (RFC 9110, section 5.6.6, and RFC 8187 for `name*`); nothing if it is
/// malformed or names a parameter twice, which has two readings. Linear in the length of `text`.
std::optional<ParameterizedValue> parse_parameters(std::string_view text);

/// `attachment; filename="..."` for `filename`, with `filename*` beside an ASCII likeness where the
/// name asks for it (RFC 6266, RFC 8187). `disposition` is "attachment" or "inline".
std::string content_disposition(std::string_view disposition, std::string_view filename);

}  // namespace hornbeam::http
