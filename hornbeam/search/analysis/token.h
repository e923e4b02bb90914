#pragma once

#include <cstdint>
#include <string_view>

namespace hornbeam::search {

/// One occurrence of a term in a text.
/// Lifetime: `term` is valid until the call that handed the token over returns; `type` forever.
struct Token {
  std::string_view term;
  std::string_view type = "word";  ///< As Lucene names it: "<ALPHANUM>", "<NUM>", "SYNONYM", ...
  std::uint32_t start_offset = 0;  ///< In UTF-16 code units of the text, as `_analyze` says it.
  std::uint32_t end_offset = 0;    ///< Behind the last code unit.
  std::uint32_t start_byte = 0;    ///< The same places in bytes, for those who cut the text.
  std::uint32_t end_byte = 0;
  std::uint32_t position_increment = 1;  ///< 0 beside the token before, 2 behind a stop word.
  std::uint32_t position_length = 1;     ///< How many positions the token spans in a graph.
  bool is_keyword = false;               ///< Stemmers leave it as it is.
};

/// What is left to say when the last token was handed over.
struct StreamEnd {
  std::uint32_t end_offset = 0;  ///< The length of the text in UTF-16 code units.
  std::uint32_t end_byte = 0;
  /// Positions behind the last token: those of stop words at the end. They lie between this value
  /// and the next one of the same field.
  std::uint32_t position_increment = 0;
};

/// Takes the tokens of a text in order.
class TokenSink {
 public:
  virtual ~TokenSink() = default;

  /// Takes one token; what is to be kept of `token.term` must be copied.
  virtual void accept(const Token& token) = 0;
};

}  // namespace hornbeam::search
