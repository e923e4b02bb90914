#pragma once

#include <cstdint>
#include <string>

#include "hornbeam/search/store/byte_reader.h"

namespace hornbeam::search {

/// Appends 128 numbers packed to the width that is smallest in all; those that do not fit follow
/// as exceptions ("PFOR").
void write_patched_block(const std::uint32_t* numbers, std::string& out);

/// Reads them.
void read_patched_block(ByteReader& in, std::uint32_t* numbers);
/// Passes over a block.
void skip_patched_block(ByteReader& in);

}  // namespace hornbeam::search
