#pragma once

// Fields of the type "completion". Each of their inputs is a term of the ordinary dictionary, which
// begins with the input as the analyzer makes it, so that what completes a text is a range of
// terms; behind that it carries the weight, the contexts and the input as it was given:
//
//   words joined by 0x1F, 0x00, weight (4 bytes, high first), contexts (count and pairs of name and
//   value, each with its length before it in 2 bytes), input

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/analysis/analyzer.h"

namespace hornbeam::search {

/// Something that suggestions are filtered by.
struct CompletionContext {
  std::string name;
  bool is_geo = false;
  std::optional<std::string> path{};  ///< The field of the document that says it.
  std::size_t precision = 6;          ///< Of a place: characters of its geohash.
};

/// How a completion field is indexed.
struct CompletionSettings {
  std::vector<CompletionContext> contexts{};
  std::size_t max_input_length = 50;  ///< In UTF-16 code units.
  bool preserves_separators = true;
  bool preserves_position_increments = true;

  const CompletionContext* find(std::string_view name) const noexcept;
  /// Reads a parameter of the field's mapping; false if it knows none of that name.
  base::Result<bool> read(std::string_view name, base::JsonView value);
  /// The parameters as members of the mapping, without braces.
  std::string json() const;
};

/// By name.
using CompletionContexts = std::map<std::string, std::vector<std::string>>;

/// One input of a document.
struct CompletionInput {
  std::string text;
  std::int64_t weight = 1;
  CompletionContexts contexts{};
};

/// Reads a value: an input, or an object with `input`, `weight` and `contexts`. Contexts that have
/// a path are read from `source`, the whole document.
base::Result<std::vector<CompletionInput>> read_completions(std::string_view field,
                                                            const CompletionSettings& settings,
                                                            base::JsonView value,
                                                            base::JsonView source);

/// What the terms begin with whose inputs begin with `text`.
std::string completion_key(const Analyzer& analyzer, const CompletionSettings& settings,
                           std::string_view text);
std::string completion_term(const Analyzer& analyzer, const CompletionSettings& settings,
                            const CompletionInput& input);
/// What a term says; nothing if it is none. `key` is the words in front.
struct CompletionTerm {
  std::string_view key;
  CompletionInput input;
};
std::optional<CompletionTerm> read_completion_term(std::string_view term);

/// The geohash of a place: an object with `lat` and `lon`, "lat,lon", or a geohash itself. Nothing
/// if it is no place.
std::optional<std::string> place_hash(base::JsonView place, std::size_t precision);

}  // namespace hornbeam::search
