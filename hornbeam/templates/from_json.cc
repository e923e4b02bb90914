#include "hornbeam/templates/from_json.h"

namespace hornbeam::templates {

namespace {

Value number(base::JsonView json) {
  if (const auto whole = json.find_int()) return *whole;
  return json.find_number().value_or(0);
}

Value list(base::JsonView json) {
  std::vector<Value> elements;
  elements.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) elements.push_back(from_json(json.element(i)));
  return Value::list(std::move(elements));
}

Value mapping(base::JsonView json) {
  std::vector<std::pair<Value, Value>> members;
  members.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    members.emplace_back(Value(name), from_json(value));
  }
  return Value::mapping(std::move(members));
}

}  // namespace

Value from_json(base::JsonView json) {
  switch (json.kind()) {
    case base::JsonKind::kNull:
      return {};
    case base::JsonKind::kBool:
      return json.find_bool().value_or(false);
    case base::JsonKind::kInt:
    case base::JsonKind::kFloat:
      return number(json);
    case base::JsonKind::kString:
      return Value(json.find_string().value_or(""));
    case base::JsonKind::kArray:
      return list(json);
    case base::JsonKind::kObject:
      return mapping(json);
  }
  return {};
}

}  // namespace hornbeam::templates
