#include "hornbeam/base/pipe_signal.h"

#include <ctime>

namespace hornbeam::base {

WithoutPipeSignal::WithoutPipeSignal() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

WithoutPipeSignal::~WithoutPipeSignal() {
  if (sigismember(&before_, SIGPIPE) == 0) {
    const timespec at_once{};
    sigtimedwait(&pipe_, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace hornbeam::base
