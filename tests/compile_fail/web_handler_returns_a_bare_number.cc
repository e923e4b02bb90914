// A bare number: a body or a status?
// expect-error: a handler returns a bare number: a body or a status\? Mend: return json\(number\)
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/answer", [] { return hornbeam::web::json(42); });
#else
  app.get("/answer", [] { return 42; });
#endif
}
