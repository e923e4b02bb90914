// Two parameters of one name.
// expect-error: two parameters in the path have one name\. Mend: rename one
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/{a}/{b}", [](int first, int second) { return std::to_string(first + second); });
#else
  app.get("/{a}/{a}", [](int first, int second) { return std::to_string(first + second); });
#endif
}
