#include "hornbeam/live/games/grid_bot.h"

// How the computer looks at a grid. Every straight stretch of cells as long as a line is a chance;
// it is dead once both have a mark in it. What a chance is worth grows steeply with the marks in
// it, a position is worth the difference of what both have, and a free cell is as interesting as
// the chances through it. The most interesting cells are tried first, and only the first few of
// them.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "hornbeam/base/check.h"

namespace hornbeam::live {
namespace {

constexpr int kWin = 10'000'000;
constexpr int kInfinite = kWin + 1'000;

/// Of a live chance, by the marks in it; one mark short of a line is the last.
constexpr std::array<int, 6> kWorth = {1, 6, 40, 300, 2'500, 0};

struct Candidate {
  std::size_t index;
  int worth;  ///< By the chances through it, then by what follows from it.
};

/// The place decides among equals, so that the order is the same on every machine.
bool is_better(const Candidate& a, const Candidate& b) {
  return a.worth != b.worth ? a.worth > b.worth : a.index < b.index;
}

struct Look {
  int value = 0;                      ///< For the player to move.
  std::vector<Candidate> candidates;  ///< The most interesting first.
};

class Search {
 public:
  Search(const GridShape& shape, std::string cells, std::size_t width)
      : shape_(shape), cells_(std::move(cells)), width_(width) {
    for (int row = 0; row < shape.rows; ++row) {
      for (int col = 0; col < shape.cols; ++col) add_chances({row, col});
    }
  }

  /// What each of the most interesting moves is worth to `mover`, looking `depth` moves ahead. Only
  /// the best ones' values are exact.
  std::vector<Candidate> rate(char mover, int depth) {
    auto rated = look(mover).candidates;
    int best = -kInfinite;
    for (Candidate& each : rated) {
      // One below the best: the values of equals have to be exact, for the seed to choose among.
      each.worth =
          value_of_move(each.index, mover, depth, std::max(best, 1 - kInfinite) - 1, kInfinite);
      best = std::max(best, each.worth);
    }
    std::ranges::sort(rated, is_better);
    return rated;
  }

 private:
  static char opponent(char mark) { return mark == 'X' ? 'O' : 'X'; }

  void add_chances(GridCell from) {
    constexpr std::array<GridCell, 4> kSteps = {{{0, 1}, {1, 0}, {1, 1}, {1, -1}}};
    for (const GridCell step : kSteps) {
      const int reach = shape_.line - 1;
      if (!is_on_grid(shape_, {from.row + reach * step.row, from.col + reach * step.col})) continue;
      for (int i = 0; i <= reach; ++i) {
        chances_.push_back(
            index_on_grid(shape_, {from.row + i * step.row, from.col + i * step.col}));
      }
    }
  }

  Look look(char mover) const {
    Look look;
    std::vector<int> interest(cells_.size());
    const auto line = static_cast<std::size_t>(shape_.line);
    // A line of four is as good as one of five with a mark more.
    const std::size_t lack = 5 - std::min<std::size_t>(line, 5);
    for (std::size_t begin = 0; begin < chances_.size(); begin += line) {
      std::size_t own = 0;
      std::size_t theirs = 0;
      for (std::size_t i = begin; i < begin + line; ++i) {
        const char mark = cells_[chances_[i]];
        own += mark == mover ? 1 : 0;
        theirs += mark != mover && mark != kNoMark ? 1 : 0;
      }
      if (own > 0 && theirs > 0) continue;
      const std::size_t marks = std::max(own, theirs);
      const int worth = kWorth[marks == 0 ? 0 : marks + lack];
      // Who is to move makes more of the same chance.
      if (marks > 0) look.value += own > 0 ? worth + worth / 2 : -worth;
      for (std::size_t i = begin; i < begin + line; ++i) {
        if (cells_[chances_[i]] == kNoMark)
          interest[chances_[i]] += worth + (own > 0 ? worth / 2 : 0);
      }
    }
    for (const GridCell cell : free_cells(shape_, cells_)) {
      const std::size_t index = index_on_grid(shape_, cell);
      look.candidates.push_back({index, interest[index]});
    }
    const auto kept = std::min(width_, look.candidates.size());
    std::ranges::partial_sort(
        look.candidates, look.candidates.begin() + static_cast<std::ptrdiff_t>(kept), is_better);
    look.candidates.resize(kept);
    return look;
  }

  /// What it is worth to `mover` to set a mark there; exact between `alpha` and `beta`.
  int value_of_move(std::size_t index, char mover, int depth, int alpha, int beta) {
    cells_[index] = mover;
    const int at = static_cast<int>(index);
    const bool wins = has_line_through(shape_, cells_, {at / shape_.cols, at % shape_.cols});
    // The sooner a win, the better.
    const int value =
        wins ? kWin + depth : -value_of_position(opponent(mover), depth - 1, -beta, -alpha);
    cells_[index] = kNoMark;
    return value;
  }

  // Terminates: each level has a depth one less.
  int value_of_position(char mover, int depth, int alpha, int beta) {
    const Look now = look(mover);
    if (now.candidates.empty()) return 0;
    if (depth == 0) return now.value;
    int best = -kInfinite;
    for (const Candidate& each : now.candidates) {
      best = std::max(best, value_of_move(each.index, mover, depth, std::max(alpha, best), beta));
      if (best >= beta) break;
    }
    return best;
  }

  const GridShape& shape_;
  std::string cells_;
  std::size_t width_;
  std::vector<std::size_t> chances_;  // The cells of the first, of the second, and so on.
};

/// The finalizer of splitmix64: spreads seeds that differ in one bit.
std::uint64_t mix(std::uint64_t seed) {
  seed += 0x9e3779b97f4a7c15U;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9U;
  seed = (seed ^ seed >> 27) * 0x94d049bb133111ebU;
  return seed ^ seed >> 31;
}

std::size_t choose(const GridShape& shape, const GridState& state, int depth, std::size_t width,
                   BotLevel level, std::uint64_t seed) {
  const auto mover = grid_to_move(state);
  base::check(mover.has_value(), "a bot is asked for a move only while the game is open");
  const auto rated = Search(shape, state.cells, width).rate(mark_of(*mover), depth);
  const auto is_as_good = [&](const Candidate& each) { return each.worth == rated[0].worth; };
  auto count = static_cast<std::size_t>(std::ranges::count_if(rated, is_as_good));
  // The easy one is careless, but not blind.
  if (level == BotLevel::kEasy && rated[0].worth < kWin)
    count = std::min<std::size_t>(3, rated.size());
  return rated[mix(seed + state.count) % count].index;
}

constexpr int depth_of(BotLevel level, int highest) {
  return level == BotLevel::kEasy ? 1 : level == BotLevel::kMedium ? 2 : highest;
}

}  // namespace

Gomoku::Move choose_gomoku_move(const Gomoku::State& state, BotLevel level, std::uint64_t seed) {
  constexpr GridShape kShape = Gomoku::kShape;
  const auto at = static_cast<int>(choose(kShape, state, depth_of(level, 3), 8, level, seed));
  return {at / kShape.cols, at % kShape.cols};
}

ConnectFour::Move choose_connect_four_move(const ConnectFour::State& state, BotLevel level,
                                           std::uint64_t seed) {
  constexpr GridShape kShape = ConnectFour::kShape;
  const auto at = static_cast<int>(choose(kShape, state, depth_of(level, 6), 7, level, seed));
  return {at % kShape.cols};
}

}  // namespace hornbeam::live
