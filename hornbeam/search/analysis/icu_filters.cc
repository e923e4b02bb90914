#include "hornbeam/search/analysis/icu_filters.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

using icu::Normalizer2;

/// Lifetime: the program's. Null if there is no such form.
const Normalizer2* find_form(std::string_view name, bool composes) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 5> kForms = {
      {{"nfc", "nfc"}, {"nfd", "nfc"}, {"nfkc", "nfkc"}, {"nfkd", "nfkc"}, {"nfkc_cf", "nfkc_cf"}}};
  const auto found =
      std::ranges::find(kForms, name, &std::pair<std::string_view, const char*>::first);
  if (found == kForms.end()) return nullptr;
  const bool decomposes = !composes || name == "nfd" || name == "nfkd";
  UErrorCode status = U_ZERO_ERROR;
  const Normalizer2* const form = Normalizer2::getInstance(
      nullptr, found->second, decomposes ? UNORM2_DECOMPOSE : UNORM2_COMPOSE, status);
  return U_SUCCESS(status) ? form : nullptr;
}

/// Appends the text in that form; as it is if ICU has no memory left.
void normalize(const Normalizer2& form, std::string_view text, std::string& out) {
  UErrorCode status = U_ZERO_ERROR;
  const std::size_t before = out.size();
  icu::StringByteSink<std::string> sink(&out);
  form.normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
                     nullptr, status);
  if (U_SUCCESS(status)) return;
  out.resize(before);
  out += text;
}

class NormalizerStage final : public RewritingStage {
 public:
  NormalizerStage(const Normalizer2* form, TokenStage& next) : RewritingStage(next), form_(*form) {}

  void accept(const Token& token) override {
    buffer().clear();
    normalize(form_, token.term, buffer());
    emit_buffer(token);
  }

 private:
  const Normalizer2& form_;
};

/// Letters whose stroke or ligature no decomposition takes off, and what they are held for.
char32_t plain_letter(char32_t letter) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 18> kPlain = {{{U'æ', U'a'},
                                                                            {U'ð', U'd'},
                                                                            {U'ø', U'o'},
                                                                            {U'đ', U'd'},
                                                                            {U'ħ', U'h'},
                                                                            {U'ı', U'i'},
                                                                            {U'ł', U'l'},
                                                                            {U'ŋ', U'n'},
                                                                            {U'œ', U'o'},
                                                                            {U'ŧ', U't'},
                                                                            {U'ƀ', U'b'},
                                                                            {U'ƒ', U'f'},
                                                                            {U'ƙ', U'k'},
                                                                            {U'ƚ', U'l'},
                                                                            {U'ƥ', U'p'},
                                                                            {U'ƶ', U'z'},
                                                                            {U'ǥ', U'g'},
                                                                            {U'ɨ', U'i'}}};
  const auto found = std::ranges::find(kPlain, letter, &std::pair<char32_t, char32_t>::first);
  return found == kPlain.end() ? letter : found->second;
}

class FoldingStage final : public RewritingStage {
 public:
  FoldingStage(NoSettings, TokenStage& next)
      : RewritingStage(next),
        folded_(*find_form("nfkc_cf", true)),
        decomposed_(*find_form("nfkd", true)),
        composed_(*find_form("nfc", true)) {}

  void accept(const Token& token) override {
    first_.clear();
    normalize(folded_, token.term, first_);
    if (!is_ascii(first_)) {
      second_.clear();
      normalize(decomposed_, first_, second_);
      first_.clear();
      take_marks_off();
    }
    buffer().clear();
    normalize(composed_, first_, buffer());
    emit_buffer(token);
  }

 private:
  void take_marks_off() {
    for (std::size_t at = 0; at < second_.size();) {
      const CodePoint point = decode(second_, at);
      at += point.bytes;
      const auto code = static_cast<UChar32>(point.value);
      if (u_charType(code) == U_NON_SPACING_MARK) continue;
      const int digit = u_charDigitValue(code);
      base::append_utf8(
          first_, digit >= 0 ? static_cast<char32_t>(U'0' + digit) : plain_letter(point.value));
    }
  }

  const Normalizer2& folded_;
  const Normalizer2& decomposed_;
  const Normalizer2& composed_;
  std::string first_;
  std::string second_;
};

}  // namespace

std::shared_ptr<const TokenFilter> icu_normalizer_filter(std::string_view name, bool composes) {
  const Normalizer2* const form = find_form(name, composes);
  return form == nullptr ? nullptr : make_filter<NormalizerStage>(form);
}

std::shared_ptr<const TokenFilter> icu_folding_filter() {
  return make_filter<FoldingStage>();
}

}  // namespace hornbeam::search
