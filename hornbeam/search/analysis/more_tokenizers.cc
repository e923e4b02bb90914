#include <algorithm>
#include <utility>

#include <re2/re2.h>
#include <unicode/uchar.h>

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/token_between.h"
#include "hornbeam/search/analysis/tokenizers.h"

namespace hornbeam::search {
namespace {

/// Goes on to the byte `end`.
TextPlace advanced(std::string_view text, TextPlace place, std::size_t end) {
  place.offset += utf16_length(text.substr(place.byte, end - place.byte));
  place.byte = static_cast<std::uint32_t>(end);
  return place;
}

TextPlace step(std::string_view text, TextPlace place) {
  const CodePoint code_point = decode(text, place.byte);
  return {place.offset + code_point.units(), place.byte + code_point.bytes};
}

void finish(std::string_view text, TokenStage& sink) {
  sink.finish(
      {.end_offset = utf16_length(text), .end_byte = static_cast<std::uint32_t>(text.size())});
}

bool is_punctuation(char32_t value) {
  return (U_GET_GC_MASK(static_cast<UChar32>(value)) & U_GC_P_MASK) != 0;
}
bool is_symbol(char32_t value) {
  return (U_GET_GC_MASK(static_cast<UChar32>(value)) & U_GC_S_MASK) != 0;
}

class NgramTokenizer final : public Tokenizer {
 public:
  explicit NgramTokenizer(NgramTokenizerOptions options) : options_(std::move(options)) {}

  void tokenize(std::string_view text, TokenStage& sink) const override {
    bool is_run_start = true;
    for (TextPlace at; at.byte < text.size(); at = step(text, at)) {
      const bool is_inside = belongs(decode(text, at.byte).value);
      if (is_inside && (is_run_start || !options_.from_start_only)) emit_from(text, at, sink);
      is_run_start = !is_inside;
    }
    finish(text, sink);
  }

 private:
  bool belongs(char32_t value) const {
    const GramCharacters& wanted = options_.characters;
    const bool wants_all = !wanted.letters && !wanted.digits && !wanted.whitespace &&
                           !wanted.punctuation && !wanted.symbols && wanted.custom.empty();
    return wants_all || (wanted.letters && is_java_letter(value)) ||
           (wanted.digits && is_java_digit(value)) ||
           (wanted.whitespace && is_java_whitespace(value)) ||
           (wanted.punctuation && is_punctuation(value)) || (wanted.symbols && is_symbol(value)) ||
           wanted.custom.find(value) != std::u32string::npos;
  }

  void emit_from(std::string_view text, TextPlace start, TokenStage& sink) const {
    TextPlace end = start;
    for (std::uint32_t size = 1; size <= options_.max && end.byte < text.size(); ++size) {
      if (!belongs(decode(text, end.byte).value)) return;
      end = step(text, end);
      if (size >= options_.min) sink.accept(token_between(text, start, end));
    }
  }

  NgramTokenizerOptions options_;
};

class PatternTokenizer final : public Tokenizer {
 public:
  PatternTokenizer(std::shared_ptr<const re2::RE2> pattern, int group)
      : pattern_(std::move(pattern)), group_(group) {}

  void tokenize(std::string_view text, TokenStage& sink) const override {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(std::max(group_, 0)) + 1);
    TextPlace at;
    std::size_t search_from = 0;
    std::size_t piece = 0;
    const auto emit = [&](std::size_t begin, std::size_t end) {
      if (begin == end) return;
      const TextPlace start = advanced(text, at, begin);
      at = advanced(text, start, end);
      sink.accept(token_between(text, start, at));
    };
    const re2::StringPiece all(text.data(), text.size());
    while (search_from <= text.size() &&
           pattern_->Match(all, search_from, text.size(), re2::RE2::UNANCHORED, groups.data(),
                           static_cast<int>(groups.size()))) {
      const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
      const std::size_t end = begin + groups[0].size();
      if (group_ < 0) {
        emit(piece, begin);
        piece = end;
      } else if (const re2::StringPiece& found = groups[static_cast<std::size_t>(group_)];
                 found.data() != nullptr) {
        const auto start = static_cast<std::size_t>(found.data() - text.data());
        emit(start, start + found.size());
      }
      // A match of nothing must not be found again.
      search_from = end > begin ? end : next_code_point(text, end);
    }
    if (group_ < 0) emit(piece, text.size());
    finish(text, sink);
  }

 private:
  static std::size_t next_code_point(std::string_view text, std::size_t at) {
    return at < text.size() ? at + decode(text, at).bytes : at + 1;
  }

  std::shared_ptr<const re2::RE2> pattern_;
  int group_;
};

class PathTokenizer final : public Tokenizer {
 public:
  explicit PathTokenizer(const PathOptions& options) : options_(options) {}

  void tokenize(std::string_view text, TokenStage& sink) const override {
    std::string term;
    TextPlace start;
    std::uint32_t skipped = 0;
    std::uint32_t increment = 1;
    const auto emit = [&](TextPlace end) {
      if (skipped++ < options_.skip) {
        start = end;
        term.clear();
        return;
      }
      Token token = token_between(text, start, end);
      token.term = term;
      token.position_increment = std::exchange(increment, 0);
      sink.accept(token);
    };
    TextPlace at;
    for (; at.byte < text.size(); at = step(text, at)) {
      const char32_t value = decode(text, at.byte).value;
      if (value == options_.delimiter && at.byte > 0) emit(at);
      base::append_utf8(term, value == options_.delimiter ? options_.replacement : value);
    }
    if (at.byte > 0) emit(at);
    finish(text, sink);
  }

 private:
  PathOptions options_;
};

}  // namespace

std::shared_ptr<const Tokenizer> ngram_tokenizer(NgramTokenizerOptions options) {
  return std::make_shared<NgramTokenizer>(std::move(options));
}

std::shared_ptr<const Tokenizer> pattern_tokenizer(const std::string& pattern, int group,
                                                   std::string& failure) {
  auto compiled = std::make_shared<const re2::RE2>(pattern, re2::RE2::Quiet);
  if (!compiled->ok()) {
    failure = compiled->error();
  } else if (group > compiled->NumberOfCapturingGroups()) {
    failure = "invalid group specified: pattern only has: " +
              std::to_string(compiled->NumberOfCapturingGroups()) + " capturing groups";
  } else {
    return std::make_shared<PatternTokenizer>(std::move(compiled), group);
  }
  return nullptr;
}

std::shared_ptr<const Tokenizer> path_hierarchy_tokenizer(const PathOptions& options) {
  return std::make_shared<PathTokenizer>(options);
}

}  // namespace hornbeam::search
