#pragma once

#include <string_view>

namespace hornbeam::http {

/// The reason phrase of a status code (RFC 9110, section 15), or "Unknown".
std::string_view reason_phrase(int status) noexcept;

}  // namespace hornbeam::http
