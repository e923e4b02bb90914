#pragma once

#include <cstdint>
#include <memory>

namespace hornbeam::http {

/// Readiness bits.
inline constexpr std::uint32_t kReadable = 1;
inline constexpr std::uint32_t kWritable = 2;
inline constexpr std::uint32_t kHungUp = 4;
inline constexpr std::uint32_t kInputEnded = 8;  ///< The peer has finished sending.

/// Something with a descriptor in a poller, and a deadline. Kept alive by itself until its worker
/// releases it.
class Pollable {
 public:
  Pollable() = default;
  Pollable(const Pollable&) = delete;
  Pollable& operator=(const Pollable&) = delete;
  virtual ~Pollable() = default;

  virtual void on_ready(std::uint32_t readiness) = 0;
  /// The deadline has passed: close, act, or set another.
  virtual void on_deadline() {}
  /// The turn of the loop ends in which it asked for this (`Worker::flush_later`).
  virtual void on_turn_end() {}
  /// The server is draining: finish what is under way, begin nothing new.
  virtual void on_drain() {}
  /// The server ends now.
  virtual void on_shutdown() {}

  // The members below belong to the worker's deadline wheel and its ownership.
  Pollable** wheel_link = nullptr;  ///< What points at this item in its list.
  Pollable* wheel_next = nullptr;
  std::uint32_t deadline = 0;    ///< In ticks; 0 is none. Set through the worker.
  std::uint32_t wheel_tick = 0;  ///< When its slot comes round.
  std::shared_ptr<Pollable> self;
};

}  // namespace hornbeam::http
