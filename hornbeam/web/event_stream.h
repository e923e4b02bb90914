#pragma once

// Server-sent events (HTML standard, section 9.2): a response that goes on, which browsers read
// with EventSource and open again, naming the last event they saw, when it breaks off.
//
//   app.get("/ticks", [](const Request& request) {
//     return event_stream([n = last_event_number(request)](EventStream& events) -> Task<void> {
//       while (co_await events.wait(1s)) co_await events.send({.data = "tick", .id = ...});
//     });
//   });
//
// A stream that is silent sends a comment now and then, so that proxies keep it open. It ends when
// its client goes, which is noticed while nothing is sent too, and when the server drains: the
// browser then comes back to the next one.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/http/body.h"
#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// One event of a stream.
struct ServerEvent {
  std::string data;     ///< Any text; its lines become lines.
  std::string event{};  ///< Its type; empty is "message".
  std::string id{};     ///< What a browser that comes back names as Last-Event-ID.
  std::optional<std::chrono::milliseconds> retry{};  ///< How long it waits before it does.
};

/// Appends `event` as it is sent. Throws std::invalid_argument if its type or id has a line break.
void append_event(std::string& out, const ServerEvent& event);

/// The writing end of a stream. Thread: its loop's.
class EventStream {
 public:
  /// For `events`, which makes one for each client.
  EventStream(http::BodySink& sink, std::chrono::seconds heartbeat);
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// Sends `event`, and waits while the client is behind. False once it has gone: end then.
  base::Task<bool> send(ServerEvent event);
  /// Waits for `duration`; false as soon as the client has gone or the server drains.
  base::Task<bool> wait(std::chrono::nanoseconds duration);
  /// Tells when `wait` would return false: for streams that wait for something else.
  /// (http/client_gone.h)
  http::ClientGone client_gone() const;

  /// Waits for a heartbeat under way. For whoever made the stream.
  base::Task<void> finish();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A response that `write` goes on writing.
Response event_stream(std::move_only_function<base::Task<void>(EventStream&)> write,
                      std::chrono::seconds heartbeat = std::chrono::seconds(15));

/// The id of the last event that a client which comes back has seen; empty for a new one.
std::string_view last_event_id(const Request& request);

}  // namespace hornbeam::web
