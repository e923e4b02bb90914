#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hornbeam::experiment::growthbook {

/// A regular expression written for JavaScript, matched in linear time by RE2. What only
/// backtracking can match (look-around, back references) and what is no expression at all matches
/// nothing, as an invalid one does in GrowthBook's clients. Thread: immutable.
class Pattern {
 public:
  enum class Case { kSensitive, kInsensitive };
  /// Compiles at most 1,000 bytes into at most 256 KiB.
  explicit Pattern(std::string_view javascript, Case sensitivity = Case::kSensitive);

  /// Whether it is found anywhere in `text`.
  bool matches(std::string_view text) const;
  /// Why it matches nothing, and the mend; empty if it can match.
  const std::string& problem() const noexcept { return problem_; }

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
  std::string problem_;
};

}  // namespace hornbeam::experiment::growthbook
