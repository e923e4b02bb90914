#pragma once

// Arithmetic on named numbers, for scripts of one expression: the part of Painless and of Lucene's
// expressions that both have in common. It has no loops, no assignments and no access to anything
// but its variables, so that a script of a stranger costs no more than its length.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// How variables are written.
enum class ExpressionDialect : std::uint8_t {
  kPainless,    ///< params.price or params['price'].
  kExpression,  ///< price as well.
};

/// A compiled expression. It has
///
/// - numbers (1, 0.5, 2e3, 7L), true and false, variables, parentheses;
/// - + - * / %, with whole numbers divided as whole numbers, as Java does;
/// - == != < <= > >=, ! && ||, and a ? b : c;
/// - Math.abs, cbrt, ceil, exp, floor, log, log10, max, min, pow, round, signum, sqrt, PI and E;
/// - `return` in front and a semicolon behind, which mean nothing.
///
/// Thread: any number at once.
class Expression {
 public:
  /// Compiles. `variables` are the names that are known. The error is a script_exception that says
  /// where the text goes wrong, what stands there, and what could.
  static base::Result<Expression> compile(std::string_view text, ExpressionDialect dialect,
                                          std::span<const std::string> variables);

  /// The value, comparisons being 1 or 0; NaN and infinities as IEEE 754 has them.
  /// Requires: a value for each variable, in the order in which `compile` was given them.
  double evaluate(std::span<const double> values) const;
  /// Whether it is a comparison or the like rather than a number.
  bool is_condition() const noexcept { return nodes_.back().type == Type::kBoolean; }

 private:
  friend class ExpressionReader;

  enum class Type : std::uint8_t { kInteger, kReal, kBoolean };
  enum class Operator : std::uint8_t {
    kNumber,
    kVariable,
    kNegate,
    kNot,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kDivideWhole,
    kRemainder,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kAnd,
    kOr,
    kChoose,
    kAbs,
    kCbrt,
    kCeil,
    kExp,
    kFloor,
    kLog,
    kLog10,
    kMax,
    kMin,
    kPow,
    kRound,
    kSignum,
    kSqrt,
  };
  /// Its operands stand before it, so that the last one is the whole expression.
  struct Node {
    Operator op = Operator::kNumber;
    Type type = Type::kReal;
    double number = 0;    ///< Of a number.
    std::uint32_t a = 0;  ///< The operands; of a variable, its index.
    std::uint32_t b = 0;
    std::uint32_t c = 0;
  };

  std::vector<Node> nodes_;
};

}  // namespace hornbeam::search
