#pragma once

#include <cstddef>
#include <vector>

namespace hornbeam::experiment::stats::internal {

/// A square matrix, row by row.
struct Matrix {
  explicit Matrix(std::size_t of_size) : size(of_size), cells(of_size * of_size) {}

  double& at(std::size_t row, std::size_t column) { return cells[row * size + column]; }
  double at(std::size_t row, std::size_t column) const { return cells[row * size + column]; }

  std::size_t size;
  std::vector<double> cells;
};

/// x' C^- x and the rank of C.
struct QuadraticForm {
  double value = 0;
  std::size_t rank = 0;
};

/// x' C^- x for a symmetric positive semidefinite C, by Cholesky's decomposition: rows that follow
/// from those before them say nothing new and are left out, C^- inverts the others.
/// Requires: `x` has as many numbers as `covariance` has rows.
QuadraticForm quadratic_form(const Matrix& covariance, const std::vector<double>& x);

}  // namespace hornbeam::experiment::stats::internal
