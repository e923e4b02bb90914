#pragma once

// Link: how rows of two tables belong together, and Path: how one gets from a row to the rows whose
// documents embed it.
//
//   feed::link("comments.book = books.id")        // or feed::link(&Comment::book, &Book::id)
//   feed::Path{feed::link("tags.id = taggings.tag"), feed::link("taggings.book = books.id")}

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/base/describe.h"
#include "hornbeam/data/table.h"

namespace hornbeam::feed {

/// A column of a table.
struct Column {
  std::string table;  ///< The table's name, plain: letters, digits and _.
  std::string name;   ///< The column's name, likewise.

  /// As changes name it: "comments.book".
  std::string place() const { return table + '.' + name; }
  bool operator==(const Column&) const = default;
};

/// Rows of two tables that belong together: those whose columns hold the same value.
struct Link {
  Column from;  ///< In the table that is embedded.
  Column to;    ///< In the table that is nearer to the document's root.
  bool operator==(const Link&) const = default;
};

/// From the embedded table, link by link, to the root of a document.
using Path = std::vector<Link>;

/// "books.id". Throws: std::invalid_argument that says what is wrong.
Column column(std::string_view text);
/// "comments.book = books.id". Throws: std::invalid_argument that says what is wrong.
Link link(std::string_view text);

/// The column of a described member. Requires: the member is described (checked).
template <data::Table Row, class Value>
Column column(Value Row::* member) {
  const std::string_view name = base::field_name(member);
  base::check(!name.empty(), "a member that is not described has no column");
  return {std::string(table_name(base::Type<Row>{})), std::string(name)};
}
/// The link between two described members.
template <data::Table From, class FromValue, data::Table To, class ToValue>
Link link(FromValue From::* from, ToValue To::* to) {
  return {column(from), column(to)};
}

/// Throws std::invalid_argument unless each link begins where the one before ends.
void require_connected(const Path& path);

/// SQL that holds for the rows of the path's last table that one comes to from rows whose column
/// passes `test`, which is what stands behind the column: an IN with two values, say.
std::string path_condition(const Path& path, std::string_view test);

}  // namespace hornbeam::feed
