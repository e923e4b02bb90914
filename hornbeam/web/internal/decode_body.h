#pragma once

#include <memory>

#include "hornbeam/http/content_coding.h"
#include "hornbeam/web/request.h"

namespace hornbeam::web {

/// What decompresses the request's body, within its route's limit; null if it came as it is. Throws
/// 415 for a coding that is not known.
std::unique_ptr<http::ContentDecoder> body_decoder(const Request& request);

/// Decompresses `bytes`. Throws 400 or 413.
std::string decode(http::ContentDecoder& decoder, std::string_view bytes);

}  // namespace hornbeam::web
