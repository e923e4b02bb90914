#include "hornbeam/experiment/growthbook/condition.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/experiment/growthbook/internal/condition_tree.h"

namespace hornbeam::experiment::growthbook {

using internal::Clause;
using internal::Conjunction;
using internal::GroupReference;
using internal::Groups;
using internal::Operation;
using internal::Operator;
using internal::ValueList;
using internal::ValueTest;

namespace {

// What one match may cost at most, in clauses: groups that refer to groups multiply.
constexpr std::size_t kMostClauses = 1'000'000;

// Unwinds the compilation; what is thrown never leaves this file.
struct Refused {
  std::string message;
};

struct NamedOperator {
  std::string_view name;
  Operator op;
};

constexpr std::array kOperators{
    NamedOperator{"$veq", Operator::kVersionEqual},
    NamedOperator{"$vne", Operator::kVersionNotEqual},
    NamedOperator{"$vgt", Operator::kVersionGreater},
    NamedOperator{"$vgte", Operator::kVersionGreaterOrEqual},
    NamedOperator{"$vlt", Operator::kVersionLess},
    NamedOperator{"$vlte", Operator::kVersionLessOrEqual},
    NamedOperator{"$eq", Operator::kEqual},
    NamedOperator{"$ne", Operator::kNotEqual},
    NamedOperator{"$lt", Operator::kLess},
    NamedOperator{"$lte", Operator::kLessOrEqual},
    NamedOperator{"$gt", Operator::kGreater},
    NamedOperator{"$gte", Operator::kGreaterOrEqual},
    NamedOperator{"$exists", Operator::kExists},
    NamedOperator{"$in", Operator::kIn},
    NamedOperator{"$ini", Operator::kIn},
    NamedOperator{"$inGroup", Operator::kIn},
    NamedOperator{"$nin", Operator::kNotIn},
    NamedOperator{"$nini", Operator::kNotIn},
    NamedOperator{"$notInGroup", Operator::kNotIn},
    NamedOperator{"$not", Operator::kNot},
    NamedOperator{"$size", Operator::kSize},
    NamedOperator{"$elemMatch", Operator::kElementMatches},
    NamedOperator{"$all", Operator::kAll},
    NamedOperator{"$alli", Operator::kAll},
    NamedOperator{"$regex", Operator::kPattern},
    NamedOperator{"$regexi", Operator::kPattern},
    NamedOperator{"$type", Operator::kType},
};

internal::Path split_path(std::string_view path) {
  internal::Path steps;
  while (true) {
    const std::size_t dot = path.find('.');
    steps.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return steps;
    path.remove_prefix(dot + 1);
  }
}

bool has_only_operators(const Value& value) {
  const Value::Object& members = value.members();
  return !members.empty() && std::all_of(members.begin(), members.end(), [](const Member& member) {
    return member.name.starts_with('$');
  });
}

const std::string* text_member(const Value& value, std::string_view name) {
  const Value* member = value.find(name);
  return member == nullptr ? nullptr : member->as_string();
}

// Compiles one condition. Recursion is bounded: a value from JSON nests 64 deep at most.
class Compiler {
 public:
  Compiler(const Groups& groups, std::vector<std::string>& warnings)
      : groups_(groups), warnings_(warnings) {}

  Conjunction conjunction(const Value& condition, std::string_view where) const {
    if (condition.is_nullish() || condition.as_string() != nullptr) {
      throw Refused{
          fmt::format("{} must be an object, but is {}; mend: write {{\"attribute\": ...}}", where,
                      condition.json())};
    }
    Conjunction all;
    for (const Member& member : condition.members()) {
      all.clauses.push_back(clause(member.name, member.value));
    }
    if (const Value::Array* elements = condition.as_array()) {
      for (std::size_t i = 0; i < elements->size(); ++i) {
        all.clauses.push_back(clause(std::to_string(i), (*elements)[i]));
      }
    }
    return all;
  }

 private:
  Clause clause(const std::string& name, const Value& value) const {
    if (name == "$or") return parts(Clause::Kind::kOr, name, value);
    if (name == "$nor") return parts(Clause::Kind::kNor, name, value);
    if (name == "$and") return parts(Clause::Kind::kAnd, name, value);
    Clause clause;
    if (name == "$not") {
      clause.kind = Clause::Kind::kNot;
      clause.parts.push_back(conjunction(value, "$not"));
    } else if (name == "$savedGroup") {
      clause.kind = Clause::Kind::kNever;
      if (auto group = reference(value)) {
        clause.kind = Clause::Kind::kGroup;
        clause.group = *std::move(group);
      }
    } else {
      clause.path = split_path(name);
      clause.test = test(value, false);
    }
    return clause;
  }

  Clause parts(Clause::Kind kind, const std::string& name, const Value& value) const {
    if (value.is_nullish() || value.as_string() != nullptr) {
      throw Refused{
          fmt::format("{} must be a list of conditions, but is {}; mend: put it into "
                      "brackets",
                      name, value.json())};
    }
    Clause clause;
    clause.kind = kind;
    if (const Value::Array* elements = value.as_array()) {
      for (const Value& element : *elements) clause.parts.push_back(conjunction(element, name));
    }
    return clause;
  }

