#include "hornbeam/live/games/grid_bot.h"

// How the computer looks at a grid. Every straight stretch of cells as long as a line is a chance;
// it is dead once both have a mark in it. What a chance is worth grows steeply with the marks in
// it, a position is worth the difference of what both have, and a free cell is as interesting as
// the chances through it. All of this is kept as marks are set and taken back: a mark touches the
// few chances through its cell.
//
// The most interesting cells are tried first, and only the first few of them. The computer looks
// one move deeper after another, the best of the last look first, until a win is found or the
// positions that it may look at are used up; what was half looked at does not count.

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "hornbeam/base/check.h"

namespace hornbeam::live {
namespace {

constexpr int kWin = 10'000'000;
constexpr int kInfinite = kWin + 1'000;
/// Of a position that nobody has looked at further.
constexpr int kAsGoodAsWon = 1'000'000;

/// Of a live chance, by the marks in it; one mark short of a line is the last.
constexpr std::array<int, 6> kWorth = {1, 6, 40, 300, 2'500, 0};

/// A guard for machines that are out of breath: elsewhere positions run out long before.
constexpr std::chrono::milliseconds kLongestThought{500};
constexpr int kBetweenClocks = 64;  // Positions.

/// What a search may spend.
struct Effort {
  int depth = 1;          ///< Moves that it looks ahead.
  std::size_t width = 8;  ///< Moves that it tries in each position.
  int positions = 100;    ///< That it looks at, past the first move's.
};

struct Candidate {
  std::size_t index;
  int worth;  ///< By the chances through it, then by what follows from it.
};

/// The place decides among equals, so that the order is the same on every machine.
bool is_better(const Candidate& a, const Candidate& b) {
  return a.worth != b.worth ? a.worth > b.worth : a.index < b.index;
}

/// Side 0 has the marks 'X', side 1 the marks 'O'.
using Side = std::size_t;

Side opponent(Side side) {
  return 1 - side;
}

/// A board and what it is worth.
class Board {
 public:
  Board(const GridShape& shape, std::string_view cells)
      : shape_(shape),
        // A line of four is as good as one of five with a mark more.
        lack_(5 - std::min<std::size_t>(static_cast<std::size_t>(shape.line), 5)),
        cells_(shape.size(), kNoMark),
        through_(shape.size()),
        interest_(shape.size()),
        own_interest_{std::vector<int>(shape.size()), std::vector<int>(shape.size())} {
    for (int row = 0; row < shape.rows; ++row) {
      for (int col = 0; col < shape.cols; ++col) add_chances({row, col});
    }
    for (std::size_t chance = 0; chance < marks_.size(); ++chance) weigh(chance, 1);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] != kNoMark) set(i, cells[i] == mark_of(Seat::kFirst) ? 0 : 1);
    }
  }

  /// Sets a mark; true if it completes a line.
  bool set(std::size_t index, Side side) {
    cells_[index] = mark_of(side == 0 ? Seat::kFirst : Seat::kSecond);
    bool has_line = false;
    for (const std::size_t chance : through_[index]) {
      weigh(chance, -1);
      has_line |= ++marks_[chance][side] == shape_.line;
      weigh(chance, 1);
    }
    return has_line;
  }
  /// Takes it back.
  void clear(std::size_t index, Side side) {
    cells_[index] = kNoMark;
    for (const std::size_t chance : through_[index]) {
      weigh(chance, -1);
      --marks_[chance][side];
      weigh(chance, 1);
    }
  }

  /// For the side to move, which makes more of the same chance, completes a line that lacks one
  /// mark, and cannot stop two of the other's.
  int value(Side mover) const {
    if (almost_[mover] > 0) return kAsGoodAsWon;
    if (almost_[opponent(mover)] > 1) return -kAsGoodAsWon / 2;
    return worth_[mover] + worth_[mover] / 2 - worth_[opponent(mover)];
  }

