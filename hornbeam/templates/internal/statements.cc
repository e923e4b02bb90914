#include "hornbeam/templates/internal/statements.h"

#include <algorithm>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/loop.h"
#include "hornbeam/templates/internal/macro.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

void ScopeSlots::reset(Frame& frame) const {
  for (int slot = begin; slot < end; ++slot) {
    frame.slots[static_cast<std::size_t>(slot)].set_unset();
  }
}

Flow run_body(const Body& body, State& state) {
  for (const auto& each : body) {
    try {
      const Flow flow = each->run(state);
      if (flow != Flow::kNext) return flow;
    } catch (TemplateError& error) {
      error.locate(state.code->name, each->line, state.code->source);
      throw;
    }
  }
  return Flow::kNext;
}

std::string captured(const Body& body, State& state) {
  Output out(state.rendering.most_bytes());
  State inner = state;
  inner.out = &out;
  run_body(body, inner);
  return out.take();
}

namespace {

Value as_output(const State& state, std::string text) {
  return state.escapes ? Value::safe(std::move(text)) : Value(std::move(text));
}

/// A context that also has the variables in sight.
Context* with_visible(State& state, const Visible& visible) {
  Context* context = state.rendering.add_context(state.context);
  for (const auto& [name, places] : visible) {
    Name finder(0, name);
    for (const Place& place : places) {
      const Frame* frame = state.frame;
      for (int up = place.frames_up; up > 0; --up) frame = frame->outer;
      const Value& value = frame->slots[static_cast<std::size_t>(place.slot)];
      if (value.is(Value::Kind::kUnset)) continue;
      context->names.insert_or_assign(name, value);
      break;
    }
  }
  return context;
}

}  // namespace

void Target::assign(State& state, Value value) const {
  if (variable) {
    if (variable->is_top_level) state.context->names.insert_or_assign(variable->name, value);
    state.frame->slots[static_cast<std::size_t>(variable->slot)] = std::move(value);
    return;
  }
  if (member) {
    const Value subject = member->subject->evaluate(state);
    auto* space = dynamic_cast<Namespace*>(subject.object());
    if (space == nullptr) fail("cannot assign attribute on non-namespace object");
    space->set(member->name, value);
    return;
  }
  const std::vector<Value> values = elements_of(value);
  if (values.size() != parts.size()) {
    fail(values.size() < parts.size()
             ? "not enough values to unpack (expected " + std::to_string(parts.size()) + ", got " +
                   std::to_string(values.size()) + ")"
             : "too many values to unpack (expected " + std::to_string(parts.size()) + ")");
  }
  for (std::size_t at = 0; at < parts.size(); ++at) parts[at].assign(state, values[at]);
}

Flow DataStatement::run(State& state) const {
  state.out->append(text);
  return Flow::kNext;
}

namespace {

void print(const State& state, const Value& value) {
  if (value.is_text()) {
    if (state.escapes && !value.is_safe()) {
      state.out->append_escaped(value.text());
    } else {
      state.out->append(value.text());
    }
  } else if (value.is_number()) {
    state.out->append_number(value);
  } else {
    const std::string shown = value.to_text();
    const bool is_html = !state.escapes || value.is_none() || value.is_undefined() ||
                         dynamic_cast<const HtmlObject*>(value.object()) != nullptr;
    is_html ? state.out->append(shown) : state.out->append_escaped(shown);
  }
}

/// Prints what a call or a filter block made.
void print_made(const State& state, const Value& made) {
  if (state.escapes && !made.is_safe()) {
    state.out->append_escaped(made.to_text());
  } else {
    state.out->append(made.to_text());
  }
}

}  // namespace

PrintStatement::PrintStatement(int at, ExpressionPointer given)
    : Statement(at),
      value(std::move(given)),
      attribute(dynamic_cast<const Attribute*>(value.get())) {}

Flow PrintStatement::run(State& state) const {
  state.out->append(before);
  state.rendering.count_step();
  if (const auto& finalize = state.rendering.environment().options().finalize) {
    state.rendering.escapes = state.escapes;
    print(state, finalize(state.rendering, value->evaluate(state)));
    return Flow::kNext;
  }
  if (attribute != nullptr) {  // Most are members of structs: made where they are printed.
    if (const auto [object, member] = attribute->find_member(state); member != nullptr) {
      print(state, member->read(*object));
      return Flow::kNext;
    }
  }
  Value room;
  print(state, value->look(state, room));
  return Flow::kNext;
}