  std::optional<GroupReference> reference(const Value& value) const {
    const std::string* id = text_member(value, "id");
    const Value* override = value.find("attributeKey");
    if (id == nullptr || (override != nullptr && override->as_string() == nullptr)) {
      return std::nullopt;
    }
    const auto entry = groups_.entries.find(*id);
    if (entry == groups_.entries.end()) return std::nullopt;
    const std::string* type = text_member(entry->second, "type");
    GroupReference reference;
    if (type != nullptr && *type == "list") {
      const std::string* attribute =
          override != nullptr ? override->as_string() : text_member(entry->second, "attributeKey");
      const auto list = groups_.lists.find(*id);
      if (attribute == nullptr || list == groups_.lists.end()) return std::nullopt;
      reference.list = list->second;
      reference.attribute = split_path(*attribute);
      return reference;
    }
    const auto number = groups_.numbers.find(*id);
    if (number == groups_.numbers.end()) return std::nullopt;
    reference.condition = number->second;
    return reference;
  }

  ValueTest test(const Value& wanted, bool is_insensitive) const {
    ValueTest test;
    test.value = wanted;
    switch (wanted.kind()) {
      case Value::Kind::kString:
        test.kind = is_insensitive ? ValueTest::Kind::kTextInsensitive : ValueTest::Kind::kText;
        if (is_insensitive) test.value = Value(to_lower(*wanted.as_string()));
        break;
      case Value::Kind::kNumber:
        test.kind = ValueTest::Kind::kNumber;
        break;
      case Value::Kind::kBool:
        test.kind = ValueTest::Kind::kTruth;
        break;
      case Value::Kind::kUndefined:
      case Value::Kind::kNull:
        test.kind = ValueTest::Kind::kNull;
        break;
      case Value::Kind::kArray:
      case Value::Kind::kObject:
        test.kind = ValueTest::Kind::kJson;
        break;
    }
    if (!has_only_operators(wanted)) return test;
    test.kind = ValueTest::Kind::kOperators;
    test.value = Value();
    for (const Member& member : wanted.members()) {
      test.operations.push_back(operation(member.name, member.value));
    }
    return test;
  }

  Operation operation(std::string_view name, const Value& operand) const {
    const auto* const known =
        std::find_if(kOperators.begin(), kOperators.end(),
                     [&](const NamedOperator& candidate) { return candidate.name == name; });
    Operation operation;
    if (known == kOperators.end()) {
      warnings_.push_back(
          fmt::format("the operator \"{}\" is unknown and matches nobody; mend: "
                      "use one of GrowthBook's, such as $in or $gte",
                      name));
      return operation;
    }
    operation.op = known->op;
    const bool is_insensitive = name.ends_with('i');
    switch (operation.op) {
      case Operator::kVersionEqual:
      case Operator::kVersionNotEqual:
      case Operator::kVersionGreater:
      case Operator::kVersionGreaterOrEqual:
      case Operator::kVersionLess:
      case Operator::kVersionLessOrEqual:
        operation.version = comparable_version(operand);
        break;
      case Operator::kIn:
      case Operator::kNotIn:
        take_list(operation, name, operand, is_insensitive);
        break;
      case Operator::kNot:
      case Operator::kSize:
        operation.tests.push_back(test(operand, false));
        break;
      case Operator::kElementMatches:
        take_elements(operation, operand);
        break;
      case Operator::kAll:
        take_all(operation, operand, is_insensitive);
        break;
      case Operator::kPattern:
        take_pattern(operation, operand, is_insensitive);
        break;
      default:
        operation.operand = operand;
    }
    return operation;
  }

  void take_list(Operation& operation, std::string_view name, const Value& operand,
                 bool is_insensitive) const {
    if (name.ends_with("Group")) {
      const std::string id = to_text(operand);
      const auto list = groups_.lists.find(id);
      if (list != groups_.lists.end()) {
        operation.list = list->second;
      } else if (!groups_.entries.contains(id)) {
        operation.list = std::make_shared<const ValueList>();
      } else {
        operation.op = Operator::kNever;
      }
    } else if (operand.is_array()) {
      operation.list =
          std::make_shared<const ValueList>(ValueList::of(*operand.as_array(), is_insensitive));
    } else {
      operation.op = Operator::kNever;
    }
  }

  void take_elements(Operation& operation, const Value& operand) const {
    if (has_only_operators(operand)) {
      operation.tests.push_back(test(operand, false));
    } else {
      operation.elements = std::make_unique<Conjunction>(conjunction(operand, "$elemMatch"));
    }
  }

  void take_all(Operation& operation, const Value& operand, bool is_insensitive) const {
    if (!operand.is_array()) {
      operation.op = Operator::kNever;
      return;
    }
    for (const Value& element : *operand.as_array()) {
      operation.tests.push_back(test(element, is_insensitive));
    }
  }

