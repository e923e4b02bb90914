#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/score/intervals.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// Which intervals are meant, in terms of the index.
struct IntervalNode {
  enum class Kind : std::uint8_t { kTerms, kInOrder, kInAnyOrder, kWithoutOverlap, kAnyOf };
  struct Filter {
    IntervalRelation relation = IntervalRelation::kAfter;
    std::shared_ptr<const IntervalNode> node;
    std::uint32_t before = 0;  ///< By how many positions its intervals begin earlier ...
    std::uint32_t after = 0;   ///< ... and end later.
  };

  Kind kind = Kind::kTerms;
  std::string field{};
  std::vector<std::string> terms{};   ///< Any of them.
  std::uint32_t gap_before = 0;       ///< Positions before a term that belong to it.
  std::vector<IntervalNode> parts{};  ///< Of all kinds but `kTerms`.
  std::optional<std::uint32_t> max_gaps{};
  std::optional<std::uint32_t> max_end{};  ///< No position at or behind it.
  std::optional<Filter> filter{};
};

/// How documents score by their intervals.
enum class IntervalScoring : std::uint8_t {
  kSaturation,  ///< The more and the closer, the nearer to the boost.
  kBm25,        ///< As a phrase of all the terms.
};

/// Documents with such intervals. Requires: the fields have positions.
PlanPtr plan_intervals(const Snapshot& snapshot, std::string field, IntervalNode node,
                       IntervalScoring scoring, float boost, const Bm25Options& options);

}  // namespace hornbeam::search
