#include "hornbeam/search/analysis/char_filters.h"

#include <algorithm>
#include <map>

#include <re2/re2.h>

#include "hornbeam/search/analysis/text_rewriter.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

/// A trie in a map: few mappings, short ones.
class MappingCharFilter final : public CharFilter {
 public:
  explicit MappingCharFilter(const std::vector<std::pair<std::string, std::string>>& mappings) {
    for (const auto& [from, to] : mappings) {
      mappings_.insert_or_assign(from, to);
      longest_ = std::max(longest_, from.size());
    }
  }

  void filter(std::string_view text, std::string& changed, OffsetMap& offsets) const override {
    TextRewriter rewriter(text, changed, offsets);
    for (std::size_t at = 0; at < text.size();) {
      const auto found = find_longest(text.substr(at));
      if (found == mappings_.end()) {
        at += decode(text, at).bytes;
        continue;
      }
      rewriter.copy_to(at);
      rewriter.replace(found->first.size(), found->second);
      at = rewriter.at();
    }
    rewriter.copy_to(text.size());
  }

 private:
  using Mappings = std::map<std::string, std::string, std::less<>>;

  Mappings::const_iterator find_longest(std::string_view text) const {
    for (std::size_t size = std::min(longest_, text.size()); size > 0; --size) {
      const auto found = mappings_.find(text.substr(0, size));
      if (found != mappings_.end()) return found;
    }
    return mappings_.end();
  }

  Mappings mappings_;
  std::size_t longest_ = 0;
};

class PatternReplaceCharFilter final : public CharFilter {
 public:
  PatternReplaceCharFilter(std::shared_ptr<const re2::RE2> pattern, std::string replacement)
      : pattern_(std::move(pattern)), replacement_(std::move(replacement)) {}

  void filter(std::string_view text, std::string& changed, OffsetMap& offsets) const override {
    TextRewriter rewriter(text, changed, offsets);
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(re2::RE2::MaxSubmatch(replacement_)) + 1);
    const re2::StringPiece all(text.data(), text.size());
    std::size_t from = 0;
    std::string replacement;
    while (from <= text.size() && pattern_->Match(all, from, text.size(), re2::RE2::UNANCHORED,
                                                  groups.data(), static_cast<int>(groups.size()))) {
      const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
      replacement.clear();
      pattern_->Rewrite(&replacement, replacement_, groups.data(), static_cast<int>(groups.size()));
      rewriter.copy_to(begin);
      rewriter.replace(groups[0].size(), replacement);
      const std::size_t end = rewriter.at();
      // A match of nothing must not be found again.
      from = end > begin ? end : end + (end < text.size() ? decode(text, end).bytes : 1);
    }
    rewriter.copy_to(text.size());
  }

 private:
  std::shared_ptr<const re2::RE2> pattern_;
  std::string replacement_;  // As RE2 writes it, with \1.
};

/// Java's "$1" as RE2's "\1".
std::string re2_replacement(std::string_view java) {
  std::string out;
  for (std::size_t at = 0; at < java.size(); ++at) {
    const char next = at + 1 < java.size() ? java[at + 1] : '\0';
    if (java[at] == '$' && next >= '0' && next <= '9') {
      out += '\\';
    } else if (java[at] == '\\' && next != '\0') {
      out += java[++at] == '\\' ? "\\\\" : std::string(1, java[at]);
    } else {
      out += java[at];
    }
  }
  return out;
}

}  // namespace

std::shared_ptr<const CharFilter> mapping_char_filter(
    const std::vector<std::pair<std::string, std::string>>& mappings) {
  return std::make_shared<MappingCharFilter>(mappings);
}

std::shared_ptr<const CharFilter> pattern_replace_char_filter(const std::string& pattern,
                                                              std::string_view replacement,
                                                              std::string& failure) {
  auto compiled = std::make_shared<const re2::RE2>(pattern, re2::RE2::Quiet);
  std::string rewritten = re2_replacement(replacement);
  if (!compiled->ok()) {
    failure = compiled->error();
  } else if (compiled->CheckRewriteString(rewritten, &failure)) {
    return std::make_shared<PatternReplaceCharFilter>(std::move(compiled), std::move(rewritten));
  }
  return nullptr;
}

}  // namespace hornbeam::search
