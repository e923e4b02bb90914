// A path that does not begin with a slash.
// expect-error: a path begins with '/'\. Mend: put one in front
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/users", [] { return "users"; });
#else
  app.get("users", [] { return "users"; });
#endif
}
