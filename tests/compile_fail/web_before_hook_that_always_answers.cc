// A before hook that returns a response, and so would answer every request.
// expect-error: a before_request hook returns nothing, or a std::optional that answers the
#include "hornbeam/web.h"

void hooks(hornbeam::web::App& app) {
#ifdef MENDED
  app.before_request([] { return std::optional<std::string>(); });
#else
  app.before_request([] { return std::string("answered"); });
#endif
}
