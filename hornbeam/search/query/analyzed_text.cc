#include "hornbeam/search/query/analyzed_text.h"

#include <algorithm>

namespace hornbeam::search {

AnalyzedText AnalyzedText::of(const Analyzer& analyzer, std::string_view text) {
  AnalyzedText found;
  std::uint32_t position = 0;
  analyzer.analyze(text, [&](const Token& token) {
    if (!found.tokens.empty()) position += token.position_increment;
    found.tokens.push_back({.term = std::string(token.term),
                            .position = position,
                            .length = std::max<std::uint32_t>(token.position_length, 1)});
  });
  return found;
}

bool AnalyzedText::is_graph() const noexcept {
  return std::ranges::any_of(tokens, [](const PlacedToken& token) { return token.length > 1; });
}

std::vector<AnalyzedText::Section> AnalyzedText::sections() const {
  std::vector<Section> sections;
  std::uint32_t reach = 0;
  for (const PlacedToken& token : tokens) {
    if (sections.empty() || token.position >= reach) {
      sections.push_back({.begin = token.position});
    }
    reach = std::max(reach, token.position + token.length);
    sections.back().end = reach;
  }
  return sections;
}

std::vector<TokenPath> AnalyzedText::paths() const {
  return tokens.empty() ? std::vector<TokenPath>()
                        : paths({.begin = 0, .end = sections().back().end});
}

std::vector<TokenPath> AnalyzedText::paths(const Section& section) const {
  struct Open {
    TokenPath path;
    std::uint32_t at;
  };
  std::vector<TokenPath> done;
  std::vector<Open> open = {{.path = {}, .at = section.begin}};
  // Every step moves a path forward; those beyond the limit are given up.
  while (!open.empty() && done.size() < kMostPaths) {
    Open last = std::move(open.back());
    open.pop_back();
    if (last.at >= section.end) {
      done.push_back(std::move(last.path));
      continue;
    }
    // Positions without a token are gaps, which stop words leave.
    std::uint32_t next = section.end;
    for (const PlacedToken& token : tokens) {
      if (token.position >= last.at) next = std::min(next, token.position);
    }
    if (next == section.end) {
      done.push_back(std::move(last.path));
      continue;
    }
    for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
      if (token->position != next || open.size() >= kMostPaths) continue;
      Open longer = {.path = last.path, .at = next + token->length};
      longer.path.push_back(&*token);
      open.push_back(std::move(longer));
    }
  }
  return done;
}

}  // namespace hornbeam::search