  /// The `width` most interesting moves, the best first.
  void find_candidates(Side mover, std::size_t width, std::vector<Candidate>& found) const {
    found.clear();
    const auto consider = [&](std::size_t index) {
      found.push_back({index, interest_[index] + own_interest_[mover][index]});
    };
    const auto cols = static_cast<std::size_t>(shape_.cols);
    if (shape_.falls) {
      for (std::size_t col = 0; col < cols; ++col) {
        std::size_t index = cells_.size() - cols + col;
        while (cells_[index] != kNoMark && index >= cols) index -= cols;
        if (cells_[index] == kNoMark) consider(index);
      }
    } else {
      for (std::size_t i = 0; i < cells_.size(); ++i) {
        if (cells_[i] == kNoMark) consider(i);
      }
    }
    const auto kept = std::min(width, found.size());
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(kept), is_better);
    found.resize(kept);
  }

 private:
  void add_chances(GridCell from) {
    constexpr std::array<GridCell, 4> kSteps = {{{0, 1}, {1, 0}, {1, 1}, {1, -1}}};
    for (const GridCell step : kSteps) {
      const int reach = shape_.line - 1;
      if (!is_on_grid(shape_, {from.row + reach * step.row, from.col + reach * step.col})) continue;
      for (int i = 0; i <= reach; ++i) {
        const auto cell = index_on_grid(shape_, {from.row + i * step.row, from.col + i * step.col});
        cells_of_.push_back(cell);
        through_[cell].push_back(marks_.size());
      }
      marks_.push_back({0, 0});
    }
  }

  /// Counts what the chance is worth in (`sign` 1), or out (-1).
  void weigh(std::size_t chance, int sign) {
    const auto [first, second] = marks_[chance];
    if (first > 0 && second > 0) return;
    const int marks = first + second;
    const int worth = sign * kWorth[marks == 0 ? 0 : static_cast<std::size_t>(marks) + lack_];
    const auto line = static_cast<std::size_t>(shape_.line);
    const std::size_t begin = chance * line;
    for (std::size_t i = begin; i < begin + line; ++i) interest_[cells_of_[i]] += worth;
    if (marks == 0) return;
    const Side side = first > 0 ? 0 : 1;
    worth_[side] += worth;
    if (marks == shape_.line - 1) almost_[side] += sign;
    std::vector<int>& own = own_interest_[side];
    for (std::size_t i = begin; i < begin + line; ++i) own[cells_of_[i]] += worth / 2;
  }

  const GridShape& shape_;
  std::size_t lack_;
  std::string cells_;
  std::vector<std::size_t> cells_of_;              // Of the first chance, of the second, and so on.
  std::vector<std::array<int, 2>> marks_;          // In each chance, by side.
  std::vector<std::vector<std::size_t>> through_;  // The chances through each cell.
  std::array<int, 2> worth_{};                     // Of the chances of each side.
  std::array<int, 2> almost_{};                    // Chances that lack one mark.
  std::vector<int> interest_;                      // Of each cell, whoever is to move.
  std::array<std::vector<int>, 2> own_interest_;   // What is added for the side to move.
};

class Search {
 public:
  Search(const GridShape& shape, std::string_view cells, Effort effort)
      : board_(shape, cells),
        effort_(effort),
        left_(effort.positions),
        candidates_(static_cast<std::size_t>(effort.depth) + 1) {}

  /// What each of the most interesting moves is worth to `mover`, the best first. Only the best
  /// ones' values are exact.
  std::vector<Candidate> rate(Side mover) {
    std::vector<Candidate> rated;
    board_.find_candidates(mover, effort_.width, rated);
    rate_to(rated, mover, 1);  // Its own move is always looked at.
    for (int depth = 2; depth <= effort_.depth && rated.front().worth < kWin; ++depth) {
      auto deeper = rated;
      rate_to(deeper, mover, depth);
      if (is_out()) break;
      rated = std::move(deeper);
    }
    return rated;
  }

 private:
  void rate_to(std::vector<Candidate>& rated, Side mover, int depth) {
    int best = -kInfinite;
    for (Candidate& each : rated) {
      // One below the best: the values of equals have to be exact, for the seed to choose among.
      each.worth =
          value_of_move(each.index, mover, depth, std::max(best, 1 - kInfinite) - 1, kInfinite);
      best = std::max(best, each.worth);
    }
    std::ranges::sort(rated, is_better);
  }

