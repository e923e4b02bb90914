#include "hornbeam/experiment/bucket.h"

#include <cstring>
#include <random>

#include <fmt/format.h>

namespace hornbeam::experiment {
namespace {

using bucket_detail::has_shared_low_byte;
using bucket_detail::kBase;
using bucket_detail::kPrime;
using bucket_detail::kStart;
using bucket_detail::step;

// The states after the digits of what a number is above its last seven digits: three digits if it
// has ten, two if it has nine. So numbers of all lengths take the same way, without a branch that
// nobody could foretell.
constexpr auto kAfterFirstDigits = [] {
  std::array<std::uint32_t, 430> states{};
  for (std::uint32_t i = 1; i < states.size(); ++i) {
    std::uint32_t state = kStart;
    if (i >= 100) state = step(state, '0' + i / 100);
    if (i >= 10) state = step(state, '0' + i / 10 % 10);
    states[i] = step(state, '0' + i % 10);
  }
  return states;
}();

// kPrime to the power of each length that ids have.
constexpr auto kPowers = [] {
  std::array<std::uint32_t, 65> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * kPrime;
  return powers;
}();

std::uint32_t power_of(std::size_t length) {
  std::uint32_t power = 1;
  for (; length >= kPowers.size(); length -= kPowers.size() - 1) power *= kPowers.back();
  return power * kPowers[length];
}

// Goes on with seven digits, leading zeros included. The quotients do not wait for each other; only
// the steps do.
std::uint32_t after_seven_digits(std::uint32_t state, std::uint32_t number) {
  const std::uint32_t tens = number / 10;
  const std::uint32_t hundreds = number / 100;
  const std::uint32_t thousands = number / 1'000;
  const std::uint32_t ten_thousands = number / 10'000;
  const std::uint32_t hundred_thousands = number / 100'000;
  const std::uint32_t millions = number / 1'000'000;
  state = step(state, '0' + millions);
  state = step(state, '0' + hundred_thousands - 10 * millions);
  state = step(state, '0' + ten_thousands - 10 * hundred_thousands);
  state = step(state, '0' + thousands - 10 * ten_thousands);
  state = step(state, '0' + hundreds - 10 * thousands);
  state = step(state, '0' + tens - 10 * hundreds);
  return step(state, '0' + number - 10 * tens);
}

// Of 430 numbers one has fewer than eight digits.
constexpr std::uint32_t kSevenDigits = 10'000'000;

}  // namespace

int quick_bucket_of_hash(std::uint32_t inner) noexcept {
  if (inner < kSevenDigits) return bucket_of_hash(inner);
  const std::uint32_t first = inner / kSevenDigits;
  return static_cast<int>(
      after_seven_digits(kAfterFirstDigits[first], inner - first * kSevenDigits) % kBuckets);
}

Salt Salt::make(std::string_view name) {
  std::random_device random;
  const std::uint64_t bits = (std::uint64_t{random()} << 32U) | random();
  // Ends: one number in 256 gives the low byte.
  for (unsigned number = 0;; ++number) {
    Salt salt(fmt::format("{}/{:016x}/{}", name, bits, number));
    if (has_shared_low_byte(salt.state())) return salt;
  }
}

HashedUnit::HashedUnit(std::string_view unit) noexcept : unit_(unit) {
  std::uint32_t hash = kBase;
  std::uint64_t seen = 0;
  const char* at = unit.data();
  const char* const end = at + unit.size();
  for (; end - at >= 8; at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    seen |= bytes;
    for (int i = 0; i < 8; ++i) hash = step(hash, static_cast<unsigned char>(at[i]));
  }
  for (; at != end; ++at) {
    const auto byte = static_cast<unsigned char>(*at);
    seen |= byte;
    hash = step(hash, byte);
  }
  hash_ = hash;
  power_ = power_of(unit.size());
  is_bytes_ = (seen & 0x8080'8080'8080'8080U) == 0;
}

int HashedUnit::bucket(std::uint32_t salt_state) const noexcept {
  const bool is_shifted = has_shared_low_byte(salt_state) && is_bytes_;
  const std::uint32_t inner =
      is_shifted ? hash_ + (salt_state - kBase) * power_ : fnv1a(unit_, salt_state);
  return quick_bucket_of_hash(inner);
}

}  // namespace hornbeam::experiment
