#include "hornbeam/experiment/bucket.h"

#include <random>

#include <fmt/format.h>

namespace hornbeam::experiment {
namespace {

using bucket_detail::kPrime;
using bucket_detail::kStart;
using bucket_detail::step;

// The state that units are hashed from: any with the low byte that salts share.
constexpr std::uint32_t kBase = kStart;

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

}  // namespace

int quick_bucket_of_hash(std::uint32_t inner) noexcept {
  constexpr std::uint32_t kSevenDigits = 10'000'000;
  // Of 430 numbers one is smaller.
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
    if ((salt.state() & 0xFFU) == (kBase & 0xFFU)) return salt;
  }
}

HashedUnit::HashedUnit(std::string_view unit) noexcept : unit_(unit) {
  std::uint32_t hash = kBase;
  std::uint32_t power = 1;
  unsigned seen = 0;
  for (const char c : unit) {
    const auto byte = static_cast<unsigned char>(c);
    hash = step(hash, byte);
    power *= kPrime;
    seen |= byte;
  }
  hash_ = hash;
  power_ = power;
  is_bytes_ = seen < 0x80;
}

int HashedUnit::bucket(const Salt& salt) const noexcept {
  const std::uint32_t difference = salt.state() - kBase;
  const bool is_shifted = (difference & 0xFFU) == 0 && is_bytes_;
  const std::uint32_t inner = is_shifted ? hash_ + difference * power_ : fnv1a(unit_, salt.state());
  return quick_bucket_of_hash(inner);
}

}  // namespace hornbeam::experiment
