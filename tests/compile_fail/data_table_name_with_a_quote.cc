// A name that would need quoting: identifiers are plain, so that nothing else can be in them.
// expect-error: table_name and the names of the fields must be plain
#include "hornbeam/data.h"

using namespace hornbeam;

struct Post {
  int id = 0;
};
constexpr auto describe(base::Type<Post>) {
  return base::fields(base::field("id", &Post::id, data::primary_key));
}
#ifdef MENDED
constexpr std::string_view table_name(base::Type<Post>) {
  return "posts";
}
#else
constexpr std::string_view table_name(base::Type<Post>) {
  return "posts\"; --";
}
#endif

bool is_there(data::Snapshot& db) {
  return db.find<Post>(7).has_value();
}
