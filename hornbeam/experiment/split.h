#pragma once

// Split: a choice between values by a user's id, for code that needs no lane and no database.
//
//   enum class Colour { kRed, kGreen, kBlue };
//   constexpr auto kColours = split<Colour>("button colour", {{Colour::kRed, 50},
//                                                            {Colour::kGreen, 25},
//                                                            {Colour::kBlue, 25}});
//   Colour colour = assign(kColours, user_id);

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "hornbeam/experiment/bucket.h"

namespace hornbeam::experiment {

/// One choice of a split and how many of a hundred get it.
template <class Choice>
struct Weighted {
  /// What is got.
  Choice choice;
  double weight;  ///< Percent, in hundredths at most: 33.34.
};

/// Choices whose weights add up to 100, which is checked when it is compiled.
template <class Choice, std::size_t Size>
class Split {
 public:
  /// For `split`.
  consteval Split(std::string_view salt, const std::array<Weighted<Choice>, Size>& choices)
      : salt_(salt), salt_state_(fnv1a(salt)) {
    int total = 0;
    for (std::size_t i = 0; i < Size; ++i) {
      total += buckets_of(choices[i].weight);
      choices_[i] = choices[i].choice;
      ends_[i] = total;
    }
    // Thrown only while compiling: its text is the compiler's message.
    if (total != kBuckets) {
      throw "the weights of a split must add up to 100; mend: change one of them by what is "
            "missing";
    }
    if (salt.empty()) throw "a split needs a name that is its own; mend: split<T>(\"name\", ...)";
  }

  /// The name that units are hashed with. To change it is to draw anew.
  constexpr std::string_view salt() const { return salt_; }
  /// The choice of a unit.
  constexpr const Choice& choice_of(std::string_view unit) const {
    const int bucket = bucket_of_hash(fnv1a(unit, salt_state_));
    std::size_t i = 0;
    while (bucket >= ends_[i]) ++i;
    return choices_[i];
  }

 private:
  static consteval int buckets_of(double percent) {
    const double buckets = percent * (kBuckets / 100);
    const int whole = static_cast<int>(buckets + 0.5);
    const double rest = buckets - whole;
    if (percent < 0 || rest > 1e-6 || rest < -1e-6) {
      throw "a weight is a percentage with two decimals at most, and not below zero";
    }
    return whole;
  }

  std::string_view salt_;
  std::uint32_t salt_state_;
  std::array<Choice, Size> choices_{};
  std::array<int, Size> ends_{};
};

/// Divides units among choices by weights that add up to 100. `salt` is a literal of its own for
/// each split: two with the same give the same units the same places.
template <class Choice, std::size_t Size>
consteval Split<Choice, Size> split(std::string_view salt,
                                    const Weighted<Choice> (&choices)[Size]) {
  std::array<Weighted<Choice>, Size> all{};
  for (std::size_t i = 0; i < Size; ++i) all[i] = choices[i];
  return {salt, all};
}

/// The choice of `unit`. Pure: the same split and unit give the same choice on every machine,
/// forever.
template <class Choice, std::size_t Size>
constexpr Choice assign(const Split<Choice, Size>& split, std::string_view unit) {
  return split.choice_of(unit);
}

}  // namespace hornbeam::experiment
