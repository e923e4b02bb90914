// How clients find each other: the list, and the quick match.

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "hornbeam/live/matching.h"
#include "hornbeam/live/session.h"

namespace hornbeam::live {

base::Task<void> Session::list(const ClientMessage& message) {
  send(list_message(lobby_.games(), co_await lobby_.listed(message.kind)));
}

/// The game of that kind that this client has listed and waits in.
base::Task<std::optional<ListedGame>> Session::own_waiting_game(const GameKind& kind) {
  if (!room_ || !seat_) co_return std::nullopt;
  const auto room = room_;
  const auto lock = co_await room->mutex.lock();
  const GameRecord& record = room->record();
  const bool waits = record.phase() == GameRecord::Phase::kWaiting && record.is_open();
  if (!waits || record.kind().name != kind.name) co_return std::nullopt;
  co_return ListedGame{record.id(), record.spec(), other(*seat_), record.events().front().at};
}

/// Sits down again where the client's token already opens a seat: the answer to an earlier message
/// was lost. False if it opens none.
base::Task<bool> Session::come_back(const ClientMessage& message) {
  if (message.token.empty()) co_return false;
  const auto game = co_await lobby_.seat_of(hash_seat_token(message.token));
  auto room = game ? co_await lobby_.find(*game) : nullptr;
  if (!room) co_return false;
  std::optional<Seat> seat;
  {
    const auto lock = co_await room->mutex.lock();
    seat = room->record().find_seat(message.token);
    co_await lobby_.set_listed(*room, true);
    show(*room, seat, -1);
  }
  co_await settle_in(room, seat);
  lobby_.release(std::move(room));
  co_return true;
}

/// Joins whoever of like strength waits longest, or waits. Two who came at once may both wait:
/// asked again, the one whose game is the younger goes over to the other, so that they meet.
base::Task<void> Session::quick_match(const ClientMessage& message) {
  const GameKind* const kind = lobby_.games().find(message.kind);
  if (kind == nullptr) {
    co_return refuse(
        {"no_such_game", fmt::format("No such game is played here: \"{}\".", message.kind)},
        message);
  }
  const auto token = token_for(message);
  if (!token) co_return;
  const auto own = co_await own_waiting_game(*kind);
  if (!own && co_await come_back(message)) co_return;
  if (co_await join_listed(*kind, *token, message, own)) co_return;
  if (own) co_return co_await pong(message);
  NewGame game{.kind = kind, .token_hash = {}, .bot = {}, .is_open = true, .clock = message.clock};
  game.player = co_await player();
  // Without a clock nobody would lose by just leaving.
  game.is_rated = game.player && game.clock;
  co_await begin(std::move(game), *token);
}

/// Sits down in a listed game that suits; false if there is none.
base::Task<bool> Session::join_listed(const GameKind& kind, const SeatToken& token,
                                      const ClientMessage& message, std::optional<ListedGame> own) {
  const EventTime now = lobby_.now();
  const auto waited = now - (own ? own->at : now);
  const int rating = co_await lobby_.rating_of(co_await player(), kind.name);
  bool is_own_listed = false;
  for (const ListedGame& game : co_await lobby_.listed(std::string(kind.name))) {
    if (own && game.game >= own->game) {
      is_own_listed = game.game == own->game;
      break;
    }
    if (game.spec.clock != message.clock) continue;
    const int theirs = game.spec.rating.value_or(kFirstRating);
    if (!do_suit(rating, theirs, std::max(waited, now - game.at))) continue;
    auto room = co_await lobby_.find(game.game);
    if (!room) continue;
    std::optional<Seat> seat;
    if (room != room_ || !seat_) {
      const auto lock = co_await room->mutex.lock();
      // Somebody else may have been quicker: then the next one is tried.
      if (const auto taken = co_await take_free_seat(*room, token)) seat = *taken;
    }
    if (seat) co_await settle_in(room, seat);
    lobby_.release(std::move(room));
    if (seat) co_return true;
  }
  if (own && !is_own_listed) {
    // Another process has just heard that an earlier connection of this client broke.
    const auto room = room_;
    const auto lock = co_await room->mutex.lock();
    co_await lobby_.set_listed(*room, true);
  }
  co_return false;
}

}  // namespace hornbeam::live
