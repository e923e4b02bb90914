#include <charconv>

#include "hornbeam/templates/internal/parser_class.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

/// Refuses what is nested deeper than a stack should follow.
class Nested {
 public:
  explicit Nested(int& depth) : depth_(depth) {
    if (++depth_ > kDeepest) {
      --depth_;
      throw TemplateError(TemplateError::Kind::kSyntax,
                          "expressions are nested more than " + std::to_string(kDeepest) + " deep");
    }
  }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
  ~Nested() { --depth_; }

 private:
  int& depth_;
};

template <class Node>
std::unique_ptr<Node> binary(int line, ExpressionPointer left, ExpressionPointer right) {
  auto node = std::make_unique<Node>(line);
  node->left = std::move(left);
  node->right = std::move(right);
  return node;
}

}  // namespace

ExpressionPointer Parser::expression(bool with_condition) {
  const Nested nested(depth_);
  const std::size_t known = unknown_.size();
  ExpressionPointer first = or_expression();
  while (with_condition && is_name("if")) {
    const int line = next().line;
    unknown_.resize(known);  // What is behind a condition fails only when it is reached.
    auto node = std::make_unique<Conditional>(line);
    ++conditionals_;
    node->condition = or_expression();
    node->then = std::move(first);
    if (skip_name("else")) node->otherwise = expression();
    --conditionals_;
    first = std::move(node);
  }
  return first;
}

ExpressionPointer Parser::tuple(bool with_condition, Ends ends, bool explicit_parens) {
  const int line = peek().line;
  std::vector<ExpressionPointer> elements;
  bool is_tuple = false;
  const auto at_end = [&] {
    if (peek().kind == Token::Kind::kVariableEnd || peek().kind == Token::Kind::kBlockEnd ||
        is_sign(")")) {
      return true;
    }
    for (const std::string_view each : ends) {
      if (is_name(each)) return true;
    }
    return false;
  };
  while (!at_end()) {
    elements.push_back(expression(with_condition));
    if (!is_sign(",")) break;
    next();
    is_tuple = true;
  }
  if (!is_tuple) {
    if (!elements.empty()) return std::move(elements.front());
    if (!explicit_parens) refuse("Expected an expression, got " + shown(peek()));
  }
  auto node = std::make_unique<Sequence>(line, true);
  node->elements = std::move(elements);
  return node;
}

ExpressionPointer Parser::or_expression() {
  ExpressionPointer left = and_expression();
  while (is_name("or")) {
    const int line = next().line;
    left = binary<Logical>(line, std::move(left), and_expression());
  }
  return left;
}

ExpressionPointer Parser::and_expression() {
  ExpressionPointer left = not_expression();
  while (is_name("and")) {
    const int line = next().line;
    auto node = binary<Logical>(line, std::move(left), not_expression());
    node->is_and = true;
    left = std::move(node);
  }
  return left;
}

ExpressionPointer Parser::not_expression() {
  if (!is_name("not")) return comparison();
  const Nested nested(depth_);
  auto node = std::make_unique<Negation>(next().line);
  node->sign = Negation::Sign::kNot;
  node->subject = not_expression();
  return node;
}

ExpressionPointer Parser::comparison() {
  const int line = peek().line;
  ExpressionPointer first = sum();
  std::vector<std::pair<Comparison, ExpressionPointer>> rest;
  while (true) {  // Ends: every round takes an operator.
    std::optional<Comparison> found;
    if (peek().kind == Token::Kind::kOperator) {
      constexpr std::string_view kSigns[] = {"==", "!=", "<", "<=", ">", ">="};
      for (std::size_t at = 0; at < std::size(kSigns); ++at) {
        if (peek().text == kSigns[at]) found = static_cast<Comparison>(at);
      }
      if (found) next();
    } else if (skip_name("in")) {
      found = Comparison::kIn;
    } else if (is_name("not") && is_name("in", 1)) {
      next();
      next();
      found = Comparison::kNotIn;
    }
    if (!found) break;
    rest.emplace_back(*found, sum());
  }
  if (rest.empty()) return first;
  auto node = std::make_unique<Compared>(line);
  node->first = std::move(first);
  node->rest = std::move(rest);
  return node;
}

ExpressionPointer Parser::sum() {
  ExpressionPointer left = concatenation();
  while (is_sign("+") || is_sign("-")) {
    const Token sign = next();
    auto node = binary<BinaryOperation>(sign.line, std::move(left), concatenation());
    node->operation = sign.text == "+" ? Binary::kAdd : Binary::kSubtract;
    left = std::move(node);
  }
  return left;
}

