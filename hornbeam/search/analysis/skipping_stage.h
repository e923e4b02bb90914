#pragma once

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// A stage that drops tokens and lets the next one that is kept tell the gap.
class SkippingStage : public ForwardingStage {
 public:
  using ForwardingStage::ForwardingStage;

  void accept(const Token& token) final {
    if (!keeps(token)) {
      skipped_ += token.position_increment;
    } else if (skipped_ == 0) {
      next().accept(token);
    } else {
      Token moved = token;
      moved.position_increment += skipped_;
      skipped_ = 0;
      next().accept(moved);
    }
  }

  void finish(const StreamEnd& end) final {
    StreamEnd moved = end;
    moved.position_increment += skipped_;
    skipped_ = 0;
    reset();
    next().finish(moved);
  }

 private:
  virtual bool keeps(const Token& token) = 0;
  /// Forgets the text that has ended.
  virtual void reset() {}

  std::uint32_t skipped_ = 0;
};

}  // namespace hornbeam::search
