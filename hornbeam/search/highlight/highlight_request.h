#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/query.h"

namespace hornbeam::search {

/// How the matches in a field are shown. What a field does not say, the request says.
struct HighlightOptions {
  std::optional<std::string> type{};  ///< "unified", "plain", "fvh": all find the same.
  std::optional<std::vector<std::string>> pre_tags{};   ///< None: "<em>".
  std::optional<std::vector<std::string>> post_tags{};  ///< None: "</em>".
  std::optional<std::int64_t> fragment_size{};          ///< In characters; 100.
  std::optional<std::int64_t> number_of_fragments{};    ///< 5; 0 shows whole values.
  std::optional<std::int64_t> no_match_size{};          ///< Shown where nothing matches; 0.
  std::optional<std::int64_t> max_analyzer_offset{};    ///< How far a text is looked at.
  std::optional<bool> require_field_match{};            ///< Yes: other fields' terms do not count.
  std::optional<bool> is_ordered_by_score{};            ///< No: as they stand in the text.
  std::optional<bool> escapes_html{};
  std::optional<std::string> boundary_scanner{};  ///< "sentence", "word".
  std::vector<std::string> matched_fields{};      ///< Whose matches are shown in this one too.
  std::shared_ptr<const Query> query{};           ///< Null: that of the search.
};

/// What of the hits is highlighted.
struct HighlightRequest {
  struct Field {
    std::string name;  ///< Or a pattern, such as "comment*".
    HighlightOptions options{};
  };
  HighlightOptions options{};
  std::vector<Field> fields{};
};

/// Fragments by field.
using Highlights = std::map<std::string, std::vector<std::string>>;

/// Reads the object `highlight` of a search. Throws query_reader::Refusal.
HighlightRequest read_highlight(base::JsonView json);

}  // namespace hornbeam::search
