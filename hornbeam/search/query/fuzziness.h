#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// How many edits a term may be away: 0, 1 or 2, or as many as its length deserves ("AUTO").
struct Fuzziness {
  std::optional<std::uint32_t> edits{};  ///< None: by length.
  std::size_t low = 3;                   ///< Shorter terms may have none ...
  std::size_t high = 6;  ///< ... and shorter ones than this one, of "AUTO:low,high".

  /// For a term of that many characters.
  std::uint32_t edits_for(std::size_t characters) const noexcept;
  /// Reads "AUTO", "AUTO:3,6", "0", "1", "2".
  static base::Result<Fuzziness> parse(std::string_view text);
};

/// How terms are looked for that are nearly the one given.
struct FuzzyOptions {
  Fuzziness fuzziness{};
  std::size_t prefix_length = 0;    ///< Characters at the beginning that must agree.
  std::size_t max_expansions = 50;  ///< How many terms are taken, the nearest first.
  bool transpositions = true;       ///< Two letters exchanged are one edit, not two.
};

}  // namespace hornbeam::search
