#pragma once

// The tables of documentation, normalized: a version of a manual has documents (its pages), a
// document has headings, tags and sections, a section has a heading and examples.
//
// Foreign keys are named as what they lead to, so that `DocSection::document` is a document's id.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/describe.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"
#include "hornbeam/data/table.h"

namespace hornbeam::site {

/// A manual, in the version that is at hand.
struct DocVersion {
  std::int64_t id = 0;
  std::string manual;   ///< As addresses have it, such as "django".
  std::string name;     ///< As people have it, such as "Django".
  std::string version;  ///< Such as "3.2".
};
constexpr auto describe(base::Type<DocVersion>) {
  using base::field;
  return base::fields(field("id", &DocVersion::id, data::primary_key, data::generated),
                      field("manual", &DocVersion::manual, data::unique),
                      field("name", &DocVersion::name), field("version", &DocVersion::version));
}
constexpr std::string_view table_name(base::Type<DocVersion>) {
  return "doc_versions";
}

/// A page.
struct DocDocument {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::string path;  ///< Within the manual, such as "topics/db/models".
  std::string title;
  std::string hash;  ///< Of the file, and of how it was read.
};
constexpr auto describe(base::Type<DocDocument>) {
  using base::field;
  return base::fields(
      field("id", &DocDocument::id, data::primary_key, data::generated),
      field("version", &DocDocument::version, data::indexed, data::references(&DocVersion::id)),
      field("path", &DocDocument::path), field("title", &DocDocument::title),
      field("hash", &DocDocument::hash));
}
constexpr std::string_view table_name(base::Type<DocDocument>) {
  return "doc_documents";
}

/// A heading, or the signature of what is described.
struct DocHeading {
  std::int64_t id = 0;
  std::int64_t document = 0;
  std::optional<std::int64_t> parent = {};  ///< The heading it stands under.
  std::int64_t position = 0;                ///< In the order of reading, from 0.
  int level = 1;                            ///< As HTML counts.
  std::string anchor;
  std::string title;
};
constexpr auto describe(base::Type<DocHeading>) {
  using base::field;
  return base::fields(
      field("id", &DocHeading::id, data::primary_key, data::generated),
      field("document", &DocHeading::document, data::indexed, data::references(&DocDocument::id)),
      field("parent", &DocHeading::parent), field("position", &DocHeading::position),
      field("level", &DocHeading::level), field("anchor", &DocHeading::anchor),
      field("title", &DocHeading::title));
}
constexpr std::string_view table_name(base::Type<DocHeading>) {
  return "doc_headings";
}

/// What stands under a heading, up to the next: what searches find.
struct DocSection {
  std::int64_t id = 0;
  std::int64_t document = 0;
  std::int64_t heading = 0;
  bool is_reference = false;
  std::string html;  ///< Clean (see clean_markup.h), without its heading.
  std::string text;  ///< Its words, without those of examples.
};
constexpr auto describe(base::Type<DocSection>) {
  using base::field;
  return base::fields(
      field("id", &DocSection::id, data::primary_key, data::generated),
      field("document", &DocSection::document, data::indexed, data::references(&DocDocument::id)),
      field("heading", &DocSection::heading, data::indexed, data::references(&DocHeading::id)),
      field("is_reference", &DocSection::is_reference), field("html", &DocSection::html),
      field("text", &DocSection::text));
}
constexpr std::string_view table_name(base::Type<DocSection>) {
  return "doc_sections";
}

/// An example.
struct DocSample {
  std::int64_t id = 0;
  std::int64_t section = 0;
  std::int64_t position = 0;  ///< Within the section, from 0.
  std::string language;       ///< Empty if the page does not say.
  std::string text;
};
constexpr auto describe(base::Type<DocSample>) {
  using base::field;
  return base::fields(
      field("id", &DocSample::id, data::primary_key, data::generated),
      field("section", &DocSample::section, data::indexed, data::references(&DocSection::id)),
      field("position", &DocSample::position), field("language", &DocSample::language),
      field("text", &DocSample::text));
}
constexpr std::string_view table_name(base::Type<DocSample>) {
  return "doc_samples";
}

/// A word that documents are sorted by, such as "topics".
struct DocTag {
  std::int64_t id = 0;
  std::string name;
};
constexpr auto describe(base::Type<DocTag>) {
  using base::field;
  return base::fields(field("id", &DocTag::id, data::primary_key, data::generated),
                      field("name", &DocTag::name, data::unique));
}
constexpr std::string_view table_name(base::Type<DocTag>) {
  return "doc_tags";
}

/// A document has a tag.
struct DocTagging {
  std::int64_t document = 0;
  std::int64_t tag = 0;
};
constexpr auto describe(base::Type<DocTagging>) {
  using base::field;
  return base::fields(field("document", &DocTagging::document, data::primary_key,
                            data::references(&DocDocument::id)),
                      field("tag", &DocTagging::tag, data::primary_key, data::indexed,
                            data::references(&DocTag::id)));
}
constexpr std::string_view table_name(base::Type<DocTagging>) {
  return "doc_taggings";
}

/// The step of an application's migrations that makes these tables.
data::Migration documentation_migration(int number);
/// What they look like, for `db check`.
std::vector<data::TableShape> documentation_tables();

}  // namespace hornbeam::site
