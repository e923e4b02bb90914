#include "hornbeam/experiment/stats/interaction.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/combination.h"
#include "hornbeam/experiment/stats/internal/random.h"
#include "hornbeam/experiment/stats/split_check.h"

namespace hornbeam::experiment::stats {
namespace {

double noise(internal::Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.next();
  return sum;
}

// Cells of `units` units each, with effects of 0.5 by row, 0.3 by column, and `together` in the
// cell of both last arms.
CellTable draw(internal::Random& random, std::size_t rows, std::size_t columns, int units,
               double together) {
  CellTable made{.rows = rows, .columns = columns};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const bool both = i + 1 == rows && j + 1 == columns;
      const double level =
          10 + 0.5 * static_cast<double>(i) + 0.3 * static_cast<double>(j) + (both ? together : 0);
      Summary<1> cell;
      for (int unit = 0; unit < units; ++unit) cell.add({level + noise(random)});
      made.cells.push_back(Mean{cell});
    }
  }
  return made;
}

TEST(Interaction, FindsNothingWhereEffectsAddUp) {
  internal::Random random(41, 0);
  std::vector<double> of_all;
  std::vector<double> of_a_pair;
  int holm = 0;
  for (int run = 0; run < 500; ++run) {
    const auto made = effect_interaction(draw(random, 3, 3, 60, 0), 0.05).value();
    EXPECT_EQ(made.degrees_of_freedom, 4);
    of_all.push_back(made.p_value);
    of_a_pair.push_back(made.pairs[2].p_value);
    bool any = false;
    for (const PairInteraction& pair : made.pairs) any |= pair.adjusted_p < 0.05;
    holm += any ? 1 : 0;
  }
  EXPECT_GT(p_of_uniform(of_all), 0.001);
  EXPECT_GT(p_of_uniform(of_a_pair), 0.001);
  EXPECT_LT(holm, 40);
}

TEST(Interaction, FindsThePairThatInteracts) {
  internal::Random random(42, 0);
  const auto made = effect_interaction(draw(random, 3, 2, 4000, 0.4), 0.05).value();
  ASSERT_EQ(made.pairs.size(), 2U);
  EXPECT_GT(made.pairs[0].adjusted_p, 0.01);
  EXPECT_LT(made.pairs[1].adjusted_p, 1e-6);
  EXPECT_EQ(made.pairs[1].row, 2U);
  EXPECT_NEAR(made.pairs[1].value, 0.4, 0.15);
  EXPECT_TRUE(made.pairs[1].interval.contains(made.pairs[1].value));
  EXPECT_LT(made.p_value, 1e-6);
}

TEST(Interaction, OfTwoByTwoIsOneTest) {
  internal::Random random(43, 0);
  const auto made = effect_interaction(draw(random, 2, 2, 100, 0), 0.05).value();
  ASSERT_EQ(made.pairs.size(), 1U);
  EXPECT_NEAR(made.p_value, made.pairs[0].p_value, 1e-12);
  EXPECT_EQ(made.pairs[0].p_value, made.pairs[0].adjusted_p);
}

TEST(Interaction, SaysWhichCellIsEmpty) {
  internal::Random random(44, 0);
  CellTable table = draw(random, 2, 2, 100, 0);
  table.cells[2] = Mean{};
  const auto made = effect_interaction(table, 0.05);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "no_units");
  EXPECT_TRUE(made.error().message.starts_with("arm 1 of the first lane with arm 0"));
  table.cells.pop_back();
  EXPECT_EQ(effect_interaction(table, 0.05).error().code, "bad_shape");
  EXPECT_EQ(effect_interaction({}, 0.05).error().code, "bad_shape");
}

TEST(Dependence, IsEvenUnderIndependence) {
  internal::Random random(45, 0);
  std::vector<double> by_margins;
  std::vector<double> by_weights;
  for (int run = 0; run < 500; ++run) {
    ArmTable table{.rows = 3, .columns = 2, .units = std::vector<std::uint64_t>(6)};
    for (int unit = 0; unit < 1000; ++unit) {
      const auto row = static_cast<std::size_t>(random.next() * 3);
      const std::size_t column = random.next() < 0.25 ? 0 : 1;
      ++table.units[row * 2 + column];
    }
    by_margins.push_back(assignment_dependence(table)->p_value);
    by_weights.push_back(
        assignment_dependence(table, std::vector<double>{1, 1, 1}, std::vector<double>{1, 3})
            ->p_value);
  }
  EXPECT_GT(p_of_uniform(by_margins), 0.001);
  EXPECT_GT(p_of_uniform(by_weights), 0.001);
}

TEST(Dependence, IsFoundWhereOneLaneKnowsOfTheOther) {
  const auto made = assignment_dependence({.rows = 2, .columns = 2, .units = {600, 400, 400, 600}});
  EXPECT_NEAR(made->chi_squared, 80, 1e-9);
  EXPECT_NEAR(made->cramers_v, 0.2, 1e-9);
  EXPECT_LT(made->p_value, 1e-15);
  // Arms of unequal size are no dependence, but not what equal weights lead to expect either.
  const ArmTable unequal{.rows = 2, .columns = 2, .units = {900, 300, 300, 100}};
  EXPECT_NEAR(assignment_dependence(unequal)->p_value, 1, 1e-12);
  const std::vector<double> equal{1, 1};
  EXPECT_LT(assignment_dependence(unequal, equal, equal)->p_value, 1e-15);
}

