// The tests behind `is`.

#include <cmath>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/state.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

using Kind = Value::Kind;

void add_comparison(Environment& environment, Comparison comparison,
                    std::initializer_list<const char*> names) {
  for (const char* name : names) {
    environment.add_test(name, [comparison](FilterCall& call) {
      return Value(compare(comparison, call.value, call.argument(0, "other")));
    });
  }
}

std::int64_t whole(const Value& value) {
  if (value.is_undefined()) fail_undefined(value);
  if (!value.is_integer()) fail("'" + std::string(value.type_name()) + "' is no whole number");
  return value.integer();
}

/// As Python's value % 2, which floats have too.
double remainder_by_two(const Value& value) {
  if (!value.is(Kind::kFloat)) return static_cast<double>(whole(value) & 1);
  return value.number() - 2 * std::floor(value.number() / 2);
}

bool is_iterable(const Value& value) {
  if (value.is_undefined() || value.is_text()) return true;
  if (value.object() == nullptr) return false;
  bool is_empty = true;
  return value.object()->each([&](const Value&) { return is_empty = false; });
}

bool same(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  return left.object() != nullptr ? left.object() == right.object() : left == right;
}

void add_kinds(Environment& environment) {
  const auto add = [&](const char* name, bool (*holds)(const Value&)) {
    environment.add_test(name, [holds](FilterCall& call) { return Value(holds(call.value)); });
  };
  add("defined", [](const Value& value) { return !value.is_undefined(); });
  add("undefined", [](const Value& value) { return value.is_undefined(); });
  add("none", [](const Value& value) { return value.is_none(); });
  add("boolean", [](const Value& value) { return value.is(Kind::kBool); });
  add("true", [](const Value& value) { return value.is(Kind::kBool) && value.integer() != 0; });
  add("false", [](const Value& value) { return value.is(Kind::kBool) && value.integer() == 0; });
  add("integer", [](const Value& value) { return value.is(Kind::kInteger); });
  add("float", [](const Value& value) { return value.is(Kind::kFloat); });
  add("number", [](const Value& value) { return value.is_number(); });
  add("string", [](const Value& value) { return value.is_text(); });
  add("mapping", [](const Value& value) { return value.is(Kind::kMapping); });
  add("sequence", [](const Value& value) {
    if (value.is_undefined()) return undefined_mode(value) != UndefinedMode::kStrict;
    return value.is_text() || (value.object() != nullptr && value.object()->size().has_value());
  });
  add("iterable", is_iterable);
  add("callable", [](const Value& value) {
    return value.object() != nullptr && value.object()->is_callable();
  });
  add("escaped", [](const Value& value) { return value.is_safe(); });
  add("lower", [](const Value& value) {
    const std::string text = value.to_text();
    return lower(text) == text && upper(text) != text;
  });
  add("upper", [](const Value& value) {
    const std::string text = value.to_text();
    return upper(text) == text && lower(text) != text;
  });
  add("odd", [](const Value& value) { return remainder_by_two(value) == 1; });
  add("even", [](const Value& value) { return remainder_by_two(value) == 0; });
}

}  // namespace

void add_tests(Environment& environment) {
  add_kinds(environment);
  add_comparison(environment, Comparison::kEqual, {"eq", "equalto", "=="});
  add_comparison(environment, Comparison::kNotEqual, {"ne", "!="});
  add_comparison(environment, Comparison::kLess, {"lt", "lessthan", "<"});
  add_comparison(environment, Comparison::kLessEqual, {"le", "<="});
  add_comparison(environment, Comparison::kGreater, {"gt", "greaterthan", ">"});
  add_comparison(environment, Comparison::kGreaterEqual, {"ge", ">="});
  add_comparison(environment, Comparison::kIn, {"in"});
  environment.add_test("sameas", [](FilterCall& call) {
    return Value(same(call.value, call.argument(0, "other")));
  });
  environment.add_test("divisibleby", [](FilterCall& call) {
    const std::int64_t by = whole(call.argument(0, "num"));
    if (by == 0) fail("integer division or modulo by zero");
    return Value(by == -1 || whole(call.value) % by == 0);
  });
  environment.add_test("filter", [](FilterCall& call) {
    return Value(call.rendering.environment().find_filter(call.value.to_text()) != nullptr);
  });
  environment.add_test("test", [](FilterCall& call) {
    return Value(call.rendering.environment().find_test(call.value.to_text()) != nullptr);
  });
}

}  // namespace hornbeam::templates::internal
