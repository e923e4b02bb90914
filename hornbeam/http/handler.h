#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "hornbeam/base/task.h"
#include "hornbeam/http/request.h"
#include "hornbeam/http/response.h"
#include "hornbeam/http/websocket.h"

namespace hornbeam::http {

/// What a socket route asks for: the conversation to hold once the handshake has passed.
struct WebSocketUpgrade {
  /// Holds the conversation; the connection closes when its task ends.
  std::move_only_function<base::Task<void>(WebSocket)> run;
  /// Subprotocols spoken here, the preferred first.
  std::vector<std::string> protocols;
  /// Origins besides the request's own host that may connect, such as "https://*.example.org".
  std::vector<std::string> allowed_origins;
  /// Fields added to the 101 response. One that holds a line break or the like makes it a 500.
  std::vector<std::pair<std::string, std::string>> fields;
  WebSocketOptions options;  ///< Bounds and compression of the conversation.
  /// What becomes of an exception that leaves `run`: called while it is caught, it closes the
  /// socket as it likes and throws again what is to be logged. Without it, all are logged, and the
  /// socket is closed with 1011.
  void (*on_failure)(const WebSocket& socket) = nullptr;
};

/// What an answer comes to: a response, or a socket.
using Answer = std::variant<Response, WebSocketUpgrade>;

/// A handler's answer: now, or later. A socket route that has to wait before it knows whether to
/// let somebody in gives a `Task<Answer>`, so that a refusal is still a response.
using Reply = std::variant<Response, base::Task<Response>, WebSocketUpgrade, base::Task<Answer>>;

/// How a request's body is to be received, decided when its head is known.
struct BodyPlan {
  /// A larger body is refused with 413, as soon as that is certain. Bytes.
  std::size_t max_bytes = std::size_t{1} << 20;
  /// Hand the body over as it arrives (`Request::body_source`) instead of buffering it.
  bool is_streamed = false;
};

/// What a server asks for every request. One object serves all loops at once.
///
/// Thread: members are called on the connection's loop, from several loops at the same time.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Decides on the body of a request with one, before any of it is read.
  virtual BodyPlan plan(const Request& head) {
    static_cast<void>(head);
    return {};
  }

  /// Answers `request`, which is good until this returns: a task takes `request.detach()` along.
  /// An exception that leaves here, or the task, becomes a plain 500.
  virtual Reply handle(Request& request) = 0;
};

}  // namespace hornbeam::http
