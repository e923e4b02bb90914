#include "hornbeam/templates/value.h"

#include <algorithm>
#include <cmath>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates {

void TemplateError::locate(std::string_view name, int line, std::string_view source) {
  if (line_ != 0) return;
  line_ = line;
  template_name_ = name;
  source_line_ = internal::line_of(source, line);
  whole_ = template_name_ + ":" + std::to_string(line_) + ": " + message_;
  if (!source_line_.empty()) whole_ += "\n  " + source_line_;
}

void fail(std::string message) {
  throw TemplateError(TemplateError::Kind::kRuntime, std::move(message));
}

void fail_undefined(const Value& value) {
  const auto* hint = dynamic_cast<const UndefinedHint*>(value.object());
  throw TemplateError(TemplateError::Kind::kUndefined,
                      hint != nullptr && !hint->hint.empty() ? hint->hint : "a value is undefined");
}

UndefinedMode undefined_mode(const Value& value) noexcept {
  const auto* hint = static_cast<const UndefinedHint*>(value.object());
  return hint != nullptr ? hint->mode : UndefinedMode::kDefault;
}

const Value* Arguments::find(std::size_t index, std::string_view name) const {
  if (index < positional.size()) return &positional[index];
  for (const auto& [key, value] : named) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Arguments::require_at_most(std::size_t most, std::string_view callee) const {
  if (positional.size() + named.size() <= most) return;
  fail(std::string(callee) + " takes at most " + std::to_string(most) + " argument" +
       (most == 1 ? "" : "s") + ", not " + std::to_string(positional.size() + named.size()));
}

std::optional<Value> Object::attribute(std::string_view) const {
  return std::nullopt;
}
std::optional<Value> Object::item(const Value&) const {
  return std::nullopt;
}
std::optional<std::size_t> Object::size() const {
  return std::nullopt;
}
bool Object::each(const std::function<bool(Value)>&) const {
  return false;
}
Value Object::call(Rendering&, Arguments) const {
  fail("'" + std::string(type_name()) + "' object is not callable");
}
std::optional<Value> Object::method(std::string_view, Arguments&) {
  return std::nullopt;
}
bool Object::is_true() const {
  const auto count = size();
  return !count || *count != 0;
}
std::string Object::repr() const {
  return "<" + std::string(type_name()) + ">";
}

void require_text_size(std::size_t size) {
  if (size > kLargestText) {
    fail("a text is too large: more than " + std::to_string(kLargestText) + " bytes");
  }
}

void require_list_size(std::size_t size) {
  if (size > kLargestList) {
    fail("a list is too large: more than " + std::to_string(kLargestList) + " elements");
  }
}

Value::Value(std::string text) : kind_(Kind::kText) {
  require_text_size(text.size());
  auto owned = std::make_shared<std::string>(std::move(text));
  text_ = owned->data();
  size_ = static_cast<std::uint32_t>(owned->size());
  owner_ = std::move(owned);
}

Value Value::safe(std::string html) {
  Value value(std::move(html));
  value.is_safe_ = true;
  return value;
}

Value Value::part(std::string_view text) const {
  Value value = *this;
  value.text_ = text.data();
  value.size_ = static_cast<std::uint32_t>(text.size());
  return value;
}

Value Value::list(std::vector<Value> elements) {
  return object(std::make_shared<List>(std::move(elements)), Kind::kList);
}
Value Value::tuple(std::vector<Value> elements) {
  return object(std::make_shared<List>(std::move(elements), true), Kind::kTuple);
}
Value Value::mapping(std::vector<std::pair<Value, Value>> members) {
  return object(std::make_shared<Mapping>(std::move(members)), Kind::kMapping);
}

Value Value::own_list(std::vector<Value> elements) {
  auto list = std::make_shared<List>(std::move(elements));
  list->is_changeable = true;
  return object(std::move(list), Kind::kList);
}
Value Value::own_mapping(std::vector<std::pair<Value, Value>> members) {
  auto mapping = std::make_shared<Mapping>(std::move(members));
  mapping->is_changeable = true;
  return object(std::move(mapping), Kind::kMapping);
}

Value Value::undefined(std::string hint, UndefinedMode mode, std::string shown) {
  return object(std::make_shared<UndefinedHint>(std::move(hint), mode, std::move(shown)),
                Kind::kUndefined);
}

bool Value::is_true() const {
  switch (kind_) {
    case Kind::kUndefined:
      if (undefined_mode(*this) == UndefinedMode::kStrict) fail_undefined(*this);
      return false;
    case Kind::kNone:
    case Kind::kUnset:
      return false;
    case Kind::kBool:
    case Kind::kInteger:
      return integer_ != 0;
    case Kind::kFloat:
      return float_ != 0;
    case Kind::kText:
      return size_ != 0;
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kMapping:
    case Kind::kObject:
      return object()->is_true();
  }
  return false;
}

void Value::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::kUndefined: {
      const UndefinedMode mode = undefined_mode(*this);
      if (mode == UndefinedMode::kStrict) fail_undefined(*this);
      if (mode == UndefinedMode::kDebug) out += static_cast<UndefinedHint*>(object())->shown;
      return;
    }
    case Kind::kUnset:
      return;
    case Kind::kNone:
      out += "None";
      return;
    case Kind::kBool:
      out += integer_ != 0 ? "True" : "False";
      return;
    case Kind::kInteger:
      internal::append_integer(out, integer_);
      return;
    case Kind::kFloat:
      internal::append_float(out, float_);
      return;
    case Kind::kText:
      out += text();
      return;
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kMapping:
    case Kind::kObject:
      out += object()->repr();
      return;
  }
}

