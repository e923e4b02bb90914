#include "hornbeam/templates/internal/operators.h"

#include <algorithm>
#include <cmath>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

using Kind = Value::Kind;

[[noreturn]] void fail_operands(std::string_view sign, const Value& left, const Value& right) {
  for (const Value* each : {&left, &right}) {
    if (each->is_undefined()) fail_undefined(*each);
  }
  fail("unsupported operand type(s) for " + std::string(sign) + ": '" +
       std::string(left.type_name()) + "' and '" + std::string(right.type_name()) + "'");
}

constexpr std::string_view sign_of(Binary operation) {
  constexpr std::string_view kSigns[] = {"+", "-", "*", "/", "//", "%", "** or pow()"};
  return kSigns[static_cast<std::size_t>(operation)];
}

[[noreturn]] void fail_overflow() {
  fail("a whole number is past the 64 bits that templates compute with");
}

std::int64_t power(std::int64_t base, std::int64_t exponent) {
  std::int64_t result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) fail_overflow();
    if (exponent > 1 && __builtin_mul_overflow(base, base, &base)) fail_overflow();
  }
  return result;
}

Value on_integers(Binary operation, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflows = false;
  switch (operation) {
    case Binary::kAdd:
      overflows = __builtin_add_overflow(left, right, &result);
      break;
    case Binary::kSubtract:
      overflows = __builtin_sub_overflow(left, right, &result);
      break;
    case Binary::kMultiply:
      overflows = __builtin_mul_overflow(left, right, &result);
      break;
    case Binary::kDivide:
      if (right == 0) fail("division by zero");
      return Value(static_cast<double>(left) / static_cast<double>(right));
    case Binary::kFloorDivide:
    case Binary::kModulo: {
      if (right == 0) fail("integer division or modulo by zero");
      if (right == -1) {  // Its quotient of the least integer would overflow.
        if (operation == Binary::kModulo) return Value(0);
        overflows = __builtin_sub_overflow(std::int64_t{0}, left, &result);
        break;
      }
      std::int64_t quotient = left / right;
      std::int64_t remainder = left % right;
      if (remainder != 0 && (remainder < 0) != (right < 0)) {
        remainder += right;
        --quotient;
      }
      return Value(operation == Binary::kModulo ? remainder : quotient);
    }
    case Binary::kPower:
      if (right < 0) return Value(std::pow(static_cast<double>(left), static_cast<double>(right)));
      return Value(power(left, right));
  }
  if (overflows) fail_overflow();
  return Value(result);
}

Value on_floats(Binary operation, double left, double right) {
  switch (operation) {
    case Binary::kAdd:
      return Value(left + right);
    case Binary::kSubtract:
      return Value(left - right);
    case Binary::kMultiply:
      return Value(left * right);
    case Binary::kDivide:
      if (right == 0) fail("float division by zero");
      return Value(left / right);
    case Binary::kFloorDivide:
      if (right == 0) fail("float floor division by zero");
      return Value(std::floor(left / right));
    case Binary::kModulo: {
      if (right == 0) fail("float modulo");
      double remainder = std::fmod(left, right);
      if (remainder != 0 && (remainder < 0) != (right < 0)) remainder += right;
      return Value(remainder);
    }
    case Binary::kPower:
      return Value(std::pow(left, right));
  }
  return {};
}

Value repeated(const Value& value, std::int64_t count) {
  const auto times = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
  const std::size_t size = value.is_text() ? value.text().size() : length_of(value);
  const std::size_t most = value.is_text() ? kLargestText : kLargestList;
  if (size != 0 && times > most / size) fail("a repetition is too large");
  if (value.is_text()) {
    std::string out;
    out.reserve(size * times);
    for (std::size_t done = 0; done < times; ++done) out += value.text();
    return value.is_safe() ? Value::safe(std::move(out)) : Value(std::move(out));
  }
  std::vector<Value> all;
  const std::vector<Value> once = elements_of(value);
  for (std::size_t done = 0; done < times; ++done) all.insert(all.end(), once.begin(), once.end());
  return value.is(Kind::kTuple) ? Value::tuple(std::move(all)) : Value::list(std::move(all));
}

Value joined(const Value& left, const Value& right) {
  std::vector<Value> all = elements_of(left);
  require_list_size(all.size() + length_of(right));
  for (Value& each : elements_of(right)) all.push_back(std::move(each));
  return left.is(Kind::kTuple) ? Value::tuple(std::move(all)) : Value::list(std::move(all));
}

}  // namespace

Value apply(Binary operation, const Value& left, const Value& right) {
  if (left.is_integer() && right.is_integer()) {
    return on_integers(operation, left.integer(), right.integer());
  }
  if (left.is_number() && right.is_number()) {
    return on_floats(operation, left.number(), right.number());
  }
  if (operation == Binary::kAdd) {
    if (left.is_text() && right.is_text()) return concatenated(left, right);
    if (left.is_sequence() && left.kind() == right.kind()) return joined(left, right);
  } else if (operation == Binary::kMultiply) {
    if (right.is_integer() && (left.is_text() || left.is_sequence())) {
      return repeated(left, right.integer());
    }
    if (left.is_integer() && (right.is_text() || right.is_sequence())) {
      return repeated(right, left.integer());
    }
  } else if (operation == Binary::kModulo && left.is_text()) {
    Arguments arguments;
    if (right.is(Kind::kTuple)) {
      arguments.positional = elements_of(right);
    } else {
      arguments.positional.push_back(right);
    }
    return formatted(left, arguments);
  }
  fail_operands(sign_of(operation), left, right);
}

