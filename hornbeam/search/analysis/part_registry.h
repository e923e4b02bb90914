#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/analyzer.h"
#include "hornbeam/search/analysis/parts.h"

namespace hornbeam::search {

template <class Part>
using NamedParts = std::map<std::string, std::shared_ptr<const Part>, std::less<>>;

/// The parts that the settings of an index define by name, and behind them the built-in ones, whose
/// names are their types.
class PartRegistry {
 public:
  /// Reads `char_filter`, `tokenizer` and `filter` of an `analysis` object.
  static base::Result<PartRegistry> parse(base::JsonView analysis);

  std::shared_ptr<const Tokenizer> find_tokenizer(std::string_view name) const;
  std::shared_ptr<const TokenFilter> find_filter(std::string_view name) const;
  std::shared_ptr<const CharFilter> find_char_filter(std::string_view name) const;

  bool is_global() const noexcept {
    return tokenizers_.empty() && filters_.empty() && char_filters_.empty();
  }

 private:
  NamedParts<Tokenizer> tokenizers_;
  NamedParts<TokenFilter> filters_;
  NamedParts<CharFilter> char_filters_;
};

/// Adds the filter to the parts, bound to those before it.
std::optional<base::Error> add_filter(AnalyzerParts& parts,
                                      std::shared_ptr<const TokenFilter> filter);

}  // namespace hornbeam::search
