#include "hornbeam/search/aggregation/cardinality_sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include <xxhash.h>

namespace hornbeam::search::aggregation {
namespace {

constexpr int kHashBits = 64;

/// Sums up what registers that are still empty stand for.
double sigma(double share) {
  if (share == 1) return std::numeric_limits<double>::infinity();
  double power = 1;
  double sum = share;
  for (double last = -1; sum != last;) {
    last = sum;
    share *= share;
    sum += share * power;
    power += power;
  }
  return sum;
}

/// The same for those that are full.
double tau(double share) {
  if (share == 0 || share == 1) return 0;
  double power = 1;
  double sum = 1 - share;
  for (double last = -1; sum != last;) {
    last = sum;
    share = std::sqrt(share);
    power *= 0.5;
    sum -= (1 - share) * (1 - share) * power;
  }
  return sum / 3;
}

}  // namespace

int CardinalitySketch::precision() const noexcept {
  constexpr int kLeast = 4;
  constexpr int kMost = 18;
  return std::clamp(static_cast<int>(std::bit_width(threshold_)) + 2, kLeast, kMost);
}

void CardinalitySketch::become_registers() {
  registers_.assign(std::size_t{1} << precision(), 0);
  for (std::uint32_t i = 0; i < hashes_.size(); ++i) add_to_register(hashes_.key(i));
  hashes_ = {};
}

void CardinalitySketch::add_to_register(std::uint64_t hash) {
  const int bits = precision();
  const std::uint64_t rest = hash << bits;
  const int longest = kHashBits - bits;
  const int rank = std::min(std::countl_zero(rest), longest) + 1;
  std::uint8_t& value = registers_[hash >> (kHashBits - bits)];
  value = std::max(value, static_cast<std::uint8_t>(rank));
}

std::uint64_t CardinalitySketch::count() const {
  if (registers_.empty()) return hashes_.size();
  const int longest = kHashBits - precision();
  std::array<std::uint32_t, kHashBits + 2> ranks{};
  for (const std::uint8_t rank : registers_) ++ranks[rank];
  const auto size = static_cast<double>(registers_.size());
  double sum = size * tau(1 - ranks[static_cast<std::size_t>(longest) + 1] / size);
  for (int rank = longest; rank > 0; --rank) {
    sum = (sum + ranks[static_cast<std::size_t>(rank)]) * 0.5;
  }
  sum += size * sigma(ranks[0] / size);
  const double alpha = 1 / (2 * std::numbers::ln2);
  return static_cast<std::uint64_t>(std::llround(alpha * size * size / sum));
}

std::uint64_t hash_number(std::int64_t number) noexcept {
  return XXH3_64bits(&number, sizeof number);
}

std::uint64_t hash_text(std::string_view text) noexcept {
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace hornbeam::search::aggregation
