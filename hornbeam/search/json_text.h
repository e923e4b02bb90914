#pragma once

#include <string>
#include <string_view>

#include "hornbeam/base/json_write.h"

namespace hornbeam::search {

/// A text as JSON has it, in quotes.
// Not called "quoted": std::quoted is found before it wherever <iomanip> is included.
inline std::string json_text(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

}  // namespace hornbeam::search
