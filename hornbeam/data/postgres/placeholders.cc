#include "hornbeam/data/postgres/placeholders.h"

#include <algorithm>

#include "hornbeam/data/sql.h"

namespace hornbeam::data::postgres {

namespace {

/// The first place that is neither space nor comment nor semicolon.
std::size_t first_word(std::string_view sql) {
  std::size_t at = 0;
  while (at < sql.size()) {
    const bool is_comment = sql[at] == '-' || sql[at] == '/';
    const std::size_t after = is_comment ? internal::skip_quoted(sql, at) : at;
    if (after != at) {
      at = after;
    } else if (std::string_view(" \t\r\n\f;").find(sql[at]) != std::string_view::npos) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

Translated translate_placeholders(std::string_view sql) {
  Translated made;
  made.sql.reserve(sql.size() + 16);
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t after = internal::skip_quoted(sql, at);
    if (after != at) {
      made.sql += sql.substr(at, after - at);
      at = after;
    } else if (sql.substr(at).starts_with("??")) {
      made.sql += '?';
      at += 2;
    } else if (sql[at] == '?') {
      made.sql += '$' + std::to_string(++made.parameters);
      ++at;
    } else {
      made.sql += sql[at++];
    }
  }
  return made;
}

bool is_transaction_control(std::string_view sql) {
  const std::string_view rest = sql.substr(first_word(sql));
  std::string word;
  for (const char c : rest) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if (lower < 'a' || lower > 'z') break;
    word += lower;
  }
  constexpr std::string_view kControls[] = {"begin",    "start", "commit",    "end",
                                            "rollback", "abort", "savepoint", "release"};
  return std::ranges::find(kControls, word) != std::end(kControls);
}

bool is_blank(std::string_view sql) {
  return first_word(sql) == sql.size();
}

}  // namespace hornbeam::data::postgres
