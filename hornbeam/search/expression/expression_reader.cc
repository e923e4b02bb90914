// Compiles expressions by recursive descent, each level of precedence one function.

#include <algorithm>
#include <array>
#include <charconv>
#include <numbers>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hornbeam/search/expression/expression.h"

namespace hornbeam::search {
namespace {

/// As much as OpenSearch takes (script.max_size_in_bytes).
constexpr std::size_t kMostBytes = 65'535;
/// Parentheses and signs within each other; each parenthesis counts twice.
constexpr int kDeepest = 200;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$';
}

struct Failure {
  std::size_t at;
  std::string what;
};

}  // namespace

/// Reads one expression.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, ExpressionDialect dialect,
                   std::span<const std::string> variables)
      : text_(text), dialect_(dialect), variables_(variables) {}

  /// Throws a Failure.
  Expression read() {
    if (text_.size() > kMostBytes) {
      fail(fmt::format("exceeded max allowed script size in bytes [{}]", kMostBytes));
    }
    if (peek_name() == "return") at_ += 6;
    if (at_end()) fail("expected an expression, found the end");
    choice();
    take(";");
    if (!at_end()) fail(fmt::format("expected the end or an operator, found [{}]", found()));
    return std::move(made_);
  }

 private:
  using Node = Expression::Node;
  using Operator = Expression::Operator;
  using Type = Expression::Type;
  using Index = std::uint32_t;

  struct Function {
    std::string_view name;
    Operator op;
    int arguments;
    bool keeps_whole;  ///< Whether whole numbers stay such.
  };
  static std::span<const Function> functions() {
    static constexpr std::array kFunctions{Function{"abs", Operator::kAbs, 1, true},
                                           Function{"cbrt", Operator::kCbrt, 1, false},
                                           Function{"ceil", Operator::kCeil, 1, false},
                                           Function{"exp", Operator::kExp, 1, false},
                                           Function{"floor", Operator::kFloor, 1, false},
                                           Function{"log", Operator::kLog, 1, false},
                                           Function{"log10", Operator::kLog10, 1, false},
                                           Function{"max", Operator::kMax, 2, true},
                                           Function{"min", Operator::kMin, 2, true},
                                           Function{"pow", Operator::kPow, 2, false},
                                           Function{"round", Operator::kRound, 1, false},
                                           Function{"signum", Operator::kSignum, 1, false},
                                           Function{"sqrt", Operator::kSqrt, 1, false}};
    return kFunctions;
  }

  [[noreturn]] void fail(std::string what) const { throw Failure{at_, std::move(what)}; }

  bool at_end() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ == text_.size();
  }
  std::string found() {
    if (at_end()) return "the end";
    const std::string_view name = peek_name();
    return std::string(name.empty() ? text_.substr(at_, 1) : name);
  }
  bool take(std::string_view token) {
    if (at_end() || !text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) fail(fmt::format("expected [{}], found [{}]", token, found()));
  }
  std::string_view peek_name() {
    if (at_end() || !is_name(text_[at_]) || is_digit(text_[at_])) return {};
    std::size_t end = at_;
    while (end < text_.size() && is_name(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }
  std::string_view take_name() {
    const std::string_view name = peek_name();
    at_ += name.size();
    return name;
  }

  Index add(Node node) {
    made_.nodes_.push_back(node);
    return static_cast<Index>(made_.nodes_.size() - 1);
  }
  Type type(Index node) const { return made_.nodes_[node].type; }
  void need_number(Index node, std::size_t at) {
    if (type(node) != Type::kBoolean) return;
    at_ = at;
    fail("expected a number, found a condition");
  }
  void need_condition(Index node, std::size_t at) {
    if (type(node) == Type::kBoolean) return;
    at_ = at;
    fail("expected a condition such as [a > b], found a number");
  }
  Type joined(Index a, Index b) const {
    return type(a) == Type::kInteger && type(b) == Type::kInteger ? Type::kInteger : Type::kReal;
  }

  Index choice() {
    if (++depth_ > kDeepest) fail(fmt::format("nested deeper than [{}]", kDeepest));
    const std::size_t begin = at_;
    Index condition = any_of();
    if (take("?")) {
      need_condition(condition, begin);
      const Index yes = choice();
      expect(":");
      const Index no = choice();
      const bool are_conditions = type(yes) == Type::kBoolean && type(no) == Type::kBoolean;
      if (!are_conditions && (type(yes) == Type::kBoolean || type(no) == Type::kBoolean)) {
        fail("both sides of [:] must be numbers, or both conditions");
      }
      condition = add({.op = Operator::kChoose,
                       .type = are_conditions ? Type::kBoolean : joined(yes, no),
                       .a = condition,
                       .b = yes,
                       .c = no});
    }
    --depth_;
    return condition;
  }

  Index any_of() {
    return conditions("||", Operator::kOr, [this] {
      return conditions("&&", Operator::kAnd, [this] { return equality(); });
    });
  }
  template <class Operand>
  Index conditions(std::string_view token, Operator op, Operand operand) {
    const std::size_t begin = at_;
    Index left = operand();
    while (take(token)) {
      need_condition(left, begin);
      const std::size_t behind = at_;
      const Index right = operand();
      need_condition(right, behind);
      left = add({.op = op, .type = Type::kBoolean, .a = left, .b = right});
    }
    return left;
  }

  Index equality() {
    Index left = comparison();
    for (;;) {
      const bool is_equal = take("===") || take("==");
      if (!is_equal && !take("!==") && !take("!=")) return left;
      const Index right = comparison();
      if ((type(left) == Type::kBoolean) != (type(right) == Type::kBoolean)) {
        fail("a number and a condition cannot be equal");
      }
      left = add({.op = is_equal ? Operator::kEqual : Operator::kNotEqual,
                  .type = Type::kBoolean,
                  .a = left,
                  .b = right});
    }
  }

  Index comparison() {
    const std::size_t begin = at_;
    const Index left = sum();
    std::optional<Operator> op;
    if (take("<=")) {
      op = Operator::kLessEqual;
    } else if (take(">=")) {
      op = Operator::kGreaterEqual;
    } else if (take("<")) {
      op = Operator::kLess;
    } else if (take(">")) {
      op = Operator::kGreater;
    }
    if (!op) return left;
    need_number(left, begin);
    const std::size_t behind = at_;
    const Index right = sum();
    need_number(right, behind);
    return add({.op = *op, .type = Type::kBoolean, .a = left, .b = right});
  }

  Index sum() {
    const std::size_t begin = at_;
    Index left = product();
    for (;;) {
      const bool is_plus = take("+");
      if (!is_plus && !take("-")) return left;
      left = arithmetic(is_plus ? Operator::kAdd : Operator::kSubtract, left, begin,
                        [this] { return product(); });
    }
  }

  Index product() {
    const std::size_t begin = at_;
    Index left = sign();
    for (;;) {
      std::optional<Operator> op;
      if (take("*")) {
        op = Operator::kMultiply;
      } else if (take("/")) {
        op = Operator::kDivide;
      } else if (take("%")) {
        op = Operator::kRemainder;
      }
      if (!op) return left;
      left = arithmetic(*op, left, begin, [this] { return sign(); });
    }
  }

  template <class Operand>
  Index arithmetic(Operator op, Index left, std::size_t begin, Operand operand) {
    need_number(left, begin);
    const std::size_t behind = at_;
    const Index right = operand();
    need_number(right, behind);
    const Type result = joined(left, right);
    if (op == Operator::kDivide && result == Type::kInteger) {
      const Node& divisor = made_.nodes_[right];
      if (divisor.op == Operator::kNumber && divisor.number == 0) fail("/ by zero");
      op = Operator::kDivideWhole;
    }
    return add({.op = op, .type = result, .a = left, .b = right});
  }

  Index sign() {
    if (++depth_ > kDeepest) fail(fmt::format("nested deeper than [{}]", kDeepest));
    const std::size_t begin = at_;
    Index made = 0;
    if (take("-")) {
      made = sign();
      need_number(made, begin);
      made = add({.op = Operator::kNegate, .type = type(made), .a = made});
    } else if (take("+")) {
      made = sign();
      need_number(made, begin);
    } else if (take("!")) {
      made = sign();
      need_condition(made, begin);
      made = add({.op = Operator::kNot, .type = Type::kBoolean, .a = made});
    } else {
      made = primary();
    }
    --depth_;
    return made;
  }

  Index primary() {
    if (take("(")) {
      const Index inner = choice();
      expect(")");
      return inner;
    }
    if (!at_end() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
    const std::size_t begin = at_;
    const std::string_view name = take_name();
    if (name == "true" || name == "false") {
      return add({.type = Type::kBoolean, .number = name == "true" ? 1.0 : 0.0});
    }
    if (name == "Math") return of_math();
    if (name == "params") return variable(begin, member());
    if (dialect_ == ExpressionDialect::kExpression && !name.empty()) {
      for (const Function& function : functions()) {
        if (function.name == name && take("(")) return call(function);
      }
      return variable(begin, name);
    }
    at_ = begin;
    fail(
        fmt::format("expected a number, a variable such as [params.price] or a parenthesis, "
                    "found [{}]",
                    found()));
  }

  Index number() {
    double value = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc()) fail(fmt::format("[{}] begins no number", found()));
    const std::string_view digits(begin, static_cast<std::size_t>(end - begin));
    at_ += digits.size();
    bool is_whole = digits.find_first_of(".eE") == digits.npos;
    if (has_suffix("dDfF")) {
      is_whole = false;
    } else if (is_whole) {
      static_cast<void>(has_suffix("lL"));
    }
    if (at_ < text_.size() && is_name(text_[at_])) {
      fail(fmt::format("expected an operator behind [{}], found [{}]", digits,
                       text_.substr(at_, 1)));
    }
    return add({.type = is_whole ? Type::kInteger : Type::kReal, .number = value});
  }

  /// Takes the letter that says what kind of number stands before it.
  bool has_suffix(std::string_view letters) {
    if (at_ == text_.size() || letters.find(text_[at_]) == letters.npos) return false;
    ++at_;
    return true;
  }

  /// What is behind "params".
  std::string_view member() {
    if (take(".")) {
      const std::string_view name = take_name();
      if (name.empty()) fail(fmt::format("expected a name behind [params.], found [{}]", found()));
      return name;
    }
    expect("[");
    const char quote = take("'") ? '\'' : '"';
    if (quote == '"') expect("\"");
    const std::size_t end = text_.find(quote, at_);
    if (end == text_.npos) fail("a name in quotes has no end");
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end + 1;
    expect("]");
    return name;
  }

  Index variable(std::size_t begin, std::string_view name) {
    const auto found = std::ranges::find(variables_, name);
    if (found == variables_.end()) {
      at_ = begin;
      fail(fmt::format("unknown variable [{}], known are [{}]", name, fmt::join(variables_, ", ")));
    }
    return add({.op = Operator::kVariable, .a = static_cast<Index>(found - variables_.begin())});
  }

  Index of_math() {
    expect(".");
    const std::string_view name = take_name();
    if (name == "PI") return add({.number = std::numbers::pi});
    if (name == "E") return add({.number = std::numbers::e});
    for (const Function& function : functions()) {
      if (function.name != name) continue;
      expect("(");
      return call(function);
    }
    std::vector<std::string_view> names;
    for (const Function& function : functions()) names.push_back(function.name);
    fail(fmt::format("unknown function [Math.{}], known are [{}]", name, fmt::join(names, ", ")));
  }

  Index call(const Function& function) {
    Node node{.op = function.op};
    const std::size_t begin = at_;
    node.a = choice();
    need_number(node.a, begin);
    node.b = node.a;
    if (function.arguments == 2) {
      expect(",");
      const std::size_t behind = at_;
      node.b = choice();
      need_number(node.b, behind);
    }
    expect(")");
    node.type = function.keeps_whole ? joined(node.a, node.b) : Type::kReal;
    return add(node);
  }

  std::string_view text_;
  ExpressionDialect dialect_;
  std::span<const std::string> variables_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Expression made_;
};

base::Result<Expression> Expression::compile(std::string_view text, ExpressionDialect dialect,
                                             std::span<const std::string> variables) {
  try {
    return ExpressionReader(text, dialect, variables).read();
  } catch (const Failure& failure) {
    // The text around the place, for those who have a long one.
    constexpr std::size_t kAround = 20;
    const std::size_t begin = failure.at > kAround ? failure.at - kAround : 0;
    return base::error("script_exception",
                       fmt::format("compile error at [{}] in [{}]: {}", failure.at,
                                   text.substr(begin, 2 * kAround), failure.what));
  }
}

}  // namespace hornbeam::search