std::string Value::to_text() const {
  std::string out;
  append_to(out);
  return out;
}

std::string Value::repr() const {
  if (kind_ == Kind::kText) {
    return is_safe_ ? "Markup(" + internal::quoted(text()) + ")" : internal::quoted(text());
  }
  if (kind_ == Kind::kUndefined) return "Undefined";
  return to_text();
}

std::string_view Value::type_name() const noexcept {
  switch (kind_) {
    case Kind::kUndefined:
    case Kind::kUnset:
      return "Undefined";
    case Kind::kNone:
      return "NoneType";
    case Kind::kBool:
      return "bool";
    case Kind::kInteger:
      return "int";
    case Kind::kFloat:
      return "float";
    case Kind::kText:
      return is_safe_ ? "Markup" : "str";
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kMapping:
    case Kind::kObject:
      return object()->type_name();
  }
  return "object";
}

std::size_t Value::hash() const {
  switch (kind_) {
    case Kind::kText:
      return std::hash<std::string_view>()(text());
    case Kind::kBool:
    case Kind::kInteger:
    case Kind::kFloat:
      return std::hash<double>()(number());
    case Kind::kTuple: {
      std::size_t all = 0;
      object()->each([&](const Value& each) {
        all = all * 31 + each.hash();
        return true;
      });
      return all;
    }
    default:
      return static_cast<std::size_t>(kind_);
  }
}

bool operator==(const Value& left, const Value& right) {
  using Kind = Value::Kind;
  if (left.is_integer() && right.is_integer()) return left.integer_ == right.integer_;
  if (left.is_number() && right.is_number()) return left.number() == right.number();
  if (left.kind_ == Kind::kUndefined || right.kind_ == Kind::kUndefined) {
    for (const Value* each : {&left, &right}) {
      if (each->is_undefined() && undefined_mode(*each) == UndefinedMode::kStrict) {
        fail_undefined(*each);
      }
    }
  }
  if (left.kind_ != right.kind_) return false;
  switch (left.kind_) {
    case Kind::kText:
      return left.text() == right.text();
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kMapping:
    case Kind::kObject:
      return left.owner_ == right.owner_ || left.object()->equals(*right.object());
    default:
      return true;
  }
}

Value function(std::string name, Function::Body body) {
  return Value::object(std::make_shared<Function>(std::move(name), std::move(body)));
}

void for_each(const Value& value, const std::function<bool(Value)>& take) {
  if (value.is_sequence() || value.is(Value::Kind::kMapping) || value.is(Value::Kind::kObject)) {
    if (value.object()->each(take)) return;
  } else if (value.is_text()) {
    for (std::string_view rest = value.text(); !rest.empty();) {
      const std::size_t width = std::min(internal::character_width(rest.front()), rest.size());
      Value character = value.part(rest.substr(0, width));
      if (!take(value.is_safe() ? Value(character.text()) : std::move(character))) return;
      rest.remove_prefix(width);
    }
    return;
  } else if (value.is_undefined()) {
    if (undefined_mode(value) == UndefinedMode::kStrict) fail_undefined(value);
    return;
  }
  fail("'" + std::string(value.type_name()) + "' object is not iterable");
}

std::vector<Value> elements_of(const Value& value) {
  if (value.is_sequence()) {
    if (const auto* list = dynamic_cast<const List*>(value.object())) return list->elements;
  }
  std::vector<Value> elements;
  if (const auto count = value.object() != nullptr ? value.object()->size() : std::nullopt) {
    elements.reserve(*count);
  }
  for_each(value, [&](Value each) {
    elements.push_back(std::move(each));
    return true;
  });
  return elements;
}

std::vector<std::pair<Value, Value>> members_of(const Value& value) {
  if (!value.is(Value::Kind::kMapping)) {
    if (value.is_undefined()) fail_undefined(value);
    fail("a mapping is needed, not " + value.repr());
  }
  std::vector<std::pair<Value, Value>> members;
  value.object()->each([&](Value key) {
    Value member = value.object()->item(key).value_or(Value());
    members.emplace_back(std::move(key), std::move(member));
    return true;
  });
  return members;
}

std::size_t length_of(const Value& value) {
  if (value.is_text()) return base::utf8_length(value.text());
  if (value.is_undefined()) {
    if (undefined_mode(value) == UndefinedMode::kStrict) fail_undefined(value);
    return 0;
  }
  if (const Object* object = value.object()) {
    if (const auto count = object->size()) return *count;
  }
  fail("object of type '" + std::string(value.type_name()) + "' has no len()");
}

}  // namespace hornbeam::templates
