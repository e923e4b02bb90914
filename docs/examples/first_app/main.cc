#include "docs/examples/first_app/app.h"

int main(int argc, char** argv) {
  return hornbeam::web::run(
      argc, argv, [](const hornbeam::web::Config& config) { return garden::Garden(config); },
      {.name = "garden", .description = "Which plant grows in which bed."});
}
