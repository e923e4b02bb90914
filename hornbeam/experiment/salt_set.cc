// What `bucket_of_hash` does, to eight numbers in one register. A quotient of a number below 10,000
// is a product and a shift: x / 10 = x * 6554 >> 16, and so on.

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
typedef std::uint32_t Numbers __attribute__((vector_size(32)));
// NOLINTNEXTLINE(modernize-use-using)
typedef std::int32_t Integers __attribute__((vector_size(32)));

HORNBEAM_INLINE void load(Numbers& into, const std::array<std::uint32_t, 8>& from) {
  std::memcpy(&into, from.data(), sizeof into);
}

HORNBEAM_INLINE void add_digit(Numbers& state, const Numbers& digit) {
  state = (state ^ (digit + '0')) * kPrime;
}

HORNBEAM_INLINE void add_four_digits(Numbers& state, const Numbers& number) {
  const Numbers tens = number * 6'554 >> 16;
  const Numbers hundreds = number * 5'243 >> 19;
  const Numbers thousands = number * 8'389 >> 23;
  add_digit(state, thousands);
  add_digit(state, hundreds - thousands * 10);
  add_digit(state, tens - hundreds * 10);
  add_digit(state, number - tens * 10);
}

// Turns hashes into buckets; false if a hash is too small for that: of 430 one is, with fewer than
// eight digits.
HORNBEAM_INLINE bool make_buckets(Numbers& numbers) {
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
  return __builtin_reduce_or(upper < 1'000) == 0;
}

}  // namespace

SaltSet::SaltSet(const std::vector<AskedSalt>& salts) {
  base::check(salts.size() <= kMost);
  states_.resize((salts.size() + 7) / 8);
  for (const AskedSalt& each : salts) most_arms_ = std::max(most_arms_, each.arms.size());
  arms_.resize(states_.size() * most_arms_);
  for (std::size_t i = 0; i < salts.size(); ++i) {
    states_[i / 8].at(i % 8) = salts[i].state;
    is_shifted_ &= bucket_detail::has_shared_low_byte(salts[i].state);
    for (std::size_t arm = 0; arm < salts[i].arms.size(); ++arm) {
      const auto [start, end] = salts[i].arms[arm];
      Arms& arms = arms_[i / 8 * most_arms_ + arm];
      arms.first.at(i % 8) = static_cast<std::uint32_t>(start);
      arms.size.at(i % 8) = static_cast<std::uint32_t>(end - start);
    }
  }
}

void SaltSet::ask(const HashedUnit& unit, Answer& answer) const noexcept {
  const bool is_wide = is_shifted_ && unit.is_bytes_ && has_wide_registers;
  for (std::size_t group = 0; group < states_.size(); ++group) {
    if (!is_wide || !ask_wide(unit, group, answer)) ask_each(unit, group, answer);
  }
}

HORNBEAM_WIDE bool SaltSet::ask_wide(const HashedUnit& unit, std::size_t group,
                                     Answer& answer) const noexcept {
  Numbers buckets;
  load(buckets, states_[group]);
  buckets = (buckets - kBase) * unit.power_ + unit.hash_;
  if (!make_buckets(buckets)) return false;
  std::memcpy(&answer.buckets[group * 8], &buckets, sizeof buckets);
  Integers arm = Integers{} + kControlArm;
  Integers number{};
  const Arms* const end = arms_.data() + (group + 1) * most_arms_;
  for (const Arms* arms = end - most_arms_; arms != end; ++arms) {
    Numbers first;
    Numbers size;
    load(first, arms->first);
    load(size, arms->size);
    arm = buckets - first < size ? number : arm;
    number += 1;
  }
  std::memcpy(&answer.arms[group * 8], &arm, sizeof arm);
  return true;
}

void SaltSet::ask_each(const HashedUnit& unit, std::size_t group, Answer& answer) const noexcept {
  for (std::size_t i = 0; i < 8; ++i) {
    const auto bucket = static_cast<std::uint32_t>(unit.bucket(states_[group][i]));
    std::int32_t found = kControlArm;
    for (std::size_t arm = 0; arm < most_arms_; ++arm) {
      const Arms& arms = arms_[group * most_arms_ + arm];
      if (bucket - arms.first[i] < arms.size[i]) found = static_cast<std::int32_t>(arm);
    }
    answer.buckets[group * 8 + i] = bucket;
    answer.arms[group * 8 + i] = found;
  }
}

}  // namespace hornbeam::experiment::internal
