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

// The states after the first three digits of a number.
constexpr auto kAfterThreeDigits = [] {
  std::array<std::uint32_t, 1000> states{};
  for (std::uint32_t i = 0; i < states.size(); ++i) {
    states[i] = step(step(step(kStart, '0' + i / 100), '0' + i / 10 % 10), '0' + i % 10);
  }
  return states;
}();

// Goes on with the `Digits` digits of `number`, leading zeros included.
template <int Digits>
std::uint32_t digits_from(std::uint32_t state, std::uint32_t number) {
  std::array<std::uint32_t, Digits> digits;
  for (int i = Digits - 1; i >= 0; --i) {
    digits[static_cast<std::size_t>(i)] = number % 10;
    number /= 10;
  }
  for (const std::uint32_t digit : digits) state = step(state, '0' + digit);
  return state;
}

}  // namespace

int quick_bucket_of_hash(std::uint32_t inner) noexcept {
  // Three numbers of four have ten digits, nearly all others nine.
  if (inner >= 1'000'000'000) {
    return static_cast<int>(
        digits_from<7>(kAfterThreeDigits[inner / 10'000'000], inner % 10'000'000) % kBuckets);
  }
  if (inner >= 100'000'000) {
    return static_cast<int>(
        digits_from<6>(kAfterThreeDigits[inner / 1'000'000], inner % 1'000'000) % kBuckets);
  }
  return bucket_of_hash(inner);
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
