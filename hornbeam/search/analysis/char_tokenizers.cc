// The tokenizers that ask each code point alone whether it belongs to a token.

#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/token_between.h"
#include "hornbeam/search/analysis/tokenizers.h"

namespace hornbeam::search {
namespace {

/// Hands on runs of the code points for which `belongs` is true.
template <bool belongs(char32_t)>
class CharTokenizer final : public Tokenizer {
 public:
  explicit CharTokenizer(std::uint32_t max_token_length) : max_token_length_(max_token_length) {}

  void tokenize(std::string_view text, TokenStage& sink) const override {
    TextPlace start;
    TextPlace at;
    const auto emit = [&] {
      if (start == at) return;
      sink.accept(token_between(text, start, at));
      start = at;
    };
    while (at.byte < text.size()) {
      const CodePoint code_point = decode(text, at.byte);
      const bool is_inside = belongs(code_point.value);
      if (!is_inside) emit();
      at.byte += code_point.bytes;
      at.offset += code_point.units();
      if (!is_inside) start = at;
      // As Lucene does, which cuts behind the code point that reaches the limit.
      if (is_inside && at.offset - start.offset >= max_token_length_) emit();
    }
    emit();
    sink.finish({.end_offset = at.offset, .end_byte = at.byte});
  }

 private:
  std::uint32_t max_token_length_;
};

bool is_letter(char32_t code_point) {
  if (code_point < 0x80) return (code_point | 0x20) - U'a' < 26;
  return is_java_letter(code_point);
}

bool is_no_space(char32_t code_point) {
  if (code_point < 0x80) {
    return code_point > 0x20 || !((code_point >= 0x09 && code_point <= 0x0D) ||
                                  (code_point >= 0x1C && code_point <= 0x20));
  }
  return !is_java_whitespace(code_point);
}

class KeywordTokenizer final : public Tokenizer {
 public:
  void tokenize(std::string_view text, TokenStage& sink) const override {
    const TextPlace end{utf16_length(text), static_cast<std::uint32_t>(text.size())};
    sink.accept(token_between(text, {}, end));
    sink.finish({.end_offset = end.offset, .end_byte = end.byte});
  }
};

}  // namespace

std::shared_ptr<const Tokenizer> letter_tokenizer(std::uint32_t max_token_length) {
  return std::make_shared<CharTokenizer<is_letter>>(max_token_length);
}

std::shared_ptr<const Tokenizer> whitespace_tokenizer(std::uint32_t max_token_length) {
  return std::make_shared<CharTokenizer<is_no_space>>(max_token_length);
}

std::shared_ptr<const Tokenizer> keyword_tokenizer() {
  return std::make_shared<KeywordTokenizer>();
}

}  // namespace hornbeam::search
