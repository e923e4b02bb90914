#pragma once

#include <cstdint>
#include <memory>

#include "hornbeam/search/aggregation/parameters.h"

namespace hornbeam::search::aggregation {

/// How often a term is in some documents, and in all.
struct TermFrequencies {
  double in_subset = 0;
  double subset_size = 0;
  double in_superset = 0;
  double superset_size = 0;
};

enum class Heuristic : std::uint8_t {
  kJlh,
  kMutualInformation,
  kChiSquare,
  kGoogleDistance,
  kPercentage,
};

/// How much more usual a term is in the subset; what is not above 0 is not shown.
class Significance {
 public:
  /// Reads which heuristic is asked for; JLH if none is.
  static Significance read(Parameters& parameters);

  double score(const TermFrequencies& term) const;

 private:
  Heuristic heuristic_ = Heuristic::kJlh;
  bool includes_negatives_ = false;
  bool is_superset_ = true;  ///< Whether the background has the subset too.
};

}  // namespace hornbeam::search::aggregation
