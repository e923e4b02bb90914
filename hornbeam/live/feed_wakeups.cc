#include "hornbeam/live/feed_wakeups.h"

#include <utility>

namespace hornbeam::live {

void FeedWakeups::announce(GameId game, Party from) {
  near_.announce(game, from);
  hints_.announce();
}

void FeedWakeups::listen(Party party, Listener listener) {
  auto heard = hints_.listen([listener] { listener(kEveryGame); });
  near_.listen(party, std::move(listener));
  const std::lock_guard lock(mutex_);
  far_.insert_or_assign(party, std::move(heard));
}

void FeedWakeups::unlisten(Party party) {
  near_.unlisten(party);
  feed::Wakeups::Subscription ended;
  const std::lock_guard lock(mutex_);
  const auto found = far_.find(party);
  if (found == far_.end()) return;
  ended = std::move(found->second);
  far_.erase(found);
}

}  // namespace hornbeam::live
