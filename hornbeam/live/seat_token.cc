#include "hornbeam/live/seat_token.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>

#include <sodium.h>

#include "hornbeam/base/check.h"
#include "hornbeam/base/encoding.h"

namespace hornbeam::live {
namespace {

void start_sodium() {
  static const bool is_ready = sodium_init() >= 0;
  base::check(is_ready, "libsodium finds no source of random numbers");
}

/// The system's random bits, fetched for some thirty tokens at a time: a system call for each would
/// be a third of one for each move of a short game. What has been given out is wiped.
class RandomBits {
 public:
  void fill(void* target, std::size_t size) {
    if (left_ < size) {
      start_sodium();
      randombytes_buf(bits_.data(), bits_.size());
      left_ = bits_.size();
    }
    left_ -= size;
    std::memcpy(target, bits_.data() + left_, size);
    sodium_memzero(bits_.data() + left_, size);
  }

 private:
  std::array<unsigned char, 512> bits_;
  std::size_t left_ = 0;
};

thread_local RandomBits random_bits;

}  // namespace

SeatToken SeatToken::make() {
  std::array<char, 16> bits;
  random_bits.fill(bits.data(), bits.size());
  std::string text = base::base64url_encode({bits.data(), bits.size()});
  std::string hash = hash_seat_token(text);
  return {std::move(text), std::move(hash)};
}

bool is_seat_token(std::string_view text) noexcept {
  constexpr std::size_t kShortest = 22;
  constexpr std::size_t kLongest = 64;
  constexpr std::size_t kFewest = 6;  // Of 32 random hexadecimal digits one in 10^12 has fewer.
  if (text.size() < kShortest || text.size() > kLongest) return false;
  std::bitset<256> seen;
  for (const char c : text) {
    const bool is_allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!is_allowed) return false;
    seen.set(static_cast<unsigned char>(c));
  }
  return seen.count() >= kFewest;
}

std::string hash_seat_token(std::string_view token) {
  // A token has 128 bits of its own, so that a plain fast hash suffices: there is nothing to guess.
  std::array<unsigned char, crypto_generichash_BYTES> digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr,
                     0);
  return base::base64url_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string invitation_of(std::string_view token) {
  constexpr std::size_t kLength = 22;  // 128 bits.
  return hash_seat_token(std::string("an invitation by ").append(token)).substr(0, kLength);
}

bool equal_hashes(std::string_view one, std::string_view other) noexcept {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  random_bits.fill(&seed, sizeof seed);
  return seed;
}

}  // namespace hornbeam::live
