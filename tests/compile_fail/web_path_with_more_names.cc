// A path with two parameters, given to a handler that takes one; inside of a lambda, as factories
// are. expect-error: the path has more \{names\} than the handler has plain parameters
// expect-error: Mend: give the handler one for each
#include "hornbeam/web.h"

int main(int argc, char** argv) {
  return hornbeam::web::run(argc, argv, [](const hornbeam::web::Config&) {
    hornbeam::web::App app;
#ifdef MENDED
    app.get("/users/{id}/{post}", [](int id, int post) { return std::to_string(id + post); });
#else
    app.get("/users/{id}/{post}", [](int id) { return std::to_string(id); });
#endif
    return app;
  });
}
