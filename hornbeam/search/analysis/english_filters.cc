#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/porter_stemmer.h"
#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

/// Whether the word ends in one of the three apostrophes and an s; then how many bytes both have.
std::size_t possessive_size(std::string_view term) {
  if (term.empty() || (term.back() | 0x20) != 's') return 0;
  const std::string_view before = term.substr(0, term.size() - 1);
  if (before.ends_with('\'')) return 2;
  return before.ends_with("\u2019") || before.ends_with("\uFF07") ? 4 : 0;
}

class PossessiveStage final : public ForwardingStage {
 public:
  PossessiveStage(NoSettings, TokenStage& next) : ForwardingStage(next) {}

  void accept(const Token& token) override {
    const std::size_t size = possessive_size(token.term);
    if (size == 0) return next().accept(token);
    Token cut = token;
    cut.term.remove_suffix(size);
    next().accept(cut);
  }
};

class PorterStage final : public RewritingStage {
 public:
  PorterStage(NoSettings, TokenStage& next) : RewritingStage(next) {}

  void accept(const Token& token) override {
    if (token.is_keyword || token.term.size() <= 2) return next().accept(token);
    if (is_ascii(token.term)) {
      buffer().assign(token.term);
      buffer().resize(porter_stem(std::span<char>(buffer())));
    } else {
      stem_wide(token.term);
    }
    emit_buffer(token);
  }

 private:
  void stem_wide(std::string_view term) {
    wide_.clear();
    for (std::size_t at = 0; at < term.size();) {
      const CodePoint code_point = decode(term, at);
      at += code_point.bytes;
      if (code_point.value > 0xFFFF) {
        wide_.push_back(static_cast<char16_t>(0xD7C0 + (code_point.value >> 10)));
        wide_.push_back(static_cast<char16_t>(0xDC00 | (code_point.value & 0x3FF)));
      } else {
        wide_.push_back(static_cast<char16_t>(code_point.value));
      }
    }
    wide_.resize(porter_stem(std::span<char16_t>(wide_)));
    buffer().clear();
    for (std::size_t i = 0; i < wide_.size(); ++i) {
      char32_t value = wide_[i];
      if (value >= 0xD800 && value < 0xDC00 && i + 1 < wide_.size()) {
        value = 0x10000 + ((value & 0x3FF) << 10 | (wide_[++i] & 0x3FF));
      }
      base::append_utf8(buffer(), value);
    }
  }

  std::u16string wide_;
};

}  // namespace

std::shared_ptr<const TokenFilter> english_possessive_filter() {
  return make_filter<PossessiveStage>();
}

std::shared_ptr<const TokenFilter> porter_stem_filter() {
  return make_filter<PorterStage>();
}

}  // namespace hornbeam::search
