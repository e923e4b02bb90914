#pragma once

// Very many byte sequences that grow at the same time, in little memory and without moving: each
// is a chain of slices that get longer, cut from shared blocks ("byte slices" in Lucene). A slice
// ends with the address of the next one.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hornbeam::search {

/// Where a stream begins and is being written.
struct ByteStream {
  std::uint32_t begin = 0;
  std::uint32_t at = 0;
  std::uint32_t slice_end = 0;
  std::uint8_t level = 0;
};

/// The memory of the streams. Requires: less than 4 GiB in all.
class ByteStreams {
 public:
  void append(ByteStream& stream, std::uint8_t byte) {
    if (stream.at == stream.slice_end) grow(stream);
    *at(stream.at++) = static_cast<char>(byte);
  }
  void append_varint(ByteStream& stream, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) append(stream, static_cast<std::uint8_t>(value | 0x80));
    append(stream, static_cast<std::uint8_t>(value));
  }

  /// Copies a stream to `out`.
  void read(const ByteStream& stream, std::string& out) const;

  std::size_t memory() const noexcept { return blocks_.size() * kBlock; }

 private:
  static constexpr std::uint32_t kBlock = 64 * 1024;
  char* at(std::uint32_t address) const noexcept {
    return &blocks_[address / kBlock][address % kBlock];
  }
  std::uint32_t allocate(std::uint32_t size);
  void grow(ByteStream& stream);

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::uint32_t used_ = kBlock;  ///< Of the last block.
};

}  // namespace hornbeam::search
