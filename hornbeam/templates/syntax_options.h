#pragma once

#include <string>

namespace hornbeam::templates {

/// How a template's text is told from its instructions, and which white space goes.
struct SyntaxOptions {
  std::string block_begin = "{%";     ///< Begins a statement.
  std::string block_end = "%}";       ///< Ends a statement.
  std::string variable_begin = "{{";  ///< Begins an expression that is printed.
  std::string variable_end = "}}";    ///< Ends an expression that is printed.
  std::string comment_begin = "{#";   ///< Begins a comment.
  std::string comment_end = "#}";     ///< Ends a comment.
  /// Makes a line that begins with it a statement; empty: none does.
  std::string line_statement_prefix;
  /// Makes the rest of a line a comment; empty: nothing does.
  std::string line_comment_prefix;
  /// Drops the line end right after a block.
  bool trim_blocks = false;
  /// Drops the blanks between a line's beginning and a block.
  bool lstrip_blocks = false;
  /// Keeps one line end at the end of the template, which is dropped otherwise.
  bool keep_trailing_newline = false;
};

}  // namespace hornbeam::templates
