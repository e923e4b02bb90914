#include "hornbeam/web/internal/random.h"

#include <sodium.h>

#include "hornbeam/base/check.h"

namespace hornbeam::web {

std::string random_bytes(std::size_t count) {
  static const bool is_ready = sodium_init() >= 0;
  base::check(is_ready, "libsodium finds no source of random numbers");
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace hornbeam::web
