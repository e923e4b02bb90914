#pragma once

// Sql: SQL that was written in the program, never put together from input. A literal is checked
// where it is compiled: as many `?` as arguments, and no other kind of placeholder. PostgreSQL's
// operators with a question mark are written with two: `document ?? 'key'`.

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace hornbeam::data {

namespace internal {

// Not constexpr on purpose: reaching one of them while a literal is checked is the compile error,
// and its name the text.
void the_sql_has_another_number_of_placeholders_than_there_are_arguments();
void the_sql_has_a_numbered_placeholder_write_a_plain_question_mark();

constexpr bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// PostgreSQL's text with backslashes, `E'it\'s'`: the place after it, its first quote at `quote`.
constexpr std::size_t skip_escaped(std::string_view sql, std::size_t quote) {
  for (std::size_t at = quote + 1; at < sql.size(); ++at) {
    if (sql[at] == '\\') {
      ++at;
    } else if (sql[at] == '\'') {
      return at + 1;
    }
  }
  return sql.size();
}

/// PostgreSQL's text between dollars, `$$...$$` or `$tag$...$tag$`; `at` itself if none begins.
constexpr std::size_t skip_dollar_quoted(std::string_view sql, std::size_t at) {
  std::size_t end = at + 1;
  while (end < sql.size() && is_word_character(sql[end])) ++end;
  const bool is_number = at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9';
  const bool follows_word = at > 0 && is_word_character(sql[at - 1]);
  if (end >= sql.size() || sql[end] != '$' || is_number || follows_word) return at;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const std::size_t close = sql.find(tag, end + 1);
  return close == std::string_view::npos ? sql.size() : close + tag.size();
}

/// The place after the quoted text or comment that begins at `at`; `at` itself if none does.
constexpr std::size_t skip_quoted(std::string_view sql, std::size_t at) {
  const auto past = [&](std::string_view end, std::size_t from) {
    const std::size_t found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
  };
  switch (sql[at]) {
    case 'e':
    case 'E':
      if (at + 1 >= sql.size() || sql[at + 1] != '\'') return at;
      return at > 0 && is_word_character(sql[at - 1]) ? at : skip_escaped(sql, at + 1);
    case '$':
      return skip_dollar_quoted(sql, at);
    case '\'':
      return past("'", at + 1);
    case '"':
      return past("\"", at + 1);
    case '-':
      return sql.substr(at).starts_with("--") ? past("\n", at) : at;
    case '/':
      return sql.substr(at).starts_with("/*") ? past("*/", at + 2) : at;
    default:
      return at;
  }
}

constexpr std::size_t count_placeholders(std::string_view sql) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t after = skip_quoted(sql, at);
    if (after != at) {
      at = after;
      continue;
    }
    if (sql.substr(at).starts_with("??")) {
      at += 2;
      continue;
    }
    if (sql[at] == '?') {
      ++count;
      if (at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9') {
        the_sql_has_a_numbered_placeholder_write_a_plain_question_mark();
      }
    }
    ++at;
  }
  return count;
}

}  // namespace internal

/// SQL that is no literal: made by `unchecked_sql`.
struct UncheckedSql {
  std::string_view text;  ///< As it is sent. Nothing checks it.
};

/// The escape hatch for SQL put together while running. Values still go through `?`; whoever calls
/// this answers for every other character of `text`.
inline UncheckedSql unchecked_sql(std::string_view text) {
  return {text};
}

/// The SQL of a statement that takes `Args`.
template <class... Args>
class BasicSql {
 public:
  /// Counts the `?` while it compiles; another number than there are arguments does not compile.
  template <std::size_t Size>
  consteval BasicSql(const char (&literal)[Size])  // NOLINT(google-explicit-constructor)
      : text_(literal, Size - 1) {
    if (internal::count_placeholders(text_) != sizeof...(Args)) {
      internal::the_sql_has_another_number_of_placeholders_than_there_are_arguments();
    }
  }
  /// Takes SQL made at run time, whose placeholders the database counts.
  BasicSql(UncheckedSql sql) : text_(sql.text) {}  // NOLINT(google-explicit-constructor)

  /// The SQL as it is sent.
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// `BasicSql` for a function's arguments, in a place where they are not deduced from it.
template <class... Args>
using Sql = BasicSql<std::type_identity_t<Args>...>;

}  // namespace hornbeam::data
