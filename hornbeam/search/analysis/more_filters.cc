#include "hornbeam/search/analysis/more_filters.h"

#include <algorithm>
#include <set>
#include <utility>

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/rewriting_stage.h"
#include "hornbeam/search/analysis/skipping_stage.h"

namespace hornbeam::search {
namespace {

struct KeepSettings {
  WordSet words;
  bool flag = false;  ///< Ignores case, or keeps what is not in the set.
};

class KeepWordsStage final : public SkippingStage {
 public:
  KeepWordsStage(const KeepSettings& settings, TokenStage& next)
      : SkippingStage(next), settings_(settings) {}

 private:
  bool keeps(const Token& token) override {
    if (!settings_.flag) return settings_.words.contains(token.term);
    lower_.clear();
    append_java_lower(lower_, token.term);
    return settings_.words.contains(lower_);
  }

  const KeepSettings& settings_;
  std::string lower_;
};

class KeepTypesStage final : public SkippingStage {
 public:
  KeepTypesStage(const KeepSettings& settings, TokenStage& next)
      : SkippingStage(next), settings_(settings) {}

 private:
  bool keeps(const Token& token) override {
    return settings_.words.contains(token.type) != settings_.flag;
  }

  const KeepSettings& settings_;
};

class RemoveDuplicatesStage final : public ForwardingStage {
 public:
  RemoveDuplicatesStage(NoSettings, TokenStage& next) : ForwardingStage(next) {}

  void accept(const Token& token) override {
    if (token.position_increment > 0) seen_.clear();
    const bool is_new = seen_.emplace(token.term).second;
    if (is_new) next().accept(token);
  }
  void finish(const StreamEnd& end) override {
    seen_.clear();
    next().finish(end);
  }

 private:
  std::set<std::string, std::less<>> seen_;
};

class KeywordRepeatStage final : public ForwardingStage {
 public:
  KeywordRepeatStage(NoSettings, TokenStage& next) : ForwardingStage(next) {}

  void accept(const Token& token) override {
    Token kept = token;
    kept.is_keyword = true;
    next().accept(kept);
    Token repeated = token;
    repeated.is_keyword = false;
    repeated.position_increment = 0;
    next().accept(repeated);
  }
};

struct FingerprintSettings {
  std::string separator;
  std::uint32_t longest = 255;
};

class FingerprintStage final : public ForwardingStage {
 public:
  FingerprintStage(const FingerprintSettings& settings, TokenStage& next)
      : ForwardingStage(next), settings_(settings) {}

  void accept(const Token& token) override {
    // What is too long already needs no more memory.
    if (size_ > settings_.longest) return;
    if (terms_.emplace(token.term).second) size_ += utf16_length(token.term);
  }

  void finish(const StreamEnd& end) override {
    std::string joined;
    for (const std::string& term : terms_) {
      if (!joined.empty()) joined += settings_.separator;
      joined += term;
    }
    const bool is_kept = !terms_.empty() && utf16_length(joined) <= settings_.longest;
    if (is_kept) {
      Token token;
      token.term = joined;
      token.type = "fingerprint";
      token.end_offset = end.end_offset;
      token.end_byte = end.end_byte;
      next().accept(token);
    }
    terms_.clear();
    size_ = 0;
    next().finish(end);
  }

 private:
  const FingerprintSettings& settings_;
  std::set<std::string, std::less<>> terms_;
  std::size_t size_ = 0;
};

using Rewriter = std::shared_ptr<const CharFilter>;

class TermRewritingStage final : public RewritingStage {
 public:
  TermRewritingStage(const Rewriter& rewriter, TokenStage& next)
      : RewritingStage(next), rewriter_(*rewriter) {}

  void accept(const Token& token) override {
    buffer().clear();
    OffsetMap ignored;
    rewriter_.filter(token.term, buffer(), ignored);
    emit_buffer(token);
  }

 private:
  const CharFilter& rewriter_;
};

}  // namespace

std::shared_ptr<const TokenFilter> keep_words_filter(WordSet words, bool ignores_case) {
  return make_filter<KeepWordsStage>(KeepSettings{.words = std::move(words), .flag = ignores_case});
}
std::shared_ptr<const TokenFilter> keep_types_filter(WordSet types, bool keeps_others) {
  return make_filter<KeepTypesStage>(KeepSettings{.words = std::move(types), .flag = keeps_others});
}
std::shared_ptr<const TokenFilter> remove_duplicates_filter() {
  return make_filter<RemoveDuplicatesStage>();
}
std::shared_ptr<const TokenFilter> keyword_repeat_filter() {
  return make_filter<KeywordRepeatStage>();
}
std::shared_ptr<const TokenFilter> fingerprint_filter(std::string separator,
                                                      std::uint32_t longest) {
  return make_filter<FingerprintStage>(
      FingerprintSettings{.separator = std::move(separator), .longest = longest});
}
std::shared_ptr<const TokenFilter> term_rewriting_filter(Rewriter rewriter) {
  return make_filter<TermRewritingStage>(std::move(rewriter));
}

}  // namespace hornbeam::search
