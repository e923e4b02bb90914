#pragma once

#include <string>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {

/// A filter whose stage needs nothing but the filter's settings: `Stage(const Settings&, next)`.
template <class Stage, class Settings>
class StageFilter final : public TokenFilter {
 public:
  explicit StageFilter(Settings settings) : settings_(std::move(settings)) {}
  std::unique_ptr<TokenStage> make_stage(TokenStage& next) const override {
    return std::make_unique<Stage>(settings_, next);
  }

 private:
  Settings settings_;
};

struct NoSettings {};

template <class Stage, class Settings = NoSettings>
std::shared_ptr<const TokenFilter> make_filter(Settings settings = {}) {
  return std::make_shared<StageFilter<Stage, Settings>>(std::move(settings));
}

/// A stage that changes terms; `buffer()` holds the changed one while it is handed on.
class RewritingStage : public ForwardingStage {
 public:
  using ForwardingStage::ForwardingStage;

 protected:
  std::string& buffer() noexcept { return buffer_; }
  /// Hands the token on with the buffer as its term.
  void emit_buffer(const Token& token) {
    Token changed = token;
    changed.term = buffer_;
    next().accept(changed);
  }

 private:
  std::string buffer_;
};

}  // namespace hornbeam::search
