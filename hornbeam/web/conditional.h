#pragma once

// Conditional requests (RFC 9110, section 13) for what handlers make: 304 for a client that has it,
// 412 for one that would overwrite what it has not seen.

#include <string>
#include <string_view>

#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// A strong entity tag, with its quotes, that follows from `bytes` alone.
std::string etag_of(std::string_view bytes);

/// `response` for a client that may have it already: gets an ETag, of its bytes unless it has one,
/// and becomes a 304 without a body where the request's If-None-Match or If-Modified-Since says so.
/// Only GET and HEAD, and only status 200; a streamed body needs an ETag or Last-Modified of its
/// own.
Response make_conditional(const Request& request, Response response);

/// Ends the request with 412 if it has an If-Match that does not name `current`, the entity tag of
/// what is about to be changed; empty if there is nothing yet. Call it before the change.
void require_match(const Request& request, std::string_view current);

}  // namespace hornbeam::web
