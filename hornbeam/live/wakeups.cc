#include "hornbeam/live/wakeups.h"

#include <utility>

namespace hornbeam::live {

void InProcessWakeups::announce(GameId game, ListenerId from) {
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : listeners_) {
    if (entry.id != from) entry.listener(game);
  }
}

Wakeups::ListenerId InProcessWakeups::listen(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back({++last_id_, std::move(listener)});
  return last_id_;
}

void InProcessWakeups::unlisten(ListenerId id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [id](const Entry& entry) { return entry.id == id; });
}

}  // namespace hornbeam::live
