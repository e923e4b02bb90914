#pragma once

#include <string>
#include <string_view>

#include "hornbeam/http/request.h"

namespace hornbeam::web {

/// True for what is taken as a request id from a proxy: [A-Za-z0-9._-]{1,64}.
bool is_request_id(std::string_view text) noexcept;

/// The one X-Request-Id of `request` if proxies are trusted to set it and it is one; else 128
/// random bits in hexadecimal.
std::string make_request_id(const http::Request& request, bool trusts_proxies);

}  // namespace hornbeam::web
