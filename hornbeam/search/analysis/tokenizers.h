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

}  // namespace hornbeam::search
