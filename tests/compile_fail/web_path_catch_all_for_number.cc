// A parameter that takes slashes, for a number.
// expect-error: a \{name:path\} takes slashes, and the handler's parameter for it is no text
// expect-error: Mend: take a std::string
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/files/{name:path}", [](std::string name) { return name; });
#else
  app.get("/files/{name:path}", [](int name) { return std::to_string(name); });
#endif
}
