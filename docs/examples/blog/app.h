// A blog: writers register and log in, everyone reads, and each writer changes what is theirs.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/accounts.h"
#include "hornbeam/data.h"
#include "hornbeam/pages.h"
#include "hornbeam/site.h"
#include "hornbeam/web.h"

namespace blog {

// [tables]
// [writer]
/// Who writes; a row of the table that `site::DatabaseUserStore` keeps.
struct Writer {
  std::int64_t id = 0;
  std::string email;
};
constexpr auto describe(hornbeam::Type<Writer>) {
  using namespace hornbeam;
  return fields(field("id", &Writer::id, data::primary_key, data::generated),
                field("email", &Writer::email));
}
constexpr std::string_view table_name(hornbeam::Type<Writer>) {
  return "users";
}
// [/writer]

// [post]
/// What somebody wrote; a row of the table `posts`.
struct Post {
  std::int64_t id = 0;
  std::int64_t author_id = 0;
  std::string title;
  std::string body;
  std::string created;  ///< The day, such as "2026-11-26".
};
constexpr auto describe(hornbeam::Type<Post>) {
  using namespace hornbeam;
  return fields(field("id", &Post::id, data::primary_key, data::generated),
                field("author_id", &Post::author_id), field("title", &Post::title),
                field("body", &Post::body), field("created", &Post::created));
}
constexpr std::string_view table_name(hornbeam::Type<Post>) {
  return "posts";
}
// [/post]
// [/tables]

// [entry]
/// A post as the front page shows it to one reader.
struct Entry {
  Post post;
  std::string author;   ///< What stands before the @: the address is nobody's business.
  bool is_own = false;  ///< The reader wrote it, and may change it.
};
constexpr auto describe(hornbeam::Type<Entry>) {
  using namespace hornbeam;
  return fields(field("post", &Entry::post), field("author", &Entry::author),
                field("is_own", &Entry::is_own));
}
// [/entry]

// [forms]
// [post_form]
/// What the form of a post sends.
struct PostForm {
  std::string title;
  std::string body;
};
constexpr auto describe(hornbeam::Type<PostForm>) {
  using namespace hornbeam;
  return fields(field("title", &PostForm::title, length(1, 200)),
                field("body", &PostForm::body, length(1, 20'000)));
}
// [/post_form]

// [credentials]
/// What the forms for registering and logging in send.
struct Credentials {
  std::string email;
  std::string password;
};
constexpr auto describe(hornbeam::Type<Credentials>) {
  using namespace hornbeam;
  return fields(field("email", &Credentials::email, base::email),
                field("password", &Credentials::password, secret, length(10, 200)));
}
// [/credentials]
// [/forms]

// [blog]
/// The application. Members are in the order of their dependencies; it stays where it was made,
/// since its routes refer to it.
struct Blog {
  /// Reads `database.url`.
  explicit Blog(const hornbeam::web::Config& config);
  Blog(const Blog&) = delete;
  Blog& operator=(const Blog&) = delete;

  std::unique_ptr<hornbeam::data::Database> database;
  hornbeam::site::DatabaseUserStore users;
  hornbeam::web::Login login;
  hornbeam::web::Templates pages;
  hornbeam::web::App app;

 private:
  void add_accounts();
  void add_posts();
};
// [/blog]

}  // namespace blog
