// Authors, their posts and the comments on those: three statements, however many rows there are.

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data.h"

namespace {

using namespace hornbeam;
using base::field;
using base::fields;

struct Author {
  std::int64_t id = 0;
  std::string name;
};
constexpr auto describe(base::Type<Author>) {
  return fields(field("id", &Author::id, data::primary_key), field("name", &Author::name));
}
constexpr std::string_view table_name(base::Type<Author>) {
  return "authors";
}

struct Post {
  std::int64_t id = 0;
  std::int64_t author = 0;
  std::string title;
};
constexpr auto describe(base::Type<Post>) {
  return fields(field("id", &Post::id, data::primary_key),
                field("author", &Post::author, data::references(&Author::id)),
                field("title", &Post::title));
}
constexpr std::string_view table_name(base::Type<Post>) {
  return "posts";
}

struct Comment {
  std::int64_t id = 0;
  std::int64_t post = 0;
  std::string body;
};
constexpr auto describe(base::Type<Comment>) {
  return fields(field("id", &Comment::id, data::primary_key),
                field("post", &Comment::post, data::references(&Post::id)),
                field("body", &Comment::body));
}
constexpr std::string_view table_name(base::Type<Comment>) {
  return "comments";
}

// [relations]
constexpr auto kPostsOfAuthor = data::has_many(&Author::id, &Post::author);
constexpr auto kCommentsOfPost = data::has_many(&Post::id, &Comment::post);

void print_newest(data::Snapshot& db) {
  const auto authors = db.select<Author>().order_by(&Author::id).all();
  const auto newest = kPostsOfAuthor.order_by(&Post::id, data::descending).limit_each(2);
  const auto [posts, comments] = db.load(authors, newest, kCommentsOfPost);
  for (const Author& author : authors) {
    for (const Post& post : posts.of(author)) {
      std::cout << author.name << ": " << post.title << " (" << comments.of(post).size()
                << " comments)\n";
    }
    if (posts.of(author).empty()) std::cout << author.name << " wrote nothing\n";
  }
}
// [/relations]

void fill(data::Transaction& tx) {
  tx.execute("CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL)");
  tx.execute(
      "CREATE TABLE posts (id BIGINT PRIMARY KEY, author BIGINT NOT NULL REFERENCES authors, "
      "title TEXT NOT NULL)");
  tx.execute(
      "CREATE TABLE comments (id BIGINT PRIMARY KEY, post BIGINT NOT NULL REFERENCES posts, "
      "body TEXT NOT NULL)");
  tx.insert_all(std::vector<Author>{{1, "Ada"}, {2, "Bob"}});
  tx.insert_all(std::vector<Post>{{1, 1, "soil"}, {2, 1, "bees"}, {3, 1, "gardens"}});
  tx.insert_all(std::vector<Comment>{{1, 2, "yes"}, {2, 2, "no"}, {3, 3, "perhaps"}});
}

}  // namespace

int main() {
  const auto database = data::Database::open("sqlite://");
  database->write_now([](data::Transaction& tx) { fill(tx); });
  database->read_now([](data::Snapshot& db) { print_newest(db); });
}
