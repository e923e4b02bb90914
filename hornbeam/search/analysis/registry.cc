#include "hornbeam/search/analysis/registry.h"

#include <utility>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/tokenizers.h"

namespace hornbeam::search {
namespace {

using Analyzers = std::map<std::string, std::shared_ptr<const Analyzer>, std::less<>>;

void add(Analyzers& analyzers, std::string name, AnalyzerParts parts) {
  auto analyzer = std::make_shared<const Analyzer>(name, std::move(parts));
  analyzers.insert_or_assign(std::move(name), std::move(analyzer));
}

}  // namespace

AnalyzerRegistry::AnalyzerRegistry() {
  const auto lowercase = lowercase_filter();
  const auto stop = stop_filter(WordSet(english_stop_words()));
  add(analyzers_, "standard", {.tokenizer = standard_tokenizer(), .filters = {lowercase}});
  add(analyzers_, "simple", {.tokenizer = letter_tokenizer(), .filters = {lowercase}});
  add(analyzers_, "stop", {.tokenizer = letter_tokenizer(), .filters = {lowercase, stop}});
  add(analyzers_, "english",
      {.tokenizer = standard_tokenizer(),
       .filters = {english_possessive_filter(), lowercase, stop, porter_stem_filter()}});
  add(analyzers_, "whitespace", {.tokenizer = whitespace_tokenizer()});
  add(analyzers_, "keyword", {.tokenizer = keyword_tokenizer()});
}

AnalyzerRegistry::AnalyzerRegistry(AnalyzerRegistry&&) noexcept = default;
AnalyzerRegistry& AnalyzerRegistry::operator=(AnalyzerRegistry&&) noexcept = default;
AnalyzerRegistry::~AnalyzerRegistry() = default;

std::shared_ptr<const Analyzer> AnalyzerRegistry::find(std::string_view name) const {
  const auto found = analyzers_.find(name);
  return found == analyzers_.end() ? nullptr : found->second;
}

std::shared_ptr<const Analyzer> AnalyzerRegistry::default_analyzer() const {
  auto named = find("default");
  return named ? named : find("standard");
}

}  // namespace hornbeam::search
