#pragma once

#include <source_location>
#include <string_view>

namespace hornbeam::base {

/// Ends the process with the place and `message` on stderr. For bugs only: input never reaches it.
[[noreturn]] void fail_check(std::string_view message, const std::source_location& where) noexcept;

/// States what must be true unless this program has a bug; active in every build.
inline void check(bool condition, std::string_view message = "a condition that must hold does not",
                  const std::source_location& where = std::source_location::current()) noexcept {
  if (!condition) [[unlikely]]
    fail_check(message, where);
}

}  // namespace hornbeam::base
