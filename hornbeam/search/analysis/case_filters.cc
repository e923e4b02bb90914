#include <algorithm>

#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/java_character.h"
#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

bool is_upper_or_beyond(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80 || static_cast<unsigned char>(value - 'A') < 26;
}

bool is_lower_or_beyond(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80 || static_cast<unsigned char>(value - 'a') < 26;
}

template <bool may_change(char), char32_t mapped(char32_t)>
class CaseStage final : public RewritingStage {
 public:
  CaseStage(NoSettings, TokenStage& next) : RewritingStage(next) {}

  void accept(const Token& token) override {
    const std::string_view term = token.term;
    const auto first = std::ranges::find_if(term, may_change);
    if (first == term.end()) return next().accept(token);
    buffer().assign(term.begin(), first);
    for (auto at = static_cast<std::size_t>(first - term.begin()); at < term.size();) {
      const CodePoint code_point = decode(term, at);
      at += code_point.bytes;
      if (code_point.value < 0x80) {
        buffer().push_back(static_cast<char>(mapped(code_point.value)));
      } else {
        base::append_utf8(buffer(), mapped(code_point.value));
      }
    }
    emit_buffer(token);
  }
};

}  // namespace

std::shared_ptr<const TokenFilter> lowercase_filter() {
  return make_filter<CaseStage<is_upper_or_beyond, to_java_lower>>();
}

std::shared_ptr<const TokenFilter> uppercase_filter() {
  return make_filter<CaseStage<is_lower_or_beyond, to_java_upper>>();
}

}  // namespace hornbeam::search
