// arena: two people and a board in a browser, on one binary and one database file.

#include <string_view>

#include "arena/arena.h"
#include "arena/commands.h"
#include "hornbeam/web.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "tictactoe") {
    return arena::play_tictactoe(argc - 1, argv + 1);
  }
  return hornbeam::web::run(
      argc, argv,
      [](const hornbeam::web::Config& config) {
        return std::make_unique<arena::Arena>(arena::Options::read(config));
      },
      {.name = "arena",
       .description = "Tic-tac-toe with a friend, or against a computer that never loses."});
}
