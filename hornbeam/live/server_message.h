#pragma once

// Server messages: what a client is told, {"action": A, "data": {...}}.
//
// A classic client gets the classic server's messages and not a byte more. One that named a
// protocol version gets the same actions with more keys in their data, and the actions "state",
// "presence", "ack", "rematch", "draw", "undo", "clocks", "players", "chat", "list" and "pong".
// docs/design/live.md lists them all.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/live/game_log.h"
#include "hornbeam/live/game_record.h"

namespace hornbeam::live {

/// To whom a message goes.
struct Audience {
  std::optional<Seat> seat;  ///< Nothing for one who watches.
  bool is_extended = false;  ///< Whether it is sent the extended keys.
};

/// Who is connected to a game.
struct Presence {
  std::array<bool, 2> seats{};  ///< By seat; the computer is always there.
  std::size_t watchers = 0;     ///< How many are connected without a seat.
};

/// The first message on every connection.
std::string open_message();
/// `command_id` is that of the refused message, if it had one.
std::string error_message(const base::Error& error, bool is_extended,
                          std::string_view command_id = {});
/// To a creator: the number to share, and the token to come back with.
std::string wait_pair_message(const GameRecord& game, Audience audience, std::string_view token);
/// To both players: the game begins. `token` is given to one who has just sat down.
std::string paired_message(const GameRecord& game, Audience audience, std::string_view token,
                           const PlayerCards& cards = {});
/// "move" if the audience is to move, else "opp-move"; `move` is the event that led here, if any
/// did. One who watches gets "move".
std::string turn_message(const GameRecord& game, Audience audience, const Event* move);
/// Requires: the game is over.
std::string end_message(const GameRecord& game, Audience audience);
/// Everything: the position, and the events after `last_seq`. Clocks are told as they are at `now`.
std::string state_message(const GameRecord& game, Audience audience, Seq last_seq,
                          const Presence& presence, EventTime now, const PlayerCards& cards = {});
/// What each has left, now that some of it is made up for.
std::string clocks_message(const GameRecord& game);
/// Who plays, and what a game that has ended did to their ratings.
std::string players_message(const GameRecord& game, const PlayerCards& cards);
/// Who is connected.
std::string presence_message(const GameRecord& game, const Presence& presence);
/// A command was stored; sent again when the same command comes again.
std::string ack_message(const GameRecord& game, const Event& event);
/// An offer or, once both have offered, the number of the new game.
std::string rematch_message(const GameRecord& game);
/// "draw" or "undo": what `event`, an offer or the answer to one, has made of it.
std::string offer_message(const GameRecord& game, const Event& event);
/// What was said.
std::string chat_message(const GameRecord& game, const std::vector<ChatLine>& lines);
/// The games that wait for anyone.
std::string list_message(const GameCatalog& kinds, const std::vector<ListedGame>& games);
/// The answer to a ping, with its "cid" if it had one.
std::string pong_message(std::string_view command_id);

}  // namespace hornbeam::live
