#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arena {

/// What players and watchers of a load look at in a message of the server; what it does not say is
/// empty, ' ' or -1.
struct LoadMessage {
  using Move = std::pair<char, std::string>;  // Whose, and where.
  struct LoggedMove {
    std::int64_t seq;
    Move move;
  };

  std::string action, token, board, command_id, code, move;
  std::int64_t game = -1, seq = -1;
  std::int64_t first_event = -1;  ///< Of those told, whatever their kind.
  char you = ' ', turn = ' ', by = ' ';
  bool is_over = false;
  std::vector<LoggedMove> moves{};  ///< Of a "state".

  /// Reads one; what is no message at all has no action.
  explicit LoadMessage(std::string_view text);
};

}  // namespace arena
