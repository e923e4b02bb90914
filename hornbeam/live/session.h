#pragma once

// Session: the conversation with one client, from "open" to its end. Messages come in through
// `receive`, one at a time; answers go out through the `Client`, who may sit on a socket, a test or
// a fuzzer.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/task.h"
#include "hornbeam/live/client.h"
#include "hornbeam/live/client_message.h"
#include "hornbeam/live/credits.h"
#include "hornbeam/live/lobby.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {

/// Grammar: `open receive* close`. Thread: one call at a time.
class Session {
 public:
  /// `player_key_hash` tells who the client is beyond its seats, as `Players` knows them; empty for
  /// a guest. Lifetime: `lobby` outlives the session.
  Session(Lobby& lobby, std::shared_ptr<Client> client, std::string player_key_hash = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Requires: none of its tasks is under way.
  Session(Session&& other) noexcept;
  Session& operator=(Session&&) = delete;

  /// Greets the client.
  void open();
  /// Carries out one message. Never throws: whatever goes wrong is an error message to the client.
  /// Lifetime: `text` until the task ends.
  base::Task<void> receive(std::string_view text);
  /// The client has gone. A seat with a token waits for its return; a classic client has none, so
  /// its game is aborted and the opponent told. Never throws.
  base::Task<void> close();

 private:
  /// Who a client is beyond its seats.
  struct Identity {
    std::string key_hash;
    std::optional<PlayerId> player;  ///< Once it was asked for.
  };
  /// Milliseconds up to `kMostLag`.
  using Lag = std::chrono::duration<std::int16_t, std::milli>;

  /// Why a client leaves a game.
  enum class Leaving { kDisconnected, kForAnother, kOnRequest };

  base::Task<void> dispatch(const ClientMessage& message);
  base::Task<void> begin_game(const ClientMessage& message);
  base::Task<void> join_game(const ClientMessage& message);
  base::Task<void> resume(const ClientMessage& message);
  base::Task<void> watch(const ClientMessage& message);
  base::Task<void> act(EventKind kind, const ClientMessage& message);
  base::Task<void> leave_on_request(const ClientMessage& message);
  base::Task<void> pong(const ClientMessage& message);
  base::Task<void> chat(const ClientMessage& message);
  base::Task<void> list(const ClientMessage& message);
  base::Task<void> quick_match(const ClientMessage& message);
  base::Task<bool> come_back(const ClientMessage& message);
  base::Task<bool> join_listed(const GameKind& kind, const SeatToken& token,
                               const ClientMessage& message, std::optional<ListedGame> own);
  base::Task<std::optional<ListedGame>> own_waiting_game(const GameKind& kind);

  base::Task<std::shared_ptr<Room>> find_room(const ClientMessage& message);
  base::Task<void> begin(NewGame game, SeatToken token);
  base::Task<std::optional<Seat>> sit_down(Room& room, const ClientMessage& message);
  base::Task<base::Result<Seat>> take_free_seat(Room& room, const SeatToken& token);
  base::Task<std::optional<PlayerId>> player();
  std::optional<SeatToken> token_for(const ClientMessage& message);
  bool is_let_in(const Room& room, const ClientMessage& message);
  void show(Room& room, std::optional<Seat> seat, Seq last_seq);
  base::Task<void> settle_in(std::shared_ptr<Room> room, std::optional<Seat> seat);
  base::Task<void> leave(std::shared_ptr<Room> room, std::optional<Seat> seat, Leaving why);
  bool is_seated(Room& room, const ClientMessage& message);
  bool pays_for(const base::Result<ClientMessage>& message);
  bool seat_pays_for(Room& room, Seat seat, const ClientMessage& message);

  void send(std::string_view text) { client_->send(text); }
  void refuse(const base::Error& error, const ClientMessage& message);

  // Little, because most players are thinking.
  Lobby& lobby_;
  std::shared_ptr<Client> client_;
  Credits credits_;
  std::unique_ptr<Identity> identity_;  ///< Null for guests.
  std::shared_ptr<Room> room_;          ///< The game at hand.
  std::optional<Seat> seat_;            ///< In that game; nothing for one who watches.
  bool is_extended_ = false;
  Lag lag_{0};  ///< Of the client's messages, both ways, as its pings say.
};

}  // namespace hornbeam::live
