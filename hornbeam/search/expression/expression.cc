#include "hornbeam/search/expression/expression.h"

#include <cmath>

#include "hornbeam/base/check.h"

namespace hornbeam::search {
namespace {

/// As Java's Math.round: halves go up.
double round_half_up(double value) {
  return std::floor(value + 0.5);
}

double signum(double value) {
  if (std::isnan(value) || value == 0) return value;
  return value > 0 ? 1 : -1;
}

// As Java's Math.max and Math.min: NaN wins.
double larger(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b);
}
double smaller(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? a + b : std::min(a, b);
}

}  // namespace

double Expression::evaluate(std::span<const double> values) const {
  // Each operand stands before what needs it: one walk computes all, in the time that the text has
  // letters. Nothing has effects, so that what && and ? would leave out may be computed too.
  std::vector<double> results(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const auto a = [&] { return results[node.a]; };
    const auto b = [&] { return results[node.b]; };
    const auto value = [&]() -> double {
      switch (node.op) {
        case Operator::kNumber:
          return node.number;
        case Operator::kVariable:
          return values[node.a];
        case Operator::kNegate:
          return -a();
        case Operator::kNot:
          return a() == 0;
        case Operator::kAdd:
          return a() + b();
        case Operator::kSubtract:
          return a() - b();
        case Operator::kMultiply:
          return a() * b();
        case Operator::kDivide:
          return a() / b();
        case Operator::kDivideWhole:
          return std::trunc(a() / b());
        case Operator::kRemainder:
          return std::fmod(a(), b());
        case Operator::kEqual:
          return a() == b();
        case Operator::kNotEqual:
          return a() != b();
        case Operator::kLess:
          return a() < b();
        case Operator::kLessEqual:
          return a() <= b();
        case Operator::kGreater:
          return a() > b();
        case Operator::kGreaterEqual:
          return a() >= b();
        case Operator::kAnd:
          return a() != 0 && b() != 0;
        case Operator::kOr:
          return a() != 0 || b() != 0;
        case Operator::kChoose:
          return a() != 0 ? b() : results[node.c];
        case Operator::kAbs:
          return std::fabs(a());
        case Operator::kCbrt:
          return std::cbrt(a());
        case Operator::kCeil:
          return std::ceil(a());
        case Operator::kExp:
          return std::exp(a());
        case Operator::kFloor:
          return std::floor(a());
        case Operator::kLog:
          return std::log(a());
        case Operator::kLog10:
          return std::log10(a());
        case Operator::kMax:
          return larger(a(), b());
        case Operator::kMin:
          return smaller(a(), b());
        case Operator::kPow:
          return std::pow(a(), b());
        case Operator::kRound:
          return round_half_up(a());
        case Operator::kSignum:
          return signum(a());
        case Operator::kSqrt:
          return std::sqrt(a());
      }
      base::check(false, "every operator has a value");
      return 0;
    };
    results[i] = value();
  }
  return results.back();
}

}  // namespace hornbeam::search
