#include "hornbeam/experiment/stats/internal/quadratic_form.h"

#include <cmath>

namespace hornbeam::experiment::stats::internal {

QuadraticForm quadratic_form(const Matrix& covariance, const std::vector<double>& x) {
  // A pivot this small a share of its diagonal is what rounding leaves of 0.
  constexpr double kNothing = 1e-12;
  Matrix lower(covariance.size);
  std::vector<double> solved(covariance.size);
  QuadraticForm form;
  for (std::size_t row = 0; row < covariance.size; ++row) {
    double rest = x[row];
    double pivot = covariance.at(row, row);
    for (std::size_t column = 0; column < row; ++column) {
      if (lower.at(column, column) == 0) continue;
      double cell = covariance.at(row, column);
      for (std::size_t k = 0; k < column; ++k) cell -= lower.at(row, k) * lower.at(column, k);
      cell /= lower.at(column, column);
      lower.at(row, column) = cell;
      pivot -= cell * cell;
      rest -= cell * solved[column];
    }
    if (!(pivot > kNothing * covariance.at(row, row))) continue;
    lower.at(row, row) = std::sqrt(pivot);
    solved[row] = rest / lower.at(row, row);
    form.value += solved[row] * solved[row];
    ++form.rank;
  }
  return form;
}

}  // namespace hornbeam::experiment::stats::internal
