#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/query/fuzziness.h"
#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// Words that are like the words of a text.
struct TermSuggest {
  enum class Mode : std::uint8_t {
    kMissing,  ///< For words that are not in the index.
    kPopular,  ///< Only words that more documents have.
    kAlways,
  };
  std::string field;
  std::string analyzer{};
  std::size_t size = 5;
  Mode mode = Mode::kMissing;
  bool is_by_frequency = false;  ///< The order: by frequency, not by likeness.
  std::uint32_t max_edits = 2;
  std::size_t prefix_length = 1;
  std::size_t min_word_length = 4;
  float min_doc_freq = 0;       ///< Below 1: a part of the documents.
  float max_term_freq = 0.01F;  ///< Words in more documents are right.
};

/// The text with words that make it a likelier one.
struct PhraseSuggest {
  std::string field;
  std::string analyzer{};
  std::size_t size = 5;
  float real_word_error_likelihood = 0.95F;
  float confidence = 1;  ///< Only phrases that score this much above the text itself.
  float max_errors = 1;  ///< Words that may be wrong: below 1, a part of them.
  std::string pre_tag{};
  std::string post_tag{};
  TermSuggest generator{};  ///< Of the candidates for each word.
};

/// Inputs of a completion field that begin with the text.
struct CompletionSuggest {
  struct Context {
    std::string value;
    float boost = 1;
    bool is_prefix = false;
  };
  std::string field;
  std::size_t size = 5;
  bool skips_duplicates = false;
  std::optional<FuzzyOptions> fuzzy{};
  std::size_t fuzzy_min_length = 3;  ///< Shorter texts are not looked for fuzzily.
  std::map<std::string, std::vector<Context>> contexts{};
  bool is_regexp = false;  ///< The text is a regular expression for beginnings.
};

/// What is to be suggested.
struct SuggestRequest {
  struct Entry {
    std::string name;
    std::string text;
    std::variant<TermSuggest, PhraseSuggest, CompletionSuggest> suggester{};
  };
  std::vector<Entry> entries{};
};

/// What was suggested.
struct SuggestOption {
  std::string text;
  float score = 0;
  std::uint64_t freq = 0;     ///< Of a term: documents that have it.
  std::string highlighted{};  ///< Of a phrase, if tags were given.
  std::string id{};           ///< Of a completion: the document ...
  std::string source{};       ///< ... what it says ...
  std::size_t target = 0;     ///< ... which of the indices has it ...
  DocId doc = 0;              ///< ... and where.
  std::map<std::string, std::vector<std::string>> contexts{};  ///< By which it was found.
};
struct SuggestEntry {
  std::string text;
  std::size_t offset = 0;  ///< In UTF-16 code units, as `length`.
  std::size_t length = 0;
  std::vector<SuggestOption> options{};
};
struct Suggestion {
  std::string name;
  std::string type;  ///< "term", "phrase", "completion".
  std::vector<SuggestEntry> entries{};
};

/// Reads the object `suggest` of a search. Throws query_reader::Refusal.
SuggestRequest read_suggest(base::JsonView json);

}  // namespace hornbeam::search