TEST(Dependence, RefusesTablesThatAreNone) {
  const std::vector<double> equal{1, 1};
  const std::vector<double> none{1, 0};
  const ArmTable good{.rows = 2, .columns = 2, .units = {1, 2, 3, 4}};
  EXPECT_EQ(assignment_dependence({.rows = 2, .columns = 2, .units = {1, 2, 3}}).error().code,
            "bad_shape");
  EXPECT_EQ(assignment_dependence({.rows = 0, .columns = 0, .units = {}}).error().code,
            "bad_shape");
  EXPECT_EQ(assignment_dependence({.rows = 2, .columns = 2, .units = {0, 0, 0, 0}}).error().code,
            "no_units");
  EXPECT_EQ(assignment_dependence(good, equal, none).error().code, "bad_weights");
  EXPECT_EQ(assignment_dependence(good, equal, {}).error().code, "bad_shape");
}

// In 400 experiments, whose arms do interact by -0.2: what was measured covers the truth, what was
// added up misses it by half of the interaction, which is what it assumes away.
TEST(Combination, OfOrthogonalLanesCoversWhatWasMeasured) {
  internal::Random random(46, 0);
  int measured = 0;
  int additive = 0;
  double wider = 0;
  for (int run = 0; run < 400; ++run) {
    const CellTable with = draw(random, 2, 2, 100, -0.2);
    const auto made = combined_orthogonal(with, 1, 1, Lift::kAbsolute, 0.05).value();
    EXPECT_EQ(made.measured.basis, CombinationBasis::kMeasured);
    measured += made.measured.test.interval.contains(0.6) ? 1 : 0;
    const CellTable without = draw(random, 2, 2, 100, 0);
    const auto sum = combined_orthogonal(without, 1, 1, Lift::kRelative, 0.05).value();
    EXPECT_EQ(sum.additive.basis, CombinationBasis::kAdditive);
    additive += sum.additive.test.interval.contains(0.08) ? 1 : 0;
    wider += sum.measured.effect.standard_error / sum.additive.effect.standard_error / 400;
  }
  EXPECT_GT(measured, 362);
  EXPECT_LT(measured, 397);
  EXPECT_GT(additive, 362);
  EXPECT_LT(additive, 397);
  // Two main effects over two cells each have as much variance as one over one each.
  EXPECT_NEAR(wider, 1, 0.05);
}

TEST(Combination, OfOrthogonalLanesIsMoreExactWithMoreArms) {
  internal::Random random(47, 0);
  const auto made =
      combined_orthogonal(draw(random, 3, 4, 500, 0), 2, 3, Lift::kAbsolute, 0.05).value();
  EXPECT_LT(made.additive.effect.standard_error, made.measured.effect.standard_error);
  EXPECT_NEAR(made.additive.effect.value, 1.9, 0.2);
  EXPECT_NEAR(made.measured.effect.value, 1.9, 0.3);
  EXPECT_EQ(made.interaction.row, 2U);
  EXPECT_EQ(made.interaction.column, 3U);
}

Mean mean_of(internal::Random& random, int units, double level) {
  Summary<1> made;
  for (int i = 0; i < units; ++i) made.add({level + noise(random)});
  return Mean{made};
}

TEST(Combination, OfExclusiveLanesIsASumThatSaysWhatItAssumes) {
  internal::Random random(48, 0);
  int shared = 0;
  int relative = 0;
  int own = 0;
  for (int run = 0; run < 400; ++run) {
    const Mean control = mean_of(random, 200, 10);
    const ExclusiveArm layout{control, mean_of(random, 100, 10.5)};
    const ExclusiveArm green{control, mean_of(random, 100, 10.3)};
    const auto made =
        combined_exclusive(layout, green, ControlOf::kBoth, Lift::kAbsolute, 0.05).value();
    EXPECT_EQ(made.basis, CombinationBasis::kAdditive);
    EXPECT_TRUE(made.statement.contains("follow-up experiment"));
    shared += made.test.interval.contains(0.8) ? 1 : 0;
    relative += combined_exclusive(layout, green, ControlOf::kBoth, Lift::kRelative, 0.05)
                        ->test.interval.contains(0.08)
                    ? 1
                    : 0;
    const ExclusiveArm apart{mean_of(random, 150, 10), green.treated};
    own += combined_exclusive(layout, apart, ControlOf::kEachLane, Lift::kRelative, 0.05)
                   ->test.interval.contains(0.08)
               ? 1
               : 0;
  }
  for (const int covered : {shared, relative, own}) {
    EXPECT_GT(covered, 362);
    EXPECT_LT(covered, 397);
  }
}

TEST(Combination, SaysWhatIsWrong) {
  internal::Random random(49, 0);
  const ExclusiveArm one{mean_of(random, 50, 10), mean_of(random, 50, 11)};
  const ExclusiveArm other{mean_of(random, 50, 10), mean_of(random, 50, 11)};
  const auto code = [](const auto& made) { return made ? "none" : made.error().code; };
  EXPECT_EQ(code(combined_exclusive(one, other, ControlOf::kBoth, Lift::kAbsolute, 0.05)),
            "not_shared");
  EXPECT_EQ(code(combined_exclusive(one, other, ControlOf::kEachLane, Lift::kAbsolute, 0)),
            "bad_alpha");
  EXPECT_EQ(code(combined_exclusive(one, {Mean{}, one.treated}, ControlOf::kEachLane,
                                    Lift::kAbsolute, 0.05)),
            "no_units");
  const CellTable table = draw(random, 2, 2, 50, 0);
  EXPECT_EQ(code(combined_orthogonal(table, 0, 1, Lift::kAbsolute, 0.05)), "bad_shape");
  EXPECT_EQ(code(combined_orthogonal(table, 1, 2, Lift::kAbsolute, 0.05)), "bad_shape");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
