#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "hornbeam/search/aggregation/collector.h"

namespace hornbeam::search::aggregation {

/// Numbers 64-bit keys 0, 1, 2, ... in the order in which they are first seen.
class NumberIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The number of a key, and whether it is new.
  std::pair<std::uint32_t, bool> add(std::uint64_t key) {
    if ((keys_.size() + 1) * 2 > slots_.size()) grow();
    std::size_t at = place(key);
    for (; slots_[at] != 0; at = (at + 1) & mask_) {
      if (keys_[slots_[at] - 1] == key) return {slots_[at] - 1, false};
    }
    keys_.push_back(key);
    slots_[at] = static_cast<std::uint32_t>(keys_.size());
    return {slots_[at] - 1, true};
  }
  std::uint32_t find(std::uint64_t key) const {
    if (slots_.empty()) return kNone;
    for (std::size_t at = place(key); slots_[at] != 0; at = (at + 1) & mask_) {
      if (keys_[slots_[at] - 1] == key) return slots_[at] - 1;
    }
    return kNone;
  }
  std::uint64_t key(std::uint32_t number) const { return keys_[number]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(keys_.size()); }

 private:
  std::size_t place(std::uint64_t key) const noexcept {
    // The finalizer of MurmurHash3.
    key = (key ^ (key >> 33)) * 0xff51afd7ed558ccd;
    key = (key ^ (key >> 33)) * 0xc4ceb9fe1a85ec53;
    return static_cast<std::size_t>(key ^ (key >> 33)) & mask_;
  }
  void grow() {
    const std::size_t size = slots_.empty() ? 64 : slots_.size() * 2;
    slots_.assign(size, 0);
    mask_ = size - 1;
    for (std::uint32_t i = 0; i < keys_.size(); ++i) {
      std::size_t at = place(keys_[i]);
      while (slots_[at] != 0) at = (at + 1) & mask_;
      slots_[at] = i + 1;
    }
  }

  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> slots_;  ///< Open addressing: a number plus one.
  std::size_t mask_ = 0;
};

/// Numbers the buckets of an aggregation: one for each bucket of the parent (its owner) and key
/// that occur together.
class BucketIndex {
 public:
  BucketId add(BucketId owner, std::uint32_t key) {
    // At the top there is one owner, and a list is enough.
    if (owner == 0) {
      if (key >= of_first_.size()) of_first_.resize(key + 1, kNoBucket);
      if (of_first_[key] == kNoBucket) of_first_[key] = append(owner, key);
      return of_first_[key];
    }
    const auto [number, is_new] = rest_.add(pair_of(owner, key));
    if (is_new) of_rest_.push_back(append(owner, key));
    return of_rest_[number];
  }
  BucketId find(BucketId owner, std::uint32_t key) const {
    if (owner == 0) return key < of_first_.size() ? of_first_[key] : kNoBucket;
    const std::uint32_t number = rest_.find(pair_of(owner, key));
    return number == NumberIndex::kNone ? kNoBucket : of_rest_[number];
  }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(keys_.size()); }
  std::uint32_t key(BucketId bucket) const { return keys_[bucket]; }
  /// The buckets of an owner. The first call after `add` takes time.
  const std::vector<BucketId>& of(BucketId owner) const {
    if (listed_ < owners_.size()) {
      for (; listed_ < owners_.size(); ++listed_) {
        const BucketId each = owners_[listed_];
        if (each >= by_owner_.size()) by_owner_.resize(each + 1);
        by_owner_[each].push_back(static_cast<BucketId>(listed_));
      }
    }
    return owner < by_owner_.size() ? by_owner_[owner] : none_;
  }

 private:
  static std::uint64_t pair_of(BucketId owner, std::uint32_t key) {
    return std::uint64_t{owner} << 32 | key;
  }
  BucketId append(BucketId owner, std::uint32_t key) {
    owners_.push_back(owner);
    keys_.push_back(key);
    return static_cast<BucketId>(keys_.size() - 1);
  }

  std::vector<BucketId> of_first_;  ///< Of owner 0 by key.
  NumberIndex rest_;                ///< Of the other owners.
  std::vector<BucketId> of_rest_;
  std::vector<BucketId> owners_;
  std::vector<std::uint32_t> keys_;
  mutable std::vector<std::vector<BucketId>> by_owner_;
  mutable std::size_t listed_ = 0;
  std::vector<BucketId> none_{};
};

}  // namespace hornbeam::search::aggregation
