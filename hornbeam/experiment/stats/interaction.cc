#include "hornbeam/experiment/stats/interaction.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/correction.h"
#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/internal/quadratic_form.h"

namespace hornbeam::experiment::stats {
namespace {

base::Result<void> check_shape(std::size_t rows, std::size_t columns, std::size_t cells) {
  if (rows >= 2 && columns >= 2 && cells / rows == columns && cells % rows == 0) return {};
  return base::error("bad_shape",
                     fmt::format("{} cells are not those of {} by {} arms; both lanes have a "
                                 "control and an arm at least, and every pair of arms a cell",
                                 cells, rows, columns));
}

// Pearson's statistic against expectations; cells of which nothing is expected are empty.
double pearson(const ArmTable& table, std::span<const double> rows, std::span<const double> columns,
               double total) {
  double sum = 0;
  for (std::size_t i = 0; i < table.rows; ++i) {
    for (std::size_t j = 0; j < table.columns; ++j) {
      const double expected = rows[i] * columns[j] * total;
      if (!(expected > 0)) continue;
      const double off = static_cast<double>(table.units[i * table.columns + j]) - expected;
      sum += off * off / expected;
    }
  }
  return sum;
}

struct Margins {
  std::vector<double> rows;  // Shares.
  std::vector<double> columns;
  double total = 0;
};

Margins margins_of(const ArmTable& table) {
  Margins made{std::vector<double>(table.rows), std::vector<double>(table.columns)};
  for (std::size_t i = 0; i < table.rows; ++i) {
    for (std::size_t j = 0; j < table.columns; ++j) {
      const double units = static_cast<double>(table.units[i * table.columns + j]);
      made.rows[i] += units;
      made.columns[j] += units;
      made.total += units;
    }
  }
  for (double& each : made.rows) each /= made.total;
  for (double& each : made.columns) each /= made.total;
  return made;
}

std::size_t used(const std::vector<double>& margin) {
  return static_cast<std::size_t>(
      std::ranges::count_if(margin, [](double share) { return share > 0; }));
}

std::unexpected<base::Error> nobody() {
  return base::error("no_units", "nobody has arms of both lanes; wait for data");
}

Dependence dependence(double chi_squared, double freedom, const Margins& margins) {
  Dependence made{.chi_squared = chi_squared, .degrees_of_freedom = freedom};
  if (freedom > 0) made.p_value = chi_squared_above(chi_squared, freedom);
  const std::size_t arms = std::min(used(margins.rows), used(margins.columns));
  if (arms > 1) {
    made.cramers_v =
        std::min(1.0, std::sqrt(chi_squared / margins.total / static_cast<double>(arms - 1)));
  }
  return made;
}

base::Result<std::vector<double>> shares_of(std::span<const double> weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> made;
  for (const double weight : weights) {
    if (!(weight > 0) || !std::isfinite(total)) {
      return base::error("bad_weights",
                         fmt::format("an arm has the weight {}; every weight is a finite number "
                                     "above 0",
                                     weight));
    }
    made.push_back(weight / total);
  }
  return made;
}

// A cell's mean and that mean's variance.
struct Cell {
  double mean = 0;
  double variance = 0;
};

base::Result<std::vector<Cell>> cells_of(const CellTable& table) {
  std::vector<Cell> made;
  for (std::size_t at = 0; at < table.cells.size(); ++at) {
    const auto level = level_of(table.cells[at]);
    const std::size_t i = at / table.columns;
    const std::size_t j = at % table.columns;
    if (!level) {
      return base::error(level.error().code, fmt::format("arm {} of the first lane with arm {} of "
                                                         "the second: {}",
                                                         i, j, level.error().message));
    }
    if (table.cells[at].index() != table.cells.front().index()) {
      return base::error("different_metrics", "the cells of a table are of one kind of metric");
    }
    made.push_back({level->mean, level->variance / level->units});
  }
  return made;
}

}  // namespace

base::Result<Dependence> assignment_dependence(const ArmTable& table) {
  if (auto checked = check_shape(table.rows, table.columns, table.units.size()); !checked) {
    return std::unexpected(checked.error());
  }
  const Margins margins = margins_of(table);
  if (!(margins.total > 0)) return nobody();
  const double rows = static_cast<double>(used(margins.rows));
  const double columns = static_cast<double>(used(margins.columns));
  return dependence(pearson(table, margins.rows, margins.columns, margins.total),
                    (rows - 1) * (columns - 1), margins);
}

base::Result<Dependence> assignment_dependence(const ArmTable& table,
                                               std::span<const double> row_weights,
                                               std::span<const double> column_weights) {
  if (auto checked = check_shape(table.rows, table.columns, table.units.size()); !checked) {
    return std::unexpected(checked.error());
  }
  if (row_weights.size() != table.rows || column_weights.size() != table.columns) {
    return base::error("bad_shape", "each arm of both lanes has one weight");
  }
  const auto rows = shares_of(row_weights);
  if (!rows) return std::unexpected(rows.error());
  const auto columns = shares_of(column_weights);
  if (!columns) return std::unexpected(columns.error());
  const Margins margins = margins_of(table);
  if (!(margins.total > 0)) return nobody();
  return dependence(pearson(table, *rows, *columns, margins.total),
                    static_cast<double>(table.units.size() - 1), margins);
}

base::Result<Interaction> effect_interaction(const CellTable& table, double alpha) {
  if (auto checked = check_alpha(alpha); !checked) return std::unexpected(checked.error());
  if (auto checked = check_shape(table.rows, table.columns, table.cells.size()); !checked) {
    return std::unexpected(checked.error());
  }
  const auto cells = cells_of(table);
  if (!cells) return std::unexpected(cells.error());
  const auto cell = [&](std::size_t i, std::size_t j) { return (*cells)[i * table.columns + j]; };
  const double point = normal_point_above(alpha / 2);
  Interaction made;
  std::vector<double> values;
  std::vector<double> p_values;
  for (std::size_t i = 1; i < table.rows; ++i) {
    for (std::size_t j = 1; j < table.columns; ++j) {
      const double variance =
          cell(i, j).variance + cell(i, 0).variance + cell(0, j).variance + cell(0, 0).variance;
      if (!(variance > 0) || !std::isfinite(variance)) {
        return base::error("no_variance", "all units of four cells are alike; wait for more data");
      }
      PairInteraction pair{.row = i, .column = j, .standard_error = std::sqrt(variance)};
      pair.value = (cell(i, j).mean - cell(0, j).mean) - (cell(i, 0).mean - cell(0, 0).mean);
      pair.interval = interval_around(pair.value, point * pair.standard_error, Side::kTwoSided);
      pair.p_value = 2 * normal_above(std::abs(pair.value) / pair.standard_error);
      values.push_back(pair.value);
      p_values.push_back(pair.p_value);
      made.pairs.push_back(pair);
    }
  }
  const std::vector<double> holm = *adjusted(p_values, Correction::kHolm);
  internal::Matrix covariance(made.pairs.size());
  for (std::size_t one = 0; one < made.pairs.size(); ++one) {
    made.pairs[one].adjusted_p = holm[one];
    for (std::size_t other = 0; other < made.pairs.size(); ++other) {
      // Two pairs have in common the cells of the arms they have in common, and that of neither.
      const PairInteraction& a = made.pairs[one];
      const PairInteraction& b = made.pairs[other];
      double common = cell(0, 0).variance;
      if (a.row == b.row) common += cell(a.row, 0).variance;
      if (a.column == b.column) common += cell(0, a.column).variance;
      if (one == other) common += cell(a.row, a.column).variance;
      covariance.at(one, other) = common;
    }
  }
  const internal::QuadraticForm wald = internal::quadratic_form(covariance, values);
  made.chi_squared = wald.value;
  made.degrees_of_freedom = static_cast<double>(wald.rank);
  if (wald.rank > 0) made.p_value = chi_squared_above(wald.value, made.degrees_of_freedom);
  return made;
}

}  // namespace hornbeam::experiment::stats
