#include "hornbeam/site/documentation/section_document.h"

#include <algorithm>
#include <map>
#include <set>

#include "hornbeam/base/json.h"
#include "hornbeam/data/relation.h"
#include "hornbeam/data/transaction.h"
#include "hornbeam/site/documentation/tables.h"

namespace hornbeam::site {

namespace {

using data::column;

// "english" finds what is meant, "words" what is typed: an identifier, the beginning of a word.
// Corrections are taken from "spelling".
constexpr std::string_view kMapping = R"({"dynamic": false, "properties": {
  "manual": {"type": "keyword"},
  "tags": {"type": "keyword"},
  "kinds": {"type": "keyword"},
  "languages": {"type": "keyword"},
  "level": {"type": "byte"},
  "path": {"type": "keyword"},
  "title": {"type": "text", "analyzer": "english", "copy_to": "spelling",
    "fields": {"words": {"type": "text"}}},
  "trail": {"type": "text", "analyzer": "english"},
  "names": {"type": "text"},
  "text": {"type": "text", "analyzer": "english", "copy_to": "spelling",
    "fields": {"words": {"type": "text"}}},
  "spelling": {"type": "text"},
  "code": {"type": "text"}
}})";

constexpr auto kDocumentOfSection = data::belongs_to(&DocSection::document, &DocDocument::id);
constexpr auto kVersionOfDocument = data::belongs_to(&DocDocument::version, &DocVersion::id);

/// Identifiers, and what they are made of: "django.db.F()" is "django db F", "select_related" is
/// there as it is and as "select related".
std::string words_of_names(const std::string& anchor, const std::string& title) {
  std::string words;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    words += (words.empty() ? "" : " ") + word;
    if (const std::size_t inner = word.find('_', 1); inner != std::string::npos) {
      std::ranges::replace(word, '_', ' ');
      words += ' ' + word;
    }
    word.clear();
  };
  for (const char c : anchor + ' ' + title) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' ||
                           static_cast<unsigned char>(c) >= 128;
    if (is_letter) {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

/// The headings of sections, and all that they stand under: one statement for each level.
std::map<std::int64_t, DocHeading> headings_of(data::Snapshot& db,
                                               const std::vector<DocSection>& sections) {
  std::map<std::int64_t, DocHeading> found;
  std::set<std::int64_t> wanted;
  for (const DocSection& each : sections) wanted.insert(each.heading);
  while (!wanted.empty()) {
    const std::vector<std::int64_t> ids(wanted.begin(), wanted.end());
    wanted.clear();
    for (DocHeading& each : db.select<DocHeading>().where(column(&DocHeading::id).in(ids)).all()) {
      found.emplace(each.id, std::move(each));
    }
    for (const auto& [id, heading] : found) {
      // Ends: a parent that is not there is asked for once, since it is not found.
      if (heading.parent && !found.contains(*heading.parent) &&
          std::ranges::find(ids, *heading.parent) == ids.end()) {
        wanted.insert(*heading.parent);
      }
    }
  }
  return found;
}

std::vector<std::string> trail_of(const std::map<std::int64_t, DocHeading>& headings,
                                  const DocHeading& heading) {
  std::vector<std::string> trail;
  // Ends: a parent's position is smaller, which is asked.
  for (const DocHeading* at = &heading; at->parent;) {
    const auto up = headings.find(*at->parent);
    if (up == headings.end() || up->second.position >= at->position) break;
    at = &up->second;
    trail.push_back(at->title);
  }
  std::ranges::reverse(trail);
  return trail;
}

std::vector<denorm::Rendered> render(data::Snapshot& db, const std::vector<std::string>& keys) {
  std::vector<std::int64_t> ids;
  for (const std::string& key : keys) {
    if (const auto id = base::from_json<std::int64_t>(key)) ids.push_back(*id);
  }
  const auto sections = db.select<DocSection>().where(column(&DocSection::id).in(ids)).all();
  const auto headings = headings_of(db, sections);
  const auto [documents, versions] = db.load(sections, kDocumentOfSection, kVersionOfDocument);
  const auto samples = db.load(sections, data::has_many(&DocSection::id, &DocSample::section)
                                             .order_by(&DocSample::position, data::ascending));
  const auto tags =
      db.load(sections, data::many_to_many(&DocSection::document, &DocTagging::document,
                                           &DocTagging::tag, &DocTag::id)
                            .order_by(&DocTag::name, data::ascending));
  std::vector<denorm::Rendered> rendered;
  for (const DocSection& row : sections) {
    const DocDocument* const document = documents.of(row);
    const DocVersion* const version = document == nullptr ? nullptr : versions.of(*document);
    const auto heading = headings.find(row.heading);
    // A database that does not watch over references may have half of a document.
    if (version == nullptr || heading == headings.end()) continue;
    SectionDocument made{.id = row.id,
                         .manual = version->manual,
                         .name = version->name,
                         .version = version->version,
                         .path = document->path,
                         .anchor = heading->second.anchor,
                         .level = heading->second.level,
                         .title = heading->second.title,
                         .trail = trail_of(headings, heading->second),
                         .names = words_of_names(heading->second.anchor, heading->second.title),
                         .text = row.text};
    for (const DocTag& each : tags.of(row)) made.tags.push_back(each.name);
    std::set<std::string> languages;
    for (const DocSample& each : samples.of(row)) {
      made.code.push_back(each.text);
      if (!each.language.empty()) languages.insert(each.language);
    }
    made.languages.assign(languages.begin(), languages.end());
    made.kinds.emplace_back(row.is_reference ? "reference" : "text");
    if (!made.code.empty()) made.kinds.emplace_back("code");
    rendered.push_back({std::to_string(row.id), base::to_json(made)});
  }
  return rendered;
}

}  // namespace

denorm::DocumentType sections_type() {
  using feed::link;
  denorm::DocumentType type;
  type.name = "sections";
  type.key = feed::column(&DocSection::id);
  type.embeds = {
      {link(&DocHeading::document, &DocSection::document)},
      {link(&DocSample::section, &DocSection::id)},
      {link(&DocDocument::id, &DocSection::document)},
      {link(&DocVersion::id, &DocDocument::version), link(&DocDocument::id, &DocSection::document)},
      {link(&DocTag::id, &DocTagging::tag), link(&DocTagging::document, &DocSection::document)}};
  type.render = &render;
  type.mapping = std::string(kMapping);
  return type;
}

}  // namespace hornbeam::site
