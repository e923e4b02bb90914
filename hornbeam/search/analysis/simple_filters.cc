#include "hornbeam/search/analysis/simple_filters.h"

#include <set>

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/rewriting_stage.h"
#include "hornbeam/search/analysis/skipping_stage.h"

namespace hornbeam::search {
namespace {

struct LengthSettings {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
};

class LengthStage final : public SkippingStage {
 public:
  LengthStage(const LengthSettings& settings, TokenStage& next)
      : SkippingStage(next), settings_(settings) {}

 private:
  bool keeps(const Token& token) override {
    const std::uint32_t length = utf16_length(token.term);
    return length >= settings_.min && length <= settings_.max;
  }
  const LengthSettings& settings_;
};

class LimitStage final : public ForwardingStage {
 public:
  LimitStage(std::uint32_t count, TokenStage& next) : ForwardingStage(next), count_(count) {}
  void accept(const Token& token) override {
    if (seen_ < count_) next().accept(token);
    seen_ += seen_ < count_;
  }
  void finish(const StreamEnd& end) override {
    seen_ = 0;
    next().finish(end);
  }

 private:
  std::uint32_t count_;
  std::uint32_t seen_ = 0;
};

class UniqueStage final : public ForwardingStage {
 public:
  UniqueStage(bool only_on_same_position, TokenStage& next)
      : ForwardingStage(next), only_on_same_position_(only_on_same_position) {}

  void accept(const Token& token) override {
    if (only_on_same_position_ && token.position_increment > 0) seen_.clear();
    const bool is_new = seen_.emplace(token.term).second;
    if (is_new) next().accept(token);
  }
  void finish(const StreamEnd& end) override {
    seen_.clear();
    next().finish(end);
  }

 private:
  bool only_on_same_position_;
  std::set<std::string, std::less<>> seen_;
};

/// Keeps a piece of the term: `cut(term)`.
template <std::string_view cut(std::string_view)>
class CuttingStage final : public ForwardingStage {
 public:
  CuttingStage(NoSettings, TokenStage& next) : ForwardingStage(next) {}
  void accept(const Token& token) override {
    Token changed = token;
    changed.term = cut(token.term);
    next().accept(changed);
  }
};

/// As Java's String.trim: what is not above the space.
std::string_view trim(std::string_view term) {
  const auto is_space = [](char byte) { return static_cast<unsigned char>(byte) <= ' '; };
  while (!term.empty() && is_space(term.front())) term.remove_prefix(1);
  while (!term.empty() && is_space(term.back())) term.remove_suffix(1);
  return term;
}

std::string_view before_apostrophe(std::string_view term) {
  return term.substr(0, std::min(term.find('\''), term.find("\u2019")));
}

std::size_t prefix_size(std::string_view term, std::size_t code_points) {
  std::size_t at = 0;
  for (; code_points > 0 && at < term.size(); --code_points) at += decode(term, at).bytes;
  return at;
}

class TruncateStage final : public ForwardingStage {
 public:
  TruncateStage(std::uint32_t length, TokenStage& next) : ForwardingStage(next), length_(length) {}
  void accept(const Token& token) override {
    Token changed = token;
    if (!token.is_keyword) changed.term = token.term.substr(0, prefix_size(token.term, length_));
    next().accept(changed);
  }

 private:
  std::uint32_t length_;
};

class ReverseStage final : public RewritingStage {
 public:
  ReverseStage(NoSettings, TokenStage& next) : RewritingStage(next) {}
  void accept(const Token& token) override {
    buffer().assign(token.term.size(), '\0');
    std::size_t end = token.term.size();
    for (std::size_t at = 0; at < token.term.size();) {
      const std::size_t bytes = decode(token.term, at).bytes;
      end -= bytes;
      token.term.copy(buffer().data() + end, bytes, at);
      at += bytes;
    }
    emit_buffer(token);
  }
};

class DecimalDigitStage final : public RewritingStage {
 public:
  DecimalDigitStage(NoSettings, TokenStage& next) : RewritingStage(next) {}
  void accept(const Token& token) override {
    if (is_ascii(token.term)) return next().accept(token);
    buffer().clear();
    for (std::size_t at = 0; at < token.term.size();) {
      const CodePoint code_point = decode(token.term, at);
      at += code_point.bytes;
      const int digit = java_digit_value(code_point.value);
      base::append_utf8(buffer(),
                        digit < 0 ? code_point.value : static_cast<char32_t>(U'0' + digit));
    }
    emit_buffer(token);
  }
};

struct WordSettings {
  WordSet words;
  bool ignores_case = false;
};

/// Asks for a word in a set, in lower case if the set is.
class WordLookup {
 public:
  explicit WordLookup(const WordSettings& settings) : settings_(settings) {}
  bool contains(std::string_view word) {
    if (!settings_.ignores_case) return settings_.words.contains(word);
    lower_.clear();
    append_java_lower(lower_, word);
    return settings_.words.contains(lower_);
  }

