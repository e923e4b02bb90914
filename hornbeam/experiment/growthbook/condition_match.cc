// Matching: no allocation where the types are those that the condition asks for.

#include <algorithm>

#include "hornbeam/experiment/growthbook/internal/condition_tree.h"

namespace hornbeam::experiment::growthbook::internal {
namespace {

// The groups that a match may refer to, and those it is in.
struct Surroundings {
  const Groups& groups;
  const Way* way;
};

bool passes(const ValueTest& test, const Value& actual, const Surroundings& around);

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kUndefined:
      return "undefined";
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBool:
      return "boolean";
    case Value::Kind::kNumber:
      return "number";
    case Value::Kind::kString:
      return "string";
    case Value::Kind::kArray:
      return "array";
    case Value::Kind::kObject:
      break;
  }
  return "object";
}

bool passes_all(const Operation& operation, const Value& actual, const Surroundings& around) {
  if (!actual.is_array()) return false;
  return std::all_of(operation.tests.begin(), operation.tests.end(), [&](const ValueTest& test) {
    return std::any_of(actual.as_array()->begin(), actual.as_array()->end(),
                       [&](const Value& element) { return passes(test, element, around); });
  });
}

bool passes_element(const Operation& operation, const Value& actual, const Surroundings& around) {
  if (!actual.is_array()) return false;
  return std::any_of(
      actual.as_array()->begin(), actual.as_array()->end(), [&](const Value& element) {
        if (element.is_nullish()) return false;
        return operation.elements ? holds(*operation.elements, element, around.groups, around.way)
                                  : passes(operation.tests.front(), element, around);
      });
}

bool passes_version(const Operation& operation, const Value& actual) {
  const int order = compare_text(comparable_version(actual), operation.version);
  switch (operation.op) {
    case Operator::kVersionEqual:
      return order == 0;
    case Operator::kVersionNotEqual:
      return order != 0;
    case Operator::kVersionGreater:
      return order > 0;
    case Operator::kVersionGreaterOrEqual:
      return order >= 0;
    case Operator::kVersionLess:
      return order < 0;
    default:
      return order <= 0;
  }
}

bool passes_order(const Operation& operation, const Value& actual) {
  const Order order = compare(actual, operation.operand);
  switch (operation.op) {
    case Operator::kLess:
      return order == Order::kLess;
    case Operator::kLessOrEqual:
      return order == Order::kLess || order == Order::kEqual;
    case Operator::kGreater:
      return order == Order::kGreater;
    default:
      return order == Order::kGreater || order == Order::kEqual;
  }
}

bool passes(const Operation& operation, const Value& actual, const Surroundings& around) {
  switch (operation.op) {
    case Operator::kVersionEqual:
    case Operator::kVersionNotEqual:
    case Operator::kVersionGreater:
    case Operator::kVersionGreaterOrEqual:
    case Operator::kVersionLess:
    case Operator::kVersionLessOrEqual:
      return passes_version(operation, actual);
    case Operator::kEqual:
      return strictly_equal(actual, operation.operand);
    case Operator::kNotEqual:
      return !strictly_equal(actual, operation.operand);
    case Operator::kLess:
    case Operator::kLessOrEqual:
    case Operator::kGreater:
    case Operator::kGreaterOrEqual:
      return passes_order(operation, actual);
    case Operator::kExists:
      return is_truthy(operation.operand) != actual.is_nullish();
    case Operator::kIn:
      return operation.list->has_any(actual);
    case Operator::kNotIn:
      return !operation.list->has_any(actual);
    case Operator::kNot:
      return !passes(operation.tests.front(), actual, around);
    case Operator::kSize:
      return actual.is_array() &&
             passes(operation.tests.front(),
                    Value(1.0 * static_cast<double>(actual.as_array()->size())), around);
    case Operator::kElementMatches:
      return passes_element(operation, actual, around);
    case Operator::kAll:
      return passes_all(operation, actual, around);
    case Operator::kPattern:
      return actual.as_string() != nullptr ? operation.pattern.matches(*actual.as_string())
                                           : operation.pattern.matches(to_text(actual));
    case Operator::kType:
      return operation.operand.as_string() != nullptr &&
             *operation.operand.as_string() == type_name(actual);
    case Operator::kNever:
      break;
  }
  return false;
}

bool is_text(const Value& actual, const std::string& wanted, bool is_insensitive) {
  if (is_insensitive) return to_lower(to_text(actual)) == wanted;
  return actual.as_string() != nullptr ? *actual.as_string() == wanted : to_text(actual) == wanted;
}

