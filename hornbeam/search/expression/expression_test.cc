#include "hornbeam/search/expression/expression.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::search {
namespace {

const std::vector<std::string> kNames{"a", "b", "of both"};

double value(std::string_view text, ExpressionDialect dialect = ExpressionDialect::kPainless) {
  const auto made = Expression::compile(text, dialect, kNames);
  if (!made) {
    ADD_FAILURE() << text << ": " << made.error().message;
    return 0;
  }
  return made->evaluate(std::vector<double>{3, 0.5, -2});
}

std::string problem(std::string_view text) {
  const auto made = Expression::compile(text, ExpressionDialect::kPainless, kNames);
  return made ? "none" : made.error().message;
}

TEST(Expression, BindsOperatorsAsJavaDoes) {
  EXPECT_EQ(value("1 + 2 * 3"), 7);
  EXPECT_EQ(value("(1 + 2) * 3"), 9);
  EXPECT_EQ(value("10 - 4 - 3"), 3);
  EXPECT_EQ(value("-2 * -3"), 6);
  EXPECT_EQ(value("7 % 4 * 2"), 6);
  EXPECT_EQ(value("1 < 2 == 3 > 2"), 1);
  EXPECT_EQ(value("false && true || true"), 1);
  EXPECT_EQ(value("1 > 2 ? 10 : 2 > 1 ? 20 : 30"), 20);
  EXPECT_EQ(value("!(1 > 2)"), 1);
}

TEST(Expression, DividesWholeNumbersAsSuch) {
  EXPECT_EQ(value("7 / 2"), 3);
  EXPECT_EQ(value("-7 / 2"), -3);
  EXPECT_EQ(value("7 / 2.0"), 3.5);
  EXPECT_EQ(value("7d / 2"), 3.5);
  EXPECT_EQ(value("7L / 2"), 3);
  EXPECT_EQ(value("params.a / 2"), 1.5);
  EXPECT_EQ(value("1e3 / 2"), 500);
  EXPECT_TRUE(std::isinf(value("params.a / 0")));
  EXPECT_TRUE(std::isnan(value("0.0 / 0")));
}

TEST(Expression, ReadsVariables) {
  EXPECT_EQ(value("return params.a / params.b;"), 6);
  EXPECT_EQ(value("params['a'] + params[\"of both\"]"), 1);
  EXPECT_EQ(value("a / b", ExpressionDialect::kExpression), 6);
  EXPECT_EQ(value("max(a, 5) + params.b", ExpressionDialect::kExpression), 5.5);
}

TEST(Expression, CallsFunctionsAsJavaComputesThem) {
  EXPECT_EQ(value("Math.round(2.5) + Math.round(-2.5)"), 1);
  EXPECT_EQ(value("Math.max(1, params.a) + Math.min(1, params.b)"), 3.5);
  EXPECT_EQ(value("Math.pow(2, 10)"), 1024);
  EXPECT_EQ(value("Math.signum(-3) + Math.abs(-3)"), 2);
  EXPECT_EQ(value("Math.max(7, 1) / 2"), 3);
  EXPECT_NEAR(value("Math.log(Math.E) + Math.sqrt(4) + Math.PI"), 6.14159265, 1e-8);
  EXPECT_TRUE(std::isnan(value("Math.max(0.0 / 0, 1)")));
}

TEST(Expression, SaysWhatItIs) {
  const auto is_condition = [](std::string_view text) {
    return Expression::compile(text, ExpressionDialect::kPainless, kNames)->is_condition();
  };
  EXPECT_TRUE(is_condition("params.a > 1"));
  EXPECT_TRUE(is_condition("params.a > 1 ? true : params.b > 1"));
  EXPECT_FALSE(is_condition("params.a"));
}

TEST(Expression, SaysWhereItGoesWrong) {
  EXPECT_EQ(problem(""), "compile error at [0] in []: expected an expression, found the end");
  EXPECT_EQ(
      problem("params.c * 2"),
      "compile error at [0] in [params.c * 2]: unknown variable [c], known are [a, b, of both]");
  EXPECT_EQ(
      problem("1 +"),
      "compile error at [3] in [1 +]: expected a number, a variable such as [params.price] or "
      "a parenthesis, found [the end]");
  EXPECT_EQ(problem("(1"), "compile error at [2] in [(1]: expected [)], found [the end]");
  EXPECT_EQ(
      problem("a"),
      "compile error at [0] in [a]: expected a number, a variable such as [params.price] or a "
      "parenthesis, found [a]");
  EXPECT_EQ(problem("1 2"),
            "compile error at [2] in [1 2]: expected the end or an operator, found [2]");
  EXPECT_EQ(
      problem("1 && true"),
      "compile error at [0] in [1 && true]: expected a condition such as [a > b], found a number");
  EXPECT_EQ(problem("1 + (2 > 1)"),
            "compile error at [3] in [1 + (2 > 1)]: expected a number, found a condition");
  EXPECT_EQ(problem("1 / 0"), "compile error at [5] in [1 / 0]: / by zero");
  EXPECT_EQ(problem("Math.sin(1)").substr(0, 66),
            "compile error at [8] in [Math.sin(1)]: unknown function [Math.sin]");
  EXPECT_NE(problem("doc['x'].value"), "none");
  EXPECT_NE(problem("params['a"), "none");
  EXPECT_NE(problem("12abc"), "none");
}

TEST(Expression, BoundsWhatItTakes) {
  EXPECT_EQ(value(std::string(90, '(') + "1" + std::string(90, ')')), 1);
  EXPECT_NE(problem(std::string(50'000, '(')).find("nested deeper than [200]"), std::string::npos);
  EXPECT_NE(problem(std::string(50'000, '-')).find("nested deeper than [200]"), std::string::npos);
  EXPECT_NE(problem(std::string(70'000, ' ')).find("script size"), std::string::npos);
  std::string sum = "1";
  for (int i = 0; i < 10'000; ++i) sum += "+1";
  EXPECT_EQ(value(sum), 10'001);
}

}  // namespace
}  // namespace hornbeam::search
