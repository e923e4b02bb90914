#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::web {

/// Base64 in the standard alphabet, padded (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);
/// The bytes; nothing if `text` is no padded base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace hornbeam::web
