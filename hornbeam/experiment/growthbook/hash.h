#pragma once

// GrowthBook's hash: FNV-1a of 32 bits over UTF-16 code units, so that an id gives the same number
// here as in a browser. Source: GrowthBook SDK specification 0.8.0, "hash".

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/experiment/bucket.h"

namespace hornbeam::experiment::growthbook {

/// Half open: `start <= n < end`.
struct Range {
  double start = 0;
  double end = 0;
  bool contains(double n) const noexcept { return n >= start && n < end; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// A seed that texts are hashed with, the part of the hash that does not change worked out before.
class Seed {
 public:
  Seed() = default;
  /// Versions 1 (of the classic kind, whose results for similar seeds are correlated) and 2.
  Seed(std::string_view seed, int version) : text_(seed), state_(fnv1a(seed)), version_(version) {}

  /// A number in [0, 1): of 1,000 steps in version 1, 10,000 in version 2. Nothing for a version
  /// that there is not.
  std::optional<double> hash(std::string_view value) const noexcept;
  const std::string& text() const noexcept { return text_; }
  int version() const noexcept { return version_; }
  /// FNV-1a of the text.
  std::uint32_t state() const noexcept { return state_; }

 private:
  std::string text_;
  std::uint32_t state_ = fnv1a({});
  int version_ = 1;
};

/// The same from its parts: `hash("seed", "user", 2)`.
std::optional<double> hash(std::string_view seed, std::string_view value, int version) noexcept;

/// `count` weights that add up to one; none if it is not above zero.
std::vector<double> equal_weights(int count);
/// Where each of `variations` lies in [0, 1). Weights that are of another number, or do not add up
/// to one (within a hundredth), count as equal; `coverage` is cut to [0, 1].
std::vector<Range> bucket_ranges(int variations, double coverage,
                                 const std::optional<std::vector<double>>& weights);
/// The range that `n` is in; -1 if in none.
int choose_variation(double n, std::span<const Range> ranges) noexcept;

/// A slice of users in which experiments exclude each other, in the classic way.
struct Namespace {
  Seed seed;  ///< Version 1, of "__" and the name.
  Range range;
  /// Whether the user `value` is in it.
  bool contains(std::string_view value) const noexcept;
  /// By its name.
  static Namespace named(std::string_view name, Range range);
};

/// The variation that the query of `url` forces, as in "?my-test=1".
std::optional<int> query_string_override(std::string_view key, std::string_view url,
                                         int variations) noexcept;

}  // namespace hornbeam::experiment::growthbook
