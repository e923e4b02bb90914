#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace hornbeam::search {

static_assert(std::endian::native == std::endian::little,
              "index files are little-endian and mapped as they are");

/// Appends numbers and texts to memory, as `ByteReader` reads them.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void u32(std::uint32_t value) { raw(&value, sizeof value); }
  void u64(std::uint64_t value) { raw(&value, sizeof value); }

  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      u8(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    u8(static_cast<std::uint8_t>(value));
  }
  /// A number of either sign, small ones short.
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  /// The length, then the bytes.
  void text(std::string_view value) {
    varint(value.size());
    bytes_.append(value);
  }
  void raw(const void* data, std::size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
  }

  std::size_t size() const noexcept { return bytes_.size(); }
  std::string_view view() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  std::string bytes_;
};

}  // namespace hornbeam::search
