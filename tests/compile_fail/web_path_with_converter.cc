// A converter as Flask has it: here the handler's parameter gives the type.
// expect-error: a \{name:converter\} in the path is not 'path', the only one
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/users/{id}", [](int id) { return std::to_string(id); });
#else
  app.get("/users/{id:int}", [](int id) { return std::to_string(id); });
#endif
}
