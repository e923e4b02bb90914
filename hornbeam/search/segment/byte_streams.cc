#include "hornbeam/search/segment/byte_streams.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace hornbeam::search {
namespace {

/// Most terms of a text are in one document: the first slice holds that, with its next address.
constexpr std::array<std::uint32_t, 8> kSliceBytes = {4, 10, 24, 48, 96, 192, 512, 2048};
constexpr std::uint32_t kAddress = sizeof(std::uint32_t);

}  // namespace

std::uint32_t ByteStreams::allocate(std::uint32_t size) {
  if (used_ + size > kBlock) {
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
    used_ = 0;
  }
  const auto address = static_cast<std::uint32_t>(blocks_.size() - 1) * kBlock + used_;
  used_ += size;
  return address;
}

void ByteStreams::grow(ByteStream& stream) {
  const bool is_first = stream.slice_end == 0;
  const auto level = static_cast<std::uint8_t>(
      is_first ? 0 : std::min<std::size_t>(stream.level + 1, kSliceBytes.size() - 1));
  const std::uint32_t address = allocate(kSliceBytes[level] + kAddress);
  if (is_first) {
    stream.begin = address;
  } else {
    std::memcpy(at(stream.slice_end), &address, kAddress);
  }
  stream.level = level;
  stream.at = address;
  stream.slice_end = address + kSliceBytes[level];
}

void ByteStreams::read(const ByteStream& stream, std::string& out) const {
  out.clear();
  std::uint32_t address = stream.begin;
  for (std::size_t level = 0;; level = std::min(level + 1, kSliceBytes.size() - 1)) {
    const std::uint32_t slice_end = address + kSliceBytes[level];
    if (stream.slice_end == slice_end) {
      out.append(at(address), stream.at - address);
      return;
    }
    if (stream.slice_end == 0) return;
    out.append(at(address), kSliceBytes[level]);
    std::memcpy(&address, at(slice_end), kAddress);
  }
}

}  // namespace hornbeam::search
