#include "bench/load/table.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "bench/load/exchange.h"

namespace hornbeam::bench {

namespace {

constexpr std::array<std::string_view, 9> kDrawnGame = {"0,0", "1,1", "2,2", "0,1", "2,1",
                                                        "2,0", "0,2", "1,2", "1,0"};
constexpr std::string_view kNewGame = R"({"action":"new"})";

/// What follows the first `"key":` in `json`, without quotes; for messages known to be flat and
/// simple.
std::string_view value_of(std::string_view json, std::string_view key) {
  const std::string quoted = fmt::format("\"{}\"", key);
  std::size_t at = json.find(quoted);
  if (at == std::string_view::npos) return {};
  at = json.find_first_not_of(": ", at + quoted.size());
  if (at == std::string_view::npos) return {};
  if (json[at] == '"') return json.substr(at + 1, json.find('"', at + 1) - at - 1);
  return json.substr(at, json.find_first_of(",} ", at) - at);
}

}  // namespace

Table::Step Table::take(std::size_t seat, std::string_view text) {
  const std::string_view action = value_of(text, "action");
  if (action == "open") {
    if (++present_ < 2) return {};
    return {.sender = 0, .text = std::string(kNewGame)};
  }
  if (action == "wait-pair") {
    return {.sender = 1,
            .text = fmt::format(R"({{"action":"join","game_id":{}}})", value_of(text, "game_id"))};
  }
  if (action == "move") return take_turn(seat);
  if (action == "opp-move") return {.acknowledged = acknowledge(seat)};
  if (action == "end") return take_end(seat, text);
  if (action == "error" || action.empty()) throw WrongAnswer(fmt::format("the game says {}", text));
  return {};
}

Table::Step Table::take_turn(std::size_t seat) {
  if (moves_ == kDrawnGame.size()) return {};  // told of the last move; the end follows
  awaiting_[seat] = true;
  return {.sender = seat,
          .text = fmt::format(R"({{"action":"move","player_move":"{}"}})", kDrawnGame[moves_++]),
          .is_move = true};
}

Table::Step Table::take_end(std::size_t seat, std::string_view text) {
  if (value_of(text, "result") != "D") throw WrongAnswer(fmt::format("not a draw: {}", text));
  Step step{.acknowledged = acknowledge(seat)};
  if (++ended_ < 2) return step;
  ended_ = 0;
  moves_ = 0;
  if (again_) {
    step.sender = 0;
    step.text = kNewGame;
  } else {
    is_done_ = true;
  }
  return step;
}

bool Table::acknowledge(std::size_t seat) {
  return std::exchange(awaiting_[seat], false);
}

}  // namespace hornbeam::bench
