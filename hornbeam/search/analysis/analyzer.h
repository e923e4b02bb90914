#pragma once

// From a text to its terms. An analyzer is, as in Lucene, a chain: character filters change the
// text, one tokenizer cuts it, token filters change, drop and add tokens.
//
//   auto english = AnalyzerRegistry().find("english");
//   english->analyze("The quick foxes", [](const Token& token) { use(token.term); });  // quick,
//   fox
//
// A token's term points into the text or into memory of the chain; nothing is allocated for each
// token. Chains have state, so an analyzer lends one to each call that runs at the same time, and
// keeps it for the next.

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/token.h"

namespace hornbeam::search {

class CharFilter;
class TokenFilter;
class Tokenizer;

/// What `_analyze` calls the parts of an analyzer.
struct PartNames {
  std::vector<std::string> char_filters{};
  std::string tokenizer{};
  std::vector<std::string> filters{};
};

/// What an analyzer is made of.
struct AnalyzerParts {
  std::vector<std::shared_ptr<const CharFilter>> char_filters{};
  std::shared_ptr<const Tokenizer> tokenizer;
  std::vector<std::shared_ptr<const TokenFilter>> filters{};
  /// Positions between two values of the same field, so that no phrase matches across them.
  std::uint32_t position_increment_gap = 100;
  /// Of an analyzer put together by settings; a built-in one shows its parts to nobody.
  PartNames names{};
};

/// Turns texts into tokens. Immutable.
/// Thread: any number at once.
class Analyzer {
 public:
  /// Requires: `parts.tokenizer`.
  explicit Analyzer(std::string name, AnalyzerParts parts);
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;
  ~Analyzer();

  const std::string& name() const noexcept { return name_; }
  std::uint32_t position_increment_gap() const noexcept { return parts_.position_increment_gap; }
  const AnalyzerParts& parts() const noexcept { return parts_; }

  /// Hands the tokens of `text` to `sink` in order. Bytes that are no UTF-8 are read as U+FFFD.
  /// Requires: `text` is shorter than 4 GiB.
  StreamEnd analyze(std::string_view text, TokenSink& sink) const;

  /// The same with a function that takes a `const Token&`.
  template <std::invocable<const Token&> Function>
  StreamEnd analyze(std::string_view text, Function&& function) const;

  /// The terms alone, for tests and queries.
  std::vector<std::string> terms(std::string_view text) const;

 private:
  struct Chain;
  struct Chains;

  std::string name_;
  AnalyzerParts parts_;
  std::unique_ptr<Chains> chains_;
};

template <std::invocable<const Token&> Function>
StreamEnd Analyzer::analyze(std::string_view text, Function&& function) const {
  struct FunctionSink final : TokenSink {
    explicit FunctionSink(Function& called) : function(called) {}
    void accept(const Token& token) override { function(token); }
    Function& function;
  };
  FunctionSink sink(function);
  return analyze(text, static_cast<TokenSink&>(sink));
}

}  // namespace hornbeam::search
