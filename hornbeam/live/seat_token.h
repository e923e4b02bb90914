#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hornbeam::live {

/// What proves that a seat is yours: a random text, known to the player alone. The log keeps a
/// hash of it.
struct SeatToken {
  std::string text;  ///< 22 characters of URL base64.
  std::string hash;  ///< Of `text`, as `hash_seat_token` makes it: what the log keeps.
  /// By its client, who may say so again if the answer is lost; else it was made here, just now.
  bool is_chosen = false;

  /// A new one of 128 random bits.
  static SeatToken make();
};

/// Whether a token that a client has chosen may open a seat: 22 to 64 letters, digits, - and _, of
/// which at least six differ. Of random ones of 128 bits, in hexadecimal digits or denser, one in
/// 10^12 does not pass.
bool is_seat_token(std::string_view text) noexcept;
/// What a private game's creator, who has `token`, invites others with. It opens no seat but the
/// free one, and does not tell the token.
std::string invitation_of(std::string_view token);
/// The hash of a token, or an invitation, that a client presents.
std::string hash_seat_token(std::string_view token);
/// Compares in a time that does not depend on where they differ.
bool equal_hashes(std::string_view one, std::string_view other) noexcept;

/// Unpredictable bits, for the seed of a game.
std::uint64_t random_seed();

}  // namespace hornbeam::live
