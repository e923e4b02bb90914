#include "hornbeam/experiment/stats/split_check.h"

#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/experiment/stats/internal/random.h"

namespace hornbeam::experiment::stats {
namespace {

// Money: most spend nothing, the others by a skewed distribution.
std::vector<double> spent(std::size_t units) {
  internal::Random random(42, 0);
  std::vector<double> made;
  for (std::size_t i = 0; i < units; ++i) {
    const bool buys = random.next() < 0.3;
    const double u = random.next();
    made.push_back(buys ? -20 * std::log1p(-u) : 0);
  }
  return made;
}

std::vector<double> sessions(std::size_t units) {
  internal::Random random(43, 0);
  std::vector<double> made;
  for (std::size_t i = 0; i < units; ++i) made.push_back(1 + std::floor(6 * random.next()));
  return made;
}

void expect_honest(const SplitCheck& check) {
  fmt::print(
      "of {} splits: fixed {:.3f}, peeked at {:.3f}, sequential {:.3f}; evenness of p {:.3f}, of "
      "sample ratios {:.3f}\n",
      check.p_values.size(), check.fixed_findings, check.peeked_findings, check.sequential_findings,
      check.p_of_p_values, check.p_of_sample_ratios);
  EXPECT_GT(check.p_of_p_values, 0.001);
  EXPECT_GT(check.p_of_sample_ratios, 0.001);
  // A binomial of 1000 with 0.05 is beyond these once in a thousand times.
  EXPECT_GT(check.fixed_findings, 0.029);
  EXPECT_LT(check.fixed_findings, 0.074);
  EXPECT_LE(check.sequential_findings, 0.05);
  // Twenty looks at a test for one: P. Armitage, C. K. McPherson, B. C. Rowe (1969) have 0.248.
  EXPECT_GT(check.peeked_findings, 0.2);
  EXPECT_LT(check.peeked_findings, 0.3);
}

TEST(SplitCheck, FindsNoMoreThanAlphaInAMean) {
  const auto check = check_by_splits(spent(4000), {}, {});
  ASSERT_TRUE(check) << check.error().message;
  expect_honest(*check);
}

TEST(SplitCheck, FindsNoMoreThanAlphaInARatio) {
  const auto check = check_by_splits(spent(4000), sessions(4000), {.seed = 7});
  ASSERT_TRUE(check) << check.error().message;
  expect_honest(*check);
}

TEST(SplitCheck, HoldsForUnequalArmsAndRelativeEffects) {
  const auto check =
      check_by_splits(spent(4000), {}, {.seed = 3, .treated_share = 0.3, .lift = Lift::kRelative});
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_GT(check->p_of_p_values, 1e-4);
  EXPECT_LE(check->sequential_findings, 0.05);
}

// The check must be able to fail.
TEST(SplitCheck, FindsOneUnitThatOutweighsAllOthers) {
  std::vector<double> numerators = spent(300);
  // Whichever arm has it decides: no small p-value can come out.
  numerators.front() = 1e6;
  const auto check = check_by_splits(numerators, {}, {.looks = 1});
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_LT(check->p_of_p_values, 1e-6);
}

TEST(SplitCheck, IsTheSameForTheSameSeed) {
  const auto units = spent(500);
  const SplitOptions options{.splits = 20, .looks = 2};
  EXPECT_EQ(check_by_splits(units, {}, options)->p_values,
            check_by_splits(units, {}, options)->p_values);
  EXPECT_NE(check_by_splits(units, {}, options)->p_values,
            check_by_splits(units, {}, {.splits = 20, .seed = 2, .looks = 2})->p_values);
}

TEST(SplitCheck, SaysWhatIsWrongWithItsInput) {
  const auto units = spent(500);
  const auto code = [&](std::span<const double> numerators, std::span<const double> denominators,
                        const SplitOptions& options) {
    const auto made = check_by_splits(numerators, denominators, options);
    return made ? "none" : made.error().code;
  };
  EXPECT_EQ(code({}, {}, {}), "bad_count");
  EXPECT_EQ(code(units, sessions(3), {}), "bad_shape");
  EXPECT_EQ(code(units, {}, {.splits = 3}), "bad_count");
  EXPECT_EQ(code(units, {}, {.looks = 200}), "bad_count");
  EXPECT_EQ(code(units, {}, {.alpha = 1}), "bad_alpha");
  EXPECT_EQ(code(units, {}, {.tuned_for = 0}), "bad_tuning");
  EXPECT_EQ(code(units, {}, {.treated_share = 1}), "bad_share");
  EXPECT_EQ(code(std::vector<double>(500, 3.0), {}, {}), "no_variance");
  std::vector<double> broken = units;
  broken[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code(broken, {}, {}), "not_finite");
}

}  // namespace
}  // namespace hornbeam::experiment::stats
