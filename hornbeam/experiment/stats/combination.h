#pragma once

// "The new layout and the green button together": what two arms of two lanes are expected to do
// when both are switched on for everybody. Orthogonal lanes have measured it; exclusive lanes have
// not, and then the answer rests on an assumption, which it says.

#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/stats/interaction.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {

/// What a combined effect rests on.
enum class CombinationBasis : std::uint8_t {
  kMeasured,  ///< Units that had both arms against units that had neither.
  kAdditive   ///< The sum of the two effects, assuming that neither changes the other.
};

/// What a combination is expected to do.
struct Combination {
  CombinationBasis basis = CombinationBasis::kMeasured;
  Effect effect;          ///< Against neither arm.
  TestResult test;        ///< Of that effect.
  std::string statement;  ///< What it rests on, in a sentence for people.
};

/// One lane of an exclusive pair: an arm and what it is compared with.
struct ExclusiveArm {
  Sample control;
  Sample treated;
};

/// Whether both lanes are compared with the same units.
enum class ControlOf : std::uint8_t {
  kBoth,     ///< One control for both lanes: its chance counts twice.
  kEachLane  ///< Each lane has its own units without treatment.
};

/// The effect of `one` and `other` together from lanes of which no unit has both: the sum of the
/// two effects, assuming no interaction. With a shared control, `one.control` and `other.control`
/// are the same sample. A relative effect is a share of the control's level (own controls: each
/// effect of its own control's), and adds up as such. Levels are unadjusted. Errors: `bad_alpha`;
/// those of `effect_between` for each lane; `not_shared` if a control that both are said to have
/// differs.
base::Result<Combination> combined_exclusive(const ExclusiveArm& one, const ExclusiveArm& other,
                                             ControlOf control, Lift lift, double alpha);

/// Both answers for arm `row` of the first lane with arm `column` of the second, from orthogonal
/// lanes: what the cell of both shows against that of neither; and what the two effects add up to,
/// each estimated over all arms of the other lane, which is more exact, and right if there is no
/// interaction.
struct OrthogonalCombination {
  Combination measured;
  Combination additive;
  PairInteraction interaction;  ///< By how much the two differ beyond the sum of effects.
};

/// See `OrthogonalCombination`. Levels are unadjusted.
/// Errors: as `effect_interaction`; `bad_shape` if there are no such arms; `zero_baseline`.
/// Source: docs/design/experiment_statistics.md.
base::Result<OrthogonalCombination> combined_orthogonal(const CellTable& table, std::size_t row,
                                                        std::size_t column, Lift lift,
                                                        double alpha);

}  // namespace hornbeam::experiment::stats