Flow DoStatement::run(State& state) const {
  value->evaluate(state);
  return Flow::kNext;
}

Flow IfStatement::run(State& state) const {
  for (const auto& [condition, body] : branches) {
    Value room;
    if (condition->look(state, room).is_true()) {
      return run_body(body, state);
    }
  }
  return run_body(otherwise, state);
}

Flow SetStatement::run(State& state) const {
  if (value) {
    target.assign(state, value->evaluate(state));
    return Flow::kNext;
  }
  slots.reset(*state.frame);
  Value made = as_output(state, captured(body, state));
  for (const auto& each : filters) made = each->apply_to(state, std::move(made));
  target.assign(state, made);
  return Flow::kNext;
}

Flow WithStatement::run(State& state) const {
  std::vector<Value> given;
  given.reserve(values.size());
  for (const auto& [name, value] : values) given.push_back(value->evaluate(state));
  slots.reset(*state.frame);
  for (std::size_t at = 0; at < given.size(); ++at) values[at].first.assign(state, given[at]);
  return run_body(body, state);
}

Flow FilterStatement::run(State& state) const {
  slots.reset(*state.frame);
  Value made = as_output(state, captured(body, state));
  for (const auto& each : filters) made = each->apply_to(state, std::move(made));
  print_made(state, made);
  return Flow::kNext;
}

Flow AutoescapeStatement::run(State& state) const {
  slots.reset(*state.frame);
  State inner = state;
  inner.escapes = value->evaluate(state).is_true();
  return run_body(body, inner);
}

Flow MacroStatement::run(State& state) const {
  target.assign(state, Value::object(std::make_shared<Macro>(macro, state)));
  return Flow::kNext;
}

Flow CallStatement::run(State& state) const {
  Arguments arguments = call->arguments.evaluate(state);
  arguments.named.emplace_back("caller", Value::object(std::make_shared<Macro>(macro, state)));
  const Value made = call->call(state, std::move(arguments));
  print_made(state, made);
  return Flow::kNext;
}

std::optional<BlockDefinition> find_block(const Blocks& blocks, std::string_view name,
                                          std::size_t level) {
  for (const TemplateCode* code : blocks.codes) {
    const auto found = code->blocks.find(name);
    if (found == code->blocks.end()) continue;
    if (level == 0) return BlockDefinition{found->second.get(), code};
    --level;
  }
  return std::nullopt;
}

void run_block(const State& state, std::string_view name, std::size_t level) {
  const auto [block, code] = find_block(*state.blocks, name, level).value();
  if (block->is_required && level == 0) {
    fail("Required block " + quoted(block->name) + " not found");
  }
  const Deeper deeper(state.rendering);
  State inner = state;
  inner.frame = state.rendering.add_frame(static_cast<std::size_t>(block->frame_size));
  inner.code = code;
  inner.escapes = code->escapes;
  inner.parent = nullptr;
  Context* context = state.rendering.add_context(state.context);
  context->self_state.emplace(inner);
  if (find_block(*state.blocks, name, level + 1)) {
    context->super_of = block->name;
    context->super_level = level + 1;
  }
  inner.context = context;
  run_body(block->body, inner);
}

Flow BlockStatement::run(State& state) const {
  if (!block->is_scoped) {
    run_block(state, block->name, 0);
    return Flow::kNext;
  }
  State inner = state;
  inner.context = with_visible(state, visible);
  run_block(inner, block->name, 0);
  return Flow::kNext;
}

namespace {

const TemplateCode& code_named(const State& state, const Value& name) {
  if (name.is_undefined()) fail_undefined(name);
  return state.rendering.environment().code(name.to_text());
}

}  // namespace

Flow ExtendsStatement::run(State& state) const {
  if (state.parent == nullptr) fail("cannot use extends from a non top-level scope");
  if (*state.parent != nullptr) fail("extended multiple times");
  *state.parent = &code_named(state, parent->evaluate(state));
  state.blocks->codes.push_back(*state.parent);
  return Flow::kNext;
}

