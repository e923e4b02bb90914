#include "hornbeam/site/experiments/combination_view.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/combination.h"
#include "hornbeam/experiment/stats/sequential.h"
#include "hornbeam/site/experiments/charts.h"
#include "hornbeam/site/experiments/results_view.h"

namespace hornbeam::site {
namespace {

namespace stats = experiment::stats;
using experiment::CellResult;

constexpr double kAlpha = 0.05;

CombinationView problem(std::string text) {
  CombinationView view;
  view.problem = std::move(text);
  return view;
}

// ---- effects, as they may be read on any day

std::string interval_text(const stats::Interval& interval) {
  return percent_text(interval.lower) + " to " + percent_text(interval.upper);
}

int meaning_of(const stats::Interval& interval) {
  return interval.lower > 0 ? 1 : interval.upper < 0 ? -1 : 0;
}

void draw(std::vector<DrawnEffect>& drawn, const std::string& label, const stats::Effect& effect,
          bool has_meaning = false) {
  const auto test = stats::confidence_sequence(effect, {.alpha = kAlpha});
  if (!test) return;
  const stats::Interval& interval = test->interval;
  drawn.push_back({label, effect.value, interval.lower, interval.upper,
                   has_meaning ? meaning_of(interval) : 0});
}

void draw_between(std::vector<DrawnEffect>& drawn, const std::string& label,
                  const stats::Sample& without, const stats::Sample& with) {
  const auto effect = stats::effect_between(without, with, stats::Lift::kRelative);
  if (effect) draw(drawn, label, *effect);
}

std::string level_text(double level, bool is_mean) {
  return is_mean ? fmt::format("{:.4g}", level) : fmt::format("{:.1f} %", level * 100);
}

std::string with_minus(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

// Fills in the effect of both arms. Errors: those of `stats::confidence_sequence`.
base::Result<void> show(CombinationView& view, const stats::Effect& effect, bool is_mean) {
  const auto test = stats::confidence_sequence(effect, {.alpha = kAlpha});
  if (!test) return std::unexpected(test.error());
  view.effect = percent_text(effect.value);
  view.interval = interval_text(test->interval);
  view.control = level_text(effect.control, is_mean);
  view.together = level_text(effect.treated, is_mean);
  return {};
}

// ---- cells

const CellResult* find(const std::vector<CellResult>& cells, std::string_view one,
                       std::string_view other) {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const CellResult& each) {
    return each.one == one && each.other == other;
  });
  return found == cells.end() ? nullptr : &*found;
}

stats::Sample sample_of_cell(const CellResult& cell, bool is_mean) {
  const auto units = static_cast<std::uint64_t>(std::max<std::int64_t>(0, cell.units));
  if (!is_mean) {
    return stats::Proportion{
        units, static_cast<std::uint64_t>(std::clamp<std::int64_t>(cell.did, 0, cell.units))};
  }
  const auto sums = stats::Summary<1>::from_sums(units, {cell.total}, {cell.total_of_squares});
  return stats::Mean{sums ? *sums : stats::Summary<1>()};
}

// The arms of a lane's units, what stands for nothing new first. Where that is the control, it has
// no part in the table: its units have no arm of any lane.
std::vector<std::string> arms_of(const experiment::Experiment& experiment) {
  const auto found =
      std::ranges::find_if(experiment.arms, [](const auto& arm) { return arm.values.empty(); });
  std::vector<std::string> arms{found == experiment.arms.end() ? "control" : found->key};
  for (const auto& arm : experiment.arms) {
    if (arm.key != arms[0]) arms.push_back(arm.key);
  }
  return arms;
}

/// All cells of two lanes.
struct Grid {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  stats::CellTable cells;
  stats::ArmTable units;
};

Grid grid_of(const std::vector<CellResult>& cells, const CombinedArm& one, const CombinedArm& other,
             bool is_mean) {
  Grid grid{.rows = arms_of(*one.placed.experiment),
            .columns = arms_of(*other.placed.experiment),
            .cells = {},
            .units = {}};
  grid.cells.rows = grid.units.rows = grid.rows.size();
  grid.cells.columns = grid.units.columns = grid.columns.size();
  for (const std::string& row : grid.rows) {
    for (const std::string& column : grid.columns) {
      const CellResult* cell = find(cells, row, column);
      const CellResult counted = cell == nullptr ? CellResult{} : *cell;
      grid.cells.cells.push_back(sample_of_cell(counted, is_mean));
      grid.units.units.push_back(static_cast<std::uint64_t>(counted.units));
    }
  }
  return grid;
}

std::size_t place_in(const std::vector<std::string>& arms, const std::string& arm) {
  return static_cast<std::size_t>(std::find(arms.begin(), arms.end(), arm) - arms.begin());
}

std::vector<CellView> cell_views(const std::vector<CellResult>& cells, const Grid& grid,
                                 bool is_mean) {
  std::vector<CellView> views;
  for (const std::string& row : grid.rows) {
    for (const std::string& column : grid.columns) {
      const CellResult* cell = find(cells, row, column);
      CellView view{.one = row, .other = column, .units = "0", .level = "–"};
      if (cell != nullptr && cell->units > 0) {
        const double total = is_mean ? cell->total : static_cast<double>(cell->did);
        view.units = count_text(static_cast<double>(cell->units));
        view.level = level_text(total / static_cast<double>(cell->units), is_mean);
      }
      views.push_back(std::move(view));
    }
  }
  return views;
}

// The interaction in the metric's own unit, by an interval that holds on any day.
std::string interaction_text(const stats::PairInteraction& pair, const stats::Effect& both,
                             bool is_mean) {
  const stats::Effect effect{.value = pair.value,
                             .standard_error = pair.standard_error,
                             .degrees_of_freedom = both.degrees_of_freedom,
                             .units = both.units};
  const auto test = stats::confidence_sequence(effect, {.alpha = kAlpha});
  if (!test) return {};
  const auto text = [&](double value) {
    return with_minus(is_mean ? fmt::format("{:+.4g}", value)
                              : fmt::format("{:+.1f} points", value * 100));
  };
  const stats::Interval& interval = test->interval;
  const std::string figures =
      fmt::format("{} ({} to {})", text(pair.value), text(interval.lower), text(interval.upper));
  if (meaning_of(interval) == 0) {
    return fmt::format(
        "Nothing shows that the two change each other: beyond the sum of their "
        "effects there is {}. The sum may be read, too.",
        figures);
  }
  return fmt::format(
      "The two change each other: beyond the sum of their effects there is {}. "
      "Believe what was measured, not the sum.",
      figures);
}

std::string dependence_text(const stats::ArmTable& units) {
  const auto dependence = stats::assignment_dependence(units);
  if (!dependence) return {};
  if (dependence->p_value >= 0.001) {
    return fmt::format("Lanes divided units independently (chi-square, p = {:.3f}).",
                       dependence->p_value);
  }
  return fmt::format(
      "Do not believe this: an arm of the one lane tells something of the other's "
      "(chi-square, p = {:.2g}). Something other than the split decides who is "
      "counted.",
      dependence->p_value);
}

// Both against the control, where lanes have no arm that stands for nothing new.
CombinationView against_control(const std::vector<CellResult>& cells, const CombinedArm& one,
                                const CombinedArm& other, bool is_mean, double smallest) {
  const CellResult* control = find(cells, "control", "control");
  const CellResult* both = find(cells, one.arm, other.arm);
  if (control == nullptr || both == nullptr) return problem("Nobody had both arms yet.");
  const auto effect = stats::effect_between(sample_of_cell(*control, is_mean),
                                            sample_of_cell(*both, is_mean), stats::Lift::kRelative);
  if (!effect) return problem(effect.error().message);
  CombinationView view;
  if (auto shown = show(view, *effect, is_mean); !shown) return problem(shown.error().message);
  std::vector<DrawnEffect> drawn;
  draw(drawn, "together", *effect, true);
  view.plot = interval_plot(drawn, smallest, "Both together, against the control");
  view.is_measured = true;
  view.statement =
      "Measured: units that had both arms against the control, which had neither. What each does "
      "alone was not measured beside it, so that nothing is known of an interaction.";
  return view;
}

// The sum of the two effects, as an estimate of what both do. With two arms in each lane the sum
// over all arms of the other lane is what was measured, by arithmetic; so there it is of what each
// did where the other was absent.
stats::Combination sum_of(const stats::OrthogonalCombination& both, const stats::CellTable& cells,
                          std::size_t row, std::size_t column) {
  if (cells.rows > 2 || cells.columns > 2) return both.additive;
  const auto cell = [&](std::size_t i, std::size_t j) {
    return cells.cells[i * cells.columns + j];
  };
  auto sum = stats::combined_exclusive({cell(0, 0), cell(row, 0)}, {cell(0, 0), cell(0, column)},
                                       stats::ControlOf::kBoth, stats::Lift::kRelative, kAlpha);
  if (!sum) return both.additive;
  sum->statement =
      "The sum of what each did where the other was absent: right if neither changes what the "
      "other does.";
  return *std::move(sum);
}

bool is_same(const stats::Sample& one, const stats::Sample& other) {
  const auto* first = std::get_if<stats::Proportion>(&one);
  const auto* second = std::get_if<stats::Proportion>(&other);
  return first && second && first->units == second->units && first->successes == second->successes;
}

}  // namespace

