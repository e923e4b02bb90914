#pragma once

#include <signal.h>

namespace hornbeam::base {

/// For libraries that write to sockets as to pipes: for as long as this lives, writing to a
/// connection that the other side has closed is an error, and not the end of the program. Thread:
/// the one that made it, and no other.
class WithoutPipeSignal {
 public:
  /// Begins.
  WithoutPipeSignal();
  /// Takes back what came meanwhile, and ends.
  ~WithoutPipeSignal();
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace hornbeam::base
