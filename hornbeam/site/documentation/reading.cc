#include "hornbeam/site/documentation/reading.h"

#include "hornbeam/data/relation.h"
#include "hornbeam/site/documentation/tables.h"

namespace hornbeam::site {

std::optional<ReadDocument> read_document_page(data::Snapshot& db, std::string_view manual,
                                               std::string_view path) {
  using data::column;
  const auto versions =
      db.select<DocVersion>().where(column(&DocVersion::manual) == std::string(manual)).all();
  if (versions.empty()) return std::nullopt;
  const DocVersion& version = versions.front();
  const auto documents = db.select<DocDocument>()
                             .where(column(&DocDocument::version) == version.id)
                             .where(column(&DocDocument::path) == std::string(path))
                             .all();
  if (documents.empty()) return std::nullopt;
  const DocDocument& document = documents.front();
  ReadDocument page{.manual = version.manual,
                    .name = version.name,
                    .version = version.version,
                    .path = document.path,
                    .title = document.title,
                    .tags = {},
                    .sections = {}};
  const auto tags = db.load(documents, data::many_to_many(&DocDocument::id, &DocTagging::document,
                                                          &DocTagging::tag, &DocTag::id)
                                           .order_by(&DocTag::name, data::ascending));
  for (const DocTag& each : tags.of(document)) page.tags.push_back(each.name);
  const auto headings = db.select<DocHeading>()
                            .where(column(&DocHeading::document) == document.id)
                            .order_by(column(&DocHeading::position), data::ascending)
                            .all();
  const auto sections = db.load(headings, data::has_many(&DocHeading::id, &DocSection::heading));
  for (const DocHeading& heading : headings) {
    for (const DocSection& each : sections.of(heading)) {
      page.sections.push_back(
          {heading.anchor, heading.title, heading.level, each.is_reference, each.html});
    }
  }
  return page;
}

}  // namespace hornbeam::site