bool has_cell(const std::vector<CellResult>& cells, const CombinedArm& one,
              const CombinedArm& other) {
  const CellResult* cell = find(cells, one.arm, other.arm);
  return cell != nullptr && cell->units > 1;
}

CombinationView measured_combination(const std::vector<CellResult>& cells, const CombinedArm& one,
                                     const CombinedArm& other, const MetricDefinition& metric) {
  const Grid grid = grid_of(cells, one, other, metric.is_mean);
  const double smallest = metric.smallest_effect;
  if (grid.rows[0] == "control" || grid.columns[0] == "control") {
    return against_control(cells, one, other, metric.is_mean, smallest);
  }
  const std::size_t row = place_in(grid.rows, one.arm);
  const std::size_t column = place_in(grid.columns, other.arm);
  const auto both =
      stats::combined_orthogonal(grid.cells, row, column, stats::Lift::kRelative, kAlpha);
  CombinationView view;
  if (!both) {
    view.problem = both.error().message;
  } else if (auto shown = show(view, both->measured.effect, metric.is_mean); !shown) {
    view.problem = shown.error().message;
  }
  view.cells = cell_views(cells, grid, metric.is_mean);
  view.dependence = dependence_text(grid.units);
  view.is_measured = true;
  if (!view.problem.empty()) return view;
  const auto cell = [&](std::size_t i, std::size_t j) {
    return grid.cells.cells[i * grid.columns.size() + j];
  };
  std::vector<DrawnEffect> drawn;
  draw_between(drawn, one.arm, cell(0, 0), cell(row, 0));
  draw_between(drawn, other.arm, cell(0, 0), cell(0, column));
  const stats::Combination sum = sum_of(*both, grid.cells, row, column);
  draw(drawn, "their sum", sum.effect);
  draw(drawn, "together", both->measured.effect, true);
  view.plot = interval_plot(drawn, smallest, "Each alone, their sum, and both together");
  view.statement = both->measured.statement;
  view.interaction = interaction_text(both->interaction, both->measured.effect, metric.is_mean);
  if (const auto test = stats::confidence_sequence(sum.effect, {.alpha = kAlpha})) {
    view.additive = fmt::format("{} ({}). {}", percent_text(sum.effect.value),
                                interval_text(test->interval), sum.statement);
  }
  return view;
}

