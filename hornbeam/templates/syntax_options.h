#pragma once

#include <string>

namespace hornbeam::templates {

/// How a template's text is told from its instructions, and which white space goes.
struct SyntaxOptions {
  std::string block_begin = "{%";
  std::string block_end = "%}";
  std::string variable_begin = "{{";
  std::string variable_end = "}}";
  std::string comment_begin = "{#";
  std::string comment_end = "#}";
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
