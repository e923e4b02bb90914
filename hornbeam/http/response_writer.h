#pragma once

#include <string>
#include <string_view>

#include "hornbeam/http/response.h"

namespace hornbeam::http {

/// What the connection adds to a response's head.
struct ResponseFraming {
  std::string_view date;   ///< The value of the Date field.
  int minor_version = 1;   ///< Of the request.
  bool is_head = false;    ///< The request was HEAD: the head as for GET, and no body.
  bool keep_alive = true;  ///< False adds "Connection: close".
};

/// Appends the head of `response`, and its body unless that is streamed. No I/O.
/// A streamed body of unknown length is announced as chunked to HTTP/1.1, and ends with the
/// connection for HTTP/1.0.
void append_response(std::string& out, const Response& response, const ResponseFraming& framing);

/// A small plain-text response that says why a request was refused, with "Connection: close".
Response refusal_response(int status, std::string_view reason);

}  // namespace hornbeam::http