namespace {

/// Whether a statement only prints: those are left out once a template extends another.
bool only_prints(const Statement& statement) {
  return dynamic_cast<const BlockStatement*>(&statement) != nullptr ||
         dynamic_cast<const DataStatement*>(&statement) != nullptr ||
         dynamic_cast<const PrintStatement*>(&statement) != nullptr;
}

/// Runs a top level; gives the template that it extends, if it does.
const TemplateCode* run_top_level(State state, const TemplateCode& code) {
  const TemplateCode* parent = nullptr;
  state.parent = &parent;
  Output ignored(state.rendering.most_bytes());
  for (const auto& each : code.body) {
    if (parent != nullptr) {
      if (only_prints(*each)) continue;
      ignored.take();
      state.out = &ignored;
    }
    try {
      each->run(state);
    } catch (TemplateError& error) {
      error.locate(code.name, each->line, code.source);
      throw;
    }
  }
  return parent;
}

}  // namespace

void render_code(State state, const TemplateCode& code) {
  const Deeper deeper(state.rendering);
  constexpr int kLongestChain = 50;
  state.blocks->codes.push_back(&code);
  if (!state.context->self_state) state.context->self_state.emplace(state);
  const TemplateCode* current = &code;
  for (int chain = 0; current != nullptr; ++chain) {
    if (chain == kLongestChain) fail("templates extend each other endlessly");
    state.code = current;
    state.escapes = current->escapes;
    state.frame = state.rendering.add_frame(static_cast<std::size_t>(current->frame_size));
    current = run_top_level(state, *current);
  }
}

Flow IncludeStatement::run(State& state) const {
  const TemplateCode* code = nullptr;
  const Value which = name->evaluate(state);
  try {
    if (which.is_sequence()) {
      code = &state.rendering.environment().select_code(elements_of(which));
    } else {
      code = &code_named(state, which);
    }
  } catch (const TemplateError& error) {
    if (ignores_missing && error.kind() == TemplateError::Kind::kNotFound) return Flow::kNext;
    throw;
  }
  State inner = state;
  inner.blocks = state.rendering.keep_blocks();
  inner.context =
      with_context ? with_visible(state, visible) : state.rendering.add_context(nullptr);
  Context* own = state.rendering.add_context(inner.context);
  inner.context = own;
  render_code(inner, *code);
  return Flow::kNext;
}

Flow ImportStatement::run(State& state) const {
  const TemplateCode& code = code_named(state, name->evaluate(state));
  Output text(state.rendering.most_bytes());
  State inner = state;
  inner.blocks = state.rendering.keep_blocks();
  inner.out = &text;
  Context* own = state.rendering.add_context(with_context ? with_visible(state, visible) : nullptr);
  inner.context = own;
  render_code(inner, code);
  if (whole) {
    whole->assign(state, Value::object(std::make_shared<Module>(own, text.take())));
  }
  for (const auto& [member, target] : members) {
    const auto found = own->names.find(member);
    target.assign(state,
                  found != own->names.end()
                      ? found->second
                      : undefined_in(state.rendering.environment(),
                                     "the template " + quoted(code.name) + " (imported on line " +
                                         std::to_string(line) +
                                         ") does not export the requested name " + quoted(member),
                                     ""));
  }
  return Flow::kNext;
}

Flow TranslateStatement::run(State& state) const {
  Arguments values;
  Value number(1);
  if (count) number = count->evaluate(state);
  const auto& translate = state.rendering.environment().options().translations;
  std::string text;
  if (has_plural) {
    const std::int64_t amount = number.is_integer() ? number.integer() : 2;
    text = translate.plural ? translate.plural(singular, plural, amount, state.rendering)
                            : (amount == 1 ? singular : plural);
  } else {
    text = translate.singular ? translate.singular(singular, state.rendering) : singular;
  }
  for (const auto& [name, value] : variables) {
    Value given = value ? value->evaluate(state) : number;
    if (state.escapes && !given.is_safe()) given = Value::safe(base::html_escape(given.to_text()));
    values.named.emplace_back(name, std::move(given));
  }
  std::vector<std::pair<Value, Value>> members;
  for (auto& [name, value] : values.named) members.emplace_back(Value(name), std::move(value));
  Arguments wrapped;
  wrapped.positional.push_back(Value::mapping(std::move(members)));
  state.out->append(formatted(Value(std::move(text)), wrapped).to_text());
  return Flow::kNext;
}

}  // namespace hornbeam::templates::internal
