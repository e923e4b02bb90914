#pragma once

// Two arms of two lanes together, for pages: measured where units had both, else estimated with the
// assumption that the estimate rests on.

#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/result.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/site/experiments/reading.h"

namespace hornbeam::site {

/// The units that have one arm of each lane.
struct CellView {
  std::string one;
  std::string other;
  std::string units;
  std::string level;
};

/// Two arms together.
struct CombinationView {
  std::string problem;
  std::string statement;  ///< What it rests on.
  std::string plot;       ///< SVG.
  std::string effect;
  std::string interval;
  std::string control;   ///< The level with neither.
  std::string together;  ///< The level with both.
  bool is_measured = false;
  bool can_follow_up = false;
  std::vector<CellView> cells;  ///< What was measured; empty of an estimate.
  std::string additive;         ///< The sum of the two effects, beside what was measured.
  std::string interaction;      ///< Whether the two change each other.
  std::string dependence;       ///< Whether lanes divided units independently.
};

/// One of two experiments, and the arm that is asked for.
struct CombinedArm {
  PlacedExperiment placed;
  std::string arm;
};

/// Whether units had both arms, so that they can be measured.
bool has_cell(const std::vector<experiment::CellResult>& cells, const CombinedArm& one,
              const CombinedArm& other);

/// What two arms did together, from the units that had them both: all cells are read by
/// `stats::combined_orthogonal`, against the arms without values; where there is none, against the
/// control. `metric` is the goal of both.
CombinationView measured_combination(const std::vector<experiment::CellResult>& cells,
                                     const CombinedArm& one, const CombinedArm& other,
                                     const MetricDefinition& metric);

/// What two arms are expected to do together, from lanes of which nobody had both: arms by their
/// places in the readings' plans.
CombinationView estimated_combination(const Reading& one, std::size_t one_arm, const Reading& other,
                                      std::size_t other_arm);

/// The names that templates have for the members.
constexpr auto describe(base::Type<CellView>) {
  using base::field;
  return base::fields(field("one", &CellView::one), field("other", &CellView::other),
                      field("units", &CellView::units), field("level", &CellView::level));
}
constexpr auto describe(base::Type<CombinationView>) {
  using base::field;
  return base::fields(
      field("problem", &CombinationView::problem), field("statement", &CombinationView::statement),
      field("plot", &CombinationView::plot), field("effect", &CombinationView::effect),
      field("interval", &CombinationView::interval), field("control", &CombinationView::control),
      field("together", &CombinationView::together),
      field("is_measured", &CombinationView::is_measured),
      field("can_follow_up", &CombinationView::can_follow_up),
      field("cells", &CombinationView::cells), field("additive", &CombinationView::additive),
      field("interaction", &CombinationView::interaction),
      field("dependence", &CombinationView::dependence));
}

}  // namespace hornbeam::site
