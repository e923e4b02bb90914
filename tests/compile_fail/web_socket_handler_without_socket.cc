// A socket route whose handler takes no socket.
// expect-error: a socket handler takes a Socket<In, Out>\. Mend: add it to the parameters
#include "hornbeam/web.h"

void routes(hornbeam::web::App& app) {
  using namespace hornbeam::web;
#ifdef MENDED
  app.socket("/ws", [](Socket<>) -> Task<void> { co_return; });
#else
  app.socket("/ws", [](const Request&) -> Task<void> { co_return; });
#endif
}
