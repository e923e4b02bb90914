#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/fuzziness.h"
#include "hornbeam/search/score/intervals.h"

namespace hornbeam::search {

struct IntervalRule;

/// Keeps the intervals of a rule that lie so to those of another.
struct IntervalFilter {
  IntervalRelation relation = IntervalRelation::kAfter;
  std::shared_ptr<const IntervalRule> rule;
  std::uint32_t before =
      0;                    ///< By how many positions the other's are longer at their beginning ...
  std::uint32_t after = 0;  ///< ... and at their end.
};

/// Which stretches of a text are meant.
struct IntervalRule {
  enum class Kind : std::uint8_t {
    kMatch,  ///< The words of a text.
    kTerm,   ///< A term as it is.
    kPrefix,
    kWildcard,
    kRegexp,
    kFuzzy,
    kAllOf,  ///< One of each of `rules`.
    kAnyOf,  ///< One of any of `rules`.
  };
  enum class Order : std::uint8_t { kAny, kAnyWithoutOverlap, kOneBehindTheOther };

  Kind kind = Kind::kMatch;
  std::string text{};
  std::string field{};     ///< Empty: that of the query.
  std::string analyzer{};  ///< Empty: the field's.
  Order order = Order::kAny;
  std::optional<std::uint32_t> max_gaps{};
  std::optional<std::uint32_t> max_end{};  ///< No position at or behind it.
  bool ignores_case = false;
  FuzzyOptions fuzzy{};
  std::vector<IntervalRule> rules{};
  std::optional<IntervalFilter> filter{};
};

/// Documents that have such stretches.
struct IntervalQuery {
  enum class Scoring : std::uint8_t {
    kSaturation,  ///< The more and the closer, the nearer to the boost.
    kBm25,        ///< As a phrase of all its terms: span queries.
  };
  std::string field;
  IntervalRule rule{};
  Scoring scoring = Scoring::kSaturation;
};

}  // namespace hornbeam::search