  void take_pattern(Operation& operation, const Value& operand, bool is_insensitive) const {
    if (operand.as_string() == nullptr) {
      operation.op = Operator::kNever;
      return;
    }
    operation.pattern = Pattern(*operand.as_string(), is_insensitive ? Pattern::Case::kInsensitive
                                                                     : Pattern::Case::kSensitive);
    if (!operation.pattern.problem().empty()) {
      warnings_.push_back(operation.pattern.problem());
    }
  }

  const Groups& groups_;
  std::vector<std::string>& warnings_;
};

// Counts what a match may cost, groups included, and calls `refer` for each reference to one.
class CostCounter {
 public:
  explicit CostCounter(std::function<std::size_t(std::size_t)> cost_of_group)
      : cost_of_group_(std::move(cost_of_group)) {}

  std::size_t of(const Conjunction& all) const {
    std::size_t cost = 1;
    for (const Clause& clause : all.clauses) {
      ++cost;
      for (const Conjunction& part : clause.parts) add(cost, of(part));
      if (clause.group.condition) add(cost, cost_of_group_(*clause.group.condition));
      add(cost, of(clause.test));
    }
    return cost;
  }

 private:
  std::size_t of(const ValueTest& test) const {
    std::size_t cost = 0;
    for (const Operation& operation : test.operations) {
      ++cost;
      for (const ValueTest& inner : operation.tests) add(cost, of(inner));
      if (operation.elements) add(cost, of(*operation.elements));
    }
    return cost;
  }
  static void add(std::size_t& cost, std::size_t more) {
    cost = std::min(cost + more, kMostClauses + 1);
  }
  std::function<std::size_t(std::size_t)> cost_of_group_;
};

// The cost of each group, if no chain of references is longer than what matching allows.
void require_bounded(const Groups& groups) {
  std::vector<std::size_t> costs(groups.conditions.size(), 0);
  for (int depth = 0; depth < internal::kDeepestGroups; ++depth) {
    const std::vector<std::size_t> shallower = costs;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      // A group within itself is answered at once.
      const CostCounter counter(
          [&](std::size_t group) { return group == i ? 0 : shallower[group]; });
      costs[i] = counter.of(groups.conditions[i]);
    }
  }
  for (const auto& [id, number] : groups.numbers) {
    if (costs[number] <= kMostClauses) continue;
    throw Refused{
        fmt::format("the saved group \"{}\" refers to groups that refer to groups, so "
                    "that one match may ask more than {} clauses; mend: refer to each "
                    "group once",
                    id, kMostClauses)};
  }
}

}  // namespace

SavedGroups::SavedGroups() : groups_(std::make_shared<const Groups>()) {}

base::Result<SavedGroups> SavedGroups::compile(const Value& groups) {
  auto compiled = std::make_shared<Groups>();
  std::vector<std::pair<const std::string*, const Value*>> conditions;
  for (const Member& member : groups.members()) {
    compiled->entries.emplace(member.name, member.value);
    const std::string* type = text_member(member.value, "type");
    const Value* values = member.value.is_array() ? &member.value : nullptr;
    if (type != nullptr && *type == "list") values = member.value.find("values");
    if (values != nullptr && values->is_array()) {
      compiled->lists.emplace(member.name, std::make_shared<const ValueList>(
                                               ValueList::of(*values->as_array(), false)));
    }
    const Value* condition = member.value.find("condition");
    if (type == nullptr || *type != "condition" || condition == nullptr ||
        !(condition->is_object() || condition->is_array())) {
      continue;
    }
    compiled->numbers.emplace(member.name, conditions.size());
    conditions.emplace_back(&member.name, condition);
  }
  try {
    std::vector<std::string> warnings;
    for (const auto& [name, condition] : conditions) {
      compiled->conditions.push_back(
          Compiler(*compiled, warnings)
              .conjunction(*condition, fmt::format("the saved group \"{}\"", *name)));
    }
    require_bounded(*compiled);
  } catch (const Refused& refused) {
    return base::error("condition", refused.message);
  }
  SavedGroups result;
  result.groups_ = std::move(compiled);
  return result;
}

base::Result<Condition> Condition::compile(const Value& condition, const SavedGroups& groups) {
  Condition compiled;
  try {
    std::vector<std::string> warnings;
    Conjunction root = Compiler(*groups.groups_, warnings).conjunction(condition, "a condition");
    compiled.groups_ = groups.groups_;
    if (!root.clauses.empty()) {
      compiled.root_ = std::make_shared<const Conjunction>(std::move(root));
    }
    if (!warnings.empty()) {
      compiled.warnings_ = std::make_shared<const std::vector<std::string>>(std::move(warnings));
    }
  } catch (const Refused& refused) {
    return base::error("condition", refused.message);
  }
  return compiled;
}

bool Condition::matches(const Value& attributes) const {
  return root_ == nullptr || internal::holds(*root_, attributes, *groups_, nullptr);
}

const std::vector<std::string>& Condition::warnings() const noexcept {
  static const std::vector<std::string> kNone;
  return warnings_ == nullptr ? kNone : *warnings_;
}

}  // namespace hornbeam::experiment::growthbook
