#include "hornbeam/templates/internal/expressions.h"

#include <algorithm>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

using Kind = Value::Kind;

Value undefined_in(const Environment& environment, std::string hint, std::string shown) {
  return Value::undefined(std::move(hint), environment.options().undefined, std::move(shown));
}

const Value* Name::borrow(State& state) const {
  if (const Value* own = borrow_own(state)) return own;  // Most are in the innermost scope.
  for (const Place& place : places) {
    const Frame* frame = state.frame;
    for (int up = place.frames_up; up > 0; --up) frame = frame->outer;
    const Value& value = frame->slots[static_cast<std::size_t>(place.slot)];
    if (!value.is(Kind::kUnset)) return &value;
  }
  if (const Value* found = state.context->find(name)) return found;
  return state.rendering.environment().find_global(name);
}

void Name::set_places(std::vector<Place> all) {
  places = std::move(all);
  if (!places.empty() && places.front().frames_up == 0) own_slot = places.front().slot;
}

Value Name::evaluate(State& state) const {
  if (const Value* found = borrow(state)) return *found;
  return undefined_in(state.rendering.environment(), "'" + name + "' is undefined",
                      "{{ " + name + " }}");
}

Value Sequence::evaluate(State& state) const {
  std::vector<Value> values;
  values.reserve(elements.size());
  for (const auto& each : elements) values.push_back(each->evaluate(state));
  return is_tuple ? Value::tuple(std::move(values)) : Value::own_list(std::move(values));
}

Value Dictionary::evaluate(State& state) const {
  std::vector<std::pair<Value, Value>> values;
  for (const auto& [key, value] : members) {
    Value name = key->evaluate(state);
    values.emplace_back(std::move(name), value->evaluate(state));
  }
  return Value::own_mapping(std::move(values));
}

namespace {

constexpr std::string_view kContainerMethods[] = {
    "append",  "extend", "insert", "pop",  "remove", "index", "count",  "sort",      "copy",
    "reverse", "clear",  "items",  "keys", "values", "get",   "update", "setdefault"};

std::string object_text(const Value& subject) {
  return "'" + std::string(subject.type_name()) + " object'";
}

Value missing(const Environment& environment, const Value& subject, const std::string& what,
              const std::string& key) {
  return undefined_in(
      environment, object_text(subject) + " has no " + what,
      "{{ no such element: " + std::string(subject.type_name()) + " object[" + key + "] }}");
}

/// What asking an undefined value for something gives.
Value from_undefined(const Value& subject) {
  if (undefined_mode(subject) == UndefinedMode::kChainable) return subject;
  fail_undefined(subject);
}

/// The names of Python's own attributes, which templates must not get at.
void refuse_private(std::string_view name) {
  if (!name.starts_with("_")) return;
  throw TemplateError(TemplateError::Kind::kSecurity,
                      "access to attribute '" + std::string(name) +
                          "' is refused: names that begin with '_' are private");
}

}  // namespace

bool is_method(const Value& subject, std::string_view name) {
  if (subject.is_text()) return is_text_method(name);
  return subject.object() != nullptr && subject.object()->has_method(name);
}

std::optional<Value> call_method(const Value& subject, std::string_view name,
                                 Arguments& arguments) {
  if (subject.is_text()) return call_text_method(subject, name, arguments);
  return subject.object() != nullptr ? subject.object()->method(name, arguments) : std::nullopt;
}

namespace {

Value bound_method(const Value& subject, std::string_view name) {
  return function(std::string(name),
                  [subject, method = std::string(name)](Rendering&, Arguments arguments) {
                    return call_method(subject, method, arguments).value_or(Value());
                  });
}

}  // namespace

Value attribute_of(const Environment& environment, const Value& subject, std::string_view name) {
  if (subject.is_undefined()) return from_undefined(subject);
  if (is_method(subject, name)) return bound_method(subject, name);
  if (const Object* object = subject.object()) {
    if (auto found = object->attribute(name)) return std::move(*found);
  }
  refuse_private(name);
  return missing(environment, subject, "attribute '" + std::string(name) + "'", quoted(name));
}

Value item_of(const Environment& environment, const Value& subject, const Value& key) {
  if (subject.is_undefined()) return from_undefined(subject);
  if (subject.is_text() && key.is_integer()) {
    const auto all = characters(subject.text());
    std::int64_t at = key.integer();
    if (at < 0) at += static_cast<std::int64_t>(all.size());
    if (at >= 0 && at < static_cast<std::int64_t>(all.size())) {
      return subject.part(all[static_cast<std::size_t>(at)]);
    }
  } else if (const Object* object = subject.object()) {
    if (auto found = object->item(key)) return std::move(*found);
  }
  if (key.is_text()) {
    const std::string_view name = key.text();
    if (is_method(subject, name)) return bound_method(subject, name);
    if (const Object* object = subject.object(); object != nullptr && !object->size()) {
      if (auto found = object->attribute(name)) return std::move(*found);
    }
    refuse_private(name);
    return missing(environment, subject, "attribute '" + std::string(name) + "'", quoted(name));
  }
  return missing(environment, subject, "element " + key.repr(), key.repr());
}

Attribute::Attribute(int at, ExpressionPointer of, std::string text)
    : Expression(at),
      subject(std::move(of)),
      subject_name(dynamic_cast<const Name*>(subject.get())),
      name(std::move(text)),
      may_be_method(is_one_of(kContainerMethods, name)) {}

const Value* Attribute::borrow(State& state) const {
  if (may_be_method) return nullptr;
  const Value* from = subject->borrow(state);
  if (from == nullptr || !from->is(Kind::kMapping)) return nullptr;
  return from->object()->find_member(name);
}

