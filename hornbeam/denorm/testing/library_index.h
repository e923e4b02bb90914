#pragma once

// What tests index: the books of feed's test library, with their comments and tags.

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/denorm/document_of.h"
#include "hornbeam/denorm/embedded_target.h"
#include "hornbeam/denorm/indexer.h"
#include "hornbeam/feed/testing/library.h"
#include "hornbeam/search/node/node.h"

namespace hornbeam::denorm {

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
  std::optional<std::int64_t> book = {};
  std::string text;
};
constexpr auto describe(base::Type<Comment>) {
  return base::fields(base::field("id", &Comment::id, data::primary_key, data::generated),
                      base::field("book", &Comment::book), base::field("text", &Comment::text));
}
constexpr std::string_view table_name(base::Type<Comment>) {
  return "comments";
}

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

struct BookDocument {
  std::int64_t id = 0;
  std::string title;
  std::vector<std::string> comments;
  std::vector<std::string> tags;
};
constexpr auto describe(base::Type<BookDocument>) {
  using base::field;
  return base::fields(field("id", &BookDocument::id, search::document_id),
                      field("title", &BookDocument::title),
                      field("comments", &BookDocument::comments),
                      field("tags", &BookDocument::tags, search::keyword));
}

inline std::vector<BookDocument> make_books(data::Snapshot& db, const std::vector<Book>& rows) {
  const auto comments = db.load(
      rows, data::has_many(&Book::id, &Comment::book).order_by(&Comment::id, data::ascending));
  const auto tags =
      db.load(rows, data::many_to_many(&Book::id, &Tagging::book, &Tagging::tag, &Tag::id)
                        .order_by(&Tag::name, data::ascending));
  std::vector<BookDocument> documents;
  for (const Book& row : rows) {
    if (row.title == "poison") throw std::runtime_error("this title cannot be rendered");
    BookDocument document{.id = row.id, .title = row.title, .comments = {}, .tags = {}};
    for (const Comment& each : comments.of(row)) document.comments.push_back(each.text);
    for (const Tag& each : tags.of(row)) document.tags.push_back(each.name);
    documents.push_back(std::move(document));
  }
  return documents;
}

inline DocumentType books_type(std::string name = "books") {
  DocumentType type = document_type<Book, BookDocument>(std::move(name), &Book::id, make_books);
  type.embeds = {{feed::link(&Comment::book, &Book::id)},
                 {feed::link(&Tag::id, &Tagging::tag), feed::link(&Tagging::book, &Book::id)}};
  return type;
}

/// The library, and an index that follows it.
class OnIndexedLibrary : public feed::OnLibrary {
 protected:
  OnIndexedLibrary() {
    // In a file, so that others may write while one reads.
    if (is_postgresql()) return;
    database_ = data::Database::open(folder_.url());
    feed::create_library(*database_);
    cursor_ = newest_cursor();
  }
  /// Runs SQL by another connection, also while this one reads.
  void run_elsewhere(std::string_view script) { database_->connect()->run_script(script); }

  /// Options of a test, in which nothing waits.
  static IndexerOptions impatient() {
    IndexerOptions options;
    options.writer.commit_every = std::chrono::milliseconds(0);
    options.writer.retries.first_pause = std::chrono::milliseconds(0);
    options.follower.first_pause = std::chrono::milliseconds(5);
    options.trim_every = std::chrono::milliseconds(0);
    return options;
  }
  void open(const IndexerOptions& options = impatient(), DocumentType type = books_type()) {
    close();
    node_ = std::make_unique<search::Node>(folder_.path() / "search");
    target_ = std::make_unique<EmbeddedTarget>(*node_);
    indexer_ = std::make_unique<Indexer>(*database_, *target_, std::move(type), options);
  }
  void close() {
    indexer_.reset();
    target_.reset();
    node_.reset();
  }
  void catch_up() { indexer_->catch_up(); }

  /// The ids of the documents that match, by their order as texts.
  std::vector<std::string> find(const search::Query& query, std::string_view name = "books") {
    search::SearchRequest request;
    request.query = query;
    request.size = 1000;
    std::vector<std::string> ids;
    for (const search::Hit& each : target_->search(std::string(name), request).value().hits) {
      ids.push_back(each.id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  /// Every document of the index against what the database renders; how many are wrong.
  std::size_t wrong_documents() {
    const std::string index = target_->find_alias(indexer_->type().name).value();
    std::size_t wrong = 0;
    std::set<std::string> there;
    target_->visit_ids(index, [&](std::span<const std::string> ids) {
      there.insert(ids.begin(), ids.end());
      return true;
    });
    database_->read_now([&](data::Snapshot& db) {
      const auto keys = db.query<std::string>("SELECT CAST(id AS TEXT) FROM books").all();
      const auto documents = indexer_->type().render(db, keys);
      const auto hashes = target_->hashes(index, keys);
      for (const Rendered& each : documents) {
        const std::string ids[] = {each.id};
        if (target_->hashes(index, ids)[0] != hash_of(each.json)) ++wrong;
        there.erase(each.id);
      }
    });
    return wrong + there.size();
  }

  data::TemporaryFolder folder_;
  std::unique_ptr<search::Node> node_;
  std::unique_ptr<EmbeddedTarget> target_;
  std::unique_ptr<Indexer> indexer_;
};

}  // namespace hornbeam::denorm
