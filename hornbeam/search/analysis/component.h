#pragma once

// The parts an analyzer is made of. A part is immutable and shared; what it must remember while a
// text runs through it is in a stage, of which a chain has one for each filter:
//
//   text --(CharFilter)*--> text --Tokenizer--> TokenStage --> ... --> TokenStage --> TokenSink

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/offset_map.h"
#include "hornbeam/search/analysis/token.h"

namespace hornbeam::search {

/// A sink that is told where a text ends, so that it can hold tokens back.
class TokenStage : public TokenSink {
 public:
  /// Called once behind the last token of a text. The stage is ready for the next text then.
  virtual void finish(const StreamEnd& end) = 0;
};

/// Cuts a text into tokens.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Hands each token of `text` to `sink`, then `finish`es it.
  /// Requires: `text` is UTF-8.
  /// Thread: any number at once.
  virtual void tokenize(std::string_view text, TokenStage& sink) const = 0;
};

struct AnalyzerParts;

/// Changes, drops or adds tokens.
class TokenFilter {
 public:
  virtual ~TokenFilter() = default;

  /// A stage that hands on to `next`.
  /// Lifetime: the stage uses both the filter and `next`.
  virtual std::unique_ptr<TokenStage> make_stage(TokenStage& next) const = 0;

  /// The filter to take its place behind the parts `before`, for those that must know them to read
  /// their own settings; nothing if it is the same everywhere.
  virtual base::Result<std::shared_ptr<const TokenFilter>> bound_to(
      const AnalyzerParts& before) const;
};

/// Changes a text before it is cut, and says where the pieces have gone.
class CharFilter {
 public:
  virtual ~CharFilter() = default;

  /// Appends the changed `text` to `changed` and tells `offsets` each change of length.
  /// Requires: `text` is UTF-8; both outputs are empty.
  virtual void filter(std::string_view text, std::string& changed, OffsetMap& offsets) const = 0;
};

/// A stage that hands on to another one, for filters to build upon.
class ForwardingStage : public TokenStage {
 public:
  explicit ForwardingStage(TokenStage& next) : next_(next) {}
  void accept(const Token& token) override { next_.accept(token); }
  void finish(const StreamEnd& end) override { next_.finish(end); }

 protected:
  TokenStage& next() noexcept { return next_; }

 private:
  TokenStage& next_;
};

}  // namespace hornbeam::search
