#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/templates/internal/statements.h"

namespace hornbeam::templates::internal {

/// The variable `loop`.
class Loop final : public Object {
 public:
  Loop(const ForStatement& code, const State& state, std::vector<Value> all, int depth)
      : code_(code), state_(state), all_(std::move(all)), depth_(depth) {}
  const std::vector<Value>& all() const noexcept { return all_; }
  std::optional<Value> attribute(std::string_view name) const override;
  std::optional<std::size_t> size() const override { return all_.size(); }
  bool is_true() const override { return true; }
  /// Runs the loop again over something inside of it: {{ loop(item.children) }}.
  Value call(Rendering& rendering, Arguments arguments) const override;
  bool is_callable() const override { return true; }
  std::optional<Value> method(std::string_view name, Arguments& arguments) override;
  bool has_method(std::string_view name) const override {
    return name == "cycle" || name == "changed";
  }
  std::string_view type_name() const override { return "LoopContext"; }
  std::string repr() const override {
    return "<LoopContext " + std::to_string(index + 1) + "/" + std::to_string(all_.size()) + ">";
  }

  std::size_t index = 0;

 private:
  const ForStatement& code_;
  State state_;
  std::vector<Value> all_;
  int depth_;
  std::optional<std::vector<Value>> last_changed_;
};

}  // namespace hornbeam::templates::internal
