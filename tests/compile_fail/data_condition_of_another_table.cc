// A condition on a column of another table than the one that is asked.
// expect-error: the query does not name this table
#include "hornbeam/data.h"

using namespace hornbeam;

struct Post {
  int id = 0;
};
constexpr auto describe(base::Type<Post>) {
  return base::fields(base::field("id", &Post::id, data::primary_key));
}
constexpr std::string_view table_name(base::Type<Post>) {
  return "posts";
}

struct Reply {
  int post = 0;
};
constexpr auto describe(base::Type<Reply>) {
  return base::fields(base::field("post", &Reply::post));
}
constexpr std::string_view table_name(base::Type<Reply>) {
  return "replies";
}

std::int64_t count(data::Snapshot& db) {
#ifdef MENDED
  return db.select<Reply>().where(data::column(&Reply::post) == 7).count();
#else
  return db.select<Post>().where(data::column(&Reply::post) == 7).count();
#endif
}
