#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::bench {

/// Two players at one table, speaking the classic protocol: client to server
/// {"action":"move","player_move":"1,1"}, server to client
/// {"action":"move","data":{"opp_move":"1,1"}}. Seat 0 creates and begins, seat 1 joins; their nine
/// moves end in a draw. No I/O.
class Table {
 public:
  /// What a message made happen.
  struct Step {
    /// Who has to send `text`, if anybody.
    std::optional<std::size_t> sender{};
    std::string text{};
    bool is_move = false;       ///< `text` is a move: its acknowledgement is awaited from now on.
    bool acknowledged = false;  ///< The message acknowledged the move that was awaited.
  };

  /// Takes the message `text` that came to `seat`. Throws: WrongAnswer, on an error from the
  /// server, or an end that is not a draw.
  Step take(std::size_t seat, std::string_view text);

  /// Ends the table after the present game.
  void play_no_more() { again_ = false; }
  bool is_done() const { return is_done_; }

 private:
  Step take_turn(std::size_t seat);
  Step take_end(std::size_t seat, std::string_view text);
  bool acknowledge(std::size_t seat);

  std::size_t present_ = 0;  // sockets that were greeted
  std::size_t ended_ = 0;    // sockets that know of the end
  std::size_t moves_ = 0;    // moves made in this game
  /// Whose move has not been acknowledged yet. The answer to it may come after the opponent has
  /// seen it and moved.
  std::array<bool, 2> awaiting_{};
  bool again_ = true;
  bool is_done_ = false;
};

}  // namespace hornbeam::bench
