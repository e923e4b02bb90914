#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/query/fuzziness.h"

namespace hornbeam::search {

struct Query;

/// Where the values of a terms query are: in a field of a document, or of all that a query finds.
struct TermsLookup {
  std::string index;
  std::string path;
  std::string id{};
  std::string routing{};
  std::shared_ptr<const Query> query{};  ///< Null: the document `id`.
};

/// Documents with a term that a pattern matches: '*' stands for any characters, '?' for one, and a
/// backslash takes the meaning from what follows it.
struct WildcardQuery {
  std::string field;
  std::string pattern;
  bool ignores_case = false;
};

/// Documents with a term that a regular expression of Lucene's syntax matches as a whole.
struct RegexpQuery {
  std::string field;
  std::string pattern;
  bool ignores_case = false;
};

/// Documents with a term that is nearly the one given.
struct FuzzyQuery {
  std::string field;
  std::string value;
  FuzzyOptions fuzzy{};
};

/// Documents that have as many of some values as they say themselves, in a number field.
struct TermsSetQuery {
  std::string field;
  std::vector<std::string> values;
  std::string minimum_should_match_field;
};

}  // namespace hornbeam::search
