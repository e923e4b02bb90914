#pragma once

// Lexer: from a template's text to tokens, with the white space rules of Jinja applied.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/templates/syntax_options.h"

namespace hornbeam::templates::internal {

struct Token {
  enum class Kind : std::uint8_t {
    kData,
    kVariableBegin,
    kVariableEnd,
    kBlockBegin,
    kBlockEnd,
    kName,
    kText,
    kInteger,
    kFloat,
    kOperator,
    kEnd
  };
  Kind kind;
  std::string text;  ///< Data, a name, an operator's sign, or a literal's value.
  int line;
};

/// Throws TemplateError with the line located by `name` and `source`.
std::vector<Token> tokens_of(std::string_view source, std::string_view name,
                             const SyntaxOptions& options);

}  // namespace hornbeam::templates::internal
