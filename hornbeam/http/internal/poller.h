#pragma once

// Poller: readiness of many sockets at the price of one Asio wait.
//
// Asio's own reactor is edge-triggered and needs either a failing read or an epoll_ctl per message
// to arm itself again: three system calls per request where two do the work. So a loop's
// connections sit in an epoll set of their own, level-triggered, which Asio watches as one
// descriptor. While the set stays busy it is asked again directly, a bounded number of times,
// before Asio's other work (timers, jobs) gets its turn.

#include <cstdint>
#include <functional>
#include <memory>

#include "hornbeam/base/loop.h"
#include "hornbeam/http/internal/pollable.h"

namespace hornbeam::http {

/// The sockets of one loop. Thread: the loop's.
class Poller {
 public:
  /// `after_batch` runs when a batch of events has been handled and no handler is on the stack.
  Poller(base::Loop& loop, std::function<void()> after_batch);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Watches `descriptor` for `interest` (kReadable | kWritable | kInputEnded, or 0 for hang-ups
  /// only). Throws std::system_error.
  void add(int descriptor, std::uint32_t interest, Pollable& target);
  void change(int descriptor, std::uint32_t interest, Pollable& target);
  void remove(int descriptor);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::http
