#include "hornbeam/search/query/normalize.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace hornbeam::search {
namespace {

/// Asked of the analyzer itself, which may be anyone's.
bool makes_small_letters(const Analyzer& analyzer) {
  const std::vector<std::string> terms = analyzer.terms("HBX");
  return !terms.empty() && terms.front().starts_with('h');
}

}  // namespace

std::string normalize(const Analyzer& analyzer, std::string_view text) {
  if (!makes_small_letters(analyzer)) return std::string(text);
  std::string small;
  icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
      .toLower(icu::Locale::getRoot())
      .toUTF8String(small);
  return small;
}

}  // namespace hornbeam::search
