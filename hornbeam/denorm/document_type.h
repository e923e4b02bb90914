#pragma once

// DocumentType: how rows become documents.
//
//   denorm::DocumentType books{
//       .name = "books",
//       .key = feed::column("books.id"),
//       .embeds = {{feed::link("comments.book = books.id")},
//                  {feed::link("tags.id = taggings.tag"), feed::link("taggings.book = books.id")}},
//       .render = denorm::by_sql("SELECT CAST(id AS TEXT), json_object('title', title) FROM books "
//                                "WHERE id IN (:keys)")};
//
// A document is named by the key of its root row and holds whatever a search needs of it and of the
// rows around it. Rendering takes many keys at a time, reads one snapshot, and takes as many
// statements for a thousand documents as for one. document_of.h renders described structs.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/data/transaction.h"
#include "hornbeam/feed/link.h"
#include "hornbeam/feed/tracking.h"

namespace hornbeam::denorm {

/// A document as it goes into the index.
struct Rendered {
  std::string id;    ///< The key of its root, as text.
  std::string json;  ///< An object.
  bool operator==(const Rendered&) const = default;
};

/// Renders those of `keys` that there are: one that is left out is deleted from the index. Throws
/// what it likes; then others are rendered without the one at fault.
using Render =
    std::function<std::vector<Rendered>(data::Snapshot& db, const std::vector<std::string>& keys)>;

/// Documents of one kind.
struct DocumentType {
  /// What searches call the index. Indices behind it are called "NAME-1", "NAME-2", ...
  std::string name{};
  feed::Column key{};                ///< What names the root's rows: a unique column.
  std::vector<feed::Path> embeds{};  ///< From every table that is embedded to the root.
  /// See `Render`.
  Render render{};
  /// The mapping as `Index::put_mapping` reads it; empty: fields are guessed. Another one than an
  /// index was built with asks for a rebuild.
  std::string mapping{};
  /// Raise it when `render` changes, so that `status` says that a rebuild is due.
  int version = 1;
  feed::Touch touch = feed::Touch::kRoots;  ///< See `feed::Touch`.
};

/// Renders by SQL that gives two texts for each document: its id and its JSON. `:keys` stands where
/// the keys go: `WHERE books.id IN (:keys)`. PostgreSQL may have words of its own. Throws:
/// std::invalid_argument if `:keys` is missing.
Render by_sql(std::string sql, std::string postgresql = {});

/// Everything that must be followed for these.
feed::Tracking tracking_of(std::span<const DocumentType> types);

/// What says whether an index was built as the type is now.
std::string fingerprint_of(const DocumentType& type);

}  // namespace hornbeam::denorm
