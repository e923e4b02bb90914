#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// What a function that has no value for a document throws out of a search.
struct ScoringFailure {
  base::Error error;
};

/// The value of a function for a document of one segment.
using DocFunction = std::function<double(DocId)>;

/// A function and the documents that it is for.
struct ScoreFunction {
  PlanPtr filter{};                                           ///< Null: all.
  std::function<DocFunction(const SegmentView&)> function{};  ///< Null: 1.
  std::optional<float> weight{};
};

enum class Combination : std::uint8_t { kMultiply, kSum, kAverage, kFirst, kMax, kMin, kReplace };

/// How a score comes of functions.
struct FunctionScoring {
  std::vector<ScoreFunction> functions;
  Combination of_functions = Combination::kMultiply;
  Combination with_score = Combination::kMultiply;
  std::optional<float> max_boost{};
  std::optional<float> min_score{};  ///< Documents that score less do not match.
};

PlanPtr plan_function_score(PlanPtr query, FunctionScoring scoring);

}  // namespace hornbeam::search
