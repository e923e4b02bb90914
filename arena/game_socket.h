#pragma once

#include "hornbeam/live.h"
#include "hornbeam/web.h"

namespace arena {

/// Holds the conversation of one WebSocket with the lobby, from the greeting to the end.
/// Lifetime: `lobby` outlives the task.
hornbeam::Task<void> play_over(hornbeam::live::Lobby& lobby,
                               hornbeam::web::Socket<std::string> socket);

}  // namespace arena
