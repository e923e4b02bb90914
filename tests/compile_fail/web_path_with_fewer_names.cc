// A handler that takes an id which its path does not have.
// expect-error: the handler has more plain parameters than the path has \{names\}
// expect-error: Mend: add a \{name\} for each
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/users/{id}", [](std::int64_t id) { return std::to_string(id); });
#else
  app.get("/users/", [](std::int64_t id) { return std::to_string(id); });
#endif
}
