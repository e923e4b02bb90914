#pragma once

// Glicko-2: ratings that know how sure they are. Mark E. Glickman, "Example of the Glicko-2 system"
// (2013); the numbers of its example are a test.
//
// A game is a rating period of its own, so that a rating moves at once. Between games the deviation
// grows with the time that passed, as it would with every period without a game.

#include <chrono>
#include <span>

namespace hornbeam::live {

/// How well somebody plays, and how sure that is.
struct Rating {
  double rating = 1500;      ///< Two hundred points more win three games of four.
  double deviation = 350;    ///< The rating is within twice this, 19 times of 20.
  double volatility = 0.06;  ///< How erratic the results are.
};

/// A game as its rating sees it.
struct RatedGame {
  Rating opponent;   ///< As they were before the game.
  double score = 0;  ///< 1 for a win, 0.5 for a draw, 0 for a loss.
};

/// The rating after a period with these games; without any only the deviation grows.
/// `system_constant` keeps volatility from changing fast: 0.3 to 1.2.
Rating rate(const Rating& before, std::span<const RatedGame> games, double system_constant = 0.5);

/// The rating of one who has not played for so long: its deviation grows, from 60 to 110 in a
/// year.
Rating rest(const Rating& before, std::chrono::milliseconds idle);

/// Whether so little is known that the rating stands for little: its deviation is over 110.
constexpr bool is_provisional(const Rating& rating) noexcept {
  return rating.deviation > 110;
}

}  // namespace hornbeam::live
