#include "hornbeam/templates/internal/state.h"

#include <memory>
#include <new>
#include <ranges>

#include "hornbeam/templates/internal/macro.h"

namespace hornbeam::templates {

namespace internal {

const Value* Context::find_here(std::string_view name) const {
  if (!names.empty()) {
    if (const auto found = names.find(name); found != names.end()) return &found->second;
  }
  if (given != nullptr) {
    for (const auto& [key, value] : std::views::reverse(*given)) {  // What comes later wins.
      if (key == name) return &value;
    }
  }
  return self_state ? find_reference(name) : nullptr;
}

const Value* Context::find_reference(std::string_view name) const {
  if (name == "self") {
    if (self.is(Value::Kind::kUnset)) {
      self = Value::object(std::make_shared<SelfReference>(*self_state));
    }
    return &self;
  }
  if (super_of.empty() || name != "super") return nullptr;
  if (super.is(Value::Kind::kUnset)) {
    super = Value::object(std::make_shared<BlockReference>(*self_state, super_of, super_level));
  }
  return &super;
}

}  // namespace internal

Rendering::~Rendering() {
  for (auto* each = frames_; each != nullptr; each = each->older) std::ranges::destroy(each->slots);
  for (auto* each = contexts_; each != nullptr;) {
    auto* const older = each->older;
    std::destroy_at(each);
    each = older;
  }
}

internal::Frame* Rendering::add_frame(std::size_t size, internal::Frame* outer) {
  auto* slots = static_cast<Value*>(memory_.allocate(size * sizeof(Value), alignof(Value)));
  std::uninitialized_fill_n(slots, size, Value::unset());
  void* room = memory_.allocate(sizeof(internal::Frame), alignof(internal::Frame));
  frames_ = new (room) internal::Frame{{slots, size}, outer, frames_};
  return frames_;
}

internal::Context* Rendering::add_context(const internal::Context* outer) {
  void* room = memory_.allocate(sizeof(internal::Context), alignof(internal::Context));
  auto* context = new (room) internal::Context;
  context->outer = outer;
  context->older = contexts_;
  contexts_ = context;
  return context;
}

}  // namespace hornbeam::templates
