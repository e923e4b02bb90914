#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hornbeam/search/analysis/component.h"

namespace hornbeam::search {

/// Words by Unicode's UAX #29, as Lucene's StandardTokenizer cuts them. A word longer than
/// `max_token_length` UTF-16 code units is cut there.
std::shared_ptr<const Tokenizer> standard_tokenizer(std::uint32_t max_token_length = 255);

/// Runs of letters, cut after `max_token_length` UTF-16 code units.
std::shared_ptr<const Tokenizer> letter_tokenizer(std::uint32_t max_token_length = 255);

/// What is between white space, cut after `max_token_length` UTF-16 code units.
std::shared_ptr<const Tokenizer> whitespace_tokenizer(std::uint32_t max_token_length = 255);

/// The whole text as one token.
std::shared_ptr<const Tokenizer> keyword_tokenizer();

/// Which characters n-grams are made of; all if none is set.
struct GramCharacters {
  bool letters = false;
  bool digits = false;
  bool whitespace = false;
  bool punctuation = false;
  bool symbols = false;
  std::u32string custom{};
};

/// The pieces of `min` to `max` code points of each run of such characters; those that begin a run
/// only if `from_start_only`.
struct NgramTokenizerOptions {
  std::uint32_t min = 1;
  std::uint32_t max = 2;
  bool from_start_only = false;
  GramCharacters characters{};
};
std::shared_ptr<const Tokenizer> ngram_tokenizer(NgramTokenizerOptions options);

/// What is between the matches of `pattern` (RE2), or the `group` of each if that is not -1.
/// Nothing if the pattern is none, or has no such group; `failure` says why then.
std::shared_ptr<const Tokenizer> pattern_tokenizer(const std::string& pattern, int group,
                                                   std::string& failure);

/// A path and the paths above it: /a, /a/b, /a/b/c, with `replacement` for each `delimiter`.
struct PathOptions {
  char32_t delimiter = U'/';
  char32_t replacement = U'/';
  std::uint32_t skip = 0;  ///< How many of the uppermost parts are left out.
};
std::shared_ptr<const Tokenizer> path_hierarchy_tokenizer(const PathOptions& options);

}  // namespace hornbeam::search
