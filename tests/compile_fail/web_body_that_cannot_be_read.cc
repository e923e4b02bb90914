// A member of a body that JSON cannot fill.
// expect-error: this type cannot be read from JSON\. Mend: give it a description
#include "hornbeam/web.h"

struct Post {
#ifdef MENDED
  std::string title;
#else
  const char* title = "";
#endif
};
constexpr auto describe(hornbeam::Type<Post>) {
  return hornbeam::fields(hornbeam::field("title", &Post::title));
}

void routes(hornbeam::web::App& app) {
  app.post("/post", [](hornbeam::web::Body<Post>) {});
}
