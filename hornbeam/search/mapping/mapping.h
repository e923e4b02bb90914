#pragma once

// Which fields the documents of an index have, and how each is indexed; fields that it does not
// know are guessed from the first document that has them, as Elasticsearch guesses.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/registry.h"
#include "hornbeam/search/mapping/completion.h"
#include "hornbeam/search/mapping/dynamic_template.h"
#include "hornbeam/search/mapping/field_value.h"
#include "hornbeam/search/segment/indexed_document.h"
#include "hornbeam/search/source/json_paths.h"

namespace hornbeam::search {

/// What the mapping calls a keyword for each value of an object, whatever fields it has.
inline constexpr std::string_view kFlatObject = "flat_object";
/// What the mapping calls objects that are found by themselves.
inline constexpr std::string_view kNestedObject = "nested";

/// How one field is indexed.
struct FieldMapping {
  FieldType type = FieldType::kObject;
  /// What the mapping calls it, where that is not the type's own name: "match_only_text" is a text
  /// and "wildcard" a keyword.
  std::string declared{};
  std::shared_ptr<const Analyzer> analyzer{};  ///< Of a text or a token count.
  bool is_indexed = true;
  bool has_column = true;
  bool has_fielddata = false;                 ///< Of a text: aggregations may count its terms.
  std::optional<std::size_t> ignore_above{};  ///< Longer keywords are left out, in characters.
  std::optional<std::string> null_value{};    ///< What a null stands for.
  std::vector<std::string> copy_to{};
  std::shared_ptr<const Analyzer> search_analyzer{};  ///< Of texts of queries; null: `analyzer`.
  std::shared_ptr<const Analyzer> normalizer{};       ///< Of a keyword; null: it stays as it is.

  /// A keyword as it is indexed.
  std::string normalized(std::string_view keyword) const;
  bool ignores_malformed = false;  ///< A value that is none is left out.
  double scaling_factor = 1;       ///< Of a scaled_float.
  std::string format{};            ///< Of dates; empty: strict_date_optional_time||epoch_millis.
  /// Of a token count: whether the places of words that were taken out count.
  bool counts_gaps = true;
  /// Parameters that change nothing here, kept as JSON to be shown.
  std::map<std::string, std::string, std::less<>> others{};
  std::shared_ptr<const CompletionSettings> completion{};  ///< Of a completion field.
  std::string path{};                                      ///< Of the field that an alias is of.
  std::map<std::string, FieldMapping, std::less<>>
      fields{};  ///< The same value, indexed otherwise.
};

/// What is done with a field that the mapping does not have.
enum class Dynamic : std::uint8_t {
  kTrue,    ///< It is added.
  kFalse,   ///< It is kept in the source only.
  kStrict,  ///< The document is refused.
  /// As `kStrict` and `kFalse`, unless a dynamic template says how it is mapped.
  kStrictAllowTemplates,
  kFalseAllowTemplates,
};

class Mapping;

/// A document taken apart, and the mapping that has its fields if it brought new ones.
struct ReadDocument {
  IndexedDocument document;
  std::shared_ptr<const Mapping> extended{};
};

/// A mapping, with the analyzers that it names.
class Mapping {
 public:
  /// Empty: every field is guessed.
  explicit Mapping(std::shared_ptr<const AnalyzerRegistry> analyzers);

  /// Adds what `{"dynamic": ..., "properties": {...}}` says. Nothing is added if a part is refused,
  /// such as another type for a field that is there.
  base::Result<void> add(base::JsonView json);

  /// The field of that path, such as "author.name" or "title.keyword"; null if there is none. All
  /// that is below a flat object is a keyword as it is.
  const FieldMapping* find(std::string_view path) const noexcept;
  /// The path of the field that an alias stands for; other paths stay as they are.
  std::string_view target(std::string_view path) const noexcept;
  const std::map<std::string, FieldMapping, std::less<>>& fields() const noexcept {
    return fields_;
  }
  /// Whether the objects at a path are found by themselves.
  bool is_nested(std::string_view path) const noexcept;
  /// The path of the innermost nested objects that a field lies in; empty if it lies in none.
  std::string_view nested_around(std::string_view path) const noexcept;
  const AnalyzerRegistry& analyzers() const noexcept { return *analyzers_; }

  /// Whether documents have a source: `"_source": {"enabled": false}` says that they do not.
  bool has_source() const noexcept { return has_source_; }
  /// The parts of it that they have.
  const SourceFilter& source_filter() const noexcept { return source_filter_; }
  /// What is kept of a document: its source, and what fields have that say "store".
  std::string kept_source(base::JsonView source) const;

  /// Takes a document apart. Fields that are guessed are in the mapping that comes with it.
  base::Result<ReadDocument> read(std::string id, base::JsonView source) const;

  /// As JSON that `add` reads.
  std::string json() const;

 private:
  friend class DocumentReader;
  friend class MappingReader;
  friend class NewFields;

  std::shared_ptr<const AnalyzerRegistry> analyzers_;
  Dynamic dynamic_ = Dynamic::kTrue;
  std::vector<DynamicTemplate> templates_{};  ///< The first that matches counts.
  bool has_source_ = true;
  SourceFilter source_filter_{};
  std::map<std::string, FieldMapping, std::less<>> fields_;  ///< By path, objects included.
};

}  // namespace hornbeam::search
