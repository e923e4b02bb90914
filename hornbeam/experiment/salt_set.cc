// What `bucket_of_hash` does, to eight numbers in one register, or sixteen in two. A quotient of a
// number below 10,000 is a product and a shift: x / 10 = x * 6554 >> 16, and so on.

#include "hornbeam/experiment/internal/salt_set.h"

#include <algorithm>
#include <cstring>

#include "hornbeam/base/check.h"

namespace hornbeam::experiment::internal {
namespace {

using bucket_detail::kBase;
using bucket_detail::kPrime;
using bucket_detail::kStart;

#if defined(__x86_64__)
#define HORNBEAM_WIDE __attribute__((target("avx2")))
const bool has_wide_registers = __builtin_cpu_supports("avx2") != 0;
#else
#define HORNBEAM_WIDE
constexpr bool has_wide_registers = true;
#endif
#define HORNBEAM_INLINE HORNBEAM_WIDE inline __attribute__((always_inline))

// NOLINTNEXTLINE(modernize-use-using): an alias drops the attribute
typedef std::uint32_t EightNumbers __attribute__((vector_size(32)));
// NOLINTNEXTLINE(modernize-use-using)
typedef std::int32_t EightIntegers __attribute__((vector_size(32)));
// Two registers, whose work the compiler lays side by side: neither waits for the other.
// NOLINTNEXTLINE(modernize-use-using)
typedef std::uint32_t SixteenNumbers __attribute__((vector_size(64)));
// NOLINTNEXTLINE(modernize-use-using)
typedef std::int32_t SixteenIntegers __attribute__((vector_size(64)));

template <class Numbers>
HORNBEAM_INLINE void add_digit(Numbers& state, const Numbers& digit) {
  state = (state ^ (digit + '0')) * kPrime;
}

template <class Numbers>
HORNBEAM_INLINE void add_four_digits(Numbers& state, const Numbers& number) {
  const Numbers tens = number * 6'554 >> 16;
  const Numbers hundreds = number * 5'243 >> 19;
  const Numbers thousands = number * 8'389 >> 23;
  add_digit(state, thousands);
  add_digit(state, hundreds - thousands * 10);
  add_digit(state, tens - hundreds * 10);
  add_digit(state, number - tens * 10);
}

// The least hash of eight digits. Of 430 one has fewer, and is not for the wide way.
constexpr std::uint32_t kEightDigits = 10'000'000;

// Turns hashes into buckets: right for those of eight digits at least.
template <class Numbers>
HORNBEAM_INLINE void make_buckets(Numbers& numbers) {
  const Numbers inner = numbers;
  const Numbers upper = inner / 10'000;
  const Numbers first = upper / 10'000;  // Two digits, each of which may be missing.
  const Numbers first_tens = first * 205 >> 11;
  Numbers state = Numbers{} + kStart;
  Numbers longer = state;
  add_digit(longer, first_tens);
  state = first_tens != 0 ? longer : state;
  longer = state;
  add_digit(longer, first - first_tens * 10);
  state = first != 0 ? longer : state;
  add_four_digits(state, upper - first * 10'000);
  add_four_digits(state, inner - upper * 10'000);
  numbers = state - state / kBuckets * kBuckets;
}

template <class Numbers>
HORNBEAM_INLINE void load(Numbers& into, const std::uint32_t* from) {
  std::memcpy(&into, from, sizeof into);
}

}  // namespace

// The wide way; a class, so that it sees what the set has.
struct SaltSet::Wide {
  const SaltSet& set;
  const HashedUnit& unit;
  Answer& answer;

  void ask() const noexcept {
    std::size_t at = 0;
    for (; at + 16 <= set.size_; at += 16) ask_sixteen(at);
    if (at < set.size_) ask_eight(at);
  }

  // Not part of the loop: constants that are made before it would not all find a register.
  [[gnu::noinline]] HORNBEAM_WIDE void ask_eight(std::size_t at) const noexcept {
    ask_some<EightNumbers, EightIntegers>(at);
  }
  [[gnu::noinline]] HORNBEAM_WIDE void ask_sixteen(std::size_t at) const noexcept {
    ask_some<SixteenNumbers, SixteenIntegers>(at);
  }

  // For as many salts from `at` on as there are numbers.
  template <class Numbers, class Integers>
  HORNBEAM_INLINE void ask_some(std::size_t at) const noexcept {
    Numbers inner;
    load(inner, &set.shifts_[at]);
    inner = inner * unit.power_ + unit.hash_;
    Numbers buckets = inner;
    make_buckets(buckets);
    std::memcpy(&answer.buckets[at], &buckets, sizeof buckets);
    Integers arm = Integers{} + kControlArm;
    Integers number{};
    // By the arms' number; a salt's are `size_` apart.
    for (std::size_t i = at; i < set.arm_starts_.size(); i += set.size_) {
      Numbers start;
      Numbers size;
      load(start, &set.arm_starts_[i]);
      load(size, &set.arm_sizes_[i]);
      arm = buckets - start < size ? number : arm;
      number += 1;
    }
    std::memcpy(&answer.arms[at], &arm, sizeof arm);
    if (__builtin_reduce_or(inner < kEightDigits) == 0) return;
    for (std::size_t i = at; i < at + sizeof inner / sizeof inner[0]; ++i) {
      if (set.shifts_[i] * unit.power_ + unit.hash_ < kEightDigits) set.ask_one(unit, i, answer);
    }
  }
};

SaltSet::SaltSet(const std::vector<AskedSalt>& salts) : size_((salts.size() + 7) / 8 * 8) {
  base::check(salts.size() <= kMost);
  shifts_.resize(size_);
  for (const AskedSalt& each : salts) most_arms_ = std::max(most_arms_, each.arms.size());
  arm_starts_.resize(size_ * most_arms_);
  arm_sizes_.resize(size_ * most_arms_);
  for (std::size_t i = 0; i < salts.size(); ++i) {
    shifts_[i] = salts[i].state - kBase;
    is_shifted_ &= bucket_detail::has_shared_low_byte(salts[i].state);
    for (std::size_t arm = 0; arm < salts[i].arms.size(); ++arm) {
      const auto [start, end] = salts[i].arms[arm];
      arm_starts_[arm * size_ + i] = static_cast<std::uint32_t>(start);
      arm_sizes_[arm * size_ + i] = static_cast<std::uint32_t>(end - start);
    }
  }
}

void SaltSet::ask(const HashedUnit& unit, Answer& answer) const noexcept {
  if (is_shifted_ && unit.is_bytes_ && has_wide_registers) {
    return Wide{*this, unit, answer}.ask();
  }
  for (std::size_t at = 0; at < size_; ++at) ask_one(unit, at, answer);
}

void SaltSet::ask_one(const HashedUnit& unit, std::size_t at, Answer& answer) const noexcept {
  const auto bucket = static_cast<std::uint32_t>(unit.bucket(shifts_[at] + kBase));
  std::int32_t found = kControlArm;
  for (std::size_t arm = 0; arm < most_arms_; ++arm) {
    if (bucket - arm_starts_[arm * size_ + at] < arm_sizes_[arm * size_ + at])
      found = static_cast<std::int32_t>(arm);
  }
  answer.buckets.at(at) = bucket;
  answer.arms.at(at) = found;
}

}  // namespace hornbeam::experiment::internal