CombinationView estimated_combination(const Reading& one, std::size_t one_arm, const Reading& other,
                                      std::size_t other_arm) {
  const auto one_control = sample_of(one, 0, 0);
  const auto one_treated = sample_of(one, one_arm, 0);
  const auto other_control = sample_of(other, 0, 0);
  const auto other_treated = sample_of(other, other_arm, 0);
  if (!one_control || !one_treated || !other_control || !other_treated) {
    return problem("One of the arms has no units yet.");
  }
  const auto control =
      is_same(*one_control, *other_control) ? stats::ControlOf::kBoth : stats::ControlOf::kEachLane;
  const auto both =
      stats::combined_exclusive({*one_control, *one_treated}, {*other_control, *other_treated},
                                control, stats::Lift::kRelative, kAlpha);
  if (!both) return problem(both.error().message);
  CombinationView view;
  const bool is_mean = !std::holds_alternative<stats::Proportion>(*one_control);
  if (auto shown = show(view, both->effect, is_mean); !shown) return problem(shown.error().message);
  std::vector<DrawnEffect> drawn;
  draw_between(drawn, one.plan.arms[one_arm], *one_control, *one_treated);
  draw_between(drawn, other.plan.arms[other_arm], *other_control, *other_treated);
  // As on the experiments' own pages: an interval that holds on whatever day it is looked at.
  draw(drawn, "together", both->effect, true);
  view.plot = interval_plot(drawn, one.plan.metrics.front().smallest_effect,
                            "Each alone, and both together");
  view.statement = both->statement;
  view.is_measured = both->basis == stats::CombinationBasis::kMeasured;
  return view;
}

}  // namespace hornbeam::site