const Member* Attribute::find_anew(const Object& object) const {
  const Member* found = object.table()->find(name);
  if (found != nullptr) last_found.store(found, std::memory_order_relaxed);
  return found;
}

Value Attribute::evaluate(State& state) const {
  Value room;
  return look(state, room);
}

const Value& Attribute::look(State& state, Value& room) const {
  Value of;
  const Value& from = subject->look(state, of);
  if (!may_be_method && from.is(Kind::kMapping)) {  // Most are a struct's or a mapping's members.
    if (const auto [object, member] = find_member_of(from); member != nullptr) {
      return room = member->read(*object);
    }
    if (const Value* found = from.object()->find_member(name)) {
      // What a value made just now holds goes with it.
      return &from == &of ? room = *found : *found;
    }
    if (auto found = from.object()->attribute(name)) return room = std::move(*found);
  }
  return room = attribute_of(state.rendering.environment(), from, name);
}

Value Subscript::evaluate(State& state) const {
  // A copy: what the key calls may change where the subject lives.
  const Value from = subject->evaluate(state);
  Value room;
  return item_of(state.rendering.environment(), from, key->look(state, room));
}

Value SliceOf::evaluate(State& state) const {
  const auto value = [&](const ExpressionPointer& bound) {
    return bound ? bound->evaluate(state) : Value();
  };
  const Value from = subject->evaluate(state);
  if (!from.is_undefined() && !from.is_text() && !from.is_sequence()) {
    return missing(state.rendering.environment(), from, "slices", "slice");
  }
  return sliced(from, value(start), value(stop), value(step));
}

Arguments ArgumentList::evaluate(State& state) const {
  Arguments arguments;
  arguments.positional.reserve(positional.size());
  for (const auto& each : positional) arguments.positional.push_back(each->evaluate(state));
  for (const auto& [name, value] : named)
    arguments.named.emplace_back(name, value->evaluate(state));
  if (more_positional) {
    for (Value& each : elements_of(more_positional->evaluate(state))) {
      arguments.positional.push_back(std::move(each));
    }
  }
  if (more_named) {
    const Value more = more_named->evaluate(state);
    for (const auto& [key, value] : members_of(more)) {
      arguments.named.emplace_back(key.to_text(), value);
    }
  }
  return arguments;
}

Value Call::evaluate(State& state) const {
  return call(state, arguments.evaluate(state));
}

Value Call::call(State& state, Arguments given) const {
  if (method != nullptr) {
    // A copy: the call may change where the subject lives.
    const Value subject = method->subject->evaluate(state);
    if (is_method(subject, method->name)) {
      return call_method(subject, method->name, given).value_or(Value());
    }
  }
  const Value target = callee->evaluate(state);
  if (target.is_undefined()) fail_undefined(target);
  if (target.object() == nullptr) {
    fail("'" + std::string(target.type_name()) + "' object is not callable");
  }
  state.rendering.escapes = state.escapes;
  return target.object()->call(state.rendering, std::move(given));
}

Value Filtered::evaluate(State& state) const {
  return apply_to(state, subject->evaluate(state));
}

Value Filtered::apply_to(State& state, Value input) const {
  if (filter == nullptr) fail("No filter named " + quoted(name) + " found.");
  FilterCall call{state.rendering, std::move(input), arguments.evaluate(state), state.escapes};
  return (*filter)(call);
}

Value Tested::evaluate(State& state) const {
  if (test == nullptr) fail("No test named " + quoted(name) + " found.");
  FilterCall call{state.rendering, subject->evaluate(state), arguments.evaluate(state),
                  state.escapes};
  return (*test)(call);
}

Value BinaryOperation::evaluate(State& state) const {
  const Value first = left->evaluate(state);
  return apply(operation, first, right->evaluate(state));
}

Value Concatenation::evaluate(State& state) const {
  Value all = parts.front()->evaluate(state);
  if (parts.size() == 1) return all;
  for (std::size_t at = 1; at < parts.size(); ++at) {
    const Value next = parts[at]->evaluate(state);
    // Where nothing is escaped, nothing is marked as safe either.
    all = state.escapes ? concatenated(all, next) : Value(all.to_text() + next.to_text());
  }
  return all;
}

Value Logical::evaluate(State& state) const {
  Value first = left->evaluate(state);
  if (first.is_true() != is_and) return first;
  return right->evaluate(state);
}

Value Negation::evaluate(State& state) const {
  const Value value = subject->evaluate(state);
  if (sign == Sign::kNot) return Value(!value.is_true());
  return sign == Sign::kMinus ? negated(value) : plus(value);
}

Value Compared::evaluate(State& state) const {
  if (rest.size() == 1) {
    // A copy: what the right side calls may change where the left one lives.
    const Value left = first->evaluate(state);
    Value room;
    return Value(compare(rest[0].first, left, rest[0].second->look(state, room)));
  }
  Value left = first->evaluate(state);
  for (const auto& [comparison, expression] : rest) {
    Value right = expression->evaluate(state);
    if (!compare(comparison, left, right)) return Value(false);
    left = std::move(right);
  }
  return Value(true);
}

Value Conditional::evaluate(State& state) const {
  Value room;
  if (condition->look(state, room).is_true()) return then->evaluate(state);
  if (otherwise) return otherwise->evaluate(state);
  // As Jinja: what an inline if without else leaves out prints nothing, strict or not.
  return Value::undefined(
      "the inline if-expression on line " + std::to_string(line) +
          " evaluated to false and no else section was defined.",
      state.rendering.environment().options().undefined == UndefinedMode::kChainable
          ? UndefinedMode::kChainable
          : UndefinedMode::kDefault);
}

}  // namespace hornbeam::templates::internal
