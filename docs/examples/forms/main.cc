#include "docs/examples/forms/app.h"

int main(int argc, char** argv) {
  return hornbeam::web::run(
      argc, argv, [](const hornbeam::web::Config&) { return members::Club(); },
      {.name = "members", .description = "A club whose members join by a form."});
}
