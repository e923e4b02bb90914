#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// A fixed set of words, asked for each token of a text: open addressing, a hash of a few bytes.
class WordSet {
 public:
  WordSet() = default;
  explicit WordSet(const std::vector<std::string>& words);
  explicit WordSet(const std::vector<std::string_view>& words);

  bool contains(std::string_view word) const noexcept;
  bool empty() const noexcept { return slots_.empty(); }

 private:
  void add(std::string_view word);

  std::vector<std::string> slots_;  // A power of two, half full at most; "" is free.
  std::size_t longest_ = 0;
  bool has_empty_ = false;
};

}  // namespace hornbeam::search
