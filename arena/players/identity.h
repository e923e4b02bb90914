#pragma once

#include <string>

#include "hornbeam/web.h"

namespace arena {

// Who a visitor is beyond one game: a browser keeps a secret of its own, in a cookie that scripts
// do not see, and whoever has it is that player. There is no account; a browser without the cookie
// is a guest.

/// The hash of the browser's player key; empty for a guest.
std::string player_key_hash(const hornbeam::web::Request& request);
/// Gives the browser a key with the response, unless it has one.
void give_player_key(const hornbeam::web::Request& request);

}  // namespace arena
