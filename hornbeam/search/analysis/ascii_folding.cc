#include "hornbeam/search/analysis/ascii_folding.h"

#include <algorithm>

#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

struct Folded {
  char32_t character;
  std::string_view ascii;
};

/// By character, sorted. ASCII itself is not in it.
const std::vector<Folded>& folded_characters() {
  static const std::vector<Folded> kAll = [] {
    std::vector<Folded> all;
    for (const AsciiFolding& folding : ascii_foldings()) {
      for (std::size_t at = 0; at < folding.characters.size();) {
        const CodePoint point = decode(folding.characters, at);
        at += point.bytes;
        all.push_back({point.value, folding.ascii});
      }
    }
    std::ranges::sort(all, {}, &Folded::character);
    return all;
  }();
  return kAll;
}

class AsciiFoldingStage final : public RewritingStage {
 public:
  AsciiFoldingStage(bool keeps_original, TokenStage& next)
      : RewritingStage(next), keeps_original_(keeps_original), folded_(folded_characters()) {}

  void accept(const Token& token) override {
    if (is_ascii(token.term)) return next().accept(token);
    buffer().clear();
    for (std::size_t at = 0; at < token.term.size();) {
      const std::uint32_t bytes = decode(token.term, at).bytes;
      append(token.term.substr(at, bytes), decode(token.term, at).value);
      at += bytes;
    }
    if (buffer() == token.term) return next().accept(token);
    emit_buffer(token);
    if (!keeps_original_) return;
    Token original = token;
    original.position_increment = 0;
    next().accept(original);
  }

 private:
  void append(std::string_view character, char32_t value) {
    const auto found = std::ranges::lower_bound(folded_, value, {}, &Folded::character);
    const bool is_folded = found != folded_.end() && found->character == value;
    buffer() += is_folded ? found->ascii : character;
  }

  bool keeps_original_;
  const std::vector<Folded>& folded_;
};

}  // namespace

std::shared_ptr<const TokenFilter> ascii_folding_filter(bool keeps_original) {
  return make_filter<AsciiFoldingStage>(keeps_original);
}

}  // namespace hornbeam::search
