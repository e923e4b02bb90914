#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/denorm/document_type.h"

namespace hornbeam::site {

/// A section as searches have it, with what it needs of the document it stands in.
struct SectionDocument {
  std::int64_t id = 0;
  std::string manual;   ///< As addresses have it.
  std::string name;     ///< The manual's.
  std::string version;  ///< The manual's.
  std::string path;     ///< The document's, within the manual.
  std::string anchor;   ///< Within the document.
  int level = 1;
  std::string title;
  std::vector<std::string> trail{};  ///< The headings it stands under, the document's first.
  std::vector<std::string> tags{};   ///< The document's.
  std::vector<std::string> kinds{};  ///< "reference" or "text", and "code" if it has examples.
  std::string names;  ///< The words of its anchor and title, identifiers taken apart.
  std::string text;
  std::vector<std::string> code{};
  std::vector<std::string> languages{};  ///< Of the examples, each once.
};

/// The type of these documents, called "sections".
denorm::DocumentType sections_type();

constexpr auto describe(base::Type<SectionDocument>) {
  using base::field;
  return base::fields(
      field("id", &SectionDocument::id), field("manual", &SectionDocument::manual),
      field("name", &SectionDocument::name), field("version", &SectionDocument::version),
      field("path", &SectionDocument::path), field("anchor", &SectionDocument::anchor),
      field("level", &SectionDocument::level), field("title", &SectionDocument::title),
      field("trail", &SectionDocument::trail), field("tags", &SectionDocument::tags),
      field("kinds", &SectionDocument::kinds), field("names", &SectionDocument::names),
      field("text", &SectionDocument::text), field("code", &SectionDocument::code),
      field("languages", &SectionDocument::languages));
}

}  // namespace hornbeam::site