Value negated(const Value& value) {
  if (value.is_integer()) return on_integers(Binary::kSubtract, 0, value.integer());
  if (value.is_number()) return Value(-value.number());
  if (value.is_undefined()) fail_undefined(value);
  fail("bad operand type for unary -: '" + std::string(value.type_name()) + "'");
}

Value plus(const Value& value) {
  if (value.is_integer()) return Value(value.integer());
  if (value.is_number()) return value;
  if (value.is_undefined()) fail_undefined(value);
  fail("bad operand type for unary +: '" + std::string(value.type_name()) + "'");
}

bool is_less(const Value& left, const Value& right) {
  if (left.is_integer() && right.is_integer()) return left.integer() < right.integer();
  if (left.is_number() && right.is_number()) return left.number() < right.number();
  if (left.is_text() && right.is_text()) return left.text() < right.text();
  if (left.is_sequence() && left.kind() == right.kind()) {
    const std::vector<Value> first = elements_of(left);
    const std::vector<Value> second = elements_of(right);
    for (std::size_t at = 0; at < std::min(first.size(), second.size()); ++at) {
      if (!(first[at] == second[at])) return is_less(first[at], second[at]);
    }
    return first.size() < second.size();
  }
  for (const Value* each : {&left, &right}) {
    if (each->is_undefined()) fail_undefined(*each);
  }
  fail("'<' not supported between instances of '" + std::string(left.type_name()) + "' and '" +
       std::string(right.type_name()) + "'");
}

bool contains(const Value& container, const Value& element) {
  if (container.is_text()) {
    if (!element.is_text()) {
      if (element.is_undefined()) fail_undefined(element);
      fail("'in <string>' requires string as left operand, not " +
           std::string(element.type_name()));
    }
    return container.text().find(element.text()) != std::string_view::npos;
  }
  if (container.is(Kind::kMapping)) {
    return container.object()->item(element).has_value();
  }
  bool found = false;
  for_each(container, [&](const Value& each) {
    found = each == element;
    return !found;
  });
  return found;
}

bool compare(Comparison comparison, const Value& left, const Value& right) {
  switch (comparison) {
    case Comparison::kEqual:
      return left == right;
    case Comparison::kNotEqual:
      return !(left == right);
    case Comparison::kLess:
      return is_less(left, right);
    case Comparison::kLessEqual:
      return !is_less(right, left) || left == right;
    case Comparison::kGreater:
      return is_less(right, left);
    case Comparison::kGreaterEqual:
      return !is_less(left, right) || left == right;
    case Comparison::kIn:
      return contains(right, left);
    case Comparison::kNotIn:
      return !contains(right, left);
  }
  return false;
}

Value concatenated(const Value& left, const Value& right) {
  if (!left.is_safe() && !right.is_safe()) {
    std::string out = left.to_text();
    right.append_to(out);
    return Value(std::move(out));
  }
  std::string out;
  for (const Value* each : {&left, &right}) {
    if (each->is_safe()) {
      out += each->text();
    } else {
      base::append_html_escaped(out, each->to_text());
    }
  }
  return Value::safe(std::move(out));
}

Value sliced(const Value& value, const Value& start, const Value& stop, const Value& step) {
  if (value.is_undefined()) fail_undefined(value);
  if (!value.is_text() && !value.is_sequence()) {
    fail("'" + std::string(value.type_name()) + "' object cannot be sliced");
  }
  for (const Value* each : {&start, &stop, &step}) {
    if (!each->is_none() && !each->is_integer()) fail("slice indices must be integers or None");
  }
  const std::vector<Value> all = elements_of(value);
  const auto size = static_cast<std::int64_t>(all.size());
  const std::int64_t by = step.is_none() ? 1 : step.integer();
  if (by == 0) fail("slice step cannot be zero");
  const auto bounded = [&](const Value& bound, std::int64_t fallback) {
    if (bound.is_none()) return fallback;
    std::int64_t at = bound.integer();
    if (at < 0) at += size;
    return by > 0 ? std::clamp<std::int64_t>(at, 0, size)
                  : std::clamp<std::int64_t>(at, -1, size - 1);
  };
  const std::int64_t from = bounded(start, by > 0 ? 0 : size - 1);
  const std::int64_t to = bounded(stop, by > 0 ? size : -1);
  std::vector<Value> taken;
  // Ends: every step moves towards `to`, which is within the sequence.
  for (std::int64_t at = from; by > 0 ? at < to : at > to;
       at += std::clamp(by, -size - 1, size + 1)) {
    taken.push_back(all[static_cast<std::size_t>(at)]);
  }
  if (value.is(Kind::kTuple)) return Value::tuple(std::move(taken));
  if (value.is_sequence()) return Value::list(std::move(taken));
  std::string text;
  for (const Value& each : taken) text += each.text();
  return value.is_safe() ? Value::safe(std::move(text)) : Value(std::move(text));
}

}  // namespace hornbeam::templates::internal
