#pragma once

// Documents that are described structs, made of rows that are described structs.
//
//   auto books = denorm::document_type<Book, BookDocument>("books", &Book::id,
//       [](data::Snapshot& db, const std::vector<Book>& rows) {
//         const auto comments = db.load(rows, comments_of_book);   // one statement for all
//         std::vector<BookDocument> documents;
//         for (const Book& row : rows) documents.push_back(make(row, comments.of(row)));
//         return documents;
//       });
//   books.embeds = {{feed::link(&Comment::book, &Book::id)}};
//
// The document's description is its mapping, and says which field is its id.

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hornbeam/base/json.h"
#include "hornbeam/data/select.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/search/collection/collection.h"

namespace hornbeam::denorm {

namespace internal {

/// Keys as a column has them; those that cannot be such a key have no row.
template <class Key>
std::vector<Key> read_keys(const std::vector<std::string>& texts) {
  static_assert(std::integral<Key> || std::same_as<Key, std::string>,
                "documents are named by an integer or a text");
  if constexpr (std::same_as<Key, std::string>) {
    return texts;
  } else {
    std::vector<Key> keys;
    for (const std::string& text : texts) {
      Key key{};
      const char* const end = text.data() + text.size();
      const auto [rest, failed] = std::from_chars(text.data(), end, key);
      if (failed == std::errc() && rest == end) keys.push_back(key);
    }
    return keys;
  }
}

}  // namespace internal

/// The type of documents `Document`, one for each row of `Row`'s table. `make` gets the rows that
/// are to be rendered and gives their documents, any number of them less; it reads what they embed
/// by `db.load`, or by statements of its own, all in one snapshot.
template <data::Table Row, base::Described Document, class Key, class Make>
DocumentType document_type(std::string name, Key Row::* key, Make make) {
  using Documents = search::Collection<Document>;
  DocumentType type;
  type.name = std::move(name);
  type.key = feed::column(key);
  type.mapping = search::mapping_of<Document>();
  type.render = [key, make = std::move(make)](data::Snapshot& db,
                                              const std::vector<std::string>& texts) {
    const std::vector<Key> keys = internal::read_keys<Key>(texts);
    const std::vector<Row> rows =
        db.unrestricted_unsafe("an index has the documents of all; searches are narrowed by query")
            .template select<Row>()
            .where(data::column(key).in(keys))
            .all();
    std::vector<Rendered> rendered;
    for (const Document& each : make(db, rows)) {
      rendered.push_back({Documents::id_of(each), base::to_json(each)});
    }
    return rendered;
  };
  return type;
}

}  // namespace hornbeam::denorm