ExpressionPointer Parser::concatenation() {
  const int line = peek().line;
  ExpressionPointer first = product();
  if (!is_sign("~")) return first;
  auto node = std::make_unique<Concatenation>(line);
  node->parts.push_back(std::move(first));
  while (skip_sign("~")) node->parts.push_back(product());
  return node;
}

ExpressionPointer Parser::product() {
  ExpressionPointer left = signed_power();
  while (is_sign("*") || is_sign("/") || is_sign("//") || is_sign("%")) {
    const Token sign = next();
    auto node = binary<BinaryOperation>(sign.line, std::move(left), signed_power());
    node->operation = sign.text == "*"    ? Binary::kMultiply
                      : sign.text == "/"  ? Binary::kDivide
                      : sign.text == "//" ? Binary::kFloorDivide
                                          : Binary::kModulo;
    left = std::move(node);
  }
  return left;
}

ExpressionPointer Parser::signed_power(bool with_filters) {
  const Nested nested(depth_);
  const int line = peek().line;
  ExpressionPointer node;
  if (is_sign("-") || is_sign("+")) {
    auto negation = std::make_unique<Negation>(line);
    negation->sign = next().text == "-" ? Negation::Sign::kMinus : Negation::Sign::kPlus;
    negation->subject = signed_power(false);
    node = std::move(negation);
  } else {
    node = primary();
  }
  node = postfix(std::move(node));
  while (is_sign("**")) {
    next();
    auto power = binary<BinaryOperation>(line, std::move(node), signed_power());
    power->operation = Binary::kPower;
    node = std::move(power);
  }
  return with_filters ? filters(std::move(node)) : std::move(node);
}

ExpressionPointer Parser::name_expression(std::string name, int line) {
  auto node = std::make_unique<Name>(line, std::move(name));
  scopes_.use(*node);
  return node;
}

std::int64_t Parser::integer_of(const Token& token) const {
  std::int64_t number = 0;
  const char* end = token.text.data() + token.text.size();
  if (std::from_chars(token.text.data(), end, number).ec != std::errc()) {
    refuse("the number " + token.text + " is past 64 bits", token.line);
  }
  return number;
}

ExpressionPointer Parser::primary() {
  const Token token = next();
  switch (token.kind) {
    case Token::Kind::kName:
      if (token.text == "true" || token.text == "True") {
        return std::make_unique<Literal>(token.line, Value(true));
      }
      if (token.text == "false" || token.text == "False") {
        return std::make_unique<Literal>(token.line, Value(false));
      }
      if (token.text == "none" || token.text == "None") {
        return std::make_unique<Literal>(token.line, Value());
      }
      return name_expression(token.text, token.line);
    case Token::Kind::kText: {
      std::string text = token.text;
      while (peek().kind == Token::Kind::kText) text += next().text;
      return std::make_unique<Literal>(token.line, std::move(text));
    }
    case Token::Kind::kInteger:
      return std::make_unique<Literal>(token.line, Value(integer_of(token)));
    case Token::Kind::kFloat: {
      double number = 0;
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
      return std::make_unique<Literal>(token.line, Value(number));
    }
    case Token::Kind::kOperator:
      if (token.text == "(") {
        ExpressionPointer inner = tuple(true, {}, true);
        expect_sign(")");
        return inner;
      }
      if (token.text == "[") return list();
      if (token.text == "{") return dictionary();
      break;
    default:
      break;
  }
  refuse("unexpected " + shown(token), token.line);
}

ExpressionPointer Parser::list() {
  auto node = std::make_unique<Sequence>(peek().line, false);
  while (!is_sign("]")) {
    node->elements.push_back(expression());
    if (!skip_sign(",")) break;
  }
  expect_sign("]");
  return node;
}

ExpressionPointer Parser::dictionary() {
  auto node = std::make_unique<Dictionary>(peek().line);
  while (!is_sign("}")) {
    ExpressionPointer key = expression();
    expect_sign(":");
    node->members.emplace_back(std::move(key), expression());
    if (!skip_sign(",")) break;
  }
  expect_sign("}");
  return node;
}

ExpressionPointer Parser::postfix(ExpressionPointer subject) {
  while (true) {  // Ends: every round takes a sign.
    if (is_sign(".")) {
      next();
      const Token token = next();
      if (token.kind == Token::Kind::kName) {
        subject = std::make_unique<Attribute>(token.line, std::move(subject), token.text);
      } else if (token.kind == Token::Kind::kInteger) {
        subject = std::make_unique<Subscript>(
            token.line, std::move(subject),
            std::make_unique<Literal>(token.line, Value(integer_of(token))));
      } else {
        refuse("expected name or number", token.line);
      }
    } else if (is_sign("[")) {
      subject = subscript(std::move(subject));
    } else if (is_sign("(")) {
      subject = call(std::move(subject));
    } else {
      return subject;
    }
  }
}

