#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "hornbeam/http/internal/pollable.h"

namespace hornbeam::http {

/// Deadlines of many connections, in ticks, at a constant cost each.
///
/// A connection that moves its deadline on, as every request does, only writes a number: its place
/// in the wheel is corrected when the slot it was put in comes round. One that moves it forward, to
/// before then, changes its slot. Every member is in some slot, so the wheel is also the list of
/// all.
class DeadlineWheel {
 public:
  static constexpr std::uint32_t kSlots = 128;

  void insert(Pollable& item) {
    // Further away than the wheel is long: look again when it has turned almost once.
    const std::uint32_t furthest = now_ + kSlots - 1;
    std::uint32_t at = item.deadline == 0 || item.deadline > furthest ? furthest : item.deadline;
    if (at <= now_) at = now_ + 1;
    item.wheel_tick = at;
    link(slots_[at % kSlots], item);
  }

  /// Sets the deadline of a member, or of an item that is not yet one.
  void set_deadline(Pollable& item, std::uint32_t tick) {
    item.deadline = tick;
    if (tick >= item.wheel_tick || item.wheel_link == nullptr) return;
    erase(item);
    insert(item);
  }

  void erase(Pollable& item) {
    *item.wheel_link = item.wheel_next;
    if (item.wheel_next != nullptr) item.wheel_next->wheel_link = item.wheel_link;
    item.wheel_next = nullptr;
    item.wheel_link = nullptr;
    --size_;
  }

  /// Moves time on by one tick and calls `expire(item)` for each item whose deadline has come.
  /// `expire` may erase any.
  template <class Expire>
  void tick(Expire&& expire) {
    ++now_;
    walk(slots_[now_ % kSlots], [&](Pollable& item) {
      const bool due = item.deadline != 0 && item.deadline <= now_;
      if (due) item.deadline = 0;
      insert(item);
      if (due) expire(item);
    });
  }

  /// Calls `visit(item)` for each item. `visit` may erase any.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (Pollable*& slot : slots_) {
      walk(slot, [&](Pollable& item) {
        link(slot, item);
        visit(item);
      });
    }
  }

  std::uint32_t now() const noexcept { return now_; }
  std::size_t size() const noexcept { return size_; }

 private:
  void link(Pollable*& head, Pollable& item) {
    item.wheel_next = head;
    item.wheel_link = &head;
    if (head != nullptr) head->wheel_link = &item.wheel_next;
    head = &item;
    ++size_;
  }

  // Takes the whole list off its slot first, so that each item is met once even if it goes back
  // into the same slot.
  template <class Visit>
  void walk(Pollable*& slot, Visit&& visit) {
    Pollable* taken = slot;
    slot = nullptr;
    if (taken != nullptr) taken->wheel_link = &taken;
    while (taken != nullptr) {
      Pollable& item = *taken;
      erase(item);
      visit(item);
    }
  }

  std::array<Pollable*, kSlots> slots_{};
  std::uint32_t now_ = 1;
  std::size_t size_ = 0;
};

}  // namespace hornbeam::http