bool passes(const ValueTest& test, const Value& actual, const Surroundings& around) {
  switch (test.kind) {
    case ValueTest::Kind::kText:
    case ValueTest::Kind::kTextInsensitive:
      return is_text(actual, *test.value.as_string(),
                     test.kind == ValueTest::Kind::kTextInsensitive);
    case ValueTest::Kind::kNumber:
      return to_number(actual) == *test.value.as_number();
    case ValueTest::Kind::kTruth:
      return actual.kind() != Value::Kind::kNull && is_truthy(actual) == *test.value.as_bool();
    case ValueTest::Kind::kNull:
      return actual.kind() == Value::Kind::kNull;
    case ValueTest::Kind::kJson:
      return actual == test.value;
    case ValueTest::Kind::kOperators:
      break;
  }
  return std::all_of(test.operations.begin(), test.operations.end(),
                     [&](const Operation& operation) { return passes(operation, actual, around); });
}

bool is_in_group(const GroupReference& group, const Value& attributes, const Surroundings& around) {
  if (group.list) {
    Value scratch;
    return group.list->has_any(resolve(group.attribute, attributes, scratch));
  }
  int depth = 0;
  for (const Way* at = around.way; at != nullptr; at = at->before, ++depth) {
    if (at->group == *group.condition) return false;
  }
  if (depth >= kDeepestGroups) return false;
  const Way further{.before = around.way, .group = *group.condition};
  return holds(around.groups.conditions[*group.condition], attributes, around.groups, &further);
}

bool holds_clause(const Clause& clause, const Value& attributes, const Surroundings& around) {
  const auto part_holds = [&](const Conjunction& part) {
    return holds(part, attributes, around.groups, around.way);
  };
  switch (clause.kind) {
    case Clause::Kind::kPath: {
      Value scratch;
      return passes(clause.test, resolve(clause.path, attributes, scratch), around);
    }
    case Clause::Kind::kOr:
      return clause.parts.empty() ||
             std::any_of(clause.parts.begin(), clause.parts.end(), part_holds);
    case Clause::Kind::kNor:
      return !clause.parts.empty() &&
             std::none_of(clause.parts.begin(), clause.parts.end(), part_holds);
    case Clause::Kind::kAnd:
      return std::all_of(clause.parts.begin(), clause.parts.end(), part_holds);
    case Clause::Kind::kNot:
      return !part_holds(clause.parts.front());
    case Clause::Kind::kGroup:
      return is_in_group(clause.group, attributes, around);
    case Clause::Kind::kAlways:
      return true;
    case Clause::Kind::kNever:
      break;
  }
  return false;
}

}  // namespace

ValueList ValueList::of(const Value::Array& values, bool is_insensitive) {
  ValueList list;
  list.is_insensitive = is_insensitive;
  for (const Value& value : values) {
    if (const std::string* text = value.as_string()) {
      list.texts.push_back(is_insensitive ? to_lower(*text) : *text);
    } else {
      list.others.push_back(value);
    }
  }
  std::sort(list.texts.begin(), list.texts.end());
  return list;
}

bool ValueList::has(const Value& actual) const {
  if (const std::string* text = actual.as_string()) {
    return is_insensitive ? std::binary_search(texts.begin(), texts.end(), to_lower(*text))
                          : std::binary_search(texts.begin(), texts.end(), *text);
  }
  return std::any_of(others.begin(), others.end(),
                     [&](const Value& other) { return strictly_equal(actual, other); });
}

bool ValueList::has_any(const Value& actual) const {
  const Value::Array* elements = actual.as_array();
  if (elements == nullptr) return has(actual);
  return std::any_of(elements->begin(), elements->end(),
                     [&](const Value& element) { return has(element); });
}

const Value& resolve(const Path& path, const Value& attributes, Value& scratch) {
  static const Value kNull(nullptr);
  const Value* current = &attributes;
  for (const std::string& step : path) {
    if (current->is_array() && step == "length") {
      // What follows finds nothing in a number.
      if (&step != &path.back()) return kNull;
      scratch = Value(static_cast<double>(current->as_array()->size()));
      return scratch;
    }
    current = current->find_property(step);
    if (current == nullptr) return kNull;
  }
  return *current;
}

// Ends: a condition nests as deep as its text, 64 at most, and groups 16.
bool holds(const Conjunction& all, const Value& attributes, const Groups& groups, const Way* way) {
  const Surroundings around{groups, way};
  return std::all_of(all.clauses.begin(), all.clauses.end(), [&](const Clause& clause) {
    return holds_clause(clause, attributes, around);
  });
}

}  // namespace hornbeam::experiment::growthbook::internal
