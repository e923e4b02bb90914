#include "hornbeam/feed/wakeups.h"

#include <utility>

namespace hornbeam::feed {

Wakeups::Subscription Listeners::add(Wakeups::Listener listener) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = next_++;
  listeners_.emplace(id, std::move(listener));
  return Wakeups::Subscription([this, id] {
    const std::lock_guard ending(mutex_);
    listeners_.erase(id);
  });
}

void Listeners::call() {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, listener] : listeners_) listener();
}

}  // namespace hornbeam::feed
