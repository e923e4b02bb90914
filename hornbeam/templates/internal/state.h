#pragma once

// What a rendering holds while it runs.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/output.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

class Environment;

namespace internal {

struct Context;
struct Frame;
struct TemplateCode;

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept {
    return std::hash<std::string_view>()(name);
  }
};
using Names = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

/// The templates whose blocks count, the most derived first.
struct Blocks {
  std::vector<const TemplateCode*> codes;
};

/// Everything a node needs to run. Copied where part of it changes.
struct State {
  Rendering& rendering;
  Context* context;
  Frame* frame;
  Blocks* blocks;
  const TemplateCode* code;
  Output* out;
  bool escapes;
  /// Where {% extends %} says what it names; null where it may not stand, in blocks and macros.
  const TemplateCode** parent = nullptr;
};

/// Names that are found by text: those given to the rendering, and those that the top level of a
/// template sets, so that blocks and included templates see them.
struct Context {
  const Context* outer = nullptr;
  Context* older = nullptr;  // Kept before it.
  Names names{};
  /// More names, where there are too few for a table to pay.
  const Values* given = nullptr;
  /// What `self` means here, and in a block that overrides another, `super`: made when asked for.
  std::optional<State> self_state{};
  std::string_view super_of{};  // The block's name; empty: no `super`.
  std::size_t super_level = 0;
  mutable Value self = Value::unset();
  mutable Value super = Value::unset();

  const Value* find(std::string_view name) const {
    for (const Context* each = this; each != nullptr; each = each->outer) {
      if (const Value* found = each->find_here(name)) return found;
    }
    return nullptr;
  }

 private:
  const Value* find_here(std::string_view name) const;
  const Value* find_reference(std::string_view name) const;
};

/// The variables of one template's top level, one block, or one call of a macro.
struct Frame {
  std::span<Value> slots;
  Frame* outer = nullptr;  // Where a macro was defined.
  Frame* older = nullptr;  // Kept before it.
};

}  // namespace internal

/// One rendering from its beginning to its end.
class Rendering {
 public:
  Rendering(const Environment& environment, const void* subject)
      : environment_(environment),
        subject_(subject),
        most_steps_(environment.options().most_steps),
        most_bytes_(environment.options().most_bytes) {}
  Rendering(const Rendering&) = delete;
  Rendering& operator=(const Rendering&) = delete;
  ~Rendering();

  const Environment& environment() const noexcept { return environment_; }
  /// What the caller of `render` passed for functions to find, such as the request.
  const void* subject() const noexcept { return subject_; }

  /// Whether texts are escaped where the rendering has got to.
  bool escapes = false;

  // For the engine.
  internal::Frame* add_frame(std::size_t size, internal::Frame* outer = nullptr);
  internal::Context* add_context(const internal::Context* outer);
  // What a value may refer to stays until the end, for a value may get anywhere in a rendering.
  internal::Blocks* keep_blocks() {
    return blocks_.emplace_back(std::make_unique<internal::Blocks>()).get();
  }
  void count_step() {
    if (++steps_ > most_steps_) refuse_steps();
  }
  /// Bytes that an output may have.
  std::size_t most_bytes() const noexcept { return most_bytes_; }
  int depth = 0;

 private:
  [[noreturn]] void refuse_steps() const;

  const Environment& environment_;
  const void* subject_;
  std::size_t most_steps_;
  std::size_t most_bytes_;
  // Most pages are done with the first block of memory, which lies on the stack.
  std::array<std::byte, 2048> first_memory_;
  std::pmr::monotonic_buffer_resource memory_{first_memory_.data(), first_memory_.size()};
  internal::Frame* frames_ = nullptr;
  internal::Context* contexts_ = nullptr;
  std::vector<std::unique_ptr<internal::Blocks>> blocks_;
  std::size_t steps_ = 0;
};

}  // namespace hornbeam::templates
