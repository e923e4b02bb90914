#pragma once

// GameKind: rules without their types, so that one room, one log and one protocol serve every game.
//
// Moves and boards cross this border as text, in the encodings that the rules define.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/live/rules.h"

namespace hornbeam::live {

class Position;

/// A move that the rules allowed.
struct Step {
  std::unique_ptr<const Position> position;  ///< Where it leads.
  std::string move;                          ///< The move in its one canonical spelling.
};

/// A state of some game. Never changes: a move gives a new one.
class Position {
 public:
  Position() = default;
  Position(const Position&) = delete;
  Position& operator=(const Position&) = delete;
  virtual ~Position() = default;

  /// Refuses with "illegal_move", "not_your_turn" or "game_over".
  virtual base::Result<Step> play(Seat seat, std::string_view move) const = 0;
  /// Whether it is over, and who has won.
  virtual Outcome outcome() const = 0;
  /// Whose move it is; nobody once it is over.
  virtual std::optional<Seat> to_move() const = 0;
  /// The whole position as text.
  virtual std::string board() const = 0;
  /// The board as the protocol shows it to `viewer`, who is nobody for one who watches.
  virtual std::string view(std::optional<Seat> viewer) const = 0;
  /// Every move that `play` takes now, in the words that it takes.
  virtual std::vector<std::string> legal_moves() const = 0;
  /// The computer's choice; empty if the game has no bot. Requires: the game is open.
  virtual std::string choose_move(BotLevel level, std::uint64_t seed) const = 0;
};

/// A game on offer: what it is called and where it begins.
struct GameKind {
  std::string_view name;                       ///< Such as "tic-tac-toe".
  int version;                                 ///< Of the rules; raised when they change.
  std::array<std::string_view, 2> seat_names;  ///< What the seats are called, such as "X" and "O".
  bool has_bot;                                ///< Whether the computer can play it.
  bool has_secrets;                            ///< Whether seats see different things.
  /// Makes the position that a game begins with.
  std::move_only_function<std::unique_ptr<const Position>() const> start;
};

namespace internal {

/// A state of `Game` as a `Position`.
template <Rules Game>
class RulesPosition final : public Position {
 public:
  RulesPosition(typename Game::State state, Bot<Game> bot) : state_(std::move(state)), bot_(bot) {}

  base::Result<Step> play(Seat seat, std::string_view text) const override {
    const auto move = Game::decode_move(text);
    if (!move) return std::unexpected(move.error());
    auto next = Game::play(state_, seat, *move);
    if (!next) return std::unexpected(std::move(next).error());
    return Step{std::make_unique<RulesPosition>(*std::move(next), bot_), Game::encode_move(*move)};
  }
  Outcome outcome() const override { return Game::outcome(state_); }
  std::optional<Seat> to_move() const override { return Game::to_move(state_); }
  std::string board() const override { return Game::encode(state_); }
  std::string view(std::optional<Seat> viewer) const override {
    if constexpr (HasSecrets<Game>) {
      return Game::view(state_, viewer);
    } else {
      return Game::encode(state_);
    }
  }
  std::vector<std::string> legal_moves() const override {
    std::vector<std::string> moves;
    for (const auto& move : Game::legal_moves(state_)) moves.push_back(Game::encode_move(move));
    return moves;
  }
  std::string choose_move(BotLevel level, std::uint64_t seed) const override {
    return bot_ == nullptr ? std::string() : Game::encode_move(bot_(state_, level, seed));
  }

 private:
  typename Game::State state_;
  Bot<Game> bot_;
};

}  // namespace internal

/// The games that a lobby offers; the first one added is the default. Built in `main`, then const.
class GameCatalog {
 public:
  /// Adds `Game`, with `bot` as its computer player if there is one.
  template <Rules Game>
  GameCatalog& add(Bot<Game> bot = nullptr) {
    kinds_.push_back(GameKind{.name = Game::kName,
                              .version = Game::kVersion,
                              .seat_names = Game::kSeatNames,
                              .has_bot = bot != nullptr,
                              .has_secrets = HasSecrets<Game>,
                              .start = [bot] {
                                return std::make_unique<internal::RulesPosition<Game>>(
                                    Game::start(), bot);
                              }});
    return *this;
  }

  /// The rules called `name` in that version: a game is finished by the rules it was begun with.
  const GameKind* find(std::string_view name, int version) const {
    for (const GameKind& kind : kinds_) {
      if (kind.name == name && kind.version == version) return &kind;
    }
    return nullptr;
  }
  /// The newest rules called `name`; the default game if `name` is empty.
  const GameKind* find(std::string_view name) const {
    const GameKind* newest = nullptr;
    for (const GameKind& kind : kinds_) {
      if (name.empty()) return &kind;
      if (kind.name == name && (newest == nullptr || newest->version < kind.version)) {
        newest = &kind;
      }
    }
    return newest;
  }

 private:
  std::vector<GameKind> kinds_;
};

/// The games that everyone knows how to show, tic-tac-toe first: Gomoku and Connect Four follow.
GameCatalog standard_games();

}  // namespace hornbeam::live
