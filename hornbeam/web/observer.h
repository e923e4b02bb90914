#pragma once

// Observers: who watches every request of an application, such as an access log or metrics.
//
// A hook is part of answering; an observer only looks, and sees what hooks do not: every answer of
// the application as it is after the last hook, requests that no route matched, errors, and streams
// at their very end. An application without observers pays one comparison for each request.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hornbeam::web {

/// One request, once it has been answered. Lifetime: views are good during the call.
struct RequestRecord {
  std::string_view method;  ///< As sent: a client can send any token.
  std::string_view route;   ///< The matched pattern, such as "/users/{id}"; empty if none matched.
  std::string_view path;    ///< As sent, without the query, which may hold secrets.
  /// 101 for a socket that was let in; 0 if no response came about, because the server ended.
  int status = 0;
  /// The body's; for a stream those it wrote.
  std::uint64_t bytes = 0;
  /// From the request's arrival until its response was made; for a stream until it ended.
  std::chrono::nanoseconds duration{};
  // Only for observers that say `names_requests`:
  std::string_view request_id{};  ///< Names the request in logs and to the client.
  std::string_view trace_id{};    ///< Empty unless the client named a trace or a handler asked.
  std::string_view span_id{};     ///< This request's own; empty as `trace_id` is.
  std::string_view address{};     ///< The client's.
  std::string_view user_agent{};  ///< As the client sent it; may be empty.
};

/// See `App::observe`. Thread: called on all loops at the same time.
class RequestObserver {
 public:
  virtual ~RequestObserver() = default;
  /// Whether it needs request ids and what else costs to find out.
  virtual bool names_requests() const { return false; }
  /// A request's head has arrived. Must not throw.
  virtual void request_begun() {}
  /// Called once for each `request_begun`. Must not throw.
  virtual void request_ended(const RequestRecord& record) = 0;
};

}  // namespace hornbeam::web
