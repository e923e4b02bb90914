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
// [/tables]

// [forms]
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

/// What the forms for registering and logging in send.
struct Credentials {
  std::string email;
  std::string password;
};
constexpr auto describe(hornbeam::Type<Credentials>) {
  using namespace hornbeam;
  return fields(field("email", &Credentials::email, length(3, 254)),
                field("password", &Credentials::password, length(10, 200)));
}
// [/forms]

// [blog]
/// The application. Members are in the order of their dependencies; it stays where it was made,
/// since its routes refer to it.
struct Blog {
  /// Reads `database.url`.
  explicit Blog(const hornbeam::web::Config& config);

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
