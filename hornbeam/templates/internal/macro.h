#pragma once

// Objects that a template makes while it runs: macros, modules, blocks by reference, namespaces.

#include <memory>
#include <string>
#include <utility>

#include "hornbeam/templates/internal/statements.h"

namespace hornbeam::templates::internal {

/// Counts how deep macros, blocks and templates are in each other; refuses endless ones.
class Deeper {
 public:
  explicit Deeper(Rendering& rendering) : rendering_(rendering) {
    if (rendering.depth >= kMost) fail("macros, blocks or templates are nested too deep");
    ++rendering.depth;
  }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() { --rendering_.depth; }

 private:
  static constexpr int kMost = 150;
  Rendering& rendering_;
};

/// A macro, or the body of a call block, with the variables where it was defined.
class Macro final : public Object {
 public:
  Macro(const MacroCode& code, const State& state) : code_(code), state_(state) {}
  Value call(Rendering& rendering, Arguments arguments) const override;
  bool is_callable() const override { return true; }
  std::optional<Value> attribute(std::string_view name) const override;
  std::string_view type_name() const override { return "Macro"; }
  std::string repr() const override { return "<Macro '" + code_.name + "'>"; }

 private:
  void bind(State& state, Arguments& arguments) const;

  const MacroCode& code_;
  State state_;
};

/// What printing it needs no escaping.
class HtmlObject : public Object {};

/// An imported template.
class Module final : public HtmlObject {
 public:
  Module(const Context* context, std::string text) : context_(context), text_(std::move(text)) {}
  std::optional<Value> attribute(std::string_view name) const override {
    const auto found = context_->names.find(name);
    if (found == context_->names.end() || name.starts_with("_")) return std::nullopt;
    return found->second;
  }
  std::string_view type_name() const override { return "TemplateModule"; }
  std::string repr() const override { return text_; }

 private:
  const Context* context_;
  std::string text_;
};

/// super, and self.name: printed by being called.
class BlockReference final : public Object {
 public:
  BlockReference(const State& state, std::string_view name, std::size_t level)
      : state_(state), name_(name), level_(level) {}
  Value call(Rendering&, Arguments) const override {
    State inner = state_;
    Output out(state_.rendering.most_bytes());
    inner.out = &out;
    run_block(inner, name_, level_);
    return state_.escapes ? Value::safe(out.take()) : Value(out.take());
  }
  bool is_callable() const override { return true; }
  std::optional<Value> attribute(std::string_view name) const override {
    if (name != "super" || !find_block(*state_.blocks, name_, level_ + 1)) return std::nullopt;
    return Value::object(std::make_shared<BlockReference>(state_, name_, level_ + 1));
  }
  std::string_view type_name() const override { return "BlockReference"; }

 private:
  State state_;
  std::string_view name_;
  std::size_t level_;
};

/// self.
class SelfReference final : public Object {
 public:
  explicit SelfReference(const State& state) : state_(state) {}
  std::optional<Value> attribute(std::string_view name) const override {
    const auto found = find_block(*state_.blocks, name, 0);
    if (!found) return std::nullopt;
    return Value::object(std::make_shared<BlockReference>(state_, found->block->name, 0));
  }
  std::string_view type_name() const override { return "TemplateReference"; }

 private:
  State state_;
};

/// namespace(): the one object whose attributes templates set.
class Namespace final : public Object {
 public:
  std::optional<Value> attribute(std::string_view name) const override {
    const Value* found = members_.find(name);
    return found != nullptr ? std::optional(*found) : std::nullopt;
  }
  void set(std::string_view name, const Value& value) { members_.set(Value(name), value); }
  std::string_view type_name() const override { return "Namespace"; }
  std::string repr() const override { return "<Namespace " + members_.repr() + ">"; }

 private:
  Mapping members_;
};

}  // namespace hornbeam::templates::internal
