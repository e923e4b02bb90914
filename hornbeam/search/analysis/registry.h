#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/analyzer.h"

namespace hornbeam::search {

/// The analyzers of an index by name: the built-in ones and those its settings define.
class AnalyzerRegistry {
 public:
  /// The built-in ones only.
  AnalyzerRegistry();

  /// Reads the `analysis` object of an index's settings, such as
  /// `{"analyzer": {"mine": {"type": "custom", "tokenizer": "standard", "filter":
  /// ["lowercase"]}}}`. An error is worded as OpenSearch words it; its code is OpenSearch's type,
  /// such as "illegal_argument_exception".
  static base::Result<AnalyzerRegistry> parse(base::JsonView analysis);

  AnalyzerRegistry(AnalyzerRegistry&&) noexcept;
  AnalyzerRegistry& operator=(AnalyzerRegistry&&) noexcept;
  ~AnalyzerRegistry();

  /// The analyzer of that name, or none.
  std::shared_ptr<const Analyzer> find(std::string_view name) const;

  /// What makes keywords alike, such as "lowercase" and those of the settings, or none. Each text
  /// is one token.
  std::shared_ptr<const Analyzer> find_normalizer(std::string_view name) const;

  /// The analyzer of a field that names none: "default" of the settings, else "standard".
  std::shared_ptr<const Analyzer> default_analyzer() const;

  /// An analyzer built for one call from the body of `_analyze`: its `tokenizer`, `filter` and
  /// `char_filter`, each a name or an object with a `type`. Without a tokenizer the text is one
  /// token.
  base::Result<std::shared_ptr<const Analyzer>> make(base::JsonView body) const;

 private:
  struct Parts;

  std::map<std::string, std::shared_ptr<const Analyzer>, std::less<>> analyzers_;
  std::map<std::string, std::shared_ptr<const Analyzer>, std::less<>> normalizers_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hornbeam::search