 private:
  const WordSettings& settings_;
  std::string lower_;
};

class KeywordMarkerStage final : public ForwardingStage {
 public:
  KeywordMarkerStage(const WordSettings& settings, TokenStage& next)
      : ForwardingStage(next), words_(settings) {}
  void accept(const Token& token) override {
    Token marked = token;
    marked.is_keyword = marked.is_keyword || words_.contains(token.term);
    next().accept(marked);
  }

 private:
  WordLookup words_;
};

class ElisionStage final : public ForwardingStage {
 public:
  ElisionStage(const WordSettings& settings, TokenStage& next)
      : ForwardingStage(next), articles_(settings) {}
  void accept(const Token& token) override {
    const std::string_view before = before_apostrophe(token.term);
    Token changed = token;
    if (before.size() < token.term.size() && articles_.contains(before)) {
      changed.term.remove_prefix(before.size() + (token.term[before.size()] == '\'' ? 1 : 3));
    }
    next().accept(changed);
  }

 private:
  WordLookup articles_;
};

class NgramStage final : public ForwardingStage {
 public:
  NgramStage(const NgramOptions& options, TokenStage& next)
      : ForwardingStage(next), options_(options) {}

  void accept(const Token& token) override {
    const std::size_t length = base::utf8_length(token.term);
    increment_ += token.position_increment;
    const std::size_t starts = options_.from_start_only ? std::min<std::size_t>(length, 1) : length;
    std::size_t at = 0;
    for (std::size_t start = 0; start < starts; ++start) {
      const std::string_view rest = token.term.substr(at);
      const std::size_t longest = std::min<std::size_t>(options_.max, length - start);
      for (std::size_t size = options_.min; size <= longest; ++size) {
        emit(token, rest.substr(0, prefix_size(rest, size)));
      }
      at += decode(token.term, at).bytes;
    }
    const bool is_outside = length < options_.min || length > options_.max;
    if (options_.preserves_original && is_outside) emit(token, token.term);
  }

  void finish(const StreamEnd& end) override {
    StreamEnd moved = end;
    moved.position_increment += increment_;
    increment_ = 0;
    next().finish(moved);
  }

 private:
  void emit(const Token& token, std::string_view term) {
    Token gram = token;
    gram.term = term;
    gram.position_increment = increment_;
    increment_ = 0;
    next().accept(gram);
  }

  NgramOptions options_;
  std::uint32_t increment_ = 0;
};

}  // namespace

std::shared_ptr<const TokenFilter> length_filter(std::uint32_t min, std::uint32_t max) {
  return make_filter<LengthStage>(LengthSettings{.min = min, .max = max});
}
std::shared_ptr<const TokenFilter> limit_filter(std::uint32_t count) {
  return make_filter<LimitStage>(count);
}
std::shared_ptr<const TokenFilter> truncate_filter(std::uint32_t length) {
  return make_filter<TruncateStage>(length);
}
std::shared_ptr<const TokenFilter> unique_filter(bool only_on_same_position) {
  return make_filter<UniqueStage>(only_on_same_position);
}
std::shared_ptr<const TokenFilter> trim_filter() {
  return make_filter<CuttingStage<trim>>();
}
std::shared_ptr<const TokenFilter> reverse_filter() {
  return make_filter<ReverseStage>();
}
std::shared_ptr<const TokenFilter> apostrophe_filter() {
  return make_filter<CuttingStage<before_apostrophe>>();
}
std::shared_ptr<const TokenFilter> decimal_digit_filter() {
  return make_filter<DecimalDigitStage>();
}
std::shared_ptr<const TokenFilter> elision_filter(WordSet articles, bool ignores_case) {
  return make_filter<ElisionStage>(
      WordSettings{.words = std::move(articles), .ignores_case = ignores_case});
}
std::shared_ptr<const TokenFilter> keyword_marker_filter(WordSet words, bool ignores_case) {
  return make_filter<KeywordMarkerStage>(
      WordSettings{.words = std::move(words), .ignores_case = ignores_case});
}
std::shared_ptr<const TokenFilter> ngram_filter(const NgramOptions& options) {
  return make_filter<NgramStage>(options);
}

}  // namespace hornbeam::search
