// The smallest program: two routes, and the command line that every program gets.
#include <cstdint>

#include <fmt/core.h>

#include "hornbeam/web.h"

int main(int argc, char** argv) {
  return hornbeam::web::run(argc, argv, [](const hornbeam::web::Config&) {
    hornbeam::web::App app;
    app.get("/", [] { return "Hello, world!"; });
    app.get("/users/{id}", [](std::int64_t id) { return fmt::format("user {}", id); });
    return app;
  });
}
