#include "hornbeam/experiment/stats/summary.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/internal/random.h"

namespace hornbeam::experiment::stats {
namespace {

using Row = std::array<double, 3>;

std::vector<Row> rows(std::size_t count, double far_from_zero) {
  internal::Random random(5, 0);
  std::vector<Row> made;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = random.next();
    made.push_back({far_from_zero + x, x * x - random.next(), 3 * random.next()});
  }
  return made;
}

Summary<3> summary_of(const std::vector<Row>& of, std::size_t from, std::size_t to) {
  Summary<3> made;
  for (std::size_t i = from; i < to; ++i) made.add(of[i]);
  return made;
}

void expect_alike(const Summary<3>& one, const Summary<3>& other, double tolerance) {
  EXPECT_EQ(one.units(), other.units());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(one.mean(i), other.mean(i), tolerance * std::abs(other.mean(i)));
    for (std::size_t j = 0; j <= i; ++j) {
      const double size = std::sqrt(other.covariance(i, i) * other.covariance(j, j));
      EXPECT_NEAR(one.covariance(i, j), other.covariance(i, j), tolerance * size);
    }
  }
}

// Two passes in long double.
double exact_covariance(const std::vector<Row>& of, std::size_t i, std::size_t j) {
  long double mean_i = 0;
  long double mean_j = 0;
  for (const Row& row : of) {
    mean_i += row[i];
    mean_j += row[j];
  }
  mean_i /= static_cast<long double>(of.size());
  mean_j /= static_cast<long double>(of.size());
  long double sum = 0;
  for (const Row& row : of) sum += (row[i] - mean_i) * (row[j] - mean_j);
  return static_cast<double>(sum / static_cast<long double>(of.size() - 1));
}

TEST(Summary, HasTheVariancesOfTwoPassesFarFromZero) {
  const std::vector<Row> all = rows(2000, 1e7);
  const Summary<3> made = summary_of(all, 0, all.size());
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const double size = std::sqrt(exact_covariance(all, i, i) * exact_covariance(all, j, j));
      EXPECT_NEAR(made.covariance(i, j), exact_covariance(all, i, j), 1e-8 * size);
      EXPECT_EQ(made.covariance(i, j), made.covariance(j, i));
    }
  }
}

TEST(Summary, OfPartsMergedIsThatOfTheWhole) {
  const std::vector<Row> all = rows(1000, 0);
  const Summary<3> whole = summary_of(all, 0, all.size());
  for (const std::size_t cut : {0, 1, 2, 333, 999, 1000}) {
    Summary<3> merged = summary_of(all, 0, cut);
    merged.merge(summary_of(all, cut, all.size()));
    expect_alike(merged, whole, 1e-12);
    Summary<3> swapped = summary_of(all, cut, all.size());
    swapped.merge(summary_of(all, 0, cut));
    expect_alike(swapped, merged, 1e-15);
  }
}

TEST(Summary, IsTheSameFromSums) {
  const std::vector<Row> all = rows(500, 2);
  const Summary<3> made = summary_of(all, 0, all.size());
  std::array<double, 3> sums{};
  std::array<double, 6> products{};
  for (const Row& row : all) {
    for (std::size_t j = 0; j < 3; ++j) {
      sums[j] += row[j];
      for (std::size_t i = 0; i <= j; ++i) products[pair_index(i, j)] += row[i] * row[j];
    }
  }
  const auto from = Summary<3>::from_sums(all.size(), sums, products);
  ASSERT_TRUE(from) << from.error().message;
  expect_alike(*from, made, 1e-11);
  EXPECT_NEAR(from->product(0, 2), products[pair_index(0, 2)], 1e-9);
  EXPECT_NEAR(from->sum(1), sums[1], 1e-9);
}

TEST(Summary, RefusesSumsThatNoUnitsHave) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto code = [](std::uint64_t units, double sum, double squares) {
    const auto made = Summary<1>::from_sums(units, {sum}, {squares});
    return made ? "none" : made.error().code;
  };
  EXPECT_EQ(code(0, 0, 0), "none");
  EXPECT_EQ(code(0, 1, 1), "bad_sums");
  EXPECT_EQ(code(10, 10, 5), "bad_sums");  // The squares of ten ones are ten.
  EXPECT_EQ(code(10, 10, 10), "none");     // No variance is a variance.
  EXPECT_EQ(code(10, 0, -1), "bad_sums");
  EXPECT_EQ(code(10, kNan, 1), "not_finite");
  EXPECT_EQ(code(10, 1, kInfinity), "not_finite");
  // A correlation beyond 1.
  EXPECT_EQ(Summary<2>::from_sums(3, {0, 0}, {2, 3, 2}).error().code, "bad_sums");
  EXPECT_TRUE(Summary<2>::from_sums(3, {0, 0}, {2, 2, 2}));
}

TEST(Summary, OfEqualNumbersHasNoVariance) {
  // 0.1 has no exact double, and 30 of them do not add up to 3.
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 30; ++i) {
    sum += 0.1;
    squares += 0.1 * 0.1;
  }
  EXPECT_EQ(Summary<1>::from_sums(30, {sum}, {squares})->covariance(0, 0), 0);
  EXPECT_EQ(summarize(std::vector<double>(30, 0.1)).covariance(0, 0), 0);
}

TEST(Summary, RemembersNumbersThatAreNone) {
  EXPECT_TRUE(summarize(std::vector<double>{1, 2}).is_finite());
  EXPECT_FALSE(summarize(std::vector<double>{1, std::nan(""), 2}).is_finite());
  EXPECT_FALSE(summarize(std::vector<double>{1e300, -1e300}).is_finite());
}

}  // namespace
}  // namespace hornbeam::experiment::stats
