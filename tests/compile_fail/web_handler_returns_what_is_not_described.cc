// A struct that nobody has described.
// expect-error: a handler returns a type that is no response\. Mend: describe it
#include "hornbeam/web.h"

struct Post {
  std::string title;
};
#ifdef MENDED
constexpr auto describe(hornbeam::Type<Post>) {
  return hornbeam::fields(hornbeam::field("title", &Post::title));
}
#endif

void routes(hornbeam::web::App& app) {
  app.get("/post", [] { return Post{"title"}; });
}
