#pragma once

#include <map>
#include <mutex>

#include "hornbeam/feed/wakeups.h"
#include "hornbeam/live/wakeups.h"

namespace hornbeam::live {

/// Wake-ups between processes by the feed's hints: PostgreSQL's NOTIFY, or whatever else carries
/// them. A hint names no game, so that whoever hears one looks at every game it has in memory; many
/// hints that come while it looks are one. Within the process a wake-up names its game.
class FeedWakeups final : public Wakeups {
 public:
  /// Lifetime: `hints` outlives this.
  explicit FeedWakeups(feed::Wakeups& hints) : hints_(hints) {}

  void announce(GameId game, Party from) override;
  void listen(Party party, Listener listener) override;
  void unlisten(Party party) override;

 private:
  feed::Wakeups& hints_;
  InProcessWakeups near_;
  std::mutex mutex_;
  std::map<Party, feed::Wakeups::Subscription> far_;  // Guarded by mutex_.
};

}  // namespace hornbeam::live
