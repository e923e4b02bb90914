#pragma once

// ClientMessage: what a client may say. The classic protocol's messages, {"action": "move",
// "player_move": "1,1"}, and the optional keys and actions of the extended one.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/live/event.h"

namespace hornbeam::live {

/// What a client wants; each is an "action" of the protocol.
enum class Action : std::uint8_t {
  kNew,
  kJoin,
  kMove,
  kAbort,
  // The extended protocol from here on.
  kHello,  ///< Also spelt "resume".
  kWatch,
  kLeave,
  kResign,
  kRematch,
  kPing,
  kOfferDraw,
  kAcceptDraw,
  kDeclineDraw,
  kOfferUndo,
  kAcceptUndo,
  kDeclineUndo,
  kChat,
  kList,
  kQuick,
  kFlag,  ///< The other player's time is up.
};

/// A message as it was read, checked for its form only; absent keys have their defaults.
struct ClientMessage {
  Action action = Action::kPing;  ///< What the client wants.
  /// True if the client names a protocol version ("v"): it then is sent the extended keys.
  bool is_extended = false;
  /// "game_id" or "game": a number, or a string that holds one. Nothing if absent.
  std::optional<GameId> game;
  /// The same as it was written, for the classic's error message.
  std::string game_text;
  std::string move;        ///< "player_move".
  std::string command_id;  ///< "cid".
  /// Opens a seat; empty for one who watches. Of one who sits down: what is to open it.
  std::string token;
  std::optional<Seq> seen;              ///< "seq" of a move.
  std::optional<Seq> last_seq;          ///< "last_seq" of a hello.
  std::string kind;                     ///< "kind": which game is to be begun.
  bool wants_bot = false;               ///< "opponent": "bot".
  BotLevel level = BotLevel::kPerfect;  ///< Of the computer, if one is wanted.
  std::string side;                     ///< "side": the name of the seat to take.
  bool is_open = false;                 ///< "open": a new game is listed for anyone.
  bool is_rated = false;                ///< "rated": a new game counts for ratings.
  std::optional<ClockSpec> clock = {};  ///< "clock": of a new game.
  bool is_private = false;              ///< "private": a new game is entered by invitation only.
  std::string invitation;               ///< "invite": to a private game.
  std::optional<Seq> lag = {};  ///< "lag" of a ping: the last one's round trip, milliseconds.
  std::string text;             ///< "text" of a chat.
};

/// Longer messages are refused. Bytes.
inline constexpr std::size_t kMaxClientMessage = 4096;

/// Longest text of a chat. Bytes.
inline constexpr std::size_t kMaxChatText = 500;

/// Reads one message. Refuses with "too_big", "bad_json" or "unknown_action".
base::Result<ClientMessage> parse_client_message(std::string_view text);

}  // namespace hornbeam::live
