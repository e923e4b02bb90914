#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace hornbeam::search {

/// Reads what `ByteWriter` wrote, in order, and never past the end: what is not there throws
/// std::out_of_range, which those who know the file's name turn into `CorruptIndex`.
/// Lifetime: looks at memory that outlives it.
class ByteReader {
 public:
  ByteReader() = default;
  explicit ByteReader(std::string_view bytes, std::size_t offset = 0);

  std::uint8_t u8() {
    if (at_ == end_) refuse();
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint32_t u32() { return fixed<std::uint32_t>(); }
  std::uint64_t u64() { return fixed<std::uint64_t>(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    refuse();
  }
  std::uint32_t varint32() { return static_cast<std::uint32_t>(varint()); }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::string_view text() { return raw(varint()); }
  std::string_view raw(std::size_t size) {
    if (size > left()) refuse();
    const std::string_view found(at_, size);
    at_ += size;
    return found;
  }

  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  bool at_end() const noexcept { return at_ == end_; }
  const char* position() const noexcept { return at_; }

 private:
  template <class Number>
  Number fixed() {
    Number value;
    std::memcpy(&value, raw(sizeof value).data(), sizeof value);
    return value;
  }
  [[noreturn]] static void refuse();

  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

}  // namespace hornbeam::search
