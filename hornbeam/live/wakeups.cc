#include "hornbeam/live/wakeups.h"

#include <utility>

namespace hornbeam::live {

void InProcessWakeups::announce(GameId game, Party from) {
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : listeners_) {
    if (entry.party != from) entry.listener(game);
  }
}

void InProcessWakeups::listen(Party party, Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back({party, std::move(listener)});
}

void InProcessWakeups::unlisten(Party party) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [party](const Entry& entry) { return entry.party == party; });
}

}  // namespace hornbeam::live
