#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hornbeam::search {

class Segment;

/// Says of most ids that a segment does not hold, that it does not: a Bloom filter of two bytes a
/// document, each id in one word. New documents are then not looked for in every segment.
class IdFilter {
 public:
  /// Reads all ids of the segment, those of deleted documents too.
  explicit IdFilter(const Segment& segment);

  static std::uint64_t hash_of(std::string_view id) noexcept {
    return std::hash<std::string_view>()(id);
  }
  /// False: certainly not. True: it does, or (about one in forty) it does not.
  bool may_hold(std::uint64_t hash) const noexcept {
    const std::uint64_t bits = bits_of(hash);
    return (words_[word_of(hash)] & bits) == bits;
  }

 private:
  std::size_t word_of(std::uint64_t hash) const noexcept { return (hash >> 24) % words_.size(); }
  /// Four of the 64, by six bits of the hash each.
  static std::uint64_t bits_of(std::uint64_t hash) noexcept;

  std::vector<std::uint64_t> words_;
};

}  // namespace hornbeam::search
