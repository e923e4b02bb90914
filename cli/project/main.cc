#include "app.h"

int main(int argc, char** argv) {
  return hornbeam::web::run(
      argc, argv,
      [](const hornbeam::web::Config& config) { return std::make_unique<Application>(config); },
      {.name = "@name@",
       .description = "What @name@ does, in one sentence.",
       .build_command = "cmake --build build"});
}
