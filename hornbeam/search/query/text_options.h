#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// How many of some clauses must match: "2", "-1", "75%", "-25%", "2<75%" ("3<90% 5<2").
struct MinimumShouldMatch {
  std::string text;

  /// For that many clauses.
  base::Result<std::size_t> resolve(std::size_t clauses) const;
};

/// Whether terms of a text are alternatives or all needed.
enum class TextOperator : std::uint8_t { kOr, kAnd };

/// A field's name, or a pattern of names such as "title*", and what its matches are worth.
struct BoostedField {
  std::string name;
  float boost = 1;
};

}  // namespace hornbeam::search
