#pragma once

// Trace context: which distributed trace a request belongs to.
//
// W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context-1/). A caller names its trace and
// its own span in `traceparent`:
//
//   traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
//                |  trace id, 16 bytes                span id, 8       flags
//
// and vendors carry what they like in `tracestate`. `Request::trace()` gives the request a span of
// its own in that trace, or in a new trace if the fields are absent or wrong. Pass it on:
//
//   call.set_field("traceparent", request.trace().traceparent());
//   if (!request.trace().state.empty()) call.set_field("tracestate", request.trace().state);
//
// Nothing is exported from here: an id in each log line is what finds a request in a tracing
// system.

#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::http {
class Request;
}

namespace hornbeam::web {

/// What a valid `traceparent` says.
struct TraceParent {
  std::string_view trace_id;  ///< 32 lower-case hex digits, not all zero.
  std::string_view span_id;   ///< 16 of them: the caller's.
  bool is_sampled = false;    ///< Whether the caller records the trace.
};

/// Reads a `traceparent`; nothing if it is invalid. Of versions later than 00 it reads what version
/// 00 knows. Lifetime: views into `field`.
std::optional<TraceParent> parse_traceparent(std::string_view field);

/// A `tracestate` as it goes on: without empty members and white space around members, at most 512
/// bytes (members longer than 128 go first, then the last ones). Empty if any member is invalid, a
/// key comes twice, or there are more than 32 members. Several fields are one joined by commas.
std::string clean_tracestate(std::string_view field);

/// The place of one request in a trace.
struct TraceContext {
  std::string trace_id;     ///< 32 hex digits.
  std::string span_id;      ///< 16 hex digits: this request's own span.
  std::string parent_id;    ///< The caller's span; empty if the trace begins here.
  bool is_sampled = false;  ///< Whether the trace is recorded.
  std::string state;        ///< The `tracestate` to pass on; may be empty.

  /// The `traceparent` of calls made on behalf of this request.
  std::string traceparent() const;
};

/// The caller's trace with a new span; a new trace if the request names none, or more than one.
TraceContext continue_trace(const http::Request& request);

}  // namespace hornbeam::web
