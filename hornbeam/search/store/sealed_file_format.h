#pragma once

#include <string_view>

// header | (padding structure)* | table | table size u64 | XXH64 of the table u64 | footer
namespace hornbeam::search::sealed_format {

/// The last two digits are the version of the container.
inline constexpr std::string_view kHeader = "hornbeam-index01";
inline constexpr std::string_view kFooter = "sealed01";
inline constexpr std::size_t kTailSize = 8 + 8 + kFooter.size();

}  // namespace hornbeam::search::sealed_format
