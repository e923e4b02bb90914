#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
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

/// Names to values, built once and then only read: open addressing, at most half full. A look
/// touches one cache line of slots and, where the hash is right, one of names with their values.
template <class Value>
class NameTable {
  static_assert(std::is_trivially_copyable_v<Value>);

 public:
  /// The value of `name`; `Value()` if it has none.
  Value find(std::string_view name) const noexcept {
    if (slots_.empty()) return Value();
    const std::uint64_t hash = hash_name(name);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      const Slot& slot = slots_[i];
      if (slot.place == kEmpty) return Value();
      if (slot.tag == tag_of(hash) && name_at(slot.place) == name) return value_at(slot.place);
    }
  }

  /// Gives `name` a value, or another one.
  void set(std::string_view name, Value value) {
    const std::uint64_t hash = hash_name(name);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask; !slots_.empty() && slots_[i].place != kEmpty;
         i = (i + 1) & mask) {
      if (slots_[i].tag != tag_of(hash) || name_at(slots_[i].place) != name) continue;
      std::memcpy(entries_.data() + slots_[i].place, &value, sizeof value);
      return;
    }
    const auto place = static_cast<std::uint32_t>(entries_.size());
    const auto size = static_cast<std::uint32_t>(name.size());
    entries_.append(reinterpret_cast<const char*>(&value), sizeof value);
    entries_.append(reinterpret_cast<const char*>(&size), sizeof size);
    entries_.append(name);
    if (++count_ * 2 > slots_.size()) grow();
    insert(slots_, hash, place);
  }

 private:
  /// The upper half of a name's hash, and where its entry begins.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = kEmpty;
  };
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;

  static std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32);
  }

  Value value_at(std::uint32_t place) const noexcept {
    Value value;
    std::memcpy(&value, entries_.data() + place, sizeof value);
    return value;
  }
  std::string_view name_at(std::uint32_t place) const noexcept {
    std::uint32_t size = 0;
    std::memcpy(&size, entries_.data() + place + sizeof(Value), sizeof size);
    return {entries_.data() + place + sizeof(Value) + sizeof size, size};
  }

  void grow() {
    std::vector<Slot> larger(slots_.empty() ? 2 : slots_.size() * 2);
    for (const Slot& slot : slots_) {
      if (slot.place != kEmpty) insert(larger, hash_name(name_at(slot.place)), slot.place);
    }
    slots_ = std::move(larger);
  }

  static void insert(std::vector<Slot>& slots, std::uint64_t hash, std::uint32_t place) {
    const std::size_t mask = slots.size() - 1;
    std::size_t i = hash & mask;
    while (slots[i].place != kEmpty) i = (i + 1) & mask;
    slots[i] = {tag_of(hash), place};
  }

  std::vector<Slot> slots_;
  std::string entries_;  // Each a value, the size of a name, and the name.
  std::size_t count_ = 0;
};

}  // namespace hornbeam::web
