#include "hornbeam/search/analysis/word_set.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hornbeam::search {
namespace {

/// The ends of the word and its length: enough to tell stop words apart.
std::uint64_t hash(std::string_view word) noexcept {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const std::size_t size = std::min<std::size_t>(word.size(), 8);
  std::memcpy(&head, word.data(), size);
  std::memcpy(&tail, word.data() + word.size() - size, size);
  const std::uint64_t mixed =
      (head ^ std::rotl(tail, 29) ^ word.size()) * std::uint64_t{0x9E3779B97F4A7C15};
  return mixed ^ mixed >> 32;
}

}  // namespace

WordSet::WordSet(const std::vector<std::string>& words)
    : WordSet(std::vector<std::string_view>(words.begin(), words.end())) {}

WordSet::WordSet(const std::vector<std::string_view>& words) {
  if (words.empty()) return;
  slots_.resize(std::bit_ceil(words.size() * 2));
  for (const std::string_view word : words) add(word);
}

void WordSet::add(std::string_view word) {
  has_empty_ = has_empty_ || word.empty();
  if (contains(word)) return;
  longest_ = std::max(longest_, word.size());
  std::size_t slot = hash(word) & (slots_.size() - 1);
  while (!slots_[slot].empty()) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = word;
}

bool WordSet::contains(std::string_view word) const noexcept {
  if (word.empty()) return has_empty_;
  if (word.size() > longest_) return false;
  // Ends at a free slot: half of them are.
  for (std::size_t slot = hash(word) & (slots_.size() - 1); !slots_[slot].empty();
       slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == word) return true;
  }
  return false;
}

}  // namespace hornbeam::search
