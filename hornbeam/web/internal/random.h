#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hornbeam::web {

/// `count` bytes that nobody can guess, from the operating system's generator.
std::string random_bytes(std::size_t count);

/// Whether both are the same, in a time that tells nothing but their lengths.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

}  // namespace hornbeam::web
