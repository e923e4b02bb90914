#include "hornbeam/live/session.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "hornbeam/base/log.h"

namespace hornbeam::live {
namespace {

constexpr int kCostOfNonsense = 2;

int cost_of(Action action) {
  switch (action) {
    case Action::kNew:
    case Action::kQuick:
      return 8;
    case Action::kJoin:
    case Action::kHello:
    case Action::kWatch:
    case Action::kRematch:
    case Action::kChat:
    case Action::kList:
      return 4;
    case Action::kMove:
    case Action::kAbort:
    case Action::kLeave:
    case Action::kResign:
    case Action::kPing:
    case Action::kOfferDraw:
    case Action::kAcceptDraw:
    case Action::kDeclineDraw:
    case Action::kOfferUndo:
    case Action::kAcceptUndo:
    case Action::kDeclineUndo:
    case Action::kFlag:
      break;
  }
  return 1;
}

/// Longer round trips are no lag but a connection that is about to break.
constexpr std::chrono::milliseconds kMostLag{500};

const base::Error kNoGame{"no_such_game", "You are in no game: begin one or join one first."};

}  // namespace

Session::Session(Lobby& lobby, std::shared_ptr<Client> client, std::string player_key_hash)
    : lobby_(lobby),
      client_(std::move(client)),
      credits_(lobby.options().credits, lobby.now()),
      identity_(player_key_hash.empty()
                    ? nullptr
                    : std::make_unique<Identity>(Identity{std::move(player_key_hash), {}})) {}

Session::~Session() = default;

Session::Session(Session&&) noexcept = default;

void Session::open() {
  send(open_message());
}

base::Task<void> Session::receive(std::string_view text) {
  const auto message = parse_client_message(text);
  if (message && message->is_extended) is_extended_ = true;
  if (!pays_for(message)) co_return;
  if (!message) {
    send(error_message(message.error(), is_extended_));
    co_return;
  }
  if (message->action > Action::kPing && !is_extended_) {
    // To a classic client the server is the classic one: these are no actions of its own.
    refuse({"unknown_action", "Unknown Action: it needs \"v\": 1"}, *message);
    co_return;
  }
  try {
    co_await dispatch(*message);
  } catch (const std::exception& failure) {
    base::log_error("a live message was not carried out: {}", failure.what());
    refuse({"busy", "The server could not do that now: try again."}, *message);
  }
}

bool Session::pays_for(const base::Result<ClientMessage>& message) {
  const int cost = message ? cost_of(message->action) : kCostOfNonsense;
  const CreditOptions& options = lobby_.options().credits;
  if (credits_.spend(cost, options, lobby_.now())) return true;
  const base::Error error{"rate_limited", "Too many messages: wait a second, then go on."};
  send(error_message(error, is_extended_, message ? message->command_id : std::string()));
  if (credits_.is_abusive(options)) client_->close(kTooManyMessages, "Too many messages");
  return false;
}

/// Whoever has a seat's token can come on any number of connections: the seat has no more than one.
bool Session::seat_pays_for(Room& room, Seat seat, const ClientMessage& message) {
  const LobbyOptions& options = lobby_.options();
  if (room.spend(seat, cost_of(message.action), options.credits, lobby_.now())) return true;
  refuse(
      {"rate_limited",
       "Too many messages for this seat, over all of its connections: wait a second, then go on."},
      message);
  return false;
}

base::Task<void> Session::close() {
  try {
    co_await leave(std::exchange(room_, nullptr), seat_, Leaving::kDisconnected);
  } catch (const std::exception& failure) {
    base::log_error("a player's leaving was not stored: {}", failure.what());
  }
}

base::Task<void> Session::dispatch(const ClientMessage& message) {
  switch (message.action) {
    case Action::kNew:
      return begin_game(message);
    case Action::kJoin:
      return join_game(message);
    case Action::kMove:
      return act(EventKind::kMove, message);
    case Action::kAbort:
      return act(EventKind::kAbort, message);
    case Action::kResign:
      return act(EventKind::kResign, message);
    case Action::kRematch:
      return act(EventKind::kOfferRematch, message);
    case Action::kHello:
      return resume(message);
    case Action::kWatch:
      return watch(message);
    case Action::kLeave:
      return leave_on_request(message);
    case Action::kOfferDraw:
      return act(EventKind::kOfferDraw, message);
    case Action::kAcceptDraw:
      return act(EventKind::kDraw, message);
    case Action::kDeclineDraw:
      return act(EventKind::kDeclineDraw, message);
    case Action::kOfferUndo:
      return act(EventKind::kOfferUndo, message);
    case Action::kAcceptUndo:
      return act(EventKind::kUndo, message);
    case Action::kDeclineUndo:
      return act(EventKind::kDeclineUndo, message);
    case Action::kChat:
      return chat(message);
    case Action::kList:
      return list(message);
    case Action::kQuick:
      return quick_match(message);
    case Action::kFlag:
      return act(EventKind::kFlag, message);
    case Action::kPing:
      break;
  }
  return pong(message);
}

base::Task<void> Session::begin_game(const ClientMessage& message) {
  const GameKind* const kind = lobby_.games().find(message.kind);
  if (kind == nullptr || (message.wants_bot && !kind->has_bot)) {
    refuse({"no_such_game", fmt::format("No such game is played here: \"{}\".", message.kind)},
           message);
    co_return;
  }
  auto token = token_for(message);
  if (!token) co_return;
  NewGame game{.kind = kind, .token_hash = {}, .bot = {}, .clock = message.clock};
  game.seat = message.side == kind->seat_names[1] ? Seat::kSecond : Seat::kFirst;
  if (message.wants_bot) {
    game.bot = message.level;
  } else {
    game.is_open = message.is_open && !message.is_private;
    game.is_rated = message.is_rated;
    if (message.is_private && is_extended_) {
      game.invitation_hash = hash_seat_token(invitation_of(token->text));
    }
    game.player = co_await player();
  }
  co_await begin(std::move(game), *std::move(token));
}

/// The token that opens the seat to be taken: the one that the client has chosen, so that it can
/// come back even if the answer is lost, or a new one. Nothing, and the client told, if it chose a
/// bad one.
std::optional<SeatToken> Session::token_for(const ClientMessage& message) {
  if (!is_extended_ || message.token.empty()) return SeatToken::make();
  if (is_seat_token(message.token)) {
    return SeatToken{message.token, hash_seat_token(message.token), true};
  }
  refuse({"bad_token", "A token is 22 to 64 letters, digits, - and _, chosen at random."}, message);
  return std::nullopt;
}

/// Who the client is beyond its seats; nobody for guests and classic clients.
base::Task<std::optional<PlayerId>> Session::player() {
  if (!identity_) co_return std::nullopt;
  auto& known = identity_->player;
  if (is_extended_ && !known) known = co_await lobby_.know(identity_->key_hash);
  co_return known;
}

/// Begins `game` and sits down in it; or sits down in the game that was begun with the same token.
base::Task<void> Session::begin(NewGame game, SeatToken token) {
  game.token_hash = token.hash;
  game.is_token_new = !token.is_chosen;
  if (game.is_open) game.rating = co_await lobby_.rating_of(game.player, game.kind->name);
  if (!game.player) game.rating = std::nullopt;
  const auto room = co_await lobby_.create(std::move(game));
  std::optional<Seat> seat;
  {
    const auto lock = co_await room->mutex.lock();
    seat = room->record().find_seat(token);
  }
  co_await settle_in(room, seat);
  const auto lock = co_await room->mutex.lock();
  const GameRecord& record = room->record();
  if (record.phase() != GameRecord::Phase::kWaiting && record.move_count() > 0) {
    co_return show(*room, seat, -1);
  }
  const Audience audience{seat, is_extended_};
  room->enter(Member{client_, audience, {}});
  if (record.phase() == GameRecord::Phase::kWaiting) {
    co_return send(wait_pair_message(record, audience, token.text));
  }
  send(paired_message(record, audience, token.text, room->cards()));
  send(turn_message(record, audience, nullptr));
  co_await lobby_.settle(*room);
}

/// The room that a message names; null, and the client told, if there is none.
base::Task<std::shared_ptr<Room>> Session::find_room(const ClientMessage& message) {
  auto room = message.game ? co_await lobby_.find(*message.game) : nullptr;
  if (!room) {
    refuse({"no_such_game", fmt::format("Invalid Game Id: {}", message.game_text)}, message);
  }
  co_return room;
}

base::Task<void> Session::join_game(const ClientMessage& message) {
  auto room = co_await find_room(message);
  if (!room) co_return;
  // The game before is left only after this: whoever cannot sit down stays where they are.
  const auto seat = co_await sit_down(*room, message);
  if (seat) co_await settle_in(room, seat);
  lobby_.release(std::move(room));
}

/// Takes the free seat of `room`, or the one that the message has a token for.
base::Task<std::optional<Seat>> Session::sit_down(Room& room, const ClientMessage& message) {
  const auto lock = co_await room.mutex.lock();
  if (!message.token.empty()) {
    if (const auto seat = room.record().find_seat(message.token)) {
      if (!seat_pays_for(room, *seat, message)) co_return std::nullopt;
      co_await lobby_.set_listed(room, true);
      show(room, seat, -1);
      co_return seat;
    }
  }
  if (!is_let_in(room, message)) co_return std::nullopt;
  const Member* const self = room.find(*client_);
  if (self != nullptr && self->audience.seat) {
    refuse({"full", "You cannot join your own game: share its number with someone."}, message);
    co_return std::nullopt;
  }
  const auto token = token_for(message);
  if (!token) co_return std::nullopt;
  auto seat = co_await take_free_seat(room, *token);
  if (seat) co_return *seat;
  // The classic's words; the code tells the cases apart.
  seat.error().message = fmt::format("Invalid Game Id: {}", message.game_text);
  refuse(seat.error(), message);
  co_return std::nullopt;
}

/// Sits down beside someone else. Requires: the room's lock is held, and this client has no seat.
base::Task<base::Result<Seat>> Session::take_free_seat(Room& room, const SeatToken& token) {
  if (room.record().find_seat(token)) {
    co_return base::error("full", "You cannot join your own game: share its number with someone.");
  }
  const Occupant occupant{token.hash, std::nullopt, co_await player()};
  auto stored = co_await lobby_.store(
      room, Command{EventKind::kJoin, std::nullopt, {}, occupant.encode(), std::nullopt});
  if (!stored) {
    // Another process had stored this very join, and its answer was lost: that is known only now.
    const auto own = room.record().find_seat(token);
    if (!own) co_return std::unexpected(std::move(stored).error());
    show(room, own, -1);
    co_return *own;
  }
  const Seat seat = *stored->event.seat;
  room.enter(Member{client_, {seat, is_extended_}, token.text});
  co_await lobby_.tell(room, std::move(stored->event));
  room.announce_presence();
  co_return seat;
}

base::Task<void> Session::resume(const ClientMessage& message) {
  if (!message.game) co_return send(pong_message(message.command_id));
  auto room = co_await find_room(message);
  if (!room) co_return;
  std::optional<Seat> seat;
  bool is_let_in = false;
  {
    const auto lock = co_await room->mutex.lock();
    // Checked before anything changes: a bad token must not cost the true player the seat.
    seat = room->record().find_seat(message.token);
    is_let_in = seat && seat_pays_for(*room, *seat, message);
    if (is_let_in) {
      co_await lobby_.set_listed(*room, true);
      show(*room, seat, message.last_seq.value_or(-1));
    }
  }
  if (is_let_in) {
    co_await settle_in(room, seat);
  } else if (!seat) {
    refuse({"bad_token", "That is no seat of yours: you may watch the game."}, message);
  }
  lobby_.release(std::move(room));
}

base::Task<void> Session::watch(const ClientMessage& message) {
  auto room = co_await find_room(message);
  if (!room) co_return;
  if (room != room_ || !seat_) {
    bool is_in = false;
    {
      const auto lock = co_await room->mutex.lock();
      is_in = is_let_in(*room, message);
      if (is_in) show(*room, std::nullopt, message.last_seq.value_or(-1));
    }
    if (is_in) co_await settle_in(room, std::nullopt);
  }
  lobby_.release(std::move(room));
}

/// True if the client may enter without a seat of its own; else it has been told why not. Requires:
/// the room's lock is held.
bool Session::is_let_in(const Room& room, const ClientMessage& message) {
  if (room.record().is_invited(message.invitation)) return true;
  // To a classic client it is no game at all.
  const std::string words = is_extended_
                                ? "This game is by invitation: open the link that you were sent."
                                : fmt::format("Invalid Game Id: {}", message.game_text);
  refuse({"bad_token", words}, message);
  return false;
}

/// Lets the client in and tells it how the game stands. Requires: the room's lock is held.
void Session::show(Room& room, std::optional<Seat> seat, Seq last_seq) {
  // Whoever watches speaks the extended protocol: the classic one has nothing to say to them.
  const Audience audience{seat, is_extended_ || !seat};
  room.enter(Member{client_, audience, {}});
  send(state_message(room.record(), audience, last_seq, room.presence(), lobby_.now(),
                     room.cards()));
  if (!room.chat().empty()) send(chat_message(room.record(), room.chat()));
  room.announce_presence();
}

/// Makes `room` the game at hand, and leaves the one before.
base::Task<void> Session::settle_in(std::shared_ptr<Room> room, std::optional<Seat> seat) {
  auto before = std::exchange(room_, std::move(room));
  const auto seat_before = std::exchange(seat_, seat);
  if (before != room_) co_await leave(std::move(before), seat_before, Leaving::kForAnother);
}

base::Task<void> Session::leave_on_request(const ClientMessage& message) {
  if (!room_) co_return refuse(kNoGame, message);
  co_await leave(std::exchange(room_, nullptr), std::exchange(seat_, std::nullopt),
                 Leaving::kOnRequest);
  send(pong_message(message.command_id));
}

base::Task<void> Session::leave(std::shared_ptr<Room> room, std::optional<Seat> seat, Leaving why) {
  if (!room) co_return;
  {
    const auto lock = co_await room->mutex.lock();
    // Not in any more if the seat was taken over on another connection: then it is theirs to end.
    const bool was_in = room->leave(*client_);
    const bool is_unjoined = room->record().phase() == GameRecord::Phase::kWaiting;
    // A seat with a token can be come back to, but nobody waits in a game left for another.
    const bool is_left =
        why == Leaving::kForAnother || (why == Leaving::kOnRequest && room->record().is_open());
    const bool ends = !is_extended_ || (is_unjoined && is_left);
    if (was_in && seat && ends) {
      auto stored =
          co_await lobby_.store(*room, Command{EventKind::kAbort, seat, {}, {}, std::nullopt});
      if (stored) co_await lobby_.tell(*room, std::move(stored->event));
    } else if (was_in && seat && is_unjoined) {
      // Whoever takes up a listed game finds somebody there.
      co_await lobby_.set_listed(*room, false);
    }
    if (was_in) room->announce_presence();
  }
  lobby_.release(std::move(room));
}

base::Task<void> Session::act(EventKind kind, const ClientMessage& message) {
  if (!room_) co_return refuse(kNoGame, message);
  const auto room = room_;
  const auto lock = co_await room->mutex.lock();
  if (!is_seated(*room, message)) co_return;
  auto stored = co_await lobby_.store(
      *room, Command{kind, seat_, message.command_id, message.move, message.seen, lag_});
  if (!stored) {
    refuse(stored.error(), message);
    if (stored.error().code == "stale") show(*room, seat_, *message.seen);
    co_return;
  }
  // A move's own "opp-move" carries its command id; anything else is acknowledged by itself.
  if (is_extended_ && !message.command_id.empty() &&
      (stored->is_repeat || stored->event.kind != EventKind::kMove)) {
    send(ack_message(room->record(), stored->event));
  }
  if (!stored->is_repeat) co_await lobby_.tell(*room, std::move(stored->event));
}

/// True if the client may act for its seat; else it has been told why not.
bool Session::is_seated(Room& room, const ClientMessage& message) {
  Member* const self = room.find(*client_);
  if (self == nullptr) {
    refuse({"bad_token", "This seat is played from another window: come back with its token."},
           message);
  } else if (!seat_) {
    refuse({"no_such_game", "You watch this game: begin or join one to play."}, message);
  } else if (!message.token.empty() && room.record().find_seat(message.token) != seat_) {
    refuse({"bad_token", "That is not the token of your seat."}, message);
  } else if (is_extended_ && message.game && *message.game != room.record().id()) {
    refuse({"no_such_game", fmt::format("You are in game {}: say hello to the other one first.",
                                        room.record().id())},
           message);
  } else if (seat_pays_for(room, *seat_, message)) {
    self->audience.is_extended = is_extended_;
    return true;
  }
  return false;
}

base::Task<void> Session::chat(const ClientMessage& message) {
  if (!room_) co_return refuse(kNoGame, message);
  if (message.text.empty()) {
    co_return refuse({"bad_json", "What is said is in \"text\"."}, message);
  }
  const auto room = room_;
  const auto lock = co_await room->mutex.lock();
  if (is_seated(*room, message)) co_await lobby_.say(*room, *seat_, message.text);
}

base::Task<void> Session::pong(const ClientMessage& message) {
  if (message.lag) {
    // What the client says is believed within bounds only, and how much of it counts is bounded
    // too.
    const std::chrono::milliseconds said(std::clamp<Seq>(*message.lag, 0, kMostLag.count()));
    const std::chrono::milliseconds before = lag_;
    lag_ = std::chrono::duration_cast<Lag>(before.count() == 0 ? said : (3 * before + said) / 4);
  }
  send(pong_message(message.command_id));
  co_return;
}

void Session::refuse(const base::Error& error, const ClientMessage& message) {
  send(error_message(error, is_extended_, message.command_id));
}

}  // namespace hornbeam::live
