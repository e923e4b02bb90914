// A generic lambda: nothing says what it takes.
// expect-error: a handler must be a lambda or a function whose parameters all have named types
// expect-error: Mend: replace every 'auto' parameter by its type
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/users/{id}", [](int id) { return std::to_string(id); });
#else
  app.get("/users/{id}", [](auto id) { return std::to_string(id); });
#endif
}
