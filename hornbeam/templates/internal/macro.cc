#include "hornbeam/templates/internal/macro.h"

#include <algorithm>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

namespace {

std::optional<Value> take_named(Arguments& arguments, std::string_view name) {
  const auto found =
      std::ranges::find(arguments.named, name, [](const auto& each) { return each.first; });
  if (found == arguments.named.end()) return std::nullopt;
  Value value = std::move(found->second);
  arguments.named.erase(found);
  return value;
}

}  // namespace

void Macro::bind(State& state, Arguments& arguments) const {
  auto& slots = state.frame->slots;
  const std::size_t count = code_.parameters.size();
  const std::size_t first_default = count - code_.defaults.size();
  auto caller = take_named(arguments, "caller");
  for (std::size_t at = 0; at < count; ++at) {
    const std::string& name = code_.parameters[at];
    if (name == "caller" && caller) {
      slots[at] = *caller;
    } else if (at < arguments.positional.size()) {
      slots[at] = std::move(arguments.positional[at]);
    } else if (auto given = take_named(arguments, name)) {
      slots[at] = std::move(*given);
    } else if (at >= first_default) {
      slots[at] = code_.defaults[at - first_default]->evaluate(state);
    } else {
      slots[at] = undefined_in(state.rendering.environment(),
                               "parameter " + quoted(name) + " was not provided", "");
    }
  }
  const auto slot = [&](int index) -> Value& { return slots[static_cast<std::size_t>(index)]; };
  if (caller) {
    slot(code_.caller_slot) = std::move(*caller);
  } else if (slot(code_.caller_slot).is(Value::Kind::kUnset)) {
    slot(code_.caller_slot) =
        undefined_in(state.rendering.environment(), "No caller defined", "{{ caller }}");
  }
  std::vector<Value> more;
  for (std::size_t at = count; at < arguments.positional.size(); ++at) {
    more.push_back(std::move(arguments.positional[at]));
  }
  if (!more.empty() && !code_.uses_positional) {
    fail("macro " + quoted(code_.name) + " takes not more than " + std::to_string(count) +
         " argument(s)");
  }
  if (!arguments.named.empty() && !code_.uses_named) {
    fail("macro " + quoted(code_.name) + " takes no keyword argument " +
         quoted(arguments.named.front().first));
  }
  if (code_.uses_positional) slot(code_.positional_slot) = Value::tuple(std::move(more));
  if (code_.uses_named) {
    std::vector<std::pair<Value, Value>> named;
    for (auto& [name, value] : arguments.named) named.emplace_back(Value(name), std::move(value));
    slot(code_.named_slot) = Value::mapping(std::move(named));
  }
}

Value Macro::call(Rendering& rendering, Arguments arguments) const {
  const Deeper deeper(rendering);
  const auto size = static_cast<std::size_t>(code_.frame_size);
  State state = state_;
  std::vector<Value> slots(code_.has_inner ? 0 : size, Value::unset());
  Frame local{slots, state_.frame};
  state.frame = code_.has_inner ? rendering.add_frame(size, state_.frame) : &local;
  Output out(rendering.most_bytes());
  state.out = &out;
  state.parent = nullptr;
  state.escapes = rendering.escapes;
  bind(state, arguments);
  state.escapes = state_.escapes;
  run_body(code_.body, state);
  return rendering.escapes || state_.escapes ? Value::safe(out.take()) : Value(out.take());
}

std::optional<Value> Macro::attribute(std::string_view name) const {
  if (name == "name") return Value(code_.name);
  if (name == "arguments") {
    std::vector<Value> names;
    for (const std::string& each : code_.parameters) names.emplace_back(each);
    return Value::tuple(std::move(names));
  }
  if (name == "catch_kwargs") return Value(code_.uses_named);
  if (name == "catch_varargs") return Value(code_.uses_positional);
  if (name == "caller") return Value(code_.uses_caller);
  return std::nullopt;
}

}  // namespace hornbeam::templates::internal
