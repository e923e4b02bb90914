#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hornbeam::live {

/// What proves that a seat is yours: 128 random bits, known to the player alone. The log keeps a
/// hash of it.
struct SeatToken {
  std::string text;  ///< 22 characters of URL base64.
  std::string hash;  ///< Of `text`, as `hash_seat_token` makes it: what the log keeps.

  /// A new one of 128 random bits.
  static SeatToken make();
};

/// The hash of a token that a client presents.
std::string hash_seat_token(std::string_view token);
/// Compares in a time that does not depend on where they differ.
bool equal_hashes(std::string_view one, std::string_view other) noexcept;

/// Unpredictable bits, for the seed of a game.
std::uint64_t random_seed();

}  // namespace hornbeam::live
