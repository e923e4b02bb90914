#include "docs/examples/blog/app.h"

int main(int argc, char** argv) {
  return hornbeam::web::run(argc, argv,
                            [](const hornbeam::web::Config& config) { return blog::Blog(config); },
                            {.name = "blog", .description = "A blog with writers who log in."});
}
