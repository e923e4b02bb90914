#include "hornbeam/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace hornbeam::base {

void fail_check(std::string_view message, const std::source_location& where) noexcept {
  std::fprintf(stderr, "%s:%u: %s: check failed: %.*s\n", where.file_name(), where.line(),
               where.function_name(), static_cast<int>(message.size()), message.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace hornbeam::base
