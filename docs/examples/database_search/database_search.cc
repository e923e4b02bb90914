// A shop's books, found by what is in four tables: docs/guide/search_on_your_database.md.
//
//   example_database_search FOLDER

#include <filesystem>
#include <iostream>

#include "hornbeam/data.h"
#include "hornbeam/denorm.h"

namespace {

using namespace hornbeam;

// [rows]
struct Book {
  std::int64_t id = 0;
  std::string title;
};
constexpr auto describe(base::Type<Book>) {
  return base::fields(base::field("id", &Book::id, data::primary_key, data::generated),
                      base::field("title", &Book::title));
}
constexpr std::string_view table_name(base::Type<Book>) {
  return "books";
}

struct Comment {
  std::int64_t id = 0;
  std::int64_t book = 0;
  std::string text;
};
constexpr auto describe(base::Type<Comment>) {
  return base::fields(base::field("id", &Comment::id, data::primary_key, data::generated),
                      base::field("book", &Comment::book), base::field("text", &Comment::text));
}
constexpr std::string_view table_name(base::Type<Comment>) {
  return "comments";
}
// [/rows]

struct Tag {
  std::int64_t id = 0;
  std::string name;
};
constexpr auto describe(base::Type<Tag>) {
  return base::fields(base::field("id", &Tag::id, data::primary_key, data::generated),
                      base::field("name", &Tag::name));
}
constexpr std::string_view table_name(base::Type<Tag>) {
  return "tags";
}

struct Tagging {
  std::int64_t book = 0;
  std::int64_t tag = 0;
};
constexpr auto describe(base::Type<Tagging>) {
  return base::fields(base::field("book", &Tagging::book, data::primary_key),
                      base::field("tag", &Tagging::tag, data::primary_key));
}
constexpr std::string_view table_name(base::Type<Tagging>) {
  return "taggings";
}

// [document]
struct BookDocument {
  std::int64_t id = 0;
  std::string title;
  std::vector<std::string> comments;
  std::vector<std::string> tags;
};
constexpr auto describe(base::Type<BookDocument>) {
  using base::field;
  return base::fields(field("id", &BookDocument::id, search::document_id),
                      field("title", &BookDocument::title, search::analyzed("english")),
                      field("comments", &BookDocument::comments, search::analyzed("english")),
                      field("tags", &BookDocument::tags, search::keyword));
}
// [/document]

// [render]
std::vector<BookDocument> render(data::Snapshot& db, const std::vector<Book>& rows) {
  const auto comments = db.load(rows, data::has_many(&Book::id, &Comment::book));
  const auto tags =
      db.load(rows, data::many_to_many(&Book::id, &Tagging::book, &Tagging::tag, &Tag::id));
  std::vector<BookDocument> documents;
  for (const Book& row : rows) {
    BookDocument document{.id = row.id, .title = row.title, .comments = {}, .tags = {}};
    for (const Comment& each : comments.of(row)) document.comments.push_back(each.text);
    for (const Tag& each : tags.of(row)) document.tags.push_back(each.name);
    documents.push_back(std::move(document));
  }
  return documents;
}

denorm::DocumentType books_type() {
  auto type = denorm::document_type<Book, BookDocument>("books", &Book::id, render);
  type.embeds = {{feed::link(&Comment::book, &Book::id)},
                 {feed::link(&Tag::id, &Tagging::tag), feed::link(&Tagging::book, &Book::id)}};
  return type;
}
// [/render]

std::vector<data::Migration> migrations() {
  const denorm::DocumentType types[] = {books_type()};
  return {
      {.number = 1,
       .name = "create_books",
       .up = "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL);"
             "CREATE TABLE comments (id INTEGER PRIMARY KEY, book INTEGER NOT NULL, text TEXT NOT "
             "NULL);"
             "CREATE INDEX comments_book ON comments (book);"
             "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
             "CREATE TABLE taggings (book INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY "
             "(book, tag));"},
      // [migration]
      feed::tracking_migration(2, "track_books", denorm::tracking_of(types)),
      // [/migration]
  };
}

void write_some(data::Database& database) {
  database.write_now([](data::Transaction& tx) {
    tx.execute(
        "INSERT INTO books (id, title) VALUES (1, 'The quick fox'), (2, 'Of gardens'), (3, "
        "'Two foxes, commented')");
    tx.execute("INSERT INTO comments (book, text) VALUES (3, 'wonderful')");
    tx.execute("INSERT INTO tags (id, name) VALUES (5, 'animals')");
    tx.execute("INSERT INTO taggings VALUES (1, 5), (3, 5)");
  });
}

// [search]
base::Task<void> search_books(denorm::Finder& finder) {
  const auto found =
      co_await finder.search(search::Find(search::match(&BookDocument::title, "foxes"))
                                 .count_by("tags", &BookDocument::tags));
  if (!found) co_return;  // The error says what is wrong with the search.
  for (const denorm::FoundDocument& each : found->hits) {
    const auto book = denorm::read_document<BookDocument>(each).value();
    std::cout << "found " << book.title << '\n';
  }
  for (const search::BucketCount& each : search::buckets_of(found->aggregations, "tags")) {
    std::cout << each.key << ": " << each.count << '\n';
  }
}
// [/search]

// [own]
base::Task<std::string> own_title(denorm::Finder& finder, std::int64_t id) {
  co_return co_await finder.own([id](data::Snapshot& db) {
    return db.query<std::string>("SELECT title FROM books WHERE id = ?", id).one();
  });
}
// [/own]

// [wait]
base::Task<void> show_at_once(data::Database& database, denorm::Indexer& indexer,
                              denorm::Finder& finder) {
  const auto cursor = co_await database.read([](data::Snapshot& db) { return feed::newest(db); });
  if (!co_await indexer.wait_for(cursor, std::chrono::seconds(5))) co_return;
  const auto found =
      co_await finder.search(search::Find(search::match(&BookDocument::title, "written")));
  for (const auto& each : found.value().hits) {
    std::cout << "seen at once: " << denorm::read_document<BookDocument>(each).value().title
              << '\n';
  }
}
// [/wait]

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "var";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  // [follow]
  const auto database = data::Database::open("sqlite:///" + (folder / "shop.db").string());
  data::migrate(*database, migrations());
  search::Node node(folder / "search");
  denorm::EmbeddedTarget target(node);
  const auto wakeups = feed::open_wakeups("in-process:");
  denorm::Indexer indexer(*database, target, books_type(), {}, wakeups.get());
  indexer.start();
  // [/follow]
  write_some(*database);
  wakeups->announce();
  const auto newest = [&] {
    return database->read_now([](data::Snapshot& db) { return feed::newest(db); });
  };
  indexer.wait_for_now(newest(), std::chrono::seconds(20));
  denorm::Finder finder(*database, target, books_type());
  base::run(search_books(finder));
  database->write_now([](data::Transaction& tx) {
    tx.execute("INSERT INTO books (id, title) VALUES (4, 'Just written')");
  });
  wakeups->announce();
  std::cout << "own: " << base::run(own_title(finder, 4)) << '\n';
  base::run(show_at_once(*database, indexer, finder));
  indexer.stop();
  // [commands]
  const denorm::IndicesOfProgram indices{*database, target, {books_type()}};
  return denorm::run_index_command(indices, {"status"}, std::cout, std::cerr);
  // [/commands]
}