  bool is_out() const noexcept { return left_ <= 0; }
  /// Counts a position.
  void spend() {
    --left_;
    if (left_ % kBetweenClocks == 0 && std::chrono::steady_clock::now() > end_) left_ = 0;
  }

  /// What it is worth to `mover` to set a mark there; exact between `alpha` and `beta`.
  int value_of_move(std::size_t index, Side mover, int depth, int alpha, int beta) {
    const bool wins = board_.set(index, mover);
    // The sooner a win, the better.
    const int value =
        wins ? kWin + depth : -value_of_position(opponent(mover), depth - 1, -beta, -alpha);
    board_.clear(index, mover);
    return value;
  }

  // Terminates: each level has a depth one less. Once it is out of positions, what it gives is
  // thrown away.
  int value_of_position(Side mover, int depth, int alpha, int beta) {
    if (depth == 0) return board_.value(mover);
    if (is_out()) return 0;
    spend();
    std::vector<Candidate>& moves = candidates_[static_cast<std::size_t>(depth)];
    board_.find_candidates(mover, effort_.width, moves);
    if (moves.empty()) return 0;
    int best = -kInfinite;
    for (const Candidate& each : moves) {
      best = std::max(best, value_of_move(each.index, mover, depth, std::max(alpha, best), beta));
      if (best >= beta) break;
    }
    return best;
  }

  Board board_;
  Effort effort_;
  int left_;  // Positions.
  const std::chrono::steady_clock::time_point end_ =
      std::chrono::steady_clock::now() + kLongestThought;
  std::vector<std::vector<Candidate>> candidates_;  // By depth: one of each is in use.
};

/// The finalizer of splitmix64: spreads seeds that differ in one bit.
std::uint64_t mix(std::uint64_t seed) {
  seed += 0x9e3779b97f4a7c15U;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9U;
  seed = (seed ^ seed >> 27) * 0x94d049bb133111ebU;
  return seed ^ seed >> 31;
}

std::size_t choose(const GridShape& shape, const GridState& state, Effort effort, BotLevel level,
                   std::uint64_t seed) {
  const auto mover = grid_to_move(state);
  base::check(mover.has_value(), "a bot is asked for a move only while the game is open");
  const auto rated = Search(shape, state.cells, effort).rate(index_of(*mover));
  const auto is_as_good = [&](const Candidate& each) { return each.worth == rated[0].worth; };
  auto count = static_cast<std::size_t>(std::ranges::count_if(rated, is_as_good));
  // The easy one is careless, but not blind.
  if (level == BotLevel::kEasy && rated[0].worth < kWin)
    count = std::min<std::size_t>(3, rated.size());
  return rated[mix(seed + state.count) % count].index;
}

/// By level. An odd number of moves ahead ends with a move of its own, which suits the way in which
/// positions are valued: four are worse than three.
constexpr std::array<Effort, 3> kAtGomoku = {{{.depth = 1, .width = 8, .positions = 1},
                                              {.depth = 2, .width = 10, .positions = 100},
                                              {.depth = 3, .width = 12, .positions = 2'000}}};
constexpr std::array<Effort, 3> kAtConnectFour = {{{.depth = 1, .width = 7, .positions = 1},
                                                   {.depth = 2, .width = 7, .positions = 100},
                                                   {.depth = 6, .width = 7, .positions = 6'000}}};

}  // namespace

Gomoku::Move choose_gomoku_move(const Gomoku::State& state, BotLevel level, std::uint64_t seed) {
  constexpr GridShape kShape = Gomoku::kShape;
  const auto at = static_cast<int>(
      choose(kShape, state, kAtGomoku[static_cast<std::size_t>(level)], level, seed));
  return {at / kShape.cols, at % kShape.cols};
}

ConnectFour::Move choose_connect_four_move(const ConnectFour::State& state, BotLevel level,
                                           std::uint64_t seed) {
  constexpr GridShape kShape = ConnectFour::kShape;
  const auto at = static_cast<int>(
      choose(kShape, state, kAtConnectFour[static_cast<std::size_t>(level)], level, seed));
  return {at % kShape.cols};
}

}  // namespace hornbeam::live
