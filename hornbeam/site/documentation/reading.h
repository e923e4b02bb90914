#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/data/transaction.h"

namespace hornbeam::site {

/// A section as it is read.
struct ReadSection {
  std::string anchor;
  std::string title;
  int level = 1;
  bool is_reference = false;
  std::string html;  ///< Clean markup.
};
constexpr auto describe(base::Type<ReadSection>) {
  using base::field;
  return base::fields(field("anchor", &ReadSection::anchor), field("title", &ReadSection::title),
                      field("level", &ReadSection::level),
                      field("is_reference", &ReadSection::is_reference),
                      field("html", &ReadSection::html));
}

/// A page of a manual, from the database.
struct ReadDocument {
  std::string manual;  ///< As addresses have it.
  std::string name;    ///< The manual's.
  std::string version;
  std::string path;
  std::string title;
  std::vector<std::string> tags;
  std::vector<ReadSection> sections;  ///< In the order of reading.
};
constexpr auto describe(base::Type<ReadDocument>) {
  using base::field;
  return base::fields(field("manual", &ReadDocument::manual), field("name", &ReadDocument::name),
                      field("version", &ReadDocument::version), field("path", &ReadDocument::path),
                      field("title", &ReadDocument::title), field("tags", &ReadDocument::tags),
                      field("sections", &ReadDocument::sections));
}

/// The page of that path; none if there is none.
std::optional<ReadDocument> read_document_page(data::Snapshot& db, std::string_view manual,
                                               std::string_view path);

}  // namespace hornbeam::site
