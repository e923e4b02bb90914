#pragma once

// What the two text syntaxes of queries are parsed into. Fields are not resolved yet, so one tree
// stands for the text whatever the index.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/text_queries.h"

namespace hornbeam::search {

/// A part of a query text.
struct StringNode {
  enum class Kind : std::uint8_t {
    kTerm,      ///< `word`
    kPhrase,    ///< `"some words"~2`
    kPrefix,    ///< `wor*`
    kWildcard,  ///< `w?r*d`, escapes still in
    kFuzzy,     ///< `word~1`
    kRegexp,    ///< `/w.rd/`
    kRange,     ///< `[a TO b}`, `>=5`
    kAll,       ///< `*:*`
    kGroup,     ///< `(a AND b)`
    kNothing,   ///< An empty text.
  };
  enum class Occur : std::uint8_t { kShould, kMust, kMustNot };

  Kind kind = Kind::kNothing;
  std::optional<std::string> field{};  ///< A name or pattern; none: the fields that are asked.
  std::string text{};
  std::optional<std::string> lower{};  ///< Of a range.
  std::optional<std::string> upper{};
  bool includes_lower = true;
  bool includes_upper = true;
  std::optional<std::string> number{};  ///< What stands behind '~'.
  float boost = 1;
  Occur occur = Occur::kShould;  ///< In the group that it is part of.
  std::vector<StringNode> clauses{};
};

/// How deep groups may be inside of each other.
inline constexpr std::size_t kMostNestedGroups = 64;

/// Parses Lucene's classic syntax. The error says where it is wrong.
base::Result<StringNode> parse_query_string(std::string_view text, TextOperator default_operator,
                                            bool allows_leading_wildcard);
/// Parses the simple syntax; any text is one.
StringNode parse_simple_query_string(std::string_view text, TextOperator default_operator,
                                     std::uint32_t flags);

}  // namespace hornbeam::search
