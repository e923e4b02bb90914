#include "hornbeam/experiment/growthbook/value.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_write.h"
#include "hornbeam/experiment/growthbook/coercion.h"

namespace hornbeam::experiment::growthbook {
namespace {

// The number of a name that JavaScript takes for an array's index (0 to 2^32 - 2, without leading
// zeros): such members are listed first, by number.
std::int64_t index_of(std::string_view name) {
  if (name.empty() || name.size() > 10 || (name.size() > 1 && name[0] == '0')) return -1;
  std::int64_t index = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = failure == std::errc() && end == name.data() + name.size() &&
                        name[0] != '-' && index < 0xFFFFFFFF;
  return is_index ? index : -1;
}

void order_as_javascript(Value::Object& members) {
  const auto is_index = [](const Member& member) { return index_of(member.name) >= 0; };
  if (std::none_of(members.begin(), members.end(), is_index)) return;
  Value::Object indexes;
  Value::Object rest;
  for (Member& member : members) (is_index(member) ? indexes : rest).push_back(std::move(member));
  std::sort(indexes.begin(), indexes.end(), [](const Member& left, const Member& right) {
    return index_of(left.name) < index_of(right.name);
  });
  std::move(rest.begin(), rest.end(), std::back_inserter(indexes));
  members = std::move(indexes);
}

// Depth is bounded: a JsonDocument nests 64 deep at most.
Value value_from(base::JsonView json);

Value object_from(base::JsonView json) {
  Value::Object members;
  members.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, member] = json.member(i);
    members.push_back({std::string(name), value_from(member)});
  }
  return Value::object_of(std::move(members));
}

Value array_from(base::JsonView json) {
  Value::Array elements;
  elements.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) elements.push_back(value_from(json.element(i)));
  return elements;
}

Value value_from(base::JsonView json) {
  switch (json.kind()) {
    case base::JsonKind::kNull:
      return nullptr;
    case base::JsonKind::kBool:
      return *json.find_bool();
    case base::JsonKind::kInt:
    case base::JsonKind::kFloat:
      return *json.find_number();
    case base::JsonKind::kString:
      return *json.find_string();
    case base::JsonKind::kArray:
      return array_from(json);
    case base::JsonKind::kObject:
      return object_from(json);
  }
  return nullptr;
}

void append(std::string& out, const Value& value);

void append_members(std::string& out, const Value::Object& members) {
  out += '{';
  for (const Member& member : members) {
    if (member.value.is_undefined()) continue;
    if (out.back() != '{') out += ',';
    base::append_json_string(out, member.name);
    out += ':';
    append(out, member.value);
  }
  out += '}';
}

void append_elements(std::string& out, const Value::Array& elements) {
  out += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) out += ',';
    append(out, elements[i]);
  }
  out += ']';
}

void append(std::string& out, const Value& value) {
  if (const bool* flag = value.as_bool()) {
    out += *flag ? "true" : "false";
  } else if (const double* number = value.as_number()) {
    NumberText text(*number);
    out += text.view();
  } else if (const std::string* text = value.as_string()) {
    base::append_json_string(out, *text);
  } else if (const Value::Array* elements = value.as_array()) {
    append_elements(out, *elements);
  } else if (value.is_object()) {
    append_members(out, value.members());
  } else {
    out += "null";
  }
}

}  // namespace

Value Value::object(std::initializer_list<Member> members) {
  Value value;
  value.data_ = Object{};
  for (const Member& member : members) value.set(member.name, member.value);
  return value;
}

Value Value::object_of(Object members) {
  order_as_javascript(members);
  Value value;
  value.data_ = std::move(members);
  return value;
}

base::Result<Value> Value::parse(std::string_view json, std::size_t most_bytes) {
  if (json.size() > most_bytes) {
    return base::error("too_large",
                       fmt::format("the JSON has {} bytes, more than {}; mend: leave "
                                   "out what no condition asks for, or raise the limit",
                                   json.size(), most_bytes));
  }
  const auto document = base::JsonDocument::parse(json);
  if (!document) return base::error("syntax", document.error().message());
  return value_from(document->root());
}

const Value::Object& Value::members() const noexcept {
  static const Object kNone;
  const Object* object = std::get_if<Object>(&data_);
  return object == nullptr ? kNone : *object;
}

const Value* Value::find(std::string_view name) const noexcept {
  for (const Member& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

const Value* Value::find_property(std::string_view name) const noexcept {
  const Array* elements = as_array();
  if (elements == nullptr) return find(name);
  const std::int64_t index = index_of(name);
  if (index < 0 || static_cast<std::size_t>(index) >= elements->size()) return nullptr;
  return &(*elements)[static_cast<std::size_t>(index)];
}

void Value::set(std::string_view name, Value value) {
  auto& members = std::get<Object>(data_);
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.name == name; });
  if (found != members.end()) {
    found->value = std::move(value);
    return;
  }
  members.push_back({std::string(name), std::move(value)});
  if (index_of(name) >= 0) order_as_javascript(members);
}

std::string Value::json() const {
  std::string out;
  append(out, *this);
  return out;
}

bool operator==(const Value& left, const Value& right) noexcept {
  return left.data_ == right.data_;
}

}  // namespace hornbeam::experiment::growthbook
