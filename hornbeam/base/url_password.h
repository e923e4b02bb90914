#pragma once

#include <string>
#include <string_view>

namespace hornbeam::base {

/// `text`, a URL or what holds some, as it may be shown and logged: what stands for a password is
/// `***`.
std::string without_password(std::string_view text);

/// `message` with every occurrence of the passwords of `url` made `***`, for messages of libraries
/// that repeat what they were given.
std::string hide_password(std::string message, std::string_view url);

}  // namespace hornbeam::base