ExpressionPointer Parser::subscript(ExpressionPointer subject) {
  const int line = next().line;
  ExpressionPointer start;
  if (!is_sign(":")) {
    start = tuple();
    if (!is_sign(":")) {
      expect_sign("]");
      return std::make_unique<Subscript>(line, std::move(subject), std::move(start));
    }
  }
  next();
  auto node = std::make_unique<SliceOf>(line);
  node->subject = std::move(subject);
  node->start = std::move(start);
  if (!is_sign("]") && !is_sign(":")) node->stop = expression();
  if (skip_sign(":") && !is_sign("]")) node->step = expression();
  expect_sign("]");
  return node;
}

ExpressionPointer Parser::filters(ExpressionPointer subject) {
  while (true) {  // Ends: every round takes a token.
    if (is_sign("|")) {
      next();
      subject = one_filter(std::move(subject));
    } else if (is_name("is")) {
      next();
      subject = test(std::move(subject));
    } else if (is_sign("(")) {
      subject = call(std::move(subject));
    } else {
      return subject;
    }
  }
}

std::unique_ptr<Filtered> Parser::one_filter(ExpressionPointer subject) {
  auto node = std::make_unique<Filtered>(peek().line);
  node->subject = std::move(subject);
  node->name = take_name("a filter");
  while (skip_sign(".")) node->name += "." + take_name("a filter");
  node->filter = environment_.find_filter(node->name);
  if (node->filter == nullptr && conditionals_ == 0) {
    unknown_.push_back({"No filter named " + quoted(node->name) + ".", node->line});
  }
  if (is_sign("(")) arguments(node->arguments);
  return node;
}

ExpressionPointer Parser::test(ExpressionPointer subject) {
  const int line = peek().line;
  const bool is_negated = skip_name("not");
  auto node = std::make_unique<Tested>(line);
  node->subject = std::move(subject);
  node->name = take_name("a test");
  while (skip_sign(".")) node->name += "." + take_name("a test");
  node->test = environment_.find_test(node->name);
  if (node->test == nullptr && conditionals_ == 0) {
    unknown_.push_back({"No test named " + quoted(node->name) + ".", line});
  }
  const Token& token = peek();
  if (is_sign("(")) {
    arguments(node->arguments);
  } else if ((token.kind == Token::Kind::kName && token.text != "else" && token.text != "or" &&
              token.text != "and" && token.text != "is" && token.text != "if" &&
              token.text != "recursive" && token.text != "in" && token.text != "not") ||
             token.kind == Token::Kind::kText || token.kind == Token::Kind::kInteger ||
             token.kind == Token::Kind::kFloat || is_sign("[") || is_sign("{")) {
    node->arguments.positional.push_back(postfix(primary()));
  }
  if (!is_negated) return node;
  auto negation = std::make_unique<Negation>(line);
  negation->sign = Negation::Sign::kNot;
  negation->subject = std::move(node);
  return negation;
}

ExpressionPointer Parser::call(ExpressionPointer callee) {
  auto node = std::make_unique<Call>(peek().line);
  node->callee = std::move(callee);
  node->method = dynamic_cast<const Attribute*>(node->callee.get());
  arguments(node->arguments);
  note(*node);
  return node;
}

void Parser::note(const Call& call) {
  const auto* const callee = dynamic_cast<const Name*>(call.callee.get());
  if (callee == nullptr) return;
  FunctionCall noted{code_.name, call.line, code_.source, {}, {}, false};
  if (!call.arguments.positional.empty()) {
    const auto* const first = dynamic_cast<const Literal*>(call.arguments.positional[0].get());
    if (first != nullptr && first->value.is_text()) noted.first_text = first->value.to_text();
  }
  for (const auto& [name, value] : call.arguments.named) noted.named.push_back(name);
  noted.has_more = call.arguments.more_positional || call.arguments.more_named;
  code_.calls.emplace_back(callee->name, std::move(noted));
}

void Parser::arguments(ArgumentList& list) {
  expect_sign("(");
  while (!is_sign(")")) {
    if (skip_sign("*")) {
      list.more_positional = expression();
    } else if (skip_sign("**")) {
      list.more_named = expression();
    } else if (peek().kind == Token::Kind::kName && is_sign("=", 1)) {
      std::string name = next().text;
      next();
      list.named.emplace_back(std::move(name), expression());
    } else {
      if (!list.named.empty() || list.more_named) {
        refuse("a positional argument follows a named one");
      }
      list.positional.push_back(expression());
    }
    if (!skip_sign(",")) break;
  }
  expect_sign(")");
}

}  // namespace hornbeam::templates::internal
