#pragma once

#include <array>
#include <cstdint>

namespace hornbeam::search {

/// Squeezes a length into a byte: 0 to 39 exactly, above that four significant bits, rounded down.
/// Source: Lucene's SmallFloat.intToByte4, which these must agree with for scores to agree.
std::uint8_t int_to_byte4(std::uint32_t value) noexcept;

/// What each byte stands for.
extern const std::array<std::uint32_t, 256> kByte4ToInt;

}  // namespace hornbeam::search
