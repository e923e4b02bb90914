#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::web {

/// A hash of `text`, eight bytes a step. Not for keys that clients add: here they only look up.
inline std::uint64_t hash_name(std::string_view text) noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  const char* const begin = text.data();
  const std::size_t size = text.size();
  auto load = [begin]<class Word>(Word word, std::size_t at) {
    std::memcpy(&word, begin + at, sizeof word);
    return std::uint64_t{word};
  };
  auto mix = [](std::uint64_t hash, std::uint64_t word) {
    // The whole product is folded: its upper half alone knows of the word's last bytes.
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{hash ^ word} * kMix;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = size * kMix;
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) hash = mix(hash, load(std::uint64_t{}, at));
    return mix(hash, load(std::uint64_t{}, size - 8));  // May overlap the step before.
  }
  if (size >= 4) {
    return mix(hash, load(std::uint32_t{}, 0) << 32 | load(std::uint32_t{}, size - 4));
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) word = word << 8 | load(std::uint8_t{}, i);
  return mix(hash, word);
}

/// Names to values, built once and then only read: open addressing, at most half full.
template <class Value>
class NameTable {
 public:
  const Value* find(std::string_view name) const noexcept {
    if (slots_.empty()) return nullptr;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash_name(name) & mask;; i = (i + 1) & mask) {
      const std::uint32_t entry = slots_[i];
      if (entry == kEmpty) return nullptr;
      if (entries_[entry].first == name) return &entries_[entry].second;
    }
  }
  Value* find(std::string_view name) noexcept {
    return const_cast<Value*>(std::as_const(*this).find(name));
  }

  Value& find_or_add(std::string_view name) {
    if (Value* found = find(name)) return *found;
    entries_.emplace_back(std::string(name), Value());
    rehash();
    return entries_.back().second;
  }

  bool empty() const noexcept { return entries_.empty(); }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }

 private:
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;

  void rehash() {
    if (entries_.size() * 2 <= slots_.size()) {
      insert(static_cast<std::uint32_t>(entries_.size() - 1));
      return;
    }
    slots_.assign(slots_.empty() ? 8 : slots_.size() * 2, kEmpty);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) insert(i);
  }

  void insert(std::uint32_t entry) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash_name(entries_[entry].first) & mask;
    while (slots_[i] != kEmpty) i = (i + 1) & mask;
    slots_[i] = entry;
  }

  std::vector<std::uint32_t> slots_;
  std::vector<std::pair<std::string, Value>> entries_;
};

}  // namespace hornbeam::web
