#pragma once

// DocumentationSearch: what a person types, as a search of sections, and the answer as a page shows
// it. The hits are read from the database by `denorm::Finder`.

#include <cstdint>
#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/result.h"
#include "hornbeam/base/rules.h"
#include "hornbeam/base/task.h"
#include "hornbeam/denorm/finder.h"
#include "hornbeam/site/documentation/facets.h"

namespace hornbeam::site {

/// What is looked for. Empty texts ask for nothing.
struct DocumentationQuery {
  std::string q;       ///< The words, as typed: the last may be the beginning of one.
  std::string manual;  ///< As addresses have it.
  std::string tag;
  std::string kind;  ///< "text", "reference" or "code".
  int page = 1;      ///< From 1.
};
constexpr auto describe(base::Type<DocumentationQuery>) {
  using base::field;
  return base::fields(
      field("q", &DocumentationQuery::q, base::or_default, base::length(0, 200)),
      field("manual", &DocumentationQuery::manual, base::or_default, base::length(0, 100)),
      field("tag", &DocumentationQuery::tag, base::or_default, base::length(0, 200)),
      field("kind", &DocumentationQuery::kind, base::or_default, base::length(0, 20)),
      field("page", &DocumentationQuery::page, base::or_default, base::range(1, 50)));
}

/// A section that was found.
struct FoundSection {
  std::string address;             ///< On this site, with the anchor.
  std::string title;               ///< Markup: escaped, matches in `mark`.
  std::string snippet;             ///< Likewise.
  std::string code;                ///< Likewise: lines of an example that match; may be empty.
  std::vector<std::string> trail;  ///< What it stands under, as text.
  std::string manual;              ///< Its name and version.
  bool is_reference = false;
  std::vector<std::string> languages;  ///< Of its examples.
};
constexpr auto describe(base::Type<FoundSection>) {
  using base::field;
  return base::fields(field("address", &FoundSection::address),
                      field("title", &FoundSection::title),
                      field("snippet", &FoundSection::snippet), field("code", &FoundSection::code),
                      field("trail", &FoundSection::trail), field("manual", &FoundSection::manual),
                      field("is_reference", &FoundSection::is_reference),
                      field("languages", &FoundSection::languages));
}

/// What was found.
struct DocumentationAnswer {
  std::uint64_t total = 0;
  bool is_exact = true;  ///< `total` is all there are; else there are more.
  std::vector<FoundSection> sections{};
  std::vector<FacetValue> manuals{};  ///< Each counted without its own choice.
  std::vector<FacetValue> tags{};
  std::vector<FacetValue> kinds{};
  std::string correction{};  ///< What may have been meant; empty: nothing else.
  double milliseconds = 0;   ///< That searching and reading took.
  std::size_t left_out = 0;  ///< Hits that are no longer what was indexed.
};
constexpr auto describe(base::Type<DocumentationAnswer>) {
  using base::field;
  return base::fields(field("total", &DocumentationAnswer::total),
                      field("is_exact", &DocumentationAnswer::is_exact),
                      field("sections", &DocumentationAnswer::sections),
                      field("manuals", &DocumentationAnswer::manuals),
                      field("tags", &DocumentationAnswer::tags),
                      field("kinds", &DocumentationAnswer::kinds),
                      field("correction", &DocumentationAnswer::correction),
                      field("milliseconds", &DocumentationAnswer::milliseconds),
                      field("left_out", &DocumentationAnswer::left_out));
}

/// Sections on a page of results.
inline constexpr int kSectionsOnPage = 10;

/// Searches. Without words it gives the pages themselves, by their path. The error is for people:
/// there is no index yet, or it cannot be read. Lifetime: `finder`, of `sections_type()`, until the
/// task is done.
base::Task<base::Result<DocumentationAnswer>> search_documentation(denorm::Finder& finder,
                                                                   DocumentationQuery query);

/// The body of the search, as JSON; for tests and for whoever wants to see it.
std::string documentation_search_body(const DocumentationQuery& query);

}  // namespace hornbeam::site
