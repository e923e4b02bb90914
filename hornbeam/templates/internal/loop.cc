#include "hornbeam/templates/internal/loop.h"

#include <memory>
#include <span>
#include <utility>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/macro.h"

namespace hornbeam::templates::internal {

std::optional<Value> Loop::attribute(std::string_view name) const {
  const std::size_t count = all_.size();
  if (name == "index") return Value(index + 1);
  if (name == "index0") return Value(index);
  if (name == "first") return Value(index == 0);
  if (name == "last") return Value(index + 1 == count);
  if (name == "length") return Value(count);
  if (name == "revindex") return Value(count - index);
  if (name == "revindex0") return Value(count - index - 1);
  if (name == "depth") return Value(depth_ + 1);
  if (name == "depth0") return Value(depth_);
  const auto& environment = state_.rendering.environment();
  if (name == "previtem") {
    return index > 0 ? all_[index - 1] : undefined_in(environment, "there is no previous item", "");
  }
  if (name == "nextitem") {
    return index + 1 < count ? all_[index + 1]
                             : undefined_in(environment, "there is no next item", "");
  }
  return std::nullopt;
}

std::optional<Value> Loop::method(std::string_view name, Arguments& arguments) {
  if (name == "cycle") {
    if (arguments.positional.empty()) fail("no items for cycling given");
    return arguments.positional[index % arguments.positional.size()];
  }
  if (name == "changed") {
    if (last_changed_ && *last_changed_ == arguments.positional) return Value(false);
    last_changed_ = arguments.positional;
    return Value(true);
  }
  return std::nullopt;
}

Value Loop::call(Rendering& rendering, Arguments arguments) const {
  if (!code_.is_recursive) {
    fail("The loop must have the 'recursive' marker to be called recursively.");
  }
  if (arguments.positional.size() != 1) fail("loop() takes what to loop over");
  const Deeper deeper(rendering);
  Output out(rendering.most_bytes());
  State state = state_;
  state.out = &out;
  auto& slots = state.frame->slots;
  const auto begin = slots.begin() + code_.slots.begin;
  const std::vector<Value> kept(begin, slots.begin() + code_.slots.end);
  code_.loop(state, arguments.positional.front(), depth_ + 1);
  for (std::size_t at = 0; at < kept.size(); ++at) {
    slots[static_cast<std::size_t>(code_.slots.begin) + at] = kept[at];
  }
  return state.escapes ? Value::safe(out.take()) : Value(out.take());
}

namespace {

/// The list that `value` is, if nothing can change it.
List* list_that_stays(const Value& value) {
  if (!value.is_sequence()) return nullptr;
  auto* list = dynamic_cast<List*>(value.object());
  return list != nullptr && !list->is_changeable ? list : nullptr;
}

}  // namespace

template <class Element>
Flow ForStatement::rounds(State& state, std::span<Element> elements,
                          const std::shared_ptr<Loop>& object) const {
  for (Element& each : elements) {
    slots.reset(*state.frame);
    if (object) state.frame->slots[static_cast<std::size_t>(loop_slot)] = Value::object(object);
    target.assign(state, std::move(each));  // A copy, if it is const.
    if (run_body(body, state) == Flow::kBreak) break;
    state.rendering.count_step();
    if (object) ++object->index;
  }
  return Flow::kNext;
}

Flow ForStatement::run(State& state) const {
  return loop(state, iterable->evaluate(state), 0);
}

namespace {

/// The elements for which the loop's `if` holds.
std::vector<Value> filtered(const ForStatement& code, State& state, std::vector<Value> all) {
  const Value no_loop = undefined_in(state.rendering.environment(),
                                     "'loop' is undefined: the loop's filter runs before it", "");
  std::vector<Value> kept;
  for (Value& each : all) {
    code.slots.reset(*state.frame);
    state.frame->slots[static_cast<std::size_t>(code.loop_slot)] = no_loop;
    code.target.assign(state, each);
    if (code.filter->evaluate(state).is_true()) kept.push_back(std::move(each));
  }
  return kept;
}

}  // namespace

Flow ForStatement::loop(State& state, Value over, int depth) const {
  if (!filter && !uses_loop) {
    if (List* list = list_that_stays(over); list != nullptr && !list->elements.empty()) {
      // Nobody else sees a list that was just made for the loop: its elements may be taken.
      return over.is_only_owner() ? rounds(state, std::span<Value>(list->elements))
                                  : rounds(state, std::span<const Value>(list->elements));
    }
  }
  std::vector<Value> own = elements_of(over);  // A copy: the body may change the list.
  if (filter) own = filtered(*this, state, std::move(own));
  if (own.empty()) {
    otherwise_slots.reset(*state.frame);
    return run_body(otherwise, state);
  }
  if (!uses_loop) return rounds(state, std::span<Value>(own));
  const auto object = std::make_shared<Loop>(*this, state, std::move(own), depth);
  return rounds(state, std::span<const Value>(object->all()), object);
}

}  // namespace hornbeam::templates::internal
