// A parameter whose brace is not closed.
// expect-error: a '\{' in the path is not closed in its segment\. Mend: write \{name\}
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/users/{id}/posts", [](int id) { return std::to_string(id); });
#else
  app.get("/users/{id/posts", [](int id) { return std::to_string(id); });
#endif
}
