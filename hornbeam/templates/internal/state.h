#pragma once

// What a rendering holds while it runs.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

class Environment;

namespace internal {

struct BlockCode;
struct TemplateCode;

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept {
    return std::hash<std::string_view>()(name);
  }
};
using Names = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

/// Names that are found by text: those given to the rendering, and those that the top level of a
/// template sets, so that blocks and included templates see them.
struct Context {
  const Context* outer = nullptr;
  Names names{};

  const Value* find(std::string_view name) const {
    for (const Context* each = this; each != nullptr; each = each->outer) {
      if (const auto found = each->names.find(name); found != each->names.end()) {
        return &found->second;
      }
    }
    return nullptr;
  }
};

/// The variables of one template's top level, one block, or one call of a macro.
struct Frame {
  explicit Frame(std::size_t size, Frame* from = nullptr)
      : slots(size, Value::unset()), outer(from) {}
  std::vector<Value> slots;
  Frame* outer;  // Where a macro was defined.
};

/// A block's definitions, the most derived template's first.
struct BlockChain {
  struct Definition {
    const BlockCode* block;
    const TemplateCode* code;
  };
  std::vector<Definition> definitions;
};
using Blocks = std::map<std::string, BlockChain, std::less<>>;

/// Everything a node needs to run. Copied where part of it changes.
struct State {
  Rendering& rendering;
  Context* context;
  Frame* frame;
  Blocks* blocks;
  const TemplateCode* code;
  std::string* out;
  bool escapes;
  /// Where {% extends %} says what it names; null where it may not stand, in blocks and macros.
  const TemplateCode** parent = nullptr;
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

  const Environment& environment() const noexcept { return environment_; }
  /// What the caller of `render` passed for functions to find, such as the request.
  const void* subject() const noexcept { return subject_; }

  /// Whether texts are escaped where the rendering has got to.
  bool escapes = false;

  // For the engine.
  internal::Frame* keep(std::unique_ptr<internal::Frame> frame) {
    return frames_.emplace_back(std::move(frame)).get();
  }
  internal::Context* keep(std::unique_ptr<internal::Context> context) {
    return contexts_.emplace_back(std::move(context)).get();
  }
  // What a value may refer to stays until the end, for a value may get anywhere in a rendering.
  internal::Blocks* keep_blocks() {
    return blocks_.emplace_back(std::make_unique<internal::Blocks>()).get();
  }
  void count_step() {
    if (++steps_ > most_steps_) refuse_steps();
  }
  void check_size(std::string& out) {
    constexpr std::size_t kPiece = 16U << 10U;
    if (sent_ + out.size() > most_bytes_) refuse_bytes();
    if (&out == root && out.size() >= kPiece) send(out);
  }
  int depth = 0;
  /// The output of the top level, and who takes it once there is much.
  std::string* root = nullptr;
  std::function<void(std::string_view)> sink;

 private:
  [[noreturn]] void refuse_steps() const;
  [[noreturn]] void refuse_bytes() const;
  void send(std::string& out);

  const Environment& environment_;
  const void* subject_;
  std::size_t most_steps_;
  std::size_t most_bytes_;
  std::vector<std::unique_ptr<internal::Frame>> frames_;
  std::vector<std::unique_ptr<internal::Context>> contexts_;
  std::vector<std::unique_ptr<internal::Blocks>> blocks_;
  std::size_t steps_ = 0;
  std::size_t sent_ = 0;  // Bytes that the sink has taken.
};

}  // namespace hornbeam::templates
