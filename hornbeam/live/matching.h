#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>

namespace hornbeam::live {

/// What a player without a rating is taken for.
inline constexpr int kFirstRating = 1500;

/// How far apart two ratings may be once one of the two has waited for so long: 100 at first, 20
/// more each second, and after a minute anyone will do.
constexpr int rating_window(std::chrono::milliseconds waited) noexcept {
  constexpr std::chrono::seconds kPatience{60};
  if (waited >= kPatience) return std::numeric_limits<int>::max();
  const auto seconds = std::max<std::int64_t>(waited.count(), 0) / 1000;
  return 100 + 20 * static_cast<int>(seconds);
}

/// Whether two who look for an opponent suit each other; `waited` is how long the more patient has.
constexpr bool do_suit(int one, int other, std::chrono::milliseconds waited) noexcept {
  return (one < other ? other - one : one - other) <= rating_window(waited);
}

}  // namespace hornbeam::live
