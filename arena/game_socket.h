#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "hornbeam/live.h"
#include "hornbeam/web.h"

namespace arena {

/// Hears what the player at the far end does: "game_started", "game_joined", "game_completed" or
/// "rematch", and in which game. It must not wait. Thread: any.
using HearsOfPlay = std::function<void(std::string_view what, std::string_view game)>;

/// Who is at the far end of a socket; what is not known of them is empty.
struct Visitor {
  std::string id;               ///< As experiments know them.
  std::string player_key_hash;  ///< As players are known.
};

/// Holds the conversation of one WebSocket with the lobby, from the greeting to the end. The client
/// is the player whose key has the hash `player_key_hash`, or a guest if that is empty.
/// Lifetime: `lobby` outlives the task.
hornbeam::Task<void> play_over(hornbeam::live::Lobby& lobby,
                               hornbeam::web::Socket<std::string> socket, HearsOfPlay hears = {},
                               std::string player_key_hash = {});

}  // namespace arena

/// A visitor holds nothing of the request that named them: a socket whose handler takes one need
/// not keep its request, which is most of what a quiet player would cost.
template <>
inline constexpr bool hornbeam::web::kOutlivesRequest<arena::Visitor> = true;
