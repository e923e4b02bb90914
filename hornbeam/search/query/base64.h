#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "hornbeam/base/encoding.h"

namespace hornbeam::search {

/// The bytes of ordinary base64, padded or not; nothing if it is none.
inline std::optional<std::string> decode_base64(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return base::base64url_decode(text);
}

}  // namespace hornbeam::search
