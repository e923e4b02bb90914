#include "hornbeam/search/analysis/synonym_map.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace hornbeam::search {
namespace {

using Phrase = SynonymMap::Phrase;

/// Cuts at commas; a backslash takes the meaning of what is behind it.
std::vector<std::string> phrases_of(std::string_view side) {
  std::vector<std::string> phrases(1);
  for (std::size_t at = 0; at < side.size(); ++at) {
    if (side[at] == ',') {
      phrases.emplace_back();
    } else {
      if (side[at] == '\\' && at + 1 < side.size()) ++at;
      phrases.back().push_back(side[at]);
    }
  }
  return phrases;
}

base::Result<Phrase> terms_of(const std::string& text, const Analyzer& analyzer) {
  Phrase terms;
  bool has_gap = false;
  analyzer.analyze(text, [&](const Token& token) {
    has_gap = has_gap || token.position_increment != 1;
    terms.emplace_back(token.term);
  });
  const auto refused = [&](std::string_view why) {
    return base::error("illegal_argument_exception",
                       fmt::format("failed to build synonyms: term: {} {}", text, why));
  };
  if (terms.empty()) return refused("was completely eliminated by analyzer");
  if (has_gap) return refused("analyzed to a token with position increment != 1");
  return terms;
}

base::Result<std::vector<Phrase>> read_side(std::string_view side, const Analyzer& analyzer,
                                            bool is_lenient) {
  std::vector<Phrase> phrases;
  for (const std::string& text : phrases_of(side)) {
    auto terms = terms_of(text, analyzer);
    if (terms) {
      phrases.push_back(std::move(*terms));
    } else if (!is_lenient) {
      return std::unexpected(std::move(terms.error()));
    }
  }
  return phrases;
}

void add_equals(SynonymMap& map, const std::vector<Phrase>& equals, bool expands) {
  for (std::size_t i = 0; i < equals.size(); ++i) {
    if (!expands) map.add(equals[i], equals[0], false);
    for (std::size_t j = 0; expands && j < equals.size(); ++j) {
      if (i != j) map.add(equals[i], equals[j], true);
    }
  }
}

}  // namespace

base::Result<SynonymMap> SynonymMap::parse(const std::vector<std::string>& rules,
                                           const Analyzer& analyzer, bool expands,
                                           bool is_lenient) {
  SynonymMap map;
  for (const std::string_view rule : rules) {
    if (rule.empty() || rule.front() == '#') continue;
    const std::size_t arrow = rule.find("=>");
    auto inputs = read_side(rule.substr(0, arrow), analyzer, is_lenient);
    if (!inputs) return std::unexpected(std::move(inputs.error()));
    if (arrow == std::string_view::npos) {
      add_equals(map, *inputs, expands);
      continue;
    }
    auto outputs = read_side(rule.substr(arrow + 2), analyzer, is_lenient);
    if (!outputs) return std::unexpected(std::move(outputs.error()));
    for (const Phrase& input : *inputs) {
      for (const Phrase& output : *outputs) map.add(input, output, false);
    }
  }
  return map;
}

const SynonymMap::Entry* SynonymMap::find(const Phrase& phrase) const {
  const auto found = entries_.find(phrase);
  return found == entries_.end() ? nullptr : &found->second;
}

void SynonymMap::add(const Phrase& input, const Phrase& output, bool keeps_original) {
  Entry& entry = entries_[input];
  entry.keeps_original = entry.keeps_original || keeps_original;
  if (std::ranges::find(entry.outputs, output) == entry.outputs.end()) {
    entry.outputs.push_back(output);
  }
  longest_input_ = std::max(longest_input_, input.size());
  longest_ = std::max({longest_, input.size(), output.size()});
}

}  // namespace hornbeam::search
