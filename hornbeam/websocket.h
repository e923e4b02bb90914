#pragma once

// WebSocket's handshake and frames as bytes, without I/O: for programs that are a client
// themselves.

#include "hornbeam/http/websocket_codec.h"      // IWYU pragma: export
#include "hornbeam/http/websocket_frame.h"      // IWYU pragma: export
#include "hornbeam/http/websocket_handshake.h"  // IWYU pragma: export
