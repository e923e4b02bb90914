#pragma once

// What tests follow: books with comments, and tags by way of a table of pairs.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/data/migration.h"
#include "hornbeam/data/testing/fixture.h"
#include "hornbeam/feed/change_log.h"
#include "hornbeam/feed/tracking.h"

namespace hornbeam::feed {

/// Every link that documents of books have.
inline Tracking library_tracking(Touch touch = Touch::kRoots) {
  Tracking tracking;
  tracking.follow(column("books.id"), touch);
  tracking.embed({link("comments.book = books.id")});
  tracking.embed({link("tags.id = taggings.tag"), link("taggings.book = books.id")});
  return tracking;
}

inline data::Migration library_tables() {
  const std::string sqlite =
      "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL);"
      "CREATE TABLE comments (id INTEGER PRIMARY KEY, book INTEGER REFERENCES books (id) ON DELETE "
      "CASCADE, text TEXT NOT NULL UNIQUE);"
      "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
      "CREATE TABLE taggings (book INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (book, "
      "tag));"
      "CREATE INDEX comments_book ON comments (book);";
  std::string postgresql = sqlite;
  for (std::size_t at = 0; (at = postgresql.find("INTEGER", at)) != std::string::npos;) {
    postgresql.replace(at, 7, "BIGINT");
  }
  return {.number = 1,
          .name = "create_library",
          .up = sqlite,
          .down = "DROP TABLE taggings; DROP TABLE tags; DROP TABLE comments; DROP TABLE books;",
          .postgresql_up = postgresql};
}

/// Makes the tables, and follows them.
inline void create_library(data::Database& database, Touch touch = Touch::kRoots) {
  const data::Migration steps[] = {library_tables(),
                                   tracking_migration(2, "track", library_tracking(touch))};
  data::migrate(database, steps);
}

/// A test on each kind of database, with the library in it.
class OnLibrary : public data::OnEachDatabase {
 protected:
  OnLibrary() {
    if (!database_) return;
    create_library(*database_);
    cursor_ = newest_cursor();
  }

  Cursor newest_cursor() {
    return database_->read_now([](data::Snapshot& db) { return newest(db); });
  }
  /// Runs a statement in a transaction of its own.
  void run(std::string_view sql) {
    database_->write_now([&](data::Transaction& tx) { tx.execute(data::unchecked_sql(sql)); });
  }
  /// What has changed since the last call, as "comments.book=7", each once.
  std::vector<std::string> changes() {
    std::vector<std::string> found;
    bool has_more = true;
    while (has_more) {
      const Changes read =
          database_->read_now([&](data::Snapshot& db) { return read_changes(db, cursor_, most_); });
      for (const Change& each : read.changes) found.push_back(each.place + '=' + each.key);
      cursor_ = read.next;
      has_more = read.has_more;
    }
    return found;
  }
  std::int64_t touched(std::int64_t book) {
    return database_->read_now([&](data::Snapshot& db) {
      return db.query<std::int64_t>("SELECT last_touched FROM books WHERE id = ?", book).one();
    });
  }

  std::size_t most_ = 100;
  Cursor cursor_;
};

}  // namespace hornbeam::feed
