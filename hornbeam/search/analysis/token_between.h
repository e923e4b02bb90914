#pragma once

#include <string_view>

#include "hornbeam/search/analysis/offset_map.h"
#include "hornbeam/search/analysis/token.h"

namespace hornbeam::search {

/// The token that stands in `text` from `start` to `end`.
inline Token token_between(std::string_view text, TextPlace start, TextPlace end) noexcept {
  Token token;
  token.term = text.substr(start.byte, end.byte - start.byte);
  token.start_offset = start.offset;
  token.end_offset = end.offset;
  token.start_byte = start.byte;
  token.end_byte = end.byte;
  return token;
}

}  // namespace hornbeam::search
